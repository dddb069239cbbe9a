"""Whatever answers, a collecting process holds at most 512 MB: the real collector of each kind, in a process of its own that says its own peak."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from assay.demo.aws_errors import protocol
from assay.demo.github_standin import READ_ALL, Fault, GithubStandin, serve, small_company
from tests.fakes.aws_proxy import AwsProxy, Call, Reply

MOST = 512 * 10**6
MEGA = 2**20
COLLECTING = """
import json, sys
from pathlib import Path
from assay.home import Surroundings, create_home
from assay.home.collect_source import collect_from
from assay.home.sources import Source, connect_source

told = json.loads(sys.argv[1])
home = create_home(Path(told["home"]), "Northwind Metrics", Surroundings.real())
source = Source("hostile", told["kind"], told["settings"])
connect_source(home, source, told["credentials"], "ada")
body = home.ledger.body(home.ledger.entry(collect_from(home, source, asked_by="ada")))
home.close()
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
records = {}
for one in body["populations"]:
    records[one["table"]] = records.get(one["table"], 0) + one["size"]
print(json.dumps({"peak": int(peak.split()[1]) * 1024, "gaps": body["gaps"], "records": records}))
"""


def collected(home: Path, kind: str, settings: dict[str, Any], **credentials: str) -> dict[str, Any]:
    """Collect in a process of its own; gives its peak of memory in bytes, the gaps, and how many records there are of each table."""
    told = {"credentials": credentials, "home": str(home), "kind": kind, "settings": settings}
    done = subprocess.run(
        [sys.executable, "-c", COLLECTING, json.dumps(told)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    print(f"peak {found['peak'] / 1e6:.0f} MB, {len(found['gaps'])} gaps")  # noqa: T201 — a figure for promises.md
    assert found["peak"] <= MOST
    return found


def json_or_xml(in_json: bytes, in_xml: bytes) -> Callable[[Call], Reply]:
    """Answer every call in the form in which its service speaks."""

    def act(call: Call) -> Reply:
        speaks_json = "json" in protocol(call.operation.service)
        kind = "application/json" if speaks_json else "text/xml"
        return Reply(200, {"Content-Type": kind}, in_json if speaks_json else in_xml)

    return act


def text_of(megabytes: int) -> Callable[[Call], Reply]:
    long = b"x" * (megabytes * MEGA)
    return json_or_xml(
        b'{"NextToken": "' + long + b'"}', b"<Answer><NextToken>" + long + b"</NextToken></Answer>"
    )


def items_of(megabytes: int) -> Callable[[Call], Reply]:
    number = megabytes * MEGA // 4
    return json_or_xml(
        b'{"Items": [' + b"{},[]," * (number // 2) + b"1]}", b"<A><I>" + b"<a/>" * number + b"</I></A>"
    )


AWS: dict[str, Callable[[Call], Reply]] = {
    "100 MB of text": text_of(100),
    "11 MB of text": text_of(11),
    "11 MB of small things": items_of(11),
    "depth 10,000": json_or_xml(b"[" * 10_000 + b"]" * 10_000, b"<a>" * 10_000 + b"</a>" * 10_000),
    "10^400": json_or_xml(b'{"Items": 1' + b"0" * 400 + b"}", b"<A>1" + b"0" * 400 + b"</A>"),
}
SOON = ("100 MB of text", "15 MB of small things")


def soon(kinds: dict[str, Any], names: tuple[str, ...]) -> list[Any]:
    """The kinds, of which only some are tried at each change and the rest in `make soak`."""
    return [name if name in names else pytest.param(name, marks=pytest.mark.soak) for name in kinds]


@contextmanager
def all_answered(proxy: AwsProxy, act: Callable[[Call], Reply]) -> Iterator[AwsProxy]:
    """Every call is answered so, but for who we are and which regions there are."""
    proxy.spoil("*", "*", act).spoil("sts", "*", lambda call: call.forward())
    yield proxy.spoil("ec2", "DescribeRegions", lambda call: call.forward())


@pytest.mark.parametrize("kind", soon(AWS, ("11 MB of text", "11 MB of small things")))
def test_aws(kind: str, proxy: AwsProxy, tmp_path: Path) -> None:
    with all_answered(proxy, AWS[kind]):
        settings = {
            "access_key_id": "AKIADEMONSTRATION00",
            "endpoint_url": proxy.endpoint,
            "region": "eu-central-1",
            "regions": ["eu-central-1"],
        }
        found = collected(tmp_path / "home", "aws", settings, secret_access_key="unused")
    assert found["gaps"]


GITHUB: dict[str, bytes] = {
    "100 MB of text": b'["' + b"x" * (100 * MEGA) + b'"]',
    "15 MB of text": b'["' + b"x" * (15 * MEGA) + b'"]',
    "15 MB of small things": b"[" + b"{},[]," * (15 * MEGA // 6) + b"1]",
    "depth 10,000": b"[" * 10_000 + b"]" * 10_000,
    "10^400": b'[{"id": 1' + b"0" * 400 + b"}]",
}


@contextmanager
def code_host(*faults: Fault) -> Iterator[dict[str, Any]]:
    """Give the settings of a source over a stand-in with these faults."""
    standin = GithubStandin(small_company(), {"token-canary": dict(READ_ALL)})
    standin.faults.extend(faults)
    with serve(standin) as url:
        yield {
            "events_from": "2026-01-01T00:00:00Z",
            "loopback_port": int(url.rpartition(":")[2]),
            "organization": "northwind-metrics",
            "root": url,
        }


@pytest.mark.parametrize("kind", soon(GITHUB, SOON))
def test_github(kind: str, tmp_path: Path) -> None:
    with code_host(Fault("/orgs/", "body", body=GITHUB[kind])) as settings:
        found = collected(tmp_path / "home", "github", settings, token="token-canary")
    assert {gap["reason"] for gap in found["gaps"]} >= {"malformed"}


def test_github_below_good_lists_where_answers_come_eight_at_once(tmp_path: Path) -> None:
    """The repositories are listed, and each call below one of them is answered so."""
    below = Fault("/(protection|pulls|commits|runs|alerts|collaborators)$|/rules/", "body", body=GITHUB["15 MB of small things"])  # fmt: skip
    with code_host(below) as settings:
        found = collected(tmp_path / "home", "github", settings, token="token-canary")
    assert found["records"]["github_repo"] == 10
    assert {gap["reason"] for gap in found["gaps"]} >= {"malformed"}


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["loop", "elsewhere"])
def test_github_pages_without_end(kind: Any, tmp_path: Path) -> None:
    with code_host(Fault("/orgs/", kind)) as settings:
        found = collected(tmp_path / "home", "github", settings, token="token-canary")
    assert found["gaps"]


FILES: dict[str, bytes] = {
    "100 MB of text": b"Name,Email\nada," + b"x" * (100 * MEGA),
    "15 MB of small rows": b"Name,Email\n" + b"a,b\n" * (15 * MEGA // 4),
    "15 MB of one line": b"Name,Email\n" + b"," * (15 * MEGA),
}


@pytest.mark.parametrize("kind", soon(FILES, ("100 MB of text", "15 MB of small rows")))
def test_a_file(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "workers.csv"
    file.write_bytes(FILES[kind])
    found = collected(tmp_path / "home", "file", file_settings(file))
    assert found["gaps"]


def file_settings(file: Path) -> dict[str, Any]:
    return {
        "exported": {"at": "2026-03-02T08:00:00Z", "by": "ada", "system": "HR"},
        "mapping": {
            "blank_is_unknown": [],
            "columns": {"email": "Email", "worker_id": "Name"},
            "fixed": {},
            "order": None,
            "sheet": None,
            "table": "hr_person",
            "words": {},
            "zone": "UTC",
        },
        "path": str(file),
    }
