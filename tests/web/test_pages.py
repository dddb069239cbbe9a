"""Every page of the programme answers, with and without anything to show, and says what it must."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

PAGES = {
    "/": "Where we stand",
    "/criteria/": "Readiness by criterion",
    "/criteria/CC6.1/": "CC6.1",
    "/controls/": "What the company says it does",
    "/controls/GOV-03/": "The board appointed a security lead.",
    "/checks/": "not an audit result",
    "/checks/aws.kms.rotation/": "What it does not show",
    "/gaps/": "None of it counts as in place",
    "/drift/": "There was one look so far",
    "/evidence/": "The board appointed a security lead.",
    "/activity/": "Made an account",
    "/accounts/": "Invite someone",
    "/account/": "How you sign in",
    "/patterns/": "Every component, once",
    "/search/?q=security+lead": "GOV-03",
    "/verifying/": "assay verify pack.zip",
}


@pytest.mark.parametrize(("address", "words"), PAGES.items())
def test_each_page_answers_with_its_words(
    signed_in: Callable[[str], Client], address: str, words: str
) -> None:
    answer = signed_in("owner").get(address)
    assert answer.status_code == 200
    assert words in answer.content.decode()
