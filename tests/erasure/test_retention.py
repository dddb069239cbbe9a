"""Holds and retention: what is due goes by an entry, what a hold is over stays however often is purged, and an erasure under a hold is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from assay.collectors import SeenRecord
from assay.evidence.ledger import Kind
from assay.evidence.manual import Attachment, Covers, How, ManualEvidence, Method
from assay.home import Home
from assay.home.collecting import end_run, run_of
from assay.home.erasure import ErasureError
from assay.home.fsck import examine
from assay.home.holds import HeldError, HoldError, holds, lift, place
from assay.home.manual import add_evidence
from assay.home.packing import pack_files
from assay.home.person_erasure import erase_person
from assay.home.person_search import find_person
from assay.home.personal import personal
from assay.home.retention import kept, purge
from assay.home.sources import Source
from assay.tables import load_tables
from assay.verification import Trusted, verify_pack
from tests.home.world import Clock, collect, new_home, person, seen, thing

LOGS, FILES, LEAVERS = 730, 2557, 1095
"""The days of call logs, of files of evidence and of leavers, as the shipped parameters have them."""


@dataclass
class Thing:
    """Something that was kept: of which class, how it is told from others, and the days from which its days count, one for each entry that it stands in."""

    kind: str
    name: str
    since: list[date]


@dataclass
class World:
    """A home with a clock, and what was put into it, told apart from how the home counts it."""

    home: Home
    clock: Clock
    things: list[Thing] = field(default_factory=list)

    @property
    def today(self) -> date:
        return self.clock.now.date()

    def is_there(self, one: Thing) -> bool:
        if one.kind == "leaver":
            with personal(self.home) as people:
                return people.keys.find(one.name) is not None
        return self.home.evidence.store.written(f"objects/{one.name[:2]}/{one.name}") is not None

    def _note(self, kind: str, name: str, day: date) -> None:
        """Note what was kept; the same calls are one object, and it stands in several entries."""
        for one in self.things:
            if one.name == name:
                one.since.append(day)
                return
        self.things.append(Thing(kind, name, [day]))

    def collect(self) -> None:
        entry = collect(self.home, seen(thing("a")))
        log = self.home.ledger.body(self.home.ledger.entry(entry))["calls"]["object"]
        self._note("log", log, self.today)

    def add_file(self, number: int) -> None:
        content = f"file {number}".encode()
        end = self.today - timedelta(days=number % 50)
        evidence = ManualEvidence(
            by="ada",
            control="GOV-03",
            shows="The board met.",
            observed=self.clock.now,
            captured_by="ada",
            how=How(Method.OBSERVATION),
            covers=Covers(end - timedelta(days=30), end),
            attachment=Attachment(self.home.evidence.put_object(content), "f.txt", len(content)),
        )
        add_evidence(self.home, evidence)
        assert evidence.attachment is not None
        self._note("file", evidence.attachment.object, end)

    def leave(self, number: int) -> None:
        email = f"leaver{number}@northwind.example"
        record = {"file": {"email": email, "ended": f"{self.today.isoformat()}T17:00:00Z"}}
        specs = {"hr_person": load_tables(self.home.content)["hr_person"]}
        with (
            personal(self.home) as people,
            run_of(self.home, Source("aws-main", "aws", {}), specs, people.sealer) as run,
        ):
            run.see(seen(SeenRecord(email, None, record), region="", table="hr_person"))
            entry = end_run(run, asked_by="ada", principal=None)
        self._note("leaver", email, self.today)
        log = self.home.ledger.body(self.home.ledger.entry(entry))["calls"]["object"]
        self._note("log", log, self.today)


@pytest.fixture
def world(tmp_path: Path) -> World:
    clock = Clock()
    return World(new_home(tmp_path / "home", clock), clock)


def due(world: World, one: Thing) -> bool:
    days = {"log": LOGS, "file": FILES, "leaver": LEAVERS}[one.kind]
    return all(day < world.today - timedelta(days=days) for day in one.since)


def purge_often(world: World, times: int, seed: int) -> int:
    """Purge again and again while holds come and go; every thing is where it has to be after each. Gives how often a hold kept something that was due."""
    chance, kept_by_hold = Random(seed), 0
    over: dict[str, tuple[str, date, date]] = {}
    for number in range(times):
        world.clock.now += timedelta(days=chance.randrange(1, 90))
        chance.choice([world.collect, lambda n=number: world.add_file(n), lambda n=number: world.leave(n)])()  # type: ignore[misc]
        if len(over) > 3 or (over and chance.random() < 0.2):
            gone = chance.choice(sorted(over))
            lift(world.home, gone, by="ada")
            del over[gone]
        elif chance.random() < 0.4:
            leavers = [one.name for one in world.things if one.kind == "leaver" and world.is_there(one)]
            match chance.randrange(8):
                case 0:
                    made = place(world.home, by="ada", reason="a proceeding")
                    over[made.id] = ("everything", date.min, date.max)
                case 1 | 2 if leavers:
                    whom = chance.choice(leavers)
                    made = place(world.home, by="ada", reason="a claim", person=whom)
                    over[made.id] = (whom, date.max, date.min)
                case _:
                    first = world.today - timedelta(days=chance.randrange(3000))
                    last = first + timedelta(days=chance.randrange(700))
                    made = place(world.home, by="ada", reason="an inquiry", period=(first, last))
                    over[made.id] = ("", first, last)
        before = [one for one in world.things if world.is_there(one)]
        purge(world.home, by="ada")
        for one in before:
            by_person = any(
                whom == one.name or (one.kind == "file" and "@" in whom) for whom, *_ in over.values()
            )
            held = by_person or any(
                first <= day <= last for _, first, last in over.values() for day in one.since
            )
            assert world.is_there(one) is (held or not due(world, one)), one
            kept_by_hold += held and due(world, one)
        world.things = [one for one in world.things if world.is_there(one)]
    return kept_by_hold


def test_purges_under_holds_delete_nothing_that_is_held(world: World) -> None:
    assert purge_often(world, 60, seed=4) > 20
    assert [one for one in examine(world.home) if not one.mendable] == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_purges_under_holds_delete_nothing_that_is_held(world: World, seed: int) -> None:
    assert purge_often(world, 100, seed) > 20


def test_what_is_due_goes_by_an_entry_and_every_proof_stays(world: World) -> None:
    world.collect()
    world.add_file(1)
    world.leave(1)
    size = world.home.ledger.size()
    world.clock.now += timedelta(days=FILES + 60)
    assert {one.about.parameter: len(one.due) for one in kept(world.home) if one.due} == {
        "call_log_days": 2,
        "evidence_file_days": 1,
        "leaver_record_days": 1,
    }
    assert world.home.ledger.size() == size
    assert purge(world.home, by="ada") == {
        "call_log_days": 2,
        "evidence_file_days": 1,
        "leaver_record_days": 1,
    }
    kinds = [entry.kind for entry in world.home.ledger.entries(size)]
    assert kinds == [Kind.ERASURE] * 3
    assert {world.home.ledger.body(one)["by"] for one in world.home.ledger.entries(size)} == {"ada"}
    assert purge(world.home, by="ada") == {}
    assert verify_pack(pack_files(world.home, None), Trusted()).findings == []


def test_nobody_is_erased_under_a_hold_whatever_they_are_looked_up_by(world: World) -> None:
    collect(world.home, seen(person("ada@northwind.example"), region="", table="aws_person"))
    world.home.act("note.made", "ben", {"text": "Ask ada@northwind.example, also known as Quillfeather."})
    hold = place(world.home, by="ben", reason="a claim", person="ada@northwind.example")
    size = world.home.ledger.size()
    for looked_up in (("ada@northwind.example", ()), ("Quillfeather", ("ada@northwind.example",))):
        found = find_person(world.home, *looked_up)
        with pytest.raises(HeldError, match=f"The hold {hold.id} .a claim. is over the person"):
            erase_person(world.home, found, by="ben", basis="asked")
    assert world.home.ledger.size() == size
    lift(world.home, hold.id, by="ben")
    erase_person(world.home, find_person(world.home, "ada@northwind.example"), by="ben", basis="asked")


@pytest.mark.parametrize("period", [None, (date(2026, 3, 1), date(2026, 3, 2))])
def test_a_hold_over_everything_or_the_day_on_which_they_were_seen_refuses_an_erasure(
    world: World, period: tuple[date, date] | None
) -> None:
    collect(world.home, seen(person("ada@northwind.example"), region="", table="aws_person"))
    place(world.home, by="ben", reason="a proceeding", period=period)
    with pytest.raises(HeldError, match="Nothing was erased"):
        erase_person(world.home, find_person(world.home, "ada@northwind.example"), by="ben", basis="asked")


def test_a_hold_over_another_time_or_person_refuses_nothing(world: World) -> None:
    collect(world.home, seen(person("ada@northwind.example"), region="", table="aws_person"))
    place(world.home, by="ben", reason="a claim", person="someone.else@northwind.example")
    place(world.home, by="ben", reason="a claim", period=(date(2020, 1, 1), date(2020, 2, 1)))
    erase_person(world.home, find_person(world.home, "ada@northwind.example"), by="ben", basis="asked")


def test_a_hold_is_an_act_with_a_reason_and_names_nobody(world: World) -> None:
    hold = place(world.home, by="ben", reason="a claim", person="ada@northwind.example")
    lifted = place(world.home, by="ben", reason="a letter")
    lift(world.home, lifted.id, by="ben")
    assert [(one.id, one.reason, one.by) for one in holds(world.home)] == [(hold.id, "a claim", "ben")]
    bodies = [world.home.ledger.body(one) for one in world.home.ledger.entries(kind=Kind.ACT)][-3:]
    assert [(body["act"], body["by"]) for body in bodies] == [("setting.set", "ben")] * 3
    assert "ada@" not in str(bodies)
    for wrong in ({"reason": " "}, {"reason": "x", "period": (date(2026, 2, 1), date(2026, 1, 1))}):
        with pytest.raises(HoldError):
            place(world.home, by="ben", **wrong)  # type: ignore[arg-type]
    with pytest.raises(HoldError, match="There is no hold"):
        lift(world.home, lifted.id, by="ben")


def test_a_file_that_is_still_needed_elsewhere_stays(world: World) -> None:
    world.add_file(1)
    world.clock.now += timedelta(days=FILES + 60)
    world.things.clear()
    world.add_file(1)  # the same bytes, for a later time
    purge(world.home, by="ada")
    assert world.is_there(world.things[0])


def test_an_entry_without_a_file_erases_nothing(world: World) -> None:
    collect(world.home, seen(person("ada@northwind.example"), region="", table="aws_person"))
    found = find_person(world.home, "ada@northwind.example")
    with pytest.raises(ErasureError, match="has no file"):
        erase_person(world.home, found, by="ben", basis="asked", files_of=[0])


def test_the_days_count_as_the_company_set_them(world: World) -> None:
    from assay.home.judging import PARAMETER
    from assay.home.settings import set_setting

    world.collect()
    world.clock.now += timedelta(days=200)
    assert purge(world.home, by="ada") == {}
    set_setting(world.home, PARAMETER + "call_log_days", 100, datetime(2026, 1, 1, tzinfo=world.clock.now.tzinfo), "ada")  # fmt: skip
    assert purge(world.home, by="ada") == {"call_log_days": 1}
