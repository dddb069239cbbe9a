"""Verbs on incidents beyond those of every register: recording a time, closing, and stating that there was none. Each is one act."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from assay.audit.incidents import ClockState, clocks, lacks
from assay.errors import AssayError
from assay_web.queries.incidents import MOMENTS, count_of, course_of, limits, nil_query, told_of
from assay_web.records.accounts import Account
from assay_web.records.incidents import Incident, NilStatement
from assay_web.services.registers import add, changing, end, unmoved


class IncidentError(AssayError):
    """Something cannot be done to an incident; the sentence says why and what to do."""


def record_time(incident: Incident, which: str, at: datetime, *, version: int, by: Account) -> None:
    """Record when something of an incident was: one of MOMENTS. Who recorded it stands in its history.

    Raises IncidentError for an instant that has not come yet, LineMovedError.
    """
    if which not in MOMENTS:
        raise KeyError(which)
    if at > timezone.now():
        raise IncidentError("This time has not come yet. Record it once it has.")
    with changing(incident, which, version=version, by=by, at=at.isoformat()) as found:
        setattr(found, which, at)


def close(incident: Incident, *, version: int, by: Account) -> None:
    """Close an incident whose record is whole; the act names the time limits that were not kept. Raises IncidentError with what is lacking, LineMovedError."""
    with transaction.atomic():
        found = unmoved(incident, version)
        if missing := lacks(course_of(found), told_of(found)):
            raise IncidentError(f"{found} cannot be closed: its record lacks {'; '.join(missing)}.")
        now = timezone.now()
        past = [
            one.parameter
            for one in clocks(course_of(found), limits())
            if one.state(now) in {ClockState.LATE, ClockState.MISSED}
        ]
        with changing(incident, Incident.END, version=version, by=by, not_kept=past) as one:
            one.ended = now
            one.why_ended = "Every part of the record is there."


def state_nil(first: date, last: date, *, compared: str, by: Account) -> NilStatement:
    """State that the log holds no incident of the days from `first` to `last`, both included, after comparing it with `compared`.

    Raises IncidentError where the log holds one, or the period has not ended.
    """
    if not first <= last < timezone.localdate():
        raise IncidentError("State it of days that are over: the last one is yesterday at the latest.")
    with transaction.atomic():
        if count := count_of(first, last):
            raise IncidentError(
                f"The log holds {count} of these days, so it cannot be stated that there was none. Choose other days."
            )
        says = {
            "first": first,
            "last": last,
            "query": nil_query(first, last),
            "count": 0,
            "compared": compared,
        }
        return add(NilStatement, says, by=by)


def withdraw_nil(statement: NilStatement, *, version: int, by: Account, why: str) -> None:
    """Withdraw such a statement, with the reason. Raises LineMovedError."""
    if not why.strip():
        raise IncidentError("Say why the statement is withdrawn.")
    end(statement, why, version=version, by=by)
