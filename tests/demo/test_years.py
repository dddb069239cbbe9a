"""A demo year: every day leaves its collections, the story is found in the evidence where it should be, and the same seed gives the same ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from assay.content_tree import Content
from assay.demo.showing import DemoFolderError
from assay.demo.years import CANARIES, DemoYearError, Judged, make_year
from assay.demo.years.code_host import pull_request_of_the_day
from assay.demo.years.company import company_on_first_day
from assay.evidence.canonical import parse
from assay.evidence.ledger import Kind, ledger_root
from assay.evidence.records import Sealed
from assay.home import Home, Surroundings, open_home, signer
from assay.home.judging_over_time import episodes_of
from assay.home.manual import evidence_of
from assay.home.packing import pack_files
from assay.home.personal import personal
from assay.home.populations import current_lines, newest
from assay.home.settings import setting_at
from assay.verification import Trusted, report_again, verify_pack

UNTIL = date(2026, 11, 22)
LAST, DAYS = 349, 14
"""The window of the story that is lived here: its days 336 to 349."""
CHECKS = (
    "aws/iam/user_mfa_console",
    "aws/kms/rotation",
    "aws/s3/public",
    "aws/trail/mgmt_events",
    "file/account/leaver",
    "github/branch/force",
    "github/deps/sla",
    "github/pr/reviewed",
)
EXPORTS = "arn:aws:s3:::northwind-exports"


def _content() -> Content:
    """What is shipped, with these few checks alone, so that judging takes little."""
    kept = {f"checks/{name}.sql" for name in CHECKS}
    shipped = Content.shipped().files
    return Content(
        {path: text for path, text in shipped.items() if not path.startswith("checks/") or path in kept}
    )


def _opened(folder: Path) -> Home:
    end = datetime(2026, 11, 23, 12, tzinfo=UTC)
    home = open_home(folder / "home", Surroundings(lambda: end, Random(9).randbytes, {}))
    vars(home)["content"] = _content()
    return home


@pytest.fixture(scope="module")
def said() -> list[str]:
    return []


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, said: list[str]) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("year") / "demo"
    make_year(
        folder, days=DAYS, last=LAST, until=UNTIL, say=said.append, random=Random(1).randbytes, content=_content(),
        judged=Judged(every=100, last=1),
    )  # fmt: skip
    opened = _opened(folder)
    yield opened
    opened.close()


def at(day: int, hour: int = 6) -> datetime:
    return datetime(2026, 11, 22, hour, tzinfo=UTC) - timedelta(days=LAST - day)


def collections(home: Home) -> list[Any]:
    return [home.ledger.body(entry) for entry in home.ledger.entries(kind=Kind.COLLECTION)]


def instants(episode: dict[str, Any]) -> tuple[datetime, datetime]:
    """From when until when, to the hour: a run takes some seconds."""
    start, end = (
        datetime.fromisoformat(episode[name]).replace(minute=0, second=0, microsecond=0)
        for name in ("from", "until")
    )
    return start, end


def episodes(home: Home, check: str, conclusion: str) -> list[dict[str, Any]]:
    return [one for one in episodes_of(home, check)["episodes"] if one["conclusion"] == conclusion]


def test_every_day_leaves_one_collection_of_each_source(home: Home) -> None:
    by_source = Counter(body["source"]["id"] for body in collections(home))
    days = {body["source"]["id"]: set() for body in collections(home)}  # type: ignore[var-annotated]
    for body in collections(home):
        days[body["source"]["id"]].add(body["started"][:10])
    assert by_source == {
        "account": 14,
        "aws-main": 15,  # once more on the day on which a bucket was mended
        "aws-staging": 14,
        "background-check": 14,
        "change": 14,
        "device": 14,
        "github": 12,  # two days left out
        "hr-person": 14,
        "incident": 14,
        "ticket": 14,
        "training-record": 14,
        "vulnerability": 14,
    }
    every = {str((at(day)).date()) for day in range(336, 350)}
    assert days["aws-main"] == days["account"] == every
    assert every - days["github"] == {str(at(347).date()), str(at(348).date())}


def test_only_what_changes_is_stored_again(home: Home) -> None:
    first, second = [body for body in collections(home) if body["source"]["id"] == "aws-main"][:2]
    changed = sum(one["added"] + one["changed"] + one["removed"] for one in second["populations"])
    size = sum(one["size"] for one in first["populations"])
    assert size > 300
    assert 0 < changed < size / 10


def test_a_pack_of_the_home_verifies(home: Home) -> None:
    with personal(home) as people:
        files = pack_files(home, people.keys, report_again)
    result = verify_pack(files, Trusted(key=signer(home).key), report_again)
    assert result.findings == []
    assert result.holds


def test_the_leaver_keeps_an_account_until_it_is_closed_nine_days_later(home: Home) -> None:
    """The last day is the 336th to its end, Berlin time; a day is allowed; the account is seen closed on the 346th."""
    assert [instants(one) for one in episodes(home, "file.account.leaver", "DEVIATES")] == [
        (at(337, 23), at(346))
    ]


def test_a_bucket_is_public_for_six_hours_and_mended(home: Home) -> None:
    found = [one for one in episodes(home, "aws.s3.public", "DEVIATES") if one["item"] == EXPORTS]
    assert [instants(one) for one in found] == [(at(341), at(341, 10))]


def test_days_on_which_a_permission_is_refused_are_unknown(home: Home) -> None:
    found = episodes(home, "aws.kms.rotation", "UNKNOWN")
    assert {instants(one) for one in found} == {(at(345), at(348))}
    assert {one["reason"] for one in found} == {"denied"}


def test_a_source_that_is_not_collected_is_not_covered(home: Home) -> None:
    """What was seen on day 346 stands for two days; the next answer comes on day 349."""
    found = episodes(home, "github.branch.force", "UNKNOWN")
    assert {instants(one) for one in found} == {(at(348), at(349))}


def test_mfa_is_missing_for_four_days(home: Home) -> None:
    found = [one for one in episodes(home, "aws.iam.user_mfa_console", "DEVIATES") if "rafael" in one["item"]]
    assert [instants(one) for one in found] == [(at(336, 7), at(340))]  # the period begins at seven


def test_the_trail_is_off_for_a_day(home: Home) -> None:
    found = [*episodes(home, "aws.trail.mgmt_events", "DEVIATES")]
    assert [instants(one) for one in found] == [(at(343), at(344))]


def test_the_change_that_its_author_approved_is_found(home: Home) -> None:
    entry = home.ledger.last(Kind.CONCLUSIONS)
    assert entry is not None
    sets = {one["check"]: one for one in home.ledger.body(entry)["sets"]}
    notes = parse(home.ledger.object(sets["github.pr.reviewed"]["object"]))["notes"]
    alone = [note["item"] for note in notes if note["conclusion"] == "DEVIATES"]
    assert "northwind-metrics/metrics-api#1685" in alone  # day 342


def test_repositories_come_and_are_archived(home: Home) -> None:
    keys = dict(_records(home, "github_repo"))
    assert keys["northwind-metrics/report-mailer"]["repos"]["created_at"].startswith(str(at(346).date()))
    assert keys["northwind-metrics/data-notebooks"]["repos"]["archived"] is True


def test_settings_and_scope_changed_before_are_in_force(home: Home) -> None:
    setting = setting_at(home, "parameter.vulnerability_high_days", home.now())
    assert setting is not None
    assert setting.value == 21
    scope = setting_at(home, "scope", home.now())
    assert scope is not None
    assert "staging account" in scope.value["sells"]


def test_manual_evidence_keeps_observed_covered_and_added_apart(home: Home) -> None:
    listed = [body for _, body in evidence_of(home)]
    assert len({body["captured_by"] for body in listed}) >= 5
    lists = [body for body in listed if body["control"] == "IAM-08"]
    assert [body["how"]["count"] for body in lists] == [20, 21, 21, 22]
    assert all(body["covers"]["end"] == body["observed"][:10] for body in lists)


def test_every_canary_is_in_the_evidence(home: Home) -> None:
    assert len(CANARIES) == 12
    manual = "".join(
        f"{body} {home.ledger.object(body['attachment']).decode()}" for _, body in evidence_of(home)
    )
    for canary in CANARIES:
        text = manual if canary.table is None else str(list(_records(home, canary.table)))
        assert canary.text in text, canary.where


def test_progress_is_said_every_ten_days(home: Home, said: list[str]) -> None:
    assert [line.split(", ")[0] for line in said[:2]] == [
        f"{at(345).date()}: 10 days of 14",
        f"{at(349).date()}: 14 days of 14",
    ]


def test_the_same_seed_gives_the_same_ledger(tmp_path: Path) -> None:
    roots = []
    for name, days in (("a", 2), ("b", 2), ("c", 1)):
        once = Judged(every=100, last=1, throughout=False)
        make_year(
            tmp_path / name, days=days, last=341, until=UNTIL, seed=5, random=Random(3).randbytes, content=_content(), judged=once
        )  # fmt: skip
        made = _opened(tmp_path / name)
        roots.append((made.ledger.size(), ledger_root(made.ledger, made.ledger.size())))
        made.close()
    assert roots[0] == roots[1]
    assert roots[0] != roots[2]


def test_what_cannot_be_made_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DemoFolderError, match=r"is already there\. Remove it, or name another folder"):
        make_year(tmp_path)
    with pytest.raises(DemoYearError, match="1 to 365 days, not 366"):
        make_year(tmp_path / "a", days=366)
    with pytest.raises(DemoYearError, match="no size “huge”; there are small and large"):
        make_year(tmp_path / "a", size="huge")  # type: ignore[arg-type]
    assert not (tmp_path / "a").exists()


@pytest.mark.soak
def test_a_whole_year_is_lived_and_verifies(tmp_path: Path) -> None:
    make_year(tmp_path / "demo", until=UNTIL, random=Random(1).randbytes)
    end = datetime(2026, 11, 23, tzinfo=UTC)
    made = open_home(tmp_path / "demo" / "home", Surroundings(lambda: end, Random(9).randbytes, {}))
    days = {body["started"][:10] for body in collections(made)}
    with personal(made) as people:
        result = verify_pack(
            pack_files(made, people.keys, report_again), Trusted(key=signer(made).key), report_again
        )
    made.close()
    assert len(days) == 365
    assert result.findings == []


def test_another_seed_tells_another_story() -> None:
    def authors(seed: int) -> list[str]:
        company, draw = company_on_first_day(date(2026, 1, 5)), Random(seed)
        for day in range(5):
            pull_request_of_the_day(company, day, draw)
        return [
            one.record["pulls"]["user"]["login"] for one in company.code_host("github_pull_request").values()
        ]

    assert authors(1) == authors(1)
    assert authors(1) != authors(2)


def _records(home: Home, table: str) -> Iterator[tuple[str, Any]]:
    """Give key and record of everything in a table's newest populations, opened."""
    with personal(home) as people:
        for located in newest(home):
            if located.place.table == table:
                for line in current_lines(home, located):
                    opened = people.sealer.open(located.place, line) if isinstance(line, Sealed) else line
                    assert opened is not None
                    yield opened.key, parse(opened.record)  # type: ignore[union-attr]
