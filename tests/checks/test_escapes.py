"""Nothing gets out of a check: not past the lint, and not past the sealed engine when the lint is taken away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import check_escapes as escapes
import check_worlds as worlds
import pytest

from assay.checks import BoundError, DialectError, EvaluationError
from assay.checks.dialect import read_query
from assay.checks.sealed import Sealed
from assay.checks.specs import column_types

CANARY = "canary-4f1d"
ALL = {**escapes.REFUSED_BY_BOTH, **escapes.HARMLESS_ALONE}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text(CANARY)
    (tmp_path / "data.csv").write_text(f"a\n{CANARY}\n")
    return tmp_path


@pytest.fixture
def engine() -> Sealed:
    """Sealed over 200 buckets, 64 MB and half a second."""
    sealed = Sealed(memory_mb=64, seconds=0.5, threads=1)
    sealed.load(
        "CREATE TABLE aws_bucket AS SELECT 'b' || i AS key, i AS size, 'r' AS region, 0 AS _ordinal, 'n' AS name, true AS public FROM range(200) r(i)"
    )
    sealed.load("CREATE TABLE aws_owner (key VARCHAR)")
    sealed.load("CREATE TABLE hr_person (email VARCHAR)")
    sealed.seal()
    return sealed


def filled(sql: str, folder: Path) -> str:
    return (
        sql.replace("{secret}", str(folder / "secret.txt"))
        .replace("{folder}", str(folder))
        .replace("{{}}", "{}")
    )


def test_there_are_at_least_sixty_escapes() -> None:
    assert len(ALL) >= 60
    assert len(ALL) == len(escapes.REFUSED_BY_BOTH) + len(escapes.HARMLESS_ALONE)


@pytest.mark.parametrize("name", ALL)
def test_the_lint_refuses(name: str, folder: Path) -> None:
    declared = {table: column_types(worlds.SPECS[table]) for table in ("aws_bucket", "aws_owner")}
    with pytest.raises(DialectError) as refusal:
        read_query(filled(ALL[name], folder), declared)
    assert str(refusal.value).endswith((".", "!"))
    assert len(str(refusal.value)) > 30


@pytest.mark.parametrize("name", escapes.REFUSED_BY_BOTH)
def test_the_sealed_engine_alone_refuses(name: str, engine: Sealed, folder: Path) -> None:
    planted_variable = [(CANARY,)]
    before = sorted(path.name for path in folder.iterdir())
    with pytest.raises(EvaluationError) as refusal:
        engine.select(filled(escapes.REFUSED_BY_BOTH[name], folder))
    assert CANARY not in str(refusal.value)
    assert sorted(path.name for path in folder.iterdir()) == before
    assert engine.select("select count(*), max(key) from aws_bucket").rows == [(200, "b99")]
    assert planted_variable


@pytest.mark.parametrize("name", escapes.HARMLESS_ALONE)
def test_what_the_sealed_engine_alone_runs_reaches_nothing(name: str, engine: Sealed, folder: Path) -> None:
    before = sorted(path.name for path in folder.iterdir())
    try:
        seen = str(engine.select(filled(escapes.HARMLESS_ALONE[name], folder)).rows)
    except EvaluationError as refusal:
        seen = str(refusal)
    assert CANARY not in seen
    assert sorted(path.name for path in folder.iterdir()) == before
    assert engine.select("select count(*), max(key) from aws_bucket").rows == [(200, "b99")]


@pytest.mark.parametrize("name", escapes.BOUNDED_ALONE)
def test_the_engine_stops_what_the_lint_cannot_know(name: str, engine: Sealed) -> None:
    with pytest.raises(BoundError, match="was stopped"):
        engine.select(escapes.BOUNDED_ALONE[name])


def test_the_bound_on_time_names_itself(engine: Sealed) -> None:
    with pytest.raises(BoundError, match=r"ran longer than 0\.5 s"):
        engine.select(escapes.REFUSED_BY_BOTH["endless recursion"])


def test_the_bound_on_memory_names_itself(engine: Sealed) -> None:
    with pytest.raises(BoundError, match="more than 64 MB"):
        engine.select(escapes.REFUSED_BY_BOTH["memory: one list"])


def test_the_engine_works_on_after_a_bound_was_met(engine: Sealed) -> None:
    with pytest.raises(BoundError):
        engine.select(escapes.REFUSED_BY_BOTH["range bomb"])
    assert engine.select("select 1").rows == [(1,)]


def test_another_thread_meets_the_same_walls(engine: Sealed, folder: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        for name in (
            "read_text",
            "set memory",
            "two statements",
            "python variable",
            "random",
            "endless recursion",
        ):
            with pytest.raises(EvaluationError):
                pool.submit(engine.select, filled(escapes.REFUSED_BY_BOTH[name], folder)).result()
        assert pool.submit(engine.select, "select count(*) from aws_bucket").result().rows == [(200,)]


def test_too_much_to_load_never_spills_to_the_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    sealed = Sealed(memory_mb=32, threads=1)
    with pytest.raises(EvaluationError, match="Out of Memory"):
        sealed.load(
            "CREATE TABLE t AS SELECT hash(i) AS h, repeat('x', 100) AS v FROM range(2000000) r(i) ORDER BY h"
        )
    assert list(tmp_path.iterdir()) == []


def test_nothing_runs_before_the_engine_is_sealed() -> None:
    with Sealed(memory_mb=64) as open_engine, pytest.raises(EvaluationError, match="not sealed yet"):
        open_engine.select("select 1")


def test_nothing_is_loaded_after_the_engine_is_sealed(engine: Sealed) -> None:
    with pytest.raises(EvaluationError, match="sealed"):
        engine.load("CREATE TABLE late AS SELECT 1 AS a")


def test_an_engine_that_begins_again_forgets_its_tables_and_keeps_its_walls(
    engine: Sealed, folder: Path
) -> None:
    engine.keep("kept", "SELECT key FROM aws_bucket")
    engine.show("shown", "SELECT key FROM aws_bucket")
    engine.begin_again()
    with pytest.raises(EvaluationError, match="not sealed yet"):
        engine.select("SELECT 1")
    engine.load("CREATE TABLE aws_owner (key VARCHAR)")
    engine.seal()
    assert engine.select("SELECT * FROM aws_owner").rows == []
    for gone in ("aws_bucket", "hr_person", "kept", "shown"):
        with pytest.raises(EvaluationError, match="does not exist"):
            engine.select(f"SELECT * FROM {gone}")
    with pytest.raises(EvaluationError):
        engine.load("CREATE TABLE late (key VARCHAR)")
    reaching_out = ("SELECT * FROM read_text('{secret}')", "SELECT getenv('HOME')", "SELECT repeat('a', 9)")
    for sql in (
        *reaching_out,
        "SET threads = 4",
        "ATTACH '{folder}/x.db'",
        "COPY (SELECT 1) TO '{folder}/x'",
    ):
        with pytest.raises(EvaluationError):
            engine.select(filled(sql, folder))
    assert sorted(path.name for path in folder.iterdir()) == ["data.csv", "secret.txt"]
