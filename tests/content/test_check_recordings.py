"""Cases of checks that name recordings: their answers and files go through the real collectors, and the check concludes on what comes out."""

from __future__ import annotations

from functools import cache

import pytest
from tests.recordings.playing import counted, tables

from assay.checks import Case, Check, load_checks
from assay.content_tree import Content


@cache
def recorded() -> dict[str, tuple[Check, Case]]:
    """Cases that play recordings, by check and name."""
    return {
        f"{check.id}: {case.name}": (check, case)
        for check in load_checks(Content.shipped(), tables()).values()
        for case in check.cases
        if case.recording
    }


@pytest.mark.parametrize("name", sorted(recorded()))
def test_a_recording_through_the_collector(name: str) -> None:
    check, case = recorded()[name]
    assert counted(check, case) == case.expect
