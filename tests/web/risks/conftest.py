"""What the tests of risks, incidents and the like share: what the ledger says from an index on, and risks that are whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from assay_web.records.accounts import Account

SignedIn = Callable[[str], "Client"]


@pytest.fixture
def acts(home: Path) -> Callable[[], list[tuple[str, str, dict[str, Any]]]]:
    """Give the acts since the last call: name, actor, details."""
    from assay.evidence.ledger import Kind
    from assay_web.home import current_home

    seen = [0]

    def since() -> list[tuple[str, str, dict[str, Any]]]:
        ledger = current_home().ledger
        start, seen[0] = seen[0], ledger.size()
        bodies = [ledger.body(one) for one in ledger.entries(start, Kind.ACT)]
        return [(one["act"], one["by"], one["details"]) for one in bodies]

    return since


@pytest.fixture
def whole_risk(cast: dict[str, Account]) -> dict[str, str]:
    """What one types for a risk that lacks nothing: 4 × 4 before, 2 × 3 after."""
    return {
        "what": "A key in code is found",
        "cause": "Keys are pasted into code.",
        "hits": "The cloud account",
        "category": "security",
        "owner": str(cast["engineer"].pk),
        "likelihood": "4",
        "impact": "4",
        "treatment": "mitigate",
        "plan": "Every repository is scanned.",
        "due": "2027-03-31",
        "controls": "IAM-13, GOV-03",
        "residual_likelihood": "2",
        "residual_impact": "3",
        "commitments": "",
    }
