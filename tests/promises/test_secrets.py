"""Secrets that people leave in settings, and those that Assay is given, are in nothing that it keeps, says or hands out."""

from __future__ import annotations

import logging
import traceback
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assay.cli.report import FORMS, rendered
from assay.demo.aws_errors import denied_code, error_answer
from assay.demo.aws_server import AwsServer
from assay.demo.github_standin import ORGANIZATION, READ_ALL, GithubStandin, serve, small_company
from assay.demo.northwind import DAY_ONE
from assay.errors import AssayError
from assay.home import Home, Surroundings, create_home, open_home
from assay.home.collect_source import collect_from
from assay.home.judging import basis_of, judge
from assay.home.packing import pack_files
from assay.home.personal import personal
from assay.home.reporting import newest_report
from assay.home.sources import Source, connect_source, sources
from assay.verification import report_again
from tests.fakes.aws_proxy import Act, AwsProxy, Call, Reply
from tests.home.world import Clock, numbered
from tests.promises.planting import REGION, Planted, files_of, leaks, plant

IN_THE_ENVIRONMENT = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "GITHUB_TOKEN", "DATABASE_URL")


@dataclass
class Gathered:
    """What came of the whole journey: the secrets, what went over the wire, and everything that was kept, said or handed out."""

    planted: Planted
    wire: list[bytes] = field(default_factory=list)
    kept: list[tuple[str, bytes]] = field(default_factory=list)
    said: list[tuple[str, bytes]] = field(default_factory=list)
    handed_out: list[tuple[str, bytes]] = field(default_factory=list)

    def everything(self) -> list[tuple[str, bytes]]:
        return self.kept + self.said + self.handed_out


class Ear(logging.Handler):
    """Writes down every line of every log, as it would stand in a file."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def refusal(planted: Planted, where: str) -> Act:
    """A refusal whose text and headers hold secrets."""
    message, header = (
        planted.at(f"message of an error of {where}"),
        planted.at(f"header of an error of {where}"),
    )

    def act(call: Call) -> Reply:
        service = call.operation.service
        headers, body = error_answer(service, denied_code(service), f"not allowed: {message}")
        return Reply(403, {**headers, "x-debug": header}, body)

    return act


@pytest.fixture(scope="module")
def gathered(shelf: Path) -> Gathered:
    """Collect, judge, report and pack an account full of secrets, with every log turned up and errors on the way.

    1. Secrets in the account. 2. In errors. 3. In the environment. 4. In credentials. 5. The journey. 6. It is torn by an error of the disk.
    """
    planted = Planted()
    gathered = Gathered(planted)
    ear, root = Ear(), logging.getLogger()
    level = root.level
    code_host_token = planted.at("token for the code host")
    code_host = GithubStandin(small_company(), {code_host_token: READ_ALL}, clock=lambda: DAY_ONE)
    with (
        pytest.MonkeyPatch.context() as patch,
        AwsServer(regions=[REGION]) as aws,
        AwsProxy(aws.endpoint) as proxy,
        serve(code_host) as github,
    ):
        plant(aws.session(), planted)  # 1
        for service, operation in (
            ("elbv2", "*"),
            ("guardduty", "*"),
            ("securityhub", "*"),
            ("efs", "*"),
            ("cloudtrail", "*"),
        ):
            proxy.spoil(service, operation, refusal(planted, service))  # 2
        for name in IN_THE_ENVIRONMENT:  # 3
            patch.setenv(name, planted.at(f"environment variable {name}"))
        listened(gathered, proxy, patch)
        home = new_home(shelf / "secrets", planted, proxy.endpoint, github, code_host_token)  # 4
        root.addHandler(ear)
        root.setLevel(logging.DEBUG)
        try:
            journey(home, gathered)  # 5
            torn(home, gathered, patch)  # 6
        finally:
            root.removeHandler(ear)
            root.setLevel(level)
        gathered.said += [("logs", "\n".join(ear.lines).encode())]
        home.close()
    gathered.kept += files_of(shelf / "secrets")
    return gathered


def listened(gathered: Gathered, proxy: AwsProxy, patch: pytest.MonkeyPatch) -> None:
    forward = proxy.forward

    def overheard(*asked: object) -> Reply:
        reply = forward(*asked)  # type: ignore[arg-type]
        gathered.wire.append(reply.body)
        return reply

    patch.setattr(proxy, "forward", overheard)


def new_home(path: Path, planted: Planted, aws: str, github: str, token: str) -> Home:
    environment = {name: planted.secrets[f"environment variable {name}"] for name in IN_THE_ENVIRONMENT}
    clock, draw = Clock(DAY_ONE), numbered()
    create_home(path, "Northwind Metrics", Surroundings(clock, draw, {})).close()  # type: ignore[arg-type]
    home = open_home(path, Surroundings(clock, draw, environment))  # type: ignore[arg-type]
    settings = {"access_key_id": "AKIADEMONSTRATION00", "endpoint_url": aws, "region": REGION}
    connect_source(
        home,
        Source("aws-main", "aws", settings),
        {"secret_access_key": planted.at("secret access key of the source")},
        "ada",
    )
    settings = {
        "events_from": "2026-08-01T00:00:00Z",
        "loopback_port": int(github.rpartition(":")[2]),
        "organization": ORGANIZATION,
        "root": github,
    }
    connect_source(home, Source("github", "github", settings), {"token": token}, "ada")
    return home


def journey(home: Home, gathered: Gathered) -> None:
    for source in sources(home):
        collect_from(
            home,
            source,
            asked_by="ada",
            on_progress=lambda step: gathered.said.append(("progress", repr(step).encode())),
        )
    with personal(home) as people:
        judge(home, basis_of(home, home.now()), people.sealer)
        report = newest_report(home)
        pack = pack_files(home, people.keys, report_again)
    gathered.handed_out += [(f"report as {form}", rendered(report, form)) for form in FORMS]
    gathered.handed_out += [(f"pack: {path}", content) for path, content in pack.items()]


def torn(home: Home, gathered: Gathered, patch: pytest.MonkeyPatch) -> None:
    """The disk gives way in the middle of a collection, and a call to the account is made with arguments that it does not know."""
    source = next(one for one in sources(home) if one.kind == "aws")

    def full(content: bytes) -> str:
        raise OSError(28, "No space left on device")

    with patch.context() as broken:
        broken.setattr("assay.collectors.keeping.safe", lambda value: 1 / 0)
        gathered.said.append(("traceback of a mistake of ours", told(home, source)))
    with patch.context() as broken:
        broken.setattr(home.evidence, "put_object", full)
        gathered.said.append(("traceback of a full disk", told(home, source)))
    wrong = Source("aws-main", "aws", {**source.settings, "profile": "nobody"})
    gathered.said.append(("traceback of a wrong profile", told(home, wrong)))


def told(home: Home, source: Source) -> bytes:
    try:
        collect_from(home, source, asked_by="ada")
    except (OSError, ZeroDivisionError, AssayError) as error:
        return "".join(traceback.format_exception(error)).encode()
    raise AssertionError("the collection was not torn")


def test_at_least_fifty_secrets_were_planted_and_many_came_our_way(gathered: Gathered) -> None:
    assert len(gathered.planted.secrets) >= 50
    met = {place for body in gathered.wire for place in gathered.planted.found_in(body)}
    assert len(met) >= 30
    assert {
        "variable API_TOKEN of a function",
        "variable API_TOKEN of a task",
        "referer in a bucket policy",
        "tag of a bucket",
    } <= met


def test_the_search_would_find_them(gathered: Gathered) -> None:
    """What is no secret is found by the same search in each kind of thing: a home's objects, a pack, and the forms of a report that hold names."""
    beacon = Planted()
    beacon.known("a bucket", "kept-bucket")
    found = leaks(beacon, gathered.everything())["a bucket"]
    assert [name for name in found if name.startswith("evidence/objects/")]
    assert [name for name in found if name.startswith("pack: data/objects/")]
    assert "report as json" in found or "report as xlsx" in found
    beacon.known("the company", "Northwind Metrics")
    assert {f"report as {form}" for form in FORMS} - {"report as pdf", "report as oscal"} <= set(
        leaks(beacon, gathered.handed_out)["the company"]
    )


def test_no_secret_is_in_the_home(gathered: Gathered) -> None:
    assert leaks(gathered.planted, gathered.kept) == {}


def test_no_secret_is_in_logs_or_tracebacks(gathered: Gathered) -> None:
    assert leaks(gathered.planted, gathered.said) == {}
    assert any(name.startswith("traceback") and b"Traceback" in content for name, content in gathered.said)


def test_no_secret_is_in_reports_or_packs(gathered: Gathered) -> None:
    assert leaks(gathered.planted, gathered.handed_out) == {}
