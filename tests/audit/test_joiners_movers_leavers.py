"""What a look shows of a step of a checklist: unseen is unknown and never done, an end counts by a look after the day, late stays late."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from assay.audit.lifecycle import AccountSeen, Shown, WorkerSeen, shown
from assay.catalogue import Shows

END = datetime(2026, 11, 21, tzinfo=UTC)
"""The first instant after the last day."""
DUE = END + timedelta(hours=24)
ACTIVE = AccountSeen("crm", active=True, second_factor=True)
GONE = AccountSeen("crm", active=False, second_factor=None)
NOTHING = WorkerSeen((), None, True, 0, None, True, None, END)


def _judged(step: Shows, seen: WorkerSeen) -> tuple[bool, str]:
    found: Shown = shown(step, seen, begins=END, due=DUE)
    return found.done, found.conclusion


@pytest.mark.parametrize("step", list(Shows))
def test_where_no_list_was_seen_nothing_is_done_and_nobody_knows(step: Shows) -> None:
    assert _judged(step, NOTHING) == (False, "UNKNOWN")


@pytest.mark.parametrize(
    ("at", "account", "whole", "expected"),
    [
        (END + timedelta(hours=24), GONE, True, (True, "CONFORMS")),
        (END + timedelta(hours=24, seconds=1), GONE, True, (True, "UNKNOWN")),
        (END - timedelta(seconds=1), GONE, True, (False, "")),
        (END, GONE, False, (False, "UNKNOWN")),
        (END, replace(GONE, active=None), True, (False, "UNKNOWN")),
        (END, ACTIVE, True, (False, "")),
        (DUE + timedelta(seconds=1), ACTIVE, True, (False, "DEVIATES")),
    ],
)
def test_a_leavers_accounts_are_gone_by_a_look_after_the_end(
    at: datetime, account: AccountSeen, whole: bool, expected: tuple[bool, str]
) -> None:
    seen = replace(NOTHING, accounts=(account,), accounts_at=at, accounts_whole=whole, now=at)
    assert _judged(Shows.ACCOUNTS_GONE, seen) == expected


@pytest.mark.parametrize(
    ("factors", "expected"),
    [
        ((True, True), (True, "CONFORMS")),
        ((True, None), (False, "UNKNOWN")),
        ((None, False), (False, "")),
        ((), (False, "UNKNOWN")),
    ],
)
def test_a_second_factor_that_was_not_seen_counts_for_nothing(
    factors: tuple[bool | None, ...], expected: tuple[bool, str]
) -> None:
    accounts = tuple(AccountSeen(f"system-{at}", True, one) for at, one in enumerate(factors))
    assert _judged(Shows.SECOND_FACTOR, replace(NOTHING, accounts=accounts, accounts_at=END)) == expected


@pytest.mark.parametrize(
    ("trained", "now", "expected"),
    [
        ((DUE,), DUE, (True, "CONFORMS")),
        ((DUE + timedelta(seconds=1),), DUE, (True, "DEVIATES")),
        ((), DUE, (False, "")),
        ((), DUE + timedelta(seconds=1), (False, "DEVIATES")),
    ],
)
def test_training_counts_by_the_first_time_it_was_finished(
    trained: tuple[datetime, ...], now: datetime, expected: tuple[bool, str]
) -> None:
    assert _judged(Shows.TRAINING, replace(NOTHING, trained=trained, now=now)) == expected


def test_devices_come_and_go_by_their_list() -> None:
    there = replace(NOTHING, devices=1, devices_at=END)
    gone = replace(NOTHING, devices=0, devices_at=END)
    assert [_judged(Shows.DEVICE, one) for one in (there, gone)] == [(True, "CONFORMS"), (False, "")]
    assert [_judged(Shows.DEVICE_GONE, one) for one in (there, gone)] == [(False, ""), (True, "CONFORMS")]
    assert _judged(Shows.DEVICE_GONE, replace(gone, devices_whole=False)) == (False, "UNKNOWN")
