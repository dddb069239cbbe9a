"""A small home for tests: a clock that is set by hand, numbered randomness, one table and one check of its own, and a collector that answers as told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assay.collectors import CallMade, Made, NotSeen, PopulationSeen, SeenRecord
from assay.evidence.gaps import Gap, Reason
from assay.home import Home, Surroundings, create_home, open_home
from assay.home.collecting import end_run, run_of
from assay.home.judging import basis_of, judge
from assay.home.personal import personal
from assay.home.sources import Source, connect_source
from assay.tables import load_tables

ACCOUNT = "111122223333"
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TABLE = """\
says: A thing for tests.
source: aws
reach: region
list:
  call: ec2.describe_things
  items: Things
  keep: [Id, Open, Made]
key: "{Id}"
each:
  - call: ec2.describe_thing_attribute
    ask: {Id: "{Id}"}
    keep: [Locked]
columns:
  id: {type: text, from: Id, says: Its id.}
  open: {type: boolean, from: Open, says: Whether it is open.}
  locked: {type: boolean, of: describe_thing_attribute, from: Locked, says: Whether it is locked.}
permissions: [ec2:DescribeThings, ec2:DescribeThingAttribute]
"""
PERSON = """\
says: A person for tests.
source: aws
reach: account
list:
  call: iam.list_people
  items: People
  keep: [Email, Trained]
key: "{Email}"
columns:
  email: {type: text, from: Email, says: The e-mail address.}
  trained: {type: boolean, from: Trained, says: Whether the person was trained.}
personal: [email]
subject: "{Email}"
permissions: [iam:ListPeople]
"""
CHECK = """\
/*
title: Things are locked
controls: [NET-01]
tables: [aws_thing]
parameters: []
kind: item
severity: high
shows: Whether each thing is locked.
does_not_show: Who holds its key.
remedy: {console: Lock it., cli: aws ec2 lock-thing, terraform: locked = true}
cases:
  - name: a locked thing conforms
    aws_thing: [{id: a, locked: true}]
    expect: [{item: a, conclusion: CONFORMS}]
  - name: an open one deviates
    aws_thing: [{id: a, locked: false}]
    expect: [{item: a, conclusion: DEVIATES}]
  - name: its lock could not be read
    aws_thing: [{id: a}]
    gaps: [{table: aws_thing, key: a, columns: [locked], reason: denied}]
    expect: [{item: a, conclusion: UNKNOWN, reason: denied}]
*/
select thing.key as item,
  case when thing.locked then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when thing.locked then 'locked' else 'not locked' end as reason,
  thing.locked as saw_locked
from aws_thing as thing
"""
PERSON_CHECK = (
    CHECK.replace("Things are locked", "People are trained")
    .replace("aws_thing: [{id: a, locked: true}]", "aws_person: [{email: a, trained: true}]")
    .replace("aws_thing: [{id: a, locked: false}]", "aws_person: [{email: a, trained: false}]")
    .replace("aws_thing: [{id: a}]", "aws_person: [{email: a}]")
    .replace("table: aws_thing, key: a, columns: [locked]", "table: aws_person, key: a, columns: [trained]")
    .replace("NET-01", "HRS-01")
    .replace("aws_thing", "aws_person")
    .replace("thing.locked", "thing.trained")
    .replace("saw_locked", "saw_trained")
)


class Clock:
    """A clock that moves a millisecond at each look, and as far as it is told."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


def numbered() -> object:
    """Give randomness that differs at each draw and is the same in each run."""
    drawn = 0

    def draw(length: int) -> bytes:
        nonlocal drawn
        drawn += 1
        return (drawn.to_bytes(8, "big") * 4)[:length]

    return draw


def environment_of_a_new_home() -> dict[str, str]:
    """Give the variables that a home is made with; tests that run on each database put another in its place."""
    return {}


def new_home(folder: Path, clock: Clock | None = None, environment: dict[str, str] | None = None) -> Home:
    """Make a home with the test tables, the test checks and one connected source."""
    home = create_home(
        folder,
        "Northwind Metrics",
        Surroundings(clock or Clock(), numbered(), environment or environment_of_a_new_home()),
    )  # type: ignore[arg-type]
    for path, text in {
        "tables/aws/thing.yaml": TABLE,
        "tables/aws/person.yaml": PERSON,
        "checks/aws/thing/locked.sql": CHECK,
        "checks/aws/person/trained.sql": PERSON_CHECK,
    }.items():
        file = folder / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    connect_source(home, Source("aws-main", "aws", {"account": ACCOUNT}), {}, "ada")
    return home


def again(home: Home, clock: Clock) -> Home:
    """Close a home and open it anew, as another process would."""
    home.close()
    return open_home(home.path, Surroundings(clock, numbered(), home.surroundings.environment))  # type: ignore[arg-type]


def thing(key: str, *, locked: bool | None = True) -> SeenRecord:
    """Give a thing as seen; `locked` None: that call was not answered."""
    record: dict[str, object] = {"describe_things": {"Id": key, "Open": True}}
    if locked is not None:
        record["describe_thing_attribute"] = {"Locked": locked}
    return SeenRecord(key, None, record)


def person(email: str, *, trained: bool = True) -> SeenRecord:
    return SeenRecord(email, None, {"list_people": {"Email": email, "Trained": trained}})


def seen(
    *records: SeenRecord, region: str = "eu-central-1", table: str = "aws_thing", gaps: Iterable[Gap] = ()
) -> PopulationSeen:
    made = Made(2, 1, "2026-03-02T08:00:00Z", "2026-03-02T08:00:01Z", "req-1", "req-2")
    return PopulationSeen(table, ACCOUNT, region, list(records), list(gaps), made)


def denied(region: str = "eu-central-1", table: str = "aws_thing") -> NotSeen:
    return NotSeen(
        Gap(table, Reason.DENIED, ACCOUNT, region, call="ec2.describe_things", detail="UnauthorizedOperation")
    )


def lock_unseen(key: str, region: str = "eu-central-1") -> Gap:
    return Gap(
        "aws_thing",
        Reason.DENIED,
        ACCOUNT,
        region,
        key=key,
        columns=frozenset({"locked"}),
        call="ec2.describe_thing_attribute",
    )


def collect(home: Home, *answers: PopulationSeen | NotSeen) -> int:
    """Run one collection with these answers; gives its entry's index."""
    specs = {
        name: spec for name, spec in load_tables(home.content).items() if name in ("aws_thing", "aws_person")
    }
    with (
        personal(home) as people,
        run_of(home, Source("aws-main", "aws", {"account": ACCOUNT}), specs, people.sealer) as run,
    ):
        for answer in answers:
            run.on_call(
                CallMade("ec2.describe_things", ACCOUNT, "eu-central-1", 0, 5, 200, 100, "req-1", None)
            )
            run.see(answer)
        return end_run(run, asked_by="ada", principal=f"arn:aws:iam::{ACCOUNT}:role/assay")


def conclude(home: Home) -> dict[str, dict[str, int]]:
    """Judge now; gives the counts of the test checks."""
    with personal(home) as people:
        ordinal = judge(home, basis_of(home, home.now()), people.sealer)
    body = home.ledger.body(home.ledger.entry(ordinal))
    return {
        one["check"]: one["counts"]
        for one in body["sets"]
        if one["check"] in ("aws.thing.locked", "aws.person.trained")
    }


def notes(home: Home, check: str = "aws.thing.locked") -> list[tuple[str | None, str, str]]:
    """Give item, conclusion and reason of what does not conform in the newest conclusions."""
    from assay.evidence.canonical import parse
    from assay.evidence.ledger import Kind

    entry = home.ledger.last(Kind.CONCLUSIONS)
    assert entry is not None
    digest = next(one["object"] for one in home.ledger.body(entry)["sets"] if one["check"] == check)
    listed = parse(home.evidence.object(digest))["notes"]
    return [(note.get("item", note.get("commitment")), note["conclusion"], note["reason"]) for note in listed]
