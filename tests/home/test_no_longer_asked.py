"""What nobody asks for any more does not keep its conclusions: it becomes unknown, or is said to rest on an old observation."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner

from assay.cli.root import assay
from assay.evidence.gaps import Reason
from assay.home import Home
from assay.home.collecting import end_run, run_of
from assay.home.freshness import long_unseen
from assay.home.judging import basis_of
from assay.home.personal import personal
from assay.home.sources import Source
from assay.tables import load_tables
from tests.home.world import (
    ACCOUNT,
    Clock,
    collect,
    conclude,
    denied,
    new_home,
    notes,
    person,
    seen,
    thing,
)
from tests.tampering.small_home import small_home

DAY = timedelta(days=1)


def counts(conforms: int = 0, unknown: int = 0) -> dict[str, int]:
    return {"CONFORMS": conforms, "DEVIATES": 0, "NOT_APPLICABLE": 0, "UNKNOWN": unknown}


def collect_people_alone(home: Home, *, whole: bool, needs: str | None = None) -> None:
    """Run a collection that asks for people and not for things: because it is `whole` and things are left out, or because only people were named."""
    specs = load_tables(home.content)
    things = {"aws_thing": replace(specs["aws_thing"], needs=needs)}
    people = {"aws_person": specs["aws_person"]}
    with (
        personal(home) as keys,
        run_of(home, Source("aws-main", "aws", {"account": ACCOUNT}), people, keys.sealer) as run,
    ):
        run.see(seen(person("ada@northwind.example"), table="aws_person", region=""))
        end_run(run, asked_by="ada", principal=None, left_out=things if whole else {})


def test_a_table_whose_opt_in_was_taken_back_is_not_enabled_from_then_on(tmp_path: Path) -> None:
    home = small_home(tmp_path / "home")
    collect(home, seen(thing("a")), seen(person("ada@northwind.example"), table="aws_person", region=""))
    collect_people_alone(home, whole=True, needs="secret_patterns")
    assert conclude(home)["aws.thing.locked"] == counts(unknown=1)
    assert notes(home) == [("a", "UNKNOWN", str(Reason.NOT_ENABLED))]
    collect(home, seen(thing("a")), seen(person("ada@northwind.example"), table="aws_person", region=""))
    assert conclude(home)["aws.thing.locked"] == counts(conforms=1)


def test_a_run_over_named_tables_says_nothing_of_the_others(tmp_path: Path) -> None:
    home = small_home(tmp_path / "home")
    collect(home, seen(thing("a")))
    collect_people_alone(home, whole=False)
    assert conclude(home)["aws.thing.locked"] == counts(conforms=1)


def test_a_file_that_is_connected_as_another_table_leaves_the_one_before_uncovered(tmp_path: Path) -> None:
    home, file = str(tmp_path / "home"), tmp_path / "export.csv"
    file.write_text(
        "Email,Name,Start date,Course,Completed\nada@northwind.example,Ada,2025-02-03,Security,2025-03-01\n"
    )

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(assay, ["--home", home, *arguments])
        assert done.exit_code in (0, 4, 8, 12), done.stderr
        return done.stdout

    run("init", "--name", "Northwind Metrics")
    for table in ("hr_person", "training_record"):
        run(
            "connect",
            "file",
            table,
            str(file),
            "--name",
            "export",
            "--system",
            "Personio",
            "--yes",
            "--replace",
        )
        [collected] = json.loads(run("collect", "--json"))
    [gap] = [one for one in collected["gaps"] if one["table"] == "hr_person"]
    assert (gap["reason"], gap["detail"]) == ("not_covered", "seen before, not asked in this collection")


def test_what_rests_on_an_old_observation_is_named_with_its_age(tmp_path: Path) -> None:
    clock = Clock()
    home = small_home(tmp_path / "home", clock)
    collect(home, seen(thing("a")), seen(person("ada@northwind.example"), table="aws_person", region=""))
    assert long_unseen(home, basis_of(home, home.now())) == []
    clock.now += 10 * DAY
    [old] = long_unseen(home, basis_of(home, home.now()))
    assert (old.source, old.tables, old.age.days) == ("aws-main", 2, 10)
    assert old.sentence() == (
        "aws-main: 2 tables last seen 10 days before, on 2026-03-02. "
        "What changed since was not seen: run `assay collect aws-main`."
    )
    collect_people_alone(home, whole=False)
    [old] = long_unseen(home, basis_of(home, home.now()))
    assert (old.tables, old.age.days) == (1, 10)  # the things


def test_what_the_newest_collection_could_not_see_is_unknown_and_not_old(tmp_path: Path) -> None:
    clock = Clock()
    home = small_home(tmp_path / "home", clock)
    collect(home, seen(thing("a")))
    clock.now += 10 * DAY
    collect(home, denied())
    assert conclude(home)["aws.thing.locked"] == counts(unknown=1)
    assert long_unseen(home, basis_of(home, home.now())) == []


def test_check_says_it_in_json_too(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    collect(home, seen(thing("a")))
    home.close()
    done = CliRunner().invoke(
        assay, ["--home", str(tmp_path / "home"), "check", "--json", "--as-of", "2026-03-12"]
    )
    [old] = json.loads(done.stdout)["long_unseen"]
    assert (old["source"], old["tables"], old["last_seen"][:10]) == ("aws-main", 1, "2026-03-02")
