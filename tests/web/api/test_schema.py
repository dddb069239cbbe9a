"""Must hold 10: whatever is sent, there is no server error and no answer beside the description."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import checks
from schemathesis.specs.openapi import checks as described

from tests.web.api.conftest import Program
from tests.web.homes import HOST

if TYPE_CHECKING:
    pass

EXAMPLES = int(os.environ.get("ASSAY_API_EXAMPLES", "4"))
CHECKS = (
    checks.not_a_server_error,
    described.status_code_conformance,
    described.content_type_conformance,
    described.response_schema_conformance,
    described.negative_data_rejection,
)


def _hold(give: Callable[..., Program], examples: int) -> int:
    """Send each operation generated requests, good and bad, with a token that may do everything; gives how many operations there were."""
    from django.core.wsgi import get_wsgi_application

    from assay_web.api.everything import schema

    headers = {**give("owner").headers, "Host": HOST}
    described_api = schemathesis.openapi.from_dict(schema())
    described_api.app = get_wsgi_application()
    described_api.config.update(base_url=f"http://{HOST}")
    operations = [one.ok() for one in described_api.get_all_operations()]
    for operation in operations:

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def sends(case: schemathesis.Case) -> None:
            case.call_and_validate(headers=headers, checks=CHECKS)

        sends()
    return len(operations)


def test_no_request_brings_a_server_error_or_an_answer_beside_the_description(
    program: Callable[..., Program],
) -> None:
    assert _hold(program, EXAMPLES) >= 37


@pytest.mark.soak
def test_many_requests_bring_none_either(program: Callable[..., Program]) -> None:
    assert _hold(program, 200) >= 37
