"""What was collected is judged; what could not be seen is unknown and erases nothing; an interrupted run goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.evidence.gaps import Gap, Reason
from assay.home.collecting import RunInProgressError, end_run, run_of
from assay.home.judging import basis_of
from assay.home.personal import personal
from assay.home.sources import Source
from assay.tables import load_tables
from tests.home.world import (
    ACCOUNT,
    Clock,
    again,
    collect,
    conclude,
    denied,
    lock_unseen,
    new_home,
    notes,
    person,
    seen,
    thing,
)
from tests.tampering.small_home import small_home, with_small_content

pytestmark = pytest.mark.usefixtures("on_each_database")


def counts(conforms: int = 0, deviates: int = 0, unknown: int = 0) -> dict[str, int]:
    return {"CONFORMS": conforms, "DEVIATES": deviates, "NOT_APPLICABLE": 0, "UNKNOWN": unknown}


def test_items_are_judged_one_by_one(tmp_path: Path) -> None:
    home = small_home(tmp_path / "home")
    collect(home, seen(thing("a"), thing("b", locked=False)))
    assert conclude(home)["aws.thing.locked"] == counts(conforms=1, deviates=1)
    assert notes(home) == [("b", "DEVIATES", "not locked")]


def test_a_denied_list_makes_the_known_items_unknown_and_removes_none(tmp_path: Path) -> None:
    home = small_home(tmp_path / "home")
    collect(home, seen(thing("a"), thing("b")), seen(thing("c"), region="us-east-1"))
    collect(home, denied(), seen(thing("c"), region="us-east-1"))
    assert conclude(home)["aws.thing.locked"] == counts(conforms=1, unknown=2)
    assert notes(home) == [("a", "UNKNOWN", "denied"), ("b", "UNKNOWN", "denied")]
    collect(home, seen(thing("a"), thing("b")), seen(thing("c"), region="us-east-1"))
    assert conclude(home)["aws.thing.locked"] == counts(conforms=3)


def test_a_place_that_was_never_seen_is_named_itself(tmp_path: Path) -> None:
    home = small_home(tmp_path / "home")
    collect(home, denied(), seen(thing("c"), region="us-east-1"))
    assert conclude(home)["aws.thing.locked"] == counts(conforms=1, unknown=1)
    assert notes(home) == [(None, "UNKNOWN", "denied")]


def test_one_denied_column_makes_that_item_unknown_and_keeps_what_was_seen(tmp_path: Path) -> None:
    home = small_home(tmp_path / "home")
    collect(home, seen(thing("a"), thing("b")))
    before = home.database.rows("select root from current_population")
    collect(home, seen(thing("a"), thing("b", locked=None), gaps=[lock_unseen("b")]))
    assert conclude(home)["aws.thing.locked"] == counts(conforms=1, unknown=1)
    assert home.database.rows("select root from current_population") == before


def test_a_region_that_is_not_asked_any_more_is_not_covered(tmp_path: Path) -> None:
    home = small_home(tmp_path / "home")
    collect(home, seen(thing("a")), seen(thing("c"), region="us-east-1"))
    collect(home, seen(thing("a")))
    assert conclude(home)["aws.thing.locked"] == counts(conforms=1, unknown=1)
    assert notes(home) == [("c", "UNKNOWN", "not_covered")]


def test_nothing_connected_is_unknown_not_empty(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    assert conclude(home)["aws.thing.locked"] == counts(unknown=1)


def test_as_of_an_earlier_instant_later_collections_do_not_count(tmp_path: Path) -> None:
    home = small_home(tmp_path / "home")
    first = collect(home, seen(thing("a")))
    between = home.now()
    collect(home, seen(thing("a", locked=False)))
    assert basis_of(home, between).collections == {"aws-main": first}


def test_an_unchanged_world_adds_no_object(tmp_path: Path) -> None:
    home = small_home(tmp_path / "home")
    collect(home, seen(thing("a"), thing("b")))
    before = set(home.evidence.store.names("objects"))
    collect(home, seen(thing("b"), thing("a")))
    assert set(home.evidence.store.names("objects")) == before


def test_lines_that_left_the_cache_are_replayed_from_the_evidence(tmp_path: Path) -> None:
    home = small_home(tmp_path / "home")
    collect(home, seen(thing("a"), thing("b", locked=False)))
    collect(home, seen(thing("a", locked=False), thing("c")))
    first = conclude(home)
    for path in (tmp_path / "home" / "cache" / "current").iterdir():
        path.write_bytes(b"not what it was")
    assert conclude(home) == first
    assert notes(home) == [("a", "DEVIATES", "not locked")]


def test_an_interrupted_collection_goes_on_where_it_stopped(tmp_path: Path) -> None:
    clock = Clock()
    home = small_home(tmp_path / "home", clock)
    source = Source("aws-main", "aws", {"account": ACCOUNT})
    specs = {"aws_thing": load_tables(home.content)["aws_thing"]}
    with (
        personal(home) as people,
        pytest.raises(KeyboardInterrupt),
        run_of(home, source, specs, people.sealer) as run,
    ):
        run.see(seen(thing("a")))
        run.see(denied("us-east-1"))
        raise KeyboardInterrupt
    home = with_small_content(again(home, clock))
    with personal(home) as people, run_of(home, source, specs, people.sealer) as run:
        assert run.resumed
        assert run.done == {("aws_thing", ACCOUNT, "eu-central-1")}
        assert [one.key for one in run.known("aws_thing", ACCOUNT, "eu-central-1")] == ["a"]
        run.see(seen(thing("b"), region="us-east-1"))
        end_run(run, asked_by="ada", principal=None)
    assert conclude(home)["aws.thing.locked"] == counts(conforms=2)


def test_two_collections_of_one_source_do_not_run_at_once(tmp_path: Path) -> None:
    home = small_home(tmp_path / "home")
    source = Source("aws-main", "aws", {"account": ACCOUNT})
    with (
        personal(home) as people,
        run_of(home, source, {}, people.sealer),
        pytest.raises(RunInProgressError, match="aws-main"),
    ):
        with run_of(home, source, {}, people.sealer):
            pass


def test_a_changed_personal_record_replaces_its_old_version_when_it_is_replayed(tmp_path: Path) -> None:
    home = small_home(tmp_path / "home")
    for trained in (False, True):
        collect(home, seen(person("ben@northwind.example", trained=trained), table="aws_person", region=""))
    for path in (tmp_path / "home" / "cache" / "current").iterdir():
        path.unlink()
    assert conclude(home)["aws.person.trained"] == counts(conforms=1)


def test_a_gap_over_a_personal_record_does_not_name_the_person(tmp_path: Path) -> None:
    home = small_home(tmp_path / "home")
    gap = Gap(
        "aws_person",
        Reason.MALFORMED,
        ACCOUNT,
        "",
        key="ben@northwind.example",
        columns=frozenset({"trained"}),
    )
    entry = collect(home, seen(person("ben@northwind.example"), table="aws_person", region="", gaps=[gap]))
    (stored,) = home.ledger.body(home.ledger.entry(entry))["gaps"]
    assert len(stored["key"]) == 64
    assert conclude(home)["aws.person.trained"] == counts(unknown=1)


def test_people_are_judged_by_commitment_and_named_nowhere(tmp_path: Path) -> None:
    home = small_home(tmp_path / "home")
    collect(
        home,
        seen(
            person("ben@northwind.example"),
            person("lyle@northwind.example", trained=False),
            table="aws_person",
            region="",
        ),
    )
    assert conclude(home)["aws.person.trained"] == counts(conforms=1, deviates=1)
    ((item, conclusion, reason),) = notes(home, "aws.person.trained")
    assert item is not None
    assert (len(item), conclusion, reason) == (64, "DEVIATES", "not locked")
    home.close()
    for path in (tmp_path / "home").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"lyle@" not in content
            assert b"ben@" not in content
