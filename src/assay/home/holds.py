"""Holds: what must not be deleted, over a person, a period or everything, for a reason. A hold is a setting `hold.ID`, so placing and lifting it are acts.

Nothing that a hold is over is erased or purged until it is lifted. A person is named by the id of their subject key, which names nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assay.errors import AssayError
from assay.evidence.canonical import Json, parse
from assay.home.personal import personal
from assay.home.place import Home
from assay.home.settings import set_setting

PREFIX = "hold."


class HoldError(AssayError):
    """A hold cannot be placed or lifted; the sentence says why."""


class HeldError(AssayError):
    """Something is under a hold, so it is neither erased nor purged."""


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold in force. Exactly one of `subject` and `first` to `last` says over what; without any it is over everything."""

    id: str
    reason: str
    by: str
    subject: str | None = None
    first: date | None = None
    last: date | None = None

    @property
    def over(self) -> str:
        """Say over what it is, naming nobody."""
        if self.subject is not None:
            return f"the person with the subject id {self.subject}"
        if self.first is not None and self.last is not None:
            return f"{self.first.isoformat()} to {self.last.isoformat()}"
        return "everything"

    @property
    def is_over_everything(self) -> bool:
        return self.subject is None and self.first is None

    def covers(self, first: date, last: date, subjects: frozenset[str] = frozenset()) -> bool:
        """Tell whether it is over something that lay between two days, both included, or is about one of these people."""
        if self.subject is not None:
            return self.subject in subjects
        return self.is_over_everything or (
            self.first is not None and self.last is not None and first <= self.last and last >= self.first
        )

    def to_json(self) -> Json:
        return {
            "by": self.by,
            "first": self.first and self.first.isoformat(),
            "last": self.last and self.last.isoformat(),
            "reason": self.reason,
            "subject": self.subject,
        }


def place(
    home: Home,
    *,
    by: str,
    reason: str,
    person: str | None = None,
    period: tuple[date, date] | None = None,
) -> Hold:
    """Place a hold over a person, a period, or where neither is given over everything. Raises HoldError without a reason, or for a period that ends before it begins."""
    if not reason.strip():
        raise HoldError("A hold needs a reason: the proceeding, the request, the letter.")
    if person is not None and period is not None:
        raise HoldError("A hold is over a person or over a period. Place two.")
    if period is not None and period[1] < period[0]:
        raise HoldError(f"The period ends on {period[1]}, before it begins on {period[0]}.")
    subject = None if person is None else _subject(home, person)
    first, last = period or (None, None)
    hold = Hold(home.surroundings.random(8)[4:].hex(), reason.strip(), by, subject, first, last)
    set_setting(home, PREFIX + hold.id, hold.to_json(), home.now(), by)
    return hold


def lift(home: Home, hold: str, *, by: str) -> None:
    """Lift a hold. Raises HoldError where there is none in force with this id."""
    if hold not in {one.id for one in holds(home)}:
        raise HoldError(f"There is no hold {hold} in force. `assay hold list` shows which are.")
    set_setting(home, PREFIX + hold, None, home.now(), by)


def holds(home: Home) -> list[Hold]:
    """Give the holds in force, by id: of each the last value, since a hold begins and ends at once."""
    rows = home.database.rows(
        "select name, value from setting where substr(name, 1, ?) = ? order by entry", (len(PREFIX), PREFIX)
    )
    last = {name.removeprefix(PREFIX): parse(value) for name, value in rows}
    return [_hold(name, value) for name, value in sorted(last.items()) if value is not None]


def _hold(name: str, value: Json) -> Hold:
    first, last = (value[one] and date.fromisoformat(value[one]) for one in ("first", "last"))
    return Hold(name, value["reason"], value["by"], value["subject"], first, last)


def _subject(home: Home, person: str) -> str:
    with personal(home) as people:
        return people.keys.subject(person).id


def refuse_held(home: Home, subjects: frozenset[str], days: Iterator[date] | list[date]) -> None:
    """Raise HeldError where a hold is over one of these people, or over one of the days on which something was said or seen that would go."""
    wanted = list(days)
    for hold in holds(home):
        if hold.subject is not None:
            held = hold.subject in subjects
        else:
            held = any(hold.covers(day, day) for day in wanted) or hold.is_over_everything
        if held:
            raise HeldError(
                f"The hold {hold.id} ({hold.reason}) is over {hold.over}. Nothing was erased. `assay hold lift {hold.id}` lifts it, once nobody needs what it holds."
            )
