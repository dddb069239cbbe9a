"""A clock that steps back never misorders: order is the ledger's, what nobody can date is unknown, and all the rest is what a right clock gives.

The same days are lived twice, by a home whose clock is right and by one whose clock is not. A clock stands wrong from one hour of the true time until
another; every answer of the second home is held against the first's at the same instant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from assay.catalogue import load_catalogue
from assay.cli.root import assay
from assay.collectors import CallMade
from assay.demo.aws_server import AwsServer
from assay.demo.github_standin import READ_ALL, GithubStandin, serve, small_company
from assay.demo.github_standin.world import Commit, PullRequest
from assay.errors import AssayError
from assay.evidence.bag import read_container
from assay.evidence.canonical import Json, instant_text, parse, parse_instant
from assay.evidence.ledger import Kind
from assay.evidence.manual import How, ManualEvidence, Method
from assay.home import Home, Surroundings, create_home, signer
from assay.home.collect_source import collect_from
from assay.home.collecting import end_run, run_of
from assay.home.histories import CACHE
from assay.home.judging import basis_of, concluded_on, judge, parameters_at, present, refuse_unsure
from assay.home.judging_over_time import episodes_of, judge_over, period_basis_of
from assay.home.manual import add_evidence
from assay.home.packing import pack_files, write_pack
from assay.home.personal import personal
from assay.home.settings import set_setting, setting_at
from assay.home.sources import Source, connect_source
from assay.tables import load_tables
from assay.verification import Trusted, Verification, report_again, verify_pack
from tests.home.world import ACCOUNT, START, Clock, denied, notes, numbered, person, seen, thing
from tests.tampering.small_home import small_home

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NOTHING = timedelta()
CHECK = "aws.thing.locked"
PEOPLE = seen(person("ben@northwind.example"), table="aws_person", region="")
DAYS = [
    seen(thing("a"), thing("b")),
    seen(thing("a"), thing("b", locked=False)),
    seen(thing("a", locked=False), thing("b", locked=False)),
    denied(),
    seen(thing("a"), thing("b"), thing("c", locked=False)),
    seen(thing("a"), thing("c")),
    seen(thing("a"), thing("c"), thing("b", locked=False)),
]
"""What is there on each day. The collection of a day begins at START plus that many days and takes an hour."""


@dataclass(frozen=True)
class Wrong:
    """How a clock is wrong: by how much, from how many hours after START until how many; `until` None: for ever."""

    by: timedelta
    since: float
    until: float | None


NEVER_WRONG = Wrong(NOTHING, 0, 0)
CLOCKS = {
    "two hours back between collections, and right again a day later": Wrong(-2 * HOUR, 30, 54),
    "two hours back, for ever": Wrong(-2 * HOUR, 30, None),
    "a day and two hours back, before the last collection": Wrong(-26 * HOUR, 30, 80),
    "back while a collection runs, before it began": Wrong(-3 * HOUR, 48.5, 60),
    "back while a collection runs, before the last entry": Wrong(-30 * HOUR, 48.5, 60),
    "ahead by six hours for one collection, then set back": Wrong(6 * HOUR, 47, 50),
    "ahead by three days for one collection, then set back": Wrong(3 * DAY, 47, 50),
    "ahead when a collection begins, and back before it ends": Wrong(5 * HOUR, 47.9, 48.8),
}


AT_EACH_CHANGE = (
    "two hours back between collections, and right again a day later",
    "back while a collection runs, before it began",
    "ahead by three days for one collection, then set back",
)
"""The others are lived in `make soak`."""


class WrongClock(Clock):
    """Tells the true time, `true`, as wrongly as it was told to."""

    def __init__(self, wrong: Wrong) -> None:
        super().__init__(START)
        self.wrong = wrong

    def __call__(self) -> datetime:
        true, wrong = super().__call__(), self.wrong
        hours = (true - START) / HOUR
        return true + (wrong.by if wrong.since <= hours < (wrong.until or 10**6) else NOTHING)

    def at(self, days: float = 0, hours: float = 0) -> None:
        self.now = START + days * DAY + hours * HOUR


def collect(home: Home, clock: Clock, day: int) -> int:
    """Collect what is there on a day: an hour, of which the first half sees the things."""
    specs = {
        name: spec for name, spec in load_tables(home.content).items() if name in ("aws_thing", "aws_person")
    }
    clock.now = START + day * DAY
    source = Source("aws-main", "aws", {"account": ACCOUNT})
    with personal(home) as people, run_of(home, source, specs, people.sealer) as run:
        run.on_call(CallMade("ec2.describe_things", ACCOUNT, "eu-central-1", 0, 5, 200, 100, "req-1", None))
        run.see(DAYS[day])
        clock.now += 0.5 * HOUR
        run.see(PEOPLE)
        clock.now += 0.5 * HOUR
        return end_run(run, asked_by="ada", principal=None)


def conclude_now(home: Home) -> list[tuple[str | None, str, str]]:
    """Judge as `assay check` does; gives what does not conform."""
    with personal(home) as people:
        judge(home, basis_of(home, present(home)), people.sealer)
    return notes(home)


@dataclass(frozen=True)
class Lived:
    """A home that lived through the days, judged after each and in the end over ten days. Its clock has gone on for two weeks since and is right."""

    home: Home
    wrong: Wrong
    kinds: list[Kind]
    concluded: list[list[tuple[str | None, str, str]]]
    episodes: list[dict[str, Any]]

    def as_of(self, instant: datetime) -> dict[str, str] | None:
        """Judge as of an instant of the past, as `assay check --as-of` does; gives what does not conform, None where it refuses."""
        try:
            refuse_unsure(self.home, instant)
        except AssayError:
            return None
        with personal(self.home) as people:
            sets = concluded_on(self.home, basis_of(self.home, instant), people.sealer)
        said = parse(next(one.content for one in sets if one.check == CHECK))["notes"]
        return {str(note["item"]): note["conclusion"] for note in said}

    def throughout(self, instant: datetime) -> dict[str, str]:
        """Give what does not conform at an instant by the episodes."""
        return {
            str(one["item"]): one["conclusion"]
            for one in self.episodes
            if parse_instant(one["from"]) <= instant < parse_instant(one["until"])
        }


def live(folder: Path, wrong: Wrong) -> Lived:
    clock = WrongClock(wrong)
    home = small_home(folder, clock)
    concluded = []
    for day in range(len(DAYS)):
        collect(home, clock, day)
        clock.at(day, 1.5)
        concluded.append(conclude_now(home))
        for hours in (5, 6.5):
            clock.at(day, hours)
            home.act("note.made", "ada", {"note": "between collections"})
    kinds = [entry.kind for entry in home.ledger.entries() if entry.kind is not Kind.CLOCK]
    clock.at(14)
    with personal(home) as people:
        judge_over(home, period_basis_of(home, (START, START + 10 * DAY)), people.sealer)
    clock.wrong = NEVER_WRONG
    return Lived(home, wrong, kinds, concluded, episodes_of(home, CHECK)["episodes"])


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return live(tmp_path_factory.mktemp("right") / "home", NEVER_WRONG)


@pytest.fixture(
    scope="module",
    params=[
        name if name in AT_EACH_CHANGE else pytest.param(name, marks=pytest.mark.soak) for name in CLOCKS
    ],
)
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return live(tmp_path_factory.mktemp("wrong") / "home", CLOCKS[request.param])


def agrees(found: dict[str, str], right: dict[str, str], item: str) -> bool:
    """An item is as a right clock says, or unknown: itself, or something there that has no name."""
    return found.get(item) == right.get(item) or "UNKNOWN" in (found.get(item), found.get("None"))


def instants(lived: Lived, instant: datetime) -> list[datetime]:
    """The true times that a clock can mean by an instant: while it stands wrong behind a step, also that which is off by as much.

    That a clock is wrong, no ledger can know; the skew against the `Date` of every answer says it.
    """
    wrong, hours = lived.wrong, (instant - START) / HOUR
    until = 10**6 if wrong.until is None else wrong.until
    told = wrong.since <= hours - wrong.by / HOUR < until
    return [instant, instant - wrong.by] if told else [instant]


def test_entries_keep_their_order_and_each_step_back_is_an_entry(lived: Lived, right: Lived) -> None:
    """Every entry that is earlier than the one before it says so, and nothing is left out or moved."""
    entries = list(lived.home.ledger.entries())
    assert [entry.ordinal for entry in entries] == list(range(len(entries)))
    assert lived.kinds == right.kinds
    steps = [entry for entry in entries if entry.kind is Kind.CLOCK]
    assert steps
    for one, two in pairwise(entries):
        if two.at < one.at:
            assert two.kind is Kind.CLOCK
    for entry in steps:
        body = lived.home.ledger.body(entry)
        assert parse_instant(body["now"]) == entry.at < parse_instant(body["previous"])


def test_as_of_now_the_newest_collection_counts_whatever_its_clock_said(lived: Lived, right: Lived) -> None:
    assert lived.concluded == right.concluded


def test_as_of_an_instant_it_concludes_as_a_right_clock_or_says_that_nobody_can(
    lived: Lived, right: Lived
) -> None:
    asked = [START + hours * HOUR for hours in (-5, 20, 29, 45, 51, 84, 140)]
    told = {instant: found for instant in asked if (found := lived.as_of(instant)) is not None}
    for instant, found in told.items():
        known = [right.as_of(one) or {} for one in instants(lived, instant)]
        for item in "abc":
            assert any(agrees(found, one, item) for one in known), (instant, item)
    assert len(told) >= 3


def test_over_a_period_every_item_is_at_each_half_hour_what_a_right_clock_says_or_unknown(
    lived: Lived, right: Lived
) -> None:
    known = 0
    for half_hours in range(480):
        instant = START + half_hours * 0.5 * HOUR + timedelta(minutes=7)
        found = lived.throughout(instant)
        for item in "abc":
            theirs = [right.throughout(one) for one in instants(lived, instant)]
            assert any(agrees(found, one, item) for one in theirs), (instant, item)
            known += "UNKNOWN" not in (found.get(item), found.get("None"))
    assert known > 100
    for item in "abc":
        spans = sorted((one["from"], one["until"]) for one in lived.episodes if one["item"] == item)
        assert all(start < end for start, end in spans)
        assert all(one[1] <= two[0] for one, two in pairwise(spans))


def test_no_version_ends_before_it_begins_and_none_overlaps(lived: Lived) -> None:
    kept = lived.home.cache(CACHE) / "aws_thing.parquet"
    rows = duckdb.sql(f"select key, _from, _until from '{kept}' order by key, _from").fetchall()
    assert {key for key, _, _ in rows} == {"a", "b", "c"}
    assert all(until is None or since < until for _, since, until in rows)
    for one, two in pairwise(rows):
        assert one[0] != two[0] or (one[2] is not None and one[2] <= two[1])


def verified(home: Home, folder: Path) -> Verification:
    with personal(home) as people:
        files = pack_files(home, people.keys, report_again)
    write_pack(files, folder / "pack.zip")
    return verify_pack(read_container(folder / "pack.zip"), Trusted(signer(home).key), report_again)


def test_everything_is_performed_again_from_the_pack(lived: Lived, tmp_path: Path) -> None:
    result = verified(lived.home, tmp_path)
    assert result.findings == []
    assert result.performed == len(DAYS) + 1
    assert (result.report_performed, result.not_performed) == (True, [])


def value(home: Home, instant: datetime) -> Json:
    return parameters_at(home, load_catalogue(home.content), instant)["longest_name"]


def test_a_parameter_for_a_time_to_come_keeps_its_instant_and_one_set_at_once_is_not_overtaken(
    tmp_path: Path,
) -> None:
    """1. Set for the seventh day. 2. Set at once on the second. 3. The clock stands two hours back, and it is set at once again, thrice."""
    clock = WrongClock(Wrong(-2 * HOUR, 30, None))
    home = small_home(tmp_path / "home", clock)
    name = "parameter.longest_name"
    set_setting(home, name, 9, START + 7 * DAY, "ada")  # 1
    clock.at(1, 5)
    set_setting(home, name, 3, home.now(), "ada")  # 2
    clock.at(1, 6)
    for days in (4, 5, 6):  # 3
        set_setting(home, name, days, present(home), "ada")
        assert value(home, home.now()) == days
    clock.at(3)
    assert [value(home, START + hours * HOUR) for hours in (20, 29.5, 40, 167, 169)] == [1, 6, 6, 6, 9]
    collect(home, clock, 3)
    conclude_now(home)
    with personal(home) as people:
        judge_over(home, period_basis_of(home, (START, START + 8 * DAY)), people.sealer)
    assert verified(home, tmp_path).findings == []


def test_a_setting_by_a_clock_that_was_ahead_holds_at_once_when_the_clock_is_right(tmp_path: Path) -> None:
    clock = WrongClock(Wrong(30 * DAY, 24, 26))
    home = small_home(tmp_path / "home", clock)
    name = "parameter.longest_name"
    clock.at(1, 1)
    set_setting(home, name, 7, home.now(), "ada")
    clock.at(1, 3)
    assert value(home, present(home)) == 7
    set_setting(home, name, 5, home.now(), "ada")
    for days in (2, 40):
        clock.at(days)
        assert value(home, home.now()) == 5
        found = setting_at(home, name, home.now())
        assert found is not None
        assert found.value == 5


def test_evidence_by_hand_from_before_the_step_stays_in_the_report(tmp_path: Path) -> None:
    from assay.home.reporting import newest_report

    clock = WrongClock(Wrong(3 * DAY, 24, 26))
    home = small_home(tmp_path / "home", clock)
    clock.at(1, 1)
    shown = ManualEvidence(
        by="ada", control="NET-01", shows="The locks were reviewed.", observed=START, captured_by="ben",
        how=How(Method.OBSERVATION), note="Seen by ben at the door.",
    )  # fmt: skip
    add_evidence(home, shown)
    clock.at(1, 4)
    conclude_now(home)
    assert "The locks were reviewed." in str(newest_report(home))
    assert verified(home, tmp_path).findings == []


def test_the_command_names_the_entry_and_the_instants_that_can_be_asked_for(tmp_path: Path) -> None:
    clock = WrongClock(CLOCKS["two hours back between collections, and right again a day later"])
    home = small_home(tmp_path / "home", clock)
    for day in (0, 1):
        collect(home, clock, day)
    clock.at(1, 7)
    for hours in (5, 6.5):
        clock.at(1, hours)
        home.act("note.made", "ada", {"note": "before and after the step"})
    step = next(home.ledger.entries(kind=Kind.CLOCK))
    home.close()
    said = CliRunner().invoke(
        assay, ["--home", str(tmp_path / "home"), "check", "--as-of", instant_text(step.at + HOUR / 2)]
    )
    assert said.exit_code == 1
    assert f"stepped back (ledger entry {step.ordinal})" in said.output
    assert "leave --as-of out" in said.output


def code_host(tmp_path: Path, clock: Clock, url: str) -> tuple[Home, Source]:
    home = create_home(tmp_path / "home", "Northwind Metrics", Surroundings(clock, numbered(), {}))  # type: ignore[arg-type]
    settings = {
        "events_from": instant_text(START - 120 * DAY),
        "loopback_port": int(url.rpartition(":")[2]),
        "organization": "northwind-metrics",
        "root": url,
    }
    source = Source("github", "github", settings)
    connect_source(home, source, {"token": "token-canary"}, "ada")
    return home, source


def test_no_event_is_passed_over_when_the_clock_was_ahead_and_githubs_skew_is_recorded(
    tmp_path: Path,
) -> None:
    """The first collection is by a clock ten days ahead; what happens on the day after is asked for all the same."""
    world = small_company()
    true = world.now
    clock = Clock(true + 10 * DAY)
    standin = GithubStandin(world, {"token-canary": dict(READ_ALL)}, clock=lambda: world.now)
    tables = ["github_pull_request", "github_commit_on_default"]
    with serve(standin) as url:
        home, source = code_host(tmp_path, clock, url)
        first = home.ledger.body(home.ledger.entry(collect_from(home, source, asked_by="ada", tables=tables)))
        repository = world.repository("metrics-api")
        opened = true + DAY
        repository.pull_requests.append(
            PullRequest(901, "Made the day after", "emil-sorensen", opened, opened + HOUR, opened + HOUR, opened + HOUR)
        )  # fmt: skip
        repository.commits.append(Commit("c0ffee" * 6 + "c0ff", "emil-sorensen", opened + HOUR, 901))
        clock.now = world.now = true + 2 * DAY
        second = home.ledger.body(
            home.ledger.entry(collect_from(home, source, asked_by="ada", tables=tables))
        )
    ahead = -10 * 86_400_000
    assert ahead - 60_000 <= first["skew_ms"]["least"] <= first["skew_ms"]["most"] <= ahead + 60_000
    assert abs(second["skew_ms"]["least"]) < 60_000
    found = {one["table"]: one["added"] for one in second["populations"]}
    assert (found["github_pull_request"], found["github_commit_on_default"]) == (1, 1)


def test_skew_against_the_date_of_aws_is_recorded(tmp_path: Path) -> None:
    """Positive where the server is later than we are. Here our clock stands in 2026-03, and the server's tells the machine's time."""
    clock = Clock(datetime.now(UTC).replace(microsecond=0) - 400 * DAY)
    with AwsServer() as aws:
        home = create_home(tmp_path / "home", "Northwind Metrics", Surroundings(clock, numbered(), {}))  # type: ignore[arg-type]
        settings = {
            "access_key_id": "AKIADEMONSTRATION00", "endpoint_url": aws.endpoint, "region": "eu-central-1",
        }  # fmt: skip
        source = Source("aws-main", "aws", settings)
        connect_source(home, source, {"secret_access_key": "unused"}, "ada")
        body = home.ledger.body(
            home.ledger.entry(collect_from(home, source, asked_by="ada", tables=["aws_iam_account_summary"]))
        )
    behind = 400 * 86_400_000
    assert behind - 60_000 <= body["skew_ms"]["least"] <= body["skew_ms"]["most"] <= behind + 60_000
