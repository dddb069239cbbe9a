"""Whether a look at the sources shows that a step of a joiner's, mover's or leaver's checklist is done, and whether in time.

Pure: what was seen, when, and the limit are given. What was not seen is UNKNOWN and never done; a look before the day says nothing of an end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from assay.catalogue import Shows

Conclusion = Literal["", "CONFORMS", "DEVIATES", "UNKNOWN"]
"""Nothing while the step is open and its time not over."""


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """An account of the worker: its system, whether it can be used, whether it has a second factor; None where that was not seen."""

    system: str
    active: bool | None
    second_factor: bool | None


@dataclass(frozen=True, slots=True)
class WorkerSeen:
    """What one look shows of a worker.

    `accounts_at` and `devices_at` are the instants since when the lists hold, None where there is no list; `accounts_whole` and
    `devices_whole` say that nothing of them was left out. `trained` is the day's instant on which each course was finished, None where no
    course is given and no list of courses was seen.
    """

    accounts: tuple[AccountSeen, ...]
    accounts_at: datetime | None
    accounts_whole: bool
    devices: int
    devices_at: datetime | None
    devices_whole: bool
    trained: tuple[datetime, ...] | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """What a look shows of a step: done or not, the conclusion, and a sentence."""

    done: bool
    conclusion: Conclusion
    says: str


def shown(step: Shows, seen: WorkerSeen, *, begins: datetime, due: datetime | None) -> Shown:
    """Give what a look shows of a step. `begins` is the instant from which it can be done (the end of the last day, for a leaver), `due` the limit."""
    match step:
        case Shows.ACCOUNT:
            return _account(seen, due)
        case Shows.SECOND_FACTOR:
            return _second_factor(seen, due)
        case Shows.ACCOUNTS_GONE:
            return _accounts_gone(seen, begins, due)
        case Shows.DEVICE:
            return _device(seen, due)
        case Shows.DEVICE_GONE:
            return _device_gone(seen, begins, due)
        case Shows.TRAINING:
            return _training(seen, due)


def _account(seen: WorkerSeen, due: datetime | None) -> Shown:
    if seen.accounts_at is None:
        return _not_seen("No list of accounts was seen.")
    usable = sorted({one.system for one in seen.accounts if one.active})
    if usable:
        return Shown(True, "CONFORMS", f"Accounts on {', '.join(usable)}.")
    if not seen.accounts_whole:
        return _not_seen("A part of the accounts was not seen.")
    return _open(seen.now, due, "No account of theirs is listed.")


def _second_factor(seen: WorkerSeen, due: datetime | None) -> Shown:
    usable = [one for one in seen.accounts if one.active]
    if seen.accounts_at is None or not usable:
        return _not_seen("No account of theirs was seen.")
    without = sorted({one.system for one in usable if one.second_factor is False})
    if without:
        return _open(seen.now, due, f"No second factor on {', '.join(without)}.")
    unseen = sorted({one.system for one in usable if one.second_factor is None})
    if unseen:
        return _not_seen(f"Whether there is a second factor was not seen on {', '.join(unseen)}.")
    if not seen.accounts_whole:
        return _not_seen("A part of the accounts was not seen.")
    return Shown(True, "CONFORMS", "Every account that was seen has a second factor.")


def _accounts_gone(seen: WorkerSeen, begins: datetime, due: datetime | None) -> Shown:
    if seen.accounts_at is None:
        return _not_seen("No list of accounts was seen.")
    usable = sorted({one.system for one in seen.accounts if one.active})
    if usable:
        return _open(seen.now, due, f"Can still be used on {', '.join(usable)}.")
    if seen.accounts_at < begins:
        return Shown(False, "", "The newest lists are older than the end.")
    if not seen.accounts_whole or any(one.active is None for one in seen.accounts):
        return _not_seen("A part of the accounts was not seen.")
    return _gone(seen.accounts_at, due, "No account of theirs can be used.")


def _device(seen: WorkerSeen, due: datetime | None) -> Shown:
    if seen.devices:
        return Shown(True, "CONFORMS", "A device in use is listed as theirs.")
    if seen.devices_at is None or not seen.devices_whole:
        return _not_seen("The list of devices was not seen, or not all of it.")
    return _open(seen.now, due, "No device in use is listed as theirs.")


def _device_gone(seen: WorkerSeen, begins: datetime, due: datetime | None) -> Shown:
    if seen.devices:
        return _open(seen.now, due, "A device in use is still listed as theirs.")
    if seen.devices_at is None or not seen.devices_whole:
        return _not_seen("The list of devices was not seen, or not all of it.")
    if seen.devices_at < begins:
        return Shown(False, "", "The newest list is older than the end.")
    return _gone(seen.devices_at, due, "No device in use is listed as theirs.")


def _training(seen: WorkerSeen, due: datetime | None) -> Shown:
    if seen.trained is None:
        return _not_seen("No course is given to them, and no list of courses was seen.")
    first = min(seen.trained, default=None)
    if first is None:
        return _open(seen.now, due, "No course was finished yet.")
    if due is not None and first > due:
        return Shown(True, "DEVIATES", "Finished, after the limit.")
    return Shown(True, "CONFORMS", "Finished in time.")


def _not_seen(says: str) -> Shown:
    return Shown(False, "UNKNOWN", f"Not seen: {says[0].lower()}{says[1:]}")


def _open(now: datetime, due: datetime | None, says: str) -> Shown:
    """What is not done deviates from the limit on; before it is open."""
    return Shown(False, "DEVIATES" if due is not None and now > due else "", says)


def _gone(at: datetime, due: datetime | None, says: str) -> Shown:
    """An end that a look shows after the limit: when it ended was not seen, so it is done, and nobody knows whether in time."""
    if due is None or at <= due:
        return Shown(True, "CONFORMS", says)
    return Shown(True, "UNKNOWN", f"{says} This was first seen after the limit; when it ended was not seen.")
