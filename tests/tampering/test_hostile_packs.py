"""A pack whose every signature is honest may still hold anything. The verifier answers with findings or with the same result, never with an error."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest

from assay.evidence.canonical import LARGEST_INTEGER, decode, encode
from assay.evidence.ledger import Kind
from assay.home import Home
from assay.verification import Trusted, report_again, verify_pack
from tests.tampering.forger import Forger
from tests.tampering.small_home import concluded_home

QUICK, FULL = 40, 3000
UNEXPECTED = "cannot be performed again ("
VALUES: list[Any] = [
    None, True, False, 0, -1, 1, LARGEST_INTEGER, "", "x", "\u0000", "a" * 70_000, "0" * 64, "2026-03-02T08:00:00Z", "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00Z", "Europe/Berlin", "../../etc/passwd", [], [None], [[]], {}, {"": None}, [1, "a", None, {}], {"a": {"a": {"a": []}}},
]  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return concluded_home(tmp_path_factory.mktemp("hostile") / "home")


@pytest.fixture(scope="module")
def whole(home: Home) -> Forger:
    return Forger.of(home)


def verdict(files: dict[str, bytes]) -> list[str]:
    return [str(finding) for finding in verify_pack(files, Trusted(), report_again).findings]


def paths_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Give the path of every member of a JSON value, its own included."""
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [path, *(found for name, member in members for found in paths_in(member, (*path, name)))]


def replaced(value: Any, path: tuple[Any, ...], new: Any, *, remove: bool) -> Any:
    if not path:
        return new
    changed = copy.deepcopy(value)
    parent = changed
    for step in path[:-1]:
        parent = parent[step]
    if remove:
        del parent[path[-1]]
    else:
        parent[path[-1]] = new
    return changed


def mutated(chance: random.Random, value: Any) -> Any:
    path = chance.choice(paths_in(value))
    return replaced(value, path, chance.choice(VALUES), remove=chance.random() < 0.3)


@pytest.mark.parametrize("seed", range(QUICK))
def test_any_member_of_any_body_may_be_anything(whole: Forger, seed: int) -> None:
    _try_a_body(whole, seed)


@pytest.mark.parametrize("seed", range(QUICK))
def test_any_member_of_any_object_may_be_anything(whole: Forger, seed: int) -> None:
    _try_an_object(whole, seed)


@pytest.mark.soak
def test_any_member_of_any_body_or_object_may_be_anything_at_length(whole: Forger) -> None:
    for seed in range(QUICK, FULL):
        _try_a_body(whole, seed)
        _try_an_object(whole, seed)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", b"{}", b"[]", b"null", b"\n", b"1" * 5000, b"[" * 100_000, b'{"a":1,"a":2}'],
    ids=repr,
)
def test_any_plain_file_may_be_anything(whole: Forger, content: bytes) -> None:
    for path in [path for path in whole.files if not path.startswith(("objects/", "bodies/", "content/"))]:
        forger = copy.deepcopy(whole)
        forger.files[path] = content
        findings = verdict(forger.signed())
        assert findings != [], path
        assert not any(UNEXPECTED in one for one in findings), findings


def test_huge_and_deep_json_is_refused_in_its_file(whole: Forger) -> None:
    for content in (
        b"[" * 1_000_000,
        b'{"body":' * 100_000,
        b'{"body":"' + b"x" * 5_000_000 + b'","salt":"00"}',
        b'{"body":' + b"9" * 1_000_000,
    ):
        forger = copy.deepcopy(whole)
        path = f"bodies/{forger.last(Kind.COLLECTION).commitment().hex()}.json"
        forger.files[path] = content
        (finding,) = verify_pack(forger.signed(), Trusted(), report_again).findings
        assert finding.file == f"data/{path}"


@pytest.mark.parametrize(
    "sql",
    [
        "select 1",
        "select * from read_csv('/etc/passwd')",
        "with recursive t(n) as (select 1 union all select n + 1 from t) select n from t",
        "select thing.key as item, 'CONFORMS' as conclusion, repeat('x', 2000000000) as reason from aws_thing as thing",
        "(" * 5000,
        "",
    ],
)
def test_a_hostile_check_in_the_content_is_a_finding(whole: Forger, sql: str) -> None:
    forger = copy.deepcopy(whole)
    body = forger.last(Kind.CONCLUSIONS).body
    path = "checks/aws/thing/locked.sql"
    body["content"] = forger.edit_object(
        body["content"], lambda files: {**files, path: files[path].partition("*/")[0] + "*/\n" + sql}
    )
    findings = verdict(forger.rebuilt())
    assert findings != []
    assert not any(UNEXPECTED in one for one in findings), findings


def _try_a_body(whole: Forger, seed: int) -> None:
    chance, forger = random.Random(seed), copy.deepcopy(whole)
    leaf = chance.choice(forger.leaves)
    leaf.body = mutated(chance, leaf.body)
    _judge(forger, seed)


def _try_an_object(whole: Forger, seed: int) -> None:
    """Change a line of an object, and the digest that names it."""
    chance, forger = random.Random(seed), copy.deepcopy(whole)
    digest = chance.choice(sorted(forger.objects))
    lines = forger.objects[digest].removesuffix(b"\n").split(b"\n")
    number = chance.randrange(len(lines))
    lines[number] = encode(mutated(chance, decode(lines[number])))
    end = b"\n" if forger.objects[digest].endswith(b"\n") else b""
    new = forger.put(b"\n".join(lines) + end)
    for leaf in forger.leaves:
        leaf.body = decode(encode(leaf.body).replace(digest.encode(), new.encode()))
    _judge(forger, seed)


def _judge(forger: Forger, seed: int) -> None:
    try:
        files = forger.rebuilt()
    except Exception:
        files = forger.as_it_is()
    findings = verdict(files)
    assert not any(UNEXPECTED in one for one in findings), (seed, findings)
