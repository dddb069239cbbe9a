"""The demonstration, step by step: two days of a small company over stand-ins on loopback, through the path that a real company takes."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assay.catalogue import Category, Scope, System, Trait
from assay.demo.aws_server import AwsServer
from assay.demo.aws_world import build_day_one, change_to_day_two
from assay.demo.by_hand import add_by_hand, connect_lists
from assay.demo.github_standin import ORGANIZATION, READ_ALL, GithubStandin, serve, small_company
from assay.demo.github_standin import change_to_day_two as change_code_host
from assay.demo.northwind import COMPANY, DAY_ONE, DAY_TWO, PEOPLE
from assay.documents import render_html, render_terminal
from assay.errors import AssayError
from assay.evidence.bag import read_container
from assay.evidence.canonical import instant_text
from assay.home import Home, Surroundings, create_home, signer
from assay.home.collect_source import collect_from
from assay.home.judging import SCOPE, basis_of, judge
from assay.home.packing import pack_files, write_pack
from assay.home.personal import personal
from assay.home.reporting import newest_report
from assay.home.settings import set_setting
from assay.home.sources import Source, connect_source, sources
from assay.verification import Trusted, report_again, verify_pack

Say = Callable[[str], None]
BY = "ada-lindqvist"
TOKEN = "github_pat_demonstration"  # noqa: S105 — opens the stand-in alone


class DemoFolderError(AssayError):
    """The demonstration's folder is taken."""


class Clock:
    """A clock that is set to a day and then runs as the machine's does."""

    def __init__(self, now: datetime) -> None:
        self.set(now)

    def set(self, now: datetime) -> None:
        self._ahead = now - datetime.now(UTC)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead


def show(folder: Path, say: Say, then: Callable[[Path], None] = lambda _: None) -> None:
    """Run the demonstration into `folder`, which must be new. `then` is called with its home while the stand-ins still answer.

    1. The stand-ins start. 2. The first day is collected and judged. 3. A week later, again. 4. The report. 5. The pack is verified.
    """
    if folder.exists():
        raise DemoFolderError(f"{folder} is already there. Remove it, or name another folder with --keep.")
    clock = Clock(DAY_ONE)
    surroundings = Surroundings(clock, secrets.token_bytes, _environment())
    say(
        f"{COMPANY}, a made-up company of {len(PEOPLE)} people. Its AWS answers on this machine; nothing leaves it.\n"
    )
    code_host = small_company()
    with AwsServer() as aws, serve(GithubStandin(code_host, {TOKEN: READ_ALL}, clock=clock)) as github:  # 1
        world = aws.session()
        build_day_one(world)
        home = _make_home(folder / "home", surroundings, world.endpoint, github)
        connect_lists(home, folder / "lists", BY)
        _collect_and_judge(home, say, "Monday 16 November")  # 2
        add_by_hand(home, home.now(), BY)
        change_to_day_two(world)
        change_code_host(code_host)
        clock.set(DAY_TWO + timedelta(minutes=5))
        _collect_and_judge(home, say, "Monday 23 November")  # 3
        report = newest_report(home)  # 4
        say("")
        say(render_terminal(report))
        (folder / "report.html").write_text(render_html(report))
        _pack_and_verify(home, folder, say)  # 5
        home.close()
        then(folder / "home")


def _environment() -> dict[str, str]:
    """Give the machine's variables but the address of a database: a demonstration has its own."""
    return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}


def _make_home(path: Path, surroundings: Surroundings, aws: str, github: str) -> Home:
    home = create_home(path, COMPANY, surroundings)
    set_setting(home, SCOPE, scope(len(PEOPLE)).to_object(), home.now(), BY)
    settings = {"access_key_id": "AKIADEMONSTRATION00", "endpoint_url": aws, "region": "eu-central-1"}
    connect_source(home, Source("aws-main", "aws", settings), {"secret_access_key": "unused"}, BY)
    events_from = instant_text(DAY_ONE - timedelta(days=120))
    code_host = {
        "events_from": events_from,
        "loopback_port": int(github.rpartition(":")[2]),
        "organization": ORGANIZATION,
        "root": github,
    }
    connect_source(home, Source("github", "github", code_host), {"token": TOKEN}, BY)
    return home


def scope(people: int) -> Scope:
    """Give Northwind Metrics' scope, for a company of so many people."""
    return Scope(
        company=COMPANY,
        sells="Usage analytics for companies that sell software, as a subscription",
        system=System.SAAS,
        people=people,
        zone="Europe/Berlin",
        categories=frozenset({Category.SECURITY}),
        traits=frozenset(
            {
                Trait.USES_CLOUD,
                Trait.DEVELOPS_SOFTWARE,
                Trait.REMOTE_ONLY,
                Trait.HAS_CONTRACTORS,
                Trait.CUSTOMERS_SIGN_IN,
            }
        ),
    )


def _collect_and_judge(home: Home, say: Say, day: str) -> None:
    say(f"{day}")
    for source in sources(home):
        body = home.ledger.body(home.ledger.entry(collect_from(home, source, asked_by=BY)))
        records = sum(one["size"] for one in body["populations"])
        changed = sum(one["added"] + one["changed"] + one["removed"] for one in body["populations"])
        say(
            f"  {source.id}: {records:,} records, {changed:,} changed, {body['calls']['count']:,} calls, {len(body['gaps'])} not seen"
        )
    with personal(home) as people:
        body = home.ledger.body(home.ledger.entry(judge(home, basis_of(home, home.now()), people.sealer)))
    total = {
        name: sum(one["counts"][name] for one in body["sets"]) for name in ("CONFORMS", "DEVIATES", "UNKNOWN")
    }
    say(
        f"  {len(body['sets'])} checks: {total['CONFORMS']:,} conclusions conform, {total['DEVIATES']:,} deviate, {total['UNKNOWN']:,} are unknown"
    )


def _pack_and_verify(home: Home, folder: Path, say: Say) -> None:
    with personal(home) as people:
        files = pack_files(home, people.keys, report_again)
    target = folder / "pack.zip"
    write_pack(files, target)
    key = signer(home).key
    result = verify_pack(read_container(target), Trusted(key=key), report_again)
    if not result.holds:
        raise AssayError("The pack does not hold: " + "; ".join(str(finding) for finding in result.findings))
    say(
        f"\nThe pack was performed again from its files alone: {result.conclusions:,} conclusions, {result.records:,} records and the report are the same."
    )
    say(f"  {target}: assay verify {target} --key {key.text()}")
    say(f"  {folder / 'report.html'}: the report to open in a browser")
    say(f"  {folder / 'home'}: the home; assay --home {folder / 'home'} show checks")


__all__ = ["BY", "DemoFolderError", "Say", "scope", "show"]
