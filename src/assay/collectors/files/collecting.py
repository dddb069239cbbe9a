"""A delivered file becomes a population, as the answer of any other source does, with how it was made beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from assay.collectors.files.applying import CALL, Applied, Where, apply_mapping
from assay.collectors.files.headings import Headings
from assay.collectors.files.mapping import BadMappingError, Mapping
from assay.collectors.files.reading import read_sheet
from assay.collectors.files.sheet import Limits, Sheet, UnreadableFileError
from assay.collectors.seen import CallMade, Made, NotSeen, PopulationSeen, Progress
from assay.errors import AssayError
from assay.evidence.canonical import Json, encode, instant_text
from assay.evidence.gaps import Reason
from assay.tables import TableSpec

Clock = Callable[[], datetime]


class BadDeliveryError(AssayError):
    """A file is handed over without what makes it evidence. The text says what to add."""


@dataclass(frozen=True, slots=True)
class Exported:
    """Where a file comes from: the system, who exported it and when (observed, apart from when it is read here), the query or filter used,
    and how many rows the system itself showed, where somebody looked."""

    system: str
    by: str
    at: datetime
    query: str | None = None
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file to be read: `account` is the name of the file source, `read` gives its bytes when it is its turn."""

    account: str
    file_name: str
    mapping: Mapping
    exported: Exported
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class FileMade(Made):
    """How the population of a file was made: `file` is safe for canonical JSON and goes into the collection beside the other members."""

    file: MappingOf[str, Json] = field(default_factory=dict)


def file_at(path: Path, limits: Limits | None = None) -> Callable[[], bytes]:
    """Give the reader of a file on disk, which reads at most one byte more than the limit."""
    most = (limits or Limits()).bytes + 1

    def read() -> bytes:
        with path.open("rb") as stream:
            return stream.read(most)

    return read


def check_delivery(delivery: Delivery, now: datetime) -> None:
    """Raise BadDeliveryError unless it says from which system the file is, who exported it, and when, not later than `now`."""
    exported = delivery.exported
    if not exported.system.strip() or not exported.by.strip():
        raise BadDeliveryError(f"Say from which system “{delivery.file_name}” comes, and who exported it.")
    if exported.at.tzinfo is None:
        raise BadDeliveryError(
            f"Say the instant at which “{delivery.file_name}” was exported with its zone, such as 2026-11-23T06:12:48Z."
        )
    if exported.at > now:
        raise BadDeliveryError(
            f"“{delivery.file_name}” cannot have been exported at {instant_text(exported.at)}, which is still to come."
        )


def collect_files(
    deliveries: Iterable[Delivery],
    specs: MappingOf[str, TableSpec],
    headings: Headings,
    *,
    clock: Clock,
    on_call: Callable[[CallMade], None] = lambda _: None,
    on_progress: Callable[[Progress], None] = lambda _: None,
    done: Collection[tuple[str, str, str]] = (),
    limits: Limits | None = None,
) -> Iterator[PopulationSeen | NotSeen]:
    """Read files one by one: each gives the population of its table at its source, or NotSeen where it cannot be read whole.

    Raises BadDeliveryError, and BadMappingError for a mapping of a table that is not among `specs`, before any file is read.
    """
    listed = list(deliveries)
    begun = clock()
    for delivery in listed:
        check_delivery(delivery, begun)
        if delivery.mapping.table not in specs:
            raise BadMappingError(
                f"There is no table “{delivery.mapping.table}” for “{delivery.file_name}”; `assay show tables` lists what there is."
            )
    for number, delivery in enumerate(listed, 1):
        spec = specs[delivery.mapping.table]
        if (spec.name, delivery.account, "") in done:
            continue
        seen = _collected(delivery, spec, headings, clock, on_call, begun, limits or Limits())
        yield seen
        records, gaps = (len(seen.records), len(seen.gaps)) if isinstance(seen, PopulationSeen) else (None, 1)
        on_progress(Progress(number, len(listed), spec.name, delivery.account, "", records, gaps))


def _collected(
    delivery: Delivery,
    spec: TableSpec,
    headings: Headings,
    clock: Clock,
    on_call: Callable[[CallMade], None],
    begun: datetime,
    limits: Limits,
) -> PopulationSeen | NotSeen:
    started = clock()
    where = Where(spec.name, delivery.account, instant_text(started))
    data = b""
    error: str | None = None
    try:
        data = delivery.read()
        sheet = read_sheet(data, limits, delivery.mapping.sheet)
        applied = apply_mapping(delivery.mapping, spec, sheet, where, headings)
        _count_rows(sheet, applied, delivery.exported)
    except OSError as failed:
        error = type(failed).__name__
        return NotSeen(
            where.gap(
                Reason.FAILED,
                f"The file could not be opened ({failed.strerror or error}). See that it is there and readable.",
            )
        )
    except (UnreadableFileError, BadMappingError) as refused:
        error = "malformed"
        return NotSeen(where.gap(Reason.MALFORMED, str(refused)))
    finally:
        ended = clock()
        on_call(
            CallMade(
                CALL,
                delivery.account,
                "",
                _ms(started - begun),
                _ms(ended - started),
                None,
                len(data),
                None,
                error,
            )
        )
    made = FileMade(
        1, 1, instant_text(started), instant_text(ended), file=_statement(delivery, data, sheet, applied)
    )
    return PopulationSeen(spec.name, delivery.account, "", applied.records, applied.gaps, made)


def _count_rows(sheet: Sheet, applied: Applied, exported: Exported) -> None:
    """Hold the rows that were read against what the file and the person who exported it say; raises UnreadableFileError."""
    for who, stated in (("The file", sheet.stated), (exported.system, exported.rows)):
        if stated is not None and stated != applied.tally.rows:
            raise UnreadableFileError(
                f"{who} counts {stated:,} rows, and {applied.tally.rows:,} were read: some are missing or too many. Export the whole list again."
            )


def _statement(delivery: Delivery, data: bytes, sheet: Sheet, applied: Applied) -> dict[str, Json]:
    exported = delivery.exported
    return {
        "bytes": len(data),
        "exported": {
            "at": instant_text(exported.at),
            "by": exported.by,
            "query": exported.query,
            "rows": exported.rows,
            "system": exported.system,
        },
        "form": sheet.form,
        "headings": list(sheet.headings),
        "mapping": hashlib.sha256(encode(delivery.mapping.to_json())).hexdigest(),
        "name": delivery.file_name,
        "reading": dict(sheet.reading),
        "sha256": hashlib.sha256(data).hexdigest(),
        "stated": sheet.stated,
        "tally": asdict(applied.tally),
    }


def _ms(length: timedelta) -> int:
    return round(length.total_seconds() * 1000)
