"""What a ledger knows of time when the wall clock stepped back: order is the index, and an instant is only as good as the entries around it.

An entry happened before every later one. So what it says to have happened at an instant had happened by the least instant of the entries from it on
(formats.md, section 7).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from assay.errors import AssayError
from assay.evidence.book import Book, Entry
from assay.evidence.canonical import parse_instant
from assay.evidence.ledger import Kind

NEVER = datetime.max.replace(tzinfo=UTC) - timedelta(days=366)
"""The end of time, far enough inside of what an instant can say."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """A time of which the ledger cannot say what was when: the clock read it twice, or read it wrong. Half-open; `entry` says that the clock stepped back."""

    start: datetime
    end: datetime
    entry: int

    def __contains__(self, instant: datetime) -> bool:
        return self.start < instant < self.end


@dataclass(frozen=True, slots=True)
class Times:
    """The instants of a ledger's entries, from index 0 on; `steps` gives for each entry of the kind `clock` the instant from which the clock stepped back."""

    at: tuple[datetime, ...] = ()
    least: tuple[datetime, ...] = ()
    steps: Mapping[int, datetime] = field(default_factory=dict)

    @classmethod
    def of(cls, book: Book, upto: int | None = None) -> Times:
        """Read the instants of a book's entries, all or those before index `upto`."""
        entries = [entry for entry in book.entries() if upto is None or entry.ordinal < upto]
        at = tuple(entry.at for entry in entries)
        least = tuple(reversed(list(accumulate(reversed(at), min))))
        steps = {one.ordinal: _stepped_from(book, one) for one in entries if one.kind is Kind.CLOCK}
        return cls(at, least, steps)

    def by(self, ordinal: int, stated: datetime) -> datetime:
        """Give the instant by which something had happened that entry `ordinal` says to have happened at `stated`: never later than a later entry."""
        return min(stated, self.least[ordinal]) if ordinal < len(self.least) else stated

    def since(self, ordinal: int, stated: datetime) -> datetime:
        """Give an instant before which it had surely not happened: where the clock stepped back behind it, the last that the ledger is sure of."""
        overtaken = [
            one.start for one in self.unsure() if one.entry > ordinal and self.at[one.entry] < stated
        ]
        return min([stated, *overtaken])

    def effective(self, ordinal: int, stated: datetime) -> datetime:
        """Give the instant from which an act holds that says `stated`: one for a time to come keeps it, one that held at once held by the next entry."""
        if ordinal >= len(self.at) or stated > self.at[ordinal]:
            return stated
        return self.by(ordinal, stated)

    def unsure(self) -> Iterator[Unsure]:
        """Give, for each step back, the time from the last entry before that the clock had not overtaken until an entry as late as any before it."""
        for step, previous in self.steps.items():
            before, now = self.at[:step], self.at[step]
            start = max((one for one in before if one <= now), default=now)
            latest = max(*before, previous)
            end = next((one for one in self.at[step:] if one >= latest), NEVER)
            yield Unsure(start, end, step)


def _stepped_from(book: Book, entry: Entry) -> datetime:
    """Give what a `clock` entry says was told before; where a pack does not disclose it, only its own instant is known."""
    try:
        return parse_instant(book.body(entry)["previous"])
    except AssayError:
        return entry.at


PLAIN = Times()
"""Every instant as it is stated."""
