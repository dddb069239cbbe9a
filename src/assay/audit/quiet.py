"""Whether collecting has gone quiet: no complete collection of any source for 26 hours, a day and two hours of slack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

QUIET_AFTER = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Quiet:
    """A source that was not collected completely in time: since when, None where it never was."""

    source: str
    since: datetime | None

    @property
    def words(self) -> str:
        """Say it: “aws-main: last complete on 2026-11-22 06:10 UTC”."""
        return (
            f"{self.source}: never complete"
            if self.since is None
            else f"{self.source}: last complete on {self.since:%Y-%m-%d %H:%M} UTC"
        )


def quiet_sources(
    complete: Iterable[tuple[str, datetime | None, datetime]], now: datetime
) -> tuple[Quiet, ...]:
    """Give the sources without a complete collection in the last 26 hours.

    Each is given by its name, the instant of its newest complete collection (None for none), and the instant from which it counts: that of its connecting.
    A source that was connected less than 26 hours ago is not quiet yet. Instants are aware and in UTC.
    """
    return tuple(
        Quiet(name, newest)
        for name, newest, connected in complete
        if now - (newest or connected) > QUIET_AFTER and now - connected > QUIET_AFTER
    )
