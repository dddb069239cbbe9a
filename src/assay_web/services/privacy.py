"""Verbs of privacy: erasing a person, holds, purging what is due. Each is the home's own verb, which leaves its entry with who did it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from assay.home import holds, retention
from assay.home.person_erasure import PersonErased, erase_person
from assay.home.person_search import Found
from assay_web.home import current_home
from assay_web.records.accounts import Account
from assay_web.services.concluding import conclude_soon


def erase(found: Found, *, by: Account, basis: str, files_of: Collection[int] = ()) -> PersonErased:
    """Erase a person as they were found; everyone's sessions end. Raises HeldError and ErasureError.

    Not inside a transaction of this service: the entry and the rows have one of their own, and the database's file is rebuilt after it.
    """
    done = erase_person(current_home(), found, by=by.actor, basis=basis, files_of=files_of)
    conclude_soon(by=by)
    return done


def place_hold(*, by: Account, reason: str, person: str | None, period: tuple[date, date] | None) -> str:
    """Place a hold; gives its id. Raises HoldError."""
    return holds.place(current_home(), by=by.actor, reason=reason, person=person, period=period).id


def lift_hold(hold: str, *, by: Account) -> None:
    """Lift a hold. Raises HoldError where there is none in force with this id."""
    holds.lift(current_home(), hold, by=by.actor)


def purge(*, by: Account) -> dict[str, int]:
    """Purge what is due and not held; gives how many by parameter."""
    return retention.purge(current_home(), by=by.actor)
