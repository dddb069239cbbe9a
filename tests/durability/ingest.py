"""The ingest path as a program: collect → stage → entry, over and over, each acknowledgement written to a pipe when it is given.

A child is forked after the imports, so that two hundred of them can be killed in seconds. What it acknowledged is checked by `lost` afterwards,
in another process's eyes: the home opened anew.
"""

from __future__ import annotations

import os
import secrets
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assay.content_tree import Content
from assay.errors import AssayError
from assay.evidence.book import place_of, replayed
from assay.evidence.canonical import parse
from assay.evidence.ledger import Kind
from assay.evidence.records import Place, Sealed, read_records
from assay.home import Home, Surroundings, open_home
from assay.home.collecting import end_run, run_of
from assay.home.fsck import examine
from assay.home.personal import personal
from assay.home.sources import Source
from assay.tables import load_tables
from tests.home.world import ACCOUNT, PERSON, TABLE, Clock, new_home, person, seen, thing

SOURCE = Source("aws-main", "aws", {"account": ACCOUNT})
CONTENT = Content({"tables/aws/thing.yaml": TABLE.encode(), "tables/aws/person.yaml": PERSON.encode()})
SPECS = load_tables(CONTENT)
DONE, REFUSED, BROKEN = 0, 3, 4
"""How a child leaves: everything acknowledged, an AssayError said, or an error that nobody explained."""

Acknowledge = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Ended:
    """How an ingesting process ended: exit code or negative signal, and the acknowledgements that had come out of it."""

    status: int
    acknowledged: tuple[str, ...]


def prepared_home(folder: Path) -> None:
    """Make a home that is ready to ingest."""
    new_home(folder, Clock(datetime.now(UTC))).close()


def opened(folder: Path) -> Home:
    """Open the home with the machine's own clock and randomness, without anything of the environment."""
    return open_home(folder, Surroundings(lambda: datetime.now(UTC), secrets.token_bytes, {}))


def ingest(home: Home, rounds: int, acknowledge: Acknowledge) -> None:
    """Collect `rounds` times; each place and each entry is acknowledged once the home's call for it has returned."""
    with personal(home) as people:
        for _ in range(rounds):
            number = home.ledger.size()
            with run_of(home, SOURCE, SPECS, people.sealer) as run:
                things = [thing(f"thing-{number}-{index}", locked=bool(number % 2)) for index in range(3)]
                for answer in (
                    seen(thing("always", locked=bool(number % 2)), *things),
                    seen(
                        person("ada@northwind.example", trained=bool(number % 2)),
                        region="",
                        table="aws_person",
                    ),
                ):
                    if (answer.table, answer.account, answer.region) in run.done:
                        continue  # this run saw it before it was interrupted
                    run.see(answer)
                    (body,) = home.database.one(
                        "select body from staged_place where run = ? and table_name = ?",
                        (run.id, answer.table),
                    ) or ("",)
                    acknowledge(f"place {parse(body)['population']['root']}")
                ordinal = end_run(run, asked_by="ada", principal=None)
            acknowledge(f"entry {ordinal} {home.ledger.leaf_hashes(ordinal, ordinal + 1)[0].hex()}")
            ordinal = home.act("note.made", "ada", {"number": number})
            acknowledge(f"entry {ordinal} {home.ledger.leaf_hashes(ordinal, ordinal + 1)[0].hex()}")


class Child:
    """A forked process that does `work` once it is told to go on, and what it acknowledged."""

    def __init__(self, work: Callable[[Acknowledge], None]) -> None:
        reading, writing = os.pipe()
        self.process = os.fork()
        if self.process == 0:
            os.close(reading)
            os.kill(os.getpid(), signal.SIGSTOP)
            os._exit(_worked(work, writing))
        os.close(writing)
        os.waitpid(self.process, os.WUNTRACED)
        self._pipe = os.fdopen(reading, "rb")
        self._lines: list[bytes] = []
        self._ended: Ended | None = None

    def go_on(self) -> None:
        os.kill(self.process, signal.SIGCONT)

    def until(self, acknowledgements: int) -> None:
        """Wait until so many acknowledgements have come."""
        while len(self._lines) < acknowledgements and (line := self._pipe.readline()):
            self._lines.append(line)

    def one_more(self) -> None:
        """Wait for the next acknowledgement; what was said before counts too, as long as it was not read."""
        self.until(len(self._lines) + 1)

    def kill(self) -> None:
        os.kill(self.process, signal.SIGKILL)

    def ended(self) -> Ended:
        """Wait for the end."""
        if self._ended is None:
            lines = [*self._lines, *self._pipe]
            _, status = os.waitpid(self.process, 0)
            whole = tuple(line.decode().strip() for line in lines if line.endswith(b"\n"))
            self._ended = Ended(os.waitstatus_to_exitcode(status), whole)
        return self._ended

    def close(self) -> None:
        if self._ended is None:
            self.kill()
            os.waitpid(self.process, 0)
        self._pipe.close()


@contextmanager
def child(work: Callable[[Acknowledge], None]) -> Iterator[Child]:
    """Fork a process that waits to be told to go on. It is killed when the block is left, whatever it was doing."""
    forked = Child(work)
    try:
        yield forked
    finally:
        forked.close()


def _worked(work: Callable[[Acknowledge], None], pipe: int) -> int:
    try:
        work(lambda line: _write_line(pipe, line))
    except AssayError:
        return REFUSED
    except BaseException:
        traceback.print_exc()
        return BROKEN
    return DONE


def _write_line(pipe: int, line: str) -> None:
    os.writev(pipe, [f"{line}\n".encode()])  # its own system call, so that faults aimed at files never hit it


def ingesting(folder: Path, rounds: int) -> Callable[[Acknowledge], None]:
    """Give the work of a child that opens the home in `folder` and ingests."""

    def work(acknowledge: Acknowledge) -> None:
        home = opened(folder)
        ingest(home, rounds, acknowledge)
        home.close()

    return work


def lost(home: Home, acknowledged: tuple[str, ...]) -> list[str]:
    """Give what was acknowledged and is not in the home any more."""
    entries = {
        f"entry {at} {leaf.hex()}" for at, leaf in enumerate(home.ledger.leaf_hashes(0, home.ledger.size()))
    }
    places = {f"place {root}" for root in _roots(home)}
    return [line for line in acknowledged if line not in entries | places]


def _roots(home: Home) -> Iterator[str]:
    for (body,) in home.database.rows("select body from staged_place"):
        yield parse(body)["population"]["root"]
    for entry in home.ledger.entries(kind=Kind.COLLECTION):
        yield from (one["root"] for one in home.ledger.body(entry)["populations"])


def damage(home: Home) -> list[str]:
    """Give what fsck finds and cannot mend."""
    return [f"{one.thing}: {one.problem}" for one in examine(home) if not one.mendable]


def read_everything(home: Home) -> int:
    """Read every body and replay every population; gives how many entries there were."""
    entries = list(home.ledger.entries())
    for entry in entries:
        body = home.ledger.body(entry)
        for statement in body["populations"] if entry.kind == Kind.COLLECTION else ():
            assert (
                len(replayed(home.ledger, body["source"]["id"], place_of(statement), entry.ordinal))
                == statement["size"]
            )
    return len(entries)


def unreadable(home: Home) -> list[str]:
    """Give the personal records that were kept and whose keys were not."""
    with personal(home) as people:
        return [
            line.commitment.hex()
            for place, line in _sealed_lines(home)
            if people.sealer.open(place, line) is None
        ]


def _sealed_lines(home: Home) -> Iterator[tuple[Place, Sealed]]:
    staged = [parse(body)["population"] for (body,) in home.database.rows("select body from staged_place")]
    entered = [
        one
        for entry in home.ledger.entries(kind=Kind.COLLECTION)
        for one in home.ledger.body(entry)["populations"]
    ]
    for statement in (*staged, *entered):
        if statement["records"]:
            place, lines = read_records(home.evidence.object(statement["records"]))
            yield from ((place, line) for line in lines if isinstance(line, Sealed))
