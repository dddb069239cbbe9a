"""A period is judged in the home by versions, and again from its pack; what the pack states otherwise is found."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from assay.content_tree import Content
from assay.evidence.bag import read_container
from assay.evidence.canonical import parse
from assay.evidence.ledger import Kind
from assay.home import Home, signer
from assay.home.fsck import examine, orphans
from assay.home.histories import CACHE
from assay.home.judging import basis_of, judge
from assay.home.judging_over_time import episodes_of, judge_over, period_basis_of
from assay.home.packing import pack_files, write_pack
from assay.home.personal import personal
from assay.home.settings import set_setting
from assay.home.sources import disconnect_source
from assay.verification import Trusted, report_again, verify_pack
from tests.home.world import (
    START,
    Clock,
    collect,
    conclude,
    denied,
    lock_unseen,
    person,
    seen,
    thing,
)
from tests.tampering.small_home import SMALL, small_home

pytestmark = pytest.mark.usefixtures("on_each_database")

DAY = timedelta(days=1)
PEOPLE = seen(person("ben@northwind.example"), table="aws_person", region="")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(tmp_path: Path, clock: Clock) -> Home:
    """Six days: all well; b open; a's lock unseen; the list denied; b locked and c new; b gone, and then nothing for five days."""
    home = small_home(tmp_path / "home", clock)
    days = [
        seen(thing("a"), thing("b")),
        seen(thing("a"), thing("b", locked=False)),
        seen(thing("a", locked=None), thing("b", locked=False), gaps=[lock_unseen("a")]),
        denied(),
        seen(thing("a"), thing("b"), thing("c", locked=False)),
        seen(thing("a"), thing("c")),
    ]
    for number, things in enumerate(days):
        clock.now = START + number * DAY
        collect(home, things, PEOPLE)
    clock.now = START + 10 * DAY
    return home


def judged(home: Home, start_day: int = 0, end_day: int = 10) -> int:
    with personal(home) as people:
        basis = period_basis_of(home, (START + start_day * DAY, START + end_day * DAY))
        return judge_over(home, basis, people.sealer)


def told(home: Home, check: str = "aws.thing.locked") -> list[tuple[Any, ...]]:
    """Item, conclusion, reason, and the days after START on which the episode begins and ends."""
    return [
        (one["item"], one["conclusion"], one["reason"], _days(one["from"]), _days(one["until"]))
        for one in episodes_of(home, check)["episodes"]
    ]


def _days(instant: str) -> float:
    from assay.evidence.canonical import parse_instant

    return round((parse_instant(instant) - START) / DAY, 2)


def test_each_item_has_the_times_in_which_it_did_not_conform(home: Home) -> None:
    judged(home)
    assert told(home) == [
        (None, "UNKNOWN", "not_covered", 0, 0),  # before the first collection had ended
        ("a", "UNKNOWN", "denied", 2, 4),
        ("a", "UNKNOWN", "not_covered", 7, 10),  # two days after the last collection
        ("b", "DEVIATES", "not locked", 1, 3),
        ("b", "UNKNOWN", "denied", 3, 4),
        ("c", "DEVIATES", "not locked", 4, 5),
        ("c", "UNKNOWN", "not_covered", 7, 10),
    ]
    said = episodes_of(home, "aws.thing.locked")
    assert (said["items"], said["counts"]["DEVIATES"], said["counts"]["CONFORMS"]) == (3, 2, 0)


def test_a_later_start_leaves_out_what_was_over(home: Home) -> None:
    judged(home, start_day=4, end_day=7)
    assert [one[:3] for one in told(home) if one[4] > 4.01] == [("c", "DEVIATES", "not locked")]


def test_history_is_kept_in_parquet_and_made_again_when_it_is_gone_or_of_something_else(home: Home) -> None:
    judged(home)
    first = told(home)
    kept = sorted(path.name for path in home.cache(CACHE).iterdir())
    assert kept == ["aws_thing.json", "aws_thing.parquet"]  # nothing of the personal table
    judged(home)
    assert told(home) == first
    kept_file = home.cache(CACHE) / "aws_thing.parquet"
    whole = kept_file.read_bytes()
    for spoilt in (
        b"no parquet",
        whole[:-1] + bytes([whole[-1] ^ 1]),
    ):  # another size; one bit of the same size
        kept_file.write_bytes(spoilt)
        judged(home)
        assert told(home) == first
    shutil.rmtree(home.cache(CACHE))
    judged(home)
    assert told(home) == first


def test_items_of_a_personal_table_go_by_commitment_and_nothing_is_said_of_them(home: Home) -> None:
    collect(home, seen(person("lyle@northwind.example", trained=False), table="aws_person", region=""))
    judged(home, end_day=11)
    found = episodes_of(home, "aws.person.trained")
    deviating = [one for one in found["episodes"] if one["conclusion"] == "DEVIATES"]
    assert [len(one["item"]) for one in deviating] == [64]
    assert [one["saw"] for one in deviating] == [{}]
    assert "lyle" not in str(found)


def test_a_parameter_counts_from_the_instant_from_which_it_holds(home: Home, clock: Clock) -> None:
    holds = "parameters/observation_holds_days.yaml"
    shipped = re.sub(rb"controls: .*", b"controls: [NET-01]", Content.shipped().files[holds])
    home.__dict__["content"] = SMALL.overlaid(Content({holds: shipped}))
    set_setting(home, "parameter.observation_holds_days", 4, START + 8 * DAY, "ada")
    clock.now = START + 10 * DAY
    entry = judged(home)
    body = home.ledger.body(home.ledger.entry(entry))
    assert [_days(one["from"]) for one in body["parameters"]] == [0, 8]
    assert [one["values"]["observation_holds_days"] for one in body["parameters"]] == [2, 4]


def known_before_the_last_collection(home: Home) -> None:
    set_setting(home, "parameter.longest_name", 3, START + 8 * DAY, "ada")
    collect(home, seen(thing("a"), thing("c")), PEOPLE)


def pack(home: Home, folder: Path) -> dict[str, bytes]:
    with personal(home) as people:
        files = pack_files(home, people.keys, report_again)
    target = folder / "pack.zip"
    write_pack(files, target)
    return dict(read_container(target))


def test_the_period_is_performed_again_from_the_pack(home: Home, tmp_path: Path) -> None:
    known_before_the_last_collection(home)
    conclude(home)
    judged(home)
    result = verify_pack(pack(home, tmp_path), Trusted(key=signer(home).key), report_again)
    assert result.findings == []
    assert result.performed == 2


@pytest.mark.parametrize(
    "lie", ["an episode left out", "an earlier end", "a stretch left out", "other counts"]
)
def test_a_lie_about_the_period_is_found(home: Home, tmp_path: Path, lie: str) -> None:
    """Somebody who holds database, files and signing key states another history than the evidence gives."""
    known_before_the_last_collection(home)
    with personal(home) as people:
        basis = period_basis_of(home, (START, START + 11 * DAY))
        if lie == "a stretch left out":
            basis = replace(basis, stretches=basis.stretches[:1])
        entry = judge_over(home, basis, people.sealer)
    body = home.ledger.body(home.ledger.entry(entry))
    one = next(one for one in body["sets"] if one["check"] == "aws.thing.locked")
    said = parse(home.evidence.object(one["object"]))
    if lie == "an episode left out":
        said["episodes"] = [one for one in said["episodes"] if one["conclusion"] != "DEVIATES"]
    if lie == "an earlier end":
        said["episodes"][3]["until"] = said["episodes"][3]["from"]
    if lie == "other counts":
        one["counts"] = {**one["counts"], "DEVIATES": 0}
    from assay.evidence.canonical import encode

    one["object"] = home.evidence.put_object(encode(said))
    home.ledger.append(Kind.EPISODES, body)
    result = verify_pack(pack(home, tmp_path), Trusted(key=signer(home).key), report_again)
    assert not result.holds


def test_episodes_are_needed_and_their_loss_is_damage(home: Home) -> None:
    entry = judged(home)
    assert orphans(home) == []
    digest = home.ledger.body(home.ledger.entry(entry))["sets"][0]["object"]
    home.evidence.store.remove(f"objects/{digest[:2]}/{digest}")
    assert [digest in one.thing or digest in one.problem for one in examine(home) if not one.mendable] == [
        True
    ]


def test_a_source_that_was_disconnected_since_keeps_the_part_that_it_saw(home: Home, clock: Clock) -> None:
    disconnect_source(home, "aws-main", "ada")
    judged(home)
    assert ("b", "DEVIATES", "not locked", 1, 3) in told(home)


@pytest.mark.parametrize("lie", ["an older collection", "a source left out"])
def test_conclusions_that_pass_over_the_newest_collection_are_found(
    home: Home, tmp_path: Path, lie: str
) -> None:
    with personal(home) as people:
        basis = basis_of(home, home.now())
        older = next(iter(home.ledger.entries(kind=Kind.COLLECTION))).ordinal
        hidden = {} if lie == "a source left out" else {"aws-main": older}
        judge(home, replace(basis, collections=hidden), people.sealer)
    result = verify_pack(pack(home, tmp_path), Trusted(key=signer(home).key), report_again)
    assert [one for one in result.findings if "aws-main" in one.problem]
