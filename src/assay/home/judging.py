"""Concluding in the home: what was collected is judged, stored as conclusion sets, and entered in the ledger. Nothing is fetched here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from assay.catalogue import Catalogue, load_catalogue
from assay.checks import load_checks
from assay.conclusions import Basis, CollectionEntry, Concluded, Population, conclude
from assay.errors import AssayError
from assay.evidence.book import Entry
from assay.evidence.canonical import Json, instant_text, parse_instant
from assay.evidence.ledger import Kind
from assay.evidence.population import Sealer
from assay.evidence.records import Line, Sealed, Whole
from assay.evidence.times import NEVER
from assay.home.collecting import Fence, unfenced
from assay.home.place import Home
from assay.home.populations import Located, current_lines
from assay.home.settings import setting_at, settings_at
from assay.home.sources import sources
from assay.tables import load_tables

PERIOD_DAYS = 90
SCOPE = "scope"
PARAMETER = "parameter."


class HomeBook:
    """A home as a book whose populations can be read: from its cache where they are there, by replaying record files where they are not."""

    def __init__(self, home: Home, sealer: Sealer) -> None:
        self._home = home
        self._sealer = sealer

    def entries(self, start: int = 0, kind: Kind | None = None) -> Iterator[Entry]:
        return self._home.ledger.entries(start, kind)

    def entry(self, ordinal: int) -> Entry:
        return self._home.ledger.entry(ordinal)

    def body(self, entry: Entry) -> Json:
        return self._home.ledger.body(entry)

    def object(self, digest: str) -> bytes:
        return self._home.ledger.object(digest)

    def lines(self, population: Population) -> Iterable[Line]:
        return current_lines(
            self._home, Located(population.source, population.place, population.ordinal, population.statement)
        )

    def open(self, population: Population, line: Sealed) -> Whole | None:
        return self._sealer.open(population.place, line)


def collections_of(home: Home) -> list[CollectionEntry]:
    """Give every collection in the ledger, in order."""
    return [
        CollectionEntry(entry.ordinal, home.ledger.body(entry))
        for entry in home.ledger.entries(kind=Kind.COLLECTION)
    ]


def parameters_at(home: Home, catalogue: Catalogue, instant: datetime) -> dict[str, Json]:
    """Give every parameter's value in force at an instant: what the company set, otherwise the default."""
    return {
        **{name: parameter.plain(parameter.default) for name, parameter in catalogue.parameters.items()},
        **settings_at(home, PARAMETER, instant),
    }


def zone_at(home: Home, instant: datetime) -> str:
    """Give the company's time zone in force at an instant; UTC until a scope says another."""
    scope = setting_at(home, SCOPE, instant)
    return "UTC" if scope is None else str(scope.value["zone"])


def present(home: Home) -> datetime:
    """Give the instant now, by which all that the ledger holds had happened: a clock that stepped back since is noted in it first."""
    home.ledger.note_clock()
    return home.now()


def refuse_unsure(home: Home, as_of: datetime) -> None:
    """Refuse an instant of the past of which the ledger cannot say what was when, since the clock stepped back. Raises AssayError."""
    for one in home.ledger.times().unsure():
        if as_of in one:
            later = "" if one.end == NEVER else f" or from {instant_text(one.end)} on"
            raise AssayError(
                f"The clock of this machine stepped back (ledger entry {one.entry}), so nobody can say what was seen by {instant_text(as_of)}. "
                f"Give an instant up to {instant_text(one.start)}{later}, or leave --as-of out to judge as of now."
            )


def newest_by(home: Home, connected: Collection[str], instant: datetime) -> dict[str, int]:
    """Give for each of the sources the newest collection, in the ledger's order, that had ended by an instant.

    The ledger is read from its end, and no further back than it takes to find one of each.
    """
    times = home.ledger.times()
    found: dict[str, int] = {}
    for entry in reversed(list(home.ledger.entries(kind=Kind.COLLECTION))):
        if len(found) == len(connected):
            break
        body = home.ledger.body(entry)
        source = body["source"]["id"]
        ended = times.by(entry.ordinal, parse_instant(body["ended"]))
        if source in connected and source not in found and ended <= instant:
            found[source] = entry.ordinal
    return dict(sorted(found.items(), key=lambda one: one[1]))


def basis_of(home: Home, as_of: datetime, period: tuple[datetime, datetime] | None = None) -> Basis:
    """Give what conclusions at `as_of` rest on: the connected sources' collections that had ended by then, and the settings in force."""
    scope = setting_at(home, SCOPE, as_of)
    connected = {one.id: one.kind for one in sources(home)}
    newest = newest_by(home, connected, as_of)
    return Basis(
        as_of=as_of,
        zone=zone_at(home, as_of),
        period=period or (as_of - timedelta(days=PERIOD_DAYS), as_of),
        collections=newest,
        kinds=connected,
        scope=None if scope is None else scope.entry,
        parameters=parameters_at(home, load_catalogue(home.content), as_of),
        content_digest=home.content.archive_digest,
    )


def period_of(home: Home, first: str, last: str, *, as_of: datetime) -> tuple[datetime, datetime]:
    """Give the half-open instants of the local days `first` to `last`, both included, in the company's zone. Raises AssayError."""
    zone = ZoneInfo(zone_at(home, as_of))
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError as error:
        raise AssayError(
            f"“{first} {last}” are not two days; write them as 2026-01-01 2026-03-31."
        ) from error
    if end < start:
        raise AssayError(f"The period ends on {end}, before it starts on {start}.")
    return _first_instant(start, zone), _first_instant(end + timedelta(days=1), zone)


def _first_instant(day: date, zone: ZoneInfo) -> datetime:
    """Give the first instant of a local day; where local midnight does not exist, the first that does."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def judge(
    home: Home,
    basis: Basis,
    sealer: Sealer,
    on_check: Callable[[str], None] = lambda _: None,
    fence: Fence = unfenced,
) -> int:
    """Judge every check on `basis`, keep the conclusion sets, and enter them in the ledger, unless `fence` refuses; gives the entry's index."""
    concluded = concluded_on(home, basis, sealer, on_check)
    home.evidence.put_objects([home.content.archive, *(one.content for one in concluded)], lasting=True)
    return home.ledger.append(
        Kind.CONCLUSIONS,
        {**basis.to_json(), "sets": [one.to_json() for one in concluded]},
        lambda transaction, _: fence(transaction),
    )


def concluded_on(
    home: Home, basis: Basis, sealer: Sealer, on_check: Callable[[str], None] = lambda _: None
) -> list[Concluded]:
    """Judge every check on `basis` without keeping anything."""
    specs = load_tables(home.content)
    checks = load_checks(home.content, specs)
    return conclude(basis, checks, specs, collections_of(home), HomeBook(home, sealer), on_check)
