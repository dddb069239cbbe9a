"""What the evidence holds of changes and of assets: populations equal to the records, months that were not seen said, assignments that outlive what they were of."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from assay.conclusions import ObservedTable, Population
from assay.evidence.gaps import Gap, Reason
from assay.evidence.records import Place
from tests.web.risks.story import story

if TYPE_CHECKING:
    from assay_web.records.accounts import Account
    from tests.web.risks.conftest import SignedIn

Acts = Callable[[], list[tuple[str, str, dict[str, Any]]]]
BUCKET = "arn:aws:s3:::northwind-athena-results"
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    with story(tmp_path) as path:
        yield path


def merged_in_evidence() -> list[datetime]:
    """When each merged pull request was merged, out of the records' own bytes."""
    from assay.evidence.records import Whole
    from assay.home.populations import Located, current_lines
    from assay_web.home import current_home

    home = current_home()
    found = []
    rows = home.database.rows(
        "select source, account, region, entry from current_population where table_name = 'github_pull_request'"
    )
    for source, account, region, entry in rows:
        place = Place("github_pull_request", account, region)
        body = home.ledger.body(home.ledger.entry(entry))
        statement = next(one for one in body["populations"] if one["table"] == place.table)
        for line in current_lines(home, Located(source, place, entry, statement)):
            assert isinstance(line, Whole)
            at = re.search(rb'"merged_at":"([^"]+)"', line.record)
            found += [datetime.fromisoformat(at[1].decode())] if at else []
    return found


def test_the_population_of_changes_is_what_the_evidence_holds_and_each_month_is_linked(
    signed_in: SignedIn,
) -> None:
    at = merged_in_evidence()
    start, stop = datetime(2026, 3, 1, tzinfo=BERLIN), datetime(2026, 11, 1, tzinfo=BERLIN)
    inside = [one.astimezone(BERLIN) for one in at if start <= one < stop]
    assert len(inside) > 50
    period = "of=merged&first=2026-03-01&last=2026-10-31"
    page = signed_in("auditor").get(f"/changes/?{period}").content.decode()
    assert f"{len(inside)} merged pull requests from 1 Mar 2026 to 31 Oct 2026." in page
    by_month = Counter(f"{one:%Y-%m}" for one in inside)
    for month, count in by_month.items():
        assert re.search(rf'href="\?of=merged&amp;first=[^"]*&amp;month={month}">{count}</a>', page), month
    rows = list(
        csv.DictReader(
            io.StringIO(
                signed_in("auditor").get(f"/changes/?{period}&export=csv").content.decode("utf-8-sig")
            )
        )
    )
    assert Counter(row["Merged"] for row in rows) == Counter(
        f"{one.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z" for one in inside
    )
    assert any(row["Approved by"] for row in rows)
    one = signed_in("auditor").get(f"/changes/?{period}&month=2026-06").content.decode()
    assert f"{by_month['2026-06']} merged pull requests in June 2026." in one


def test_months_after_the_last_look_are_not_seen_and_have_no_count(signed_in: SignedIn) -> None:
    page = signed_in("reader").get("/changes/?of=deployed&first=2026-10-01&last=2027-01-31").content.decode()
    assert "3 months not seen whole" in page
    shown = re.sub(r"<[^>]+>", " ", page)
    assert re.search(r"November 2026\s+[0-9]+\s+partly", shown)
    assert re.search(r"January 2027\s+not seen\s+not seen", shown)
    assert re.search(r"ledger entry\s+[0-9]+", shown)


def test_time_before_events_were_collected_is_not_seen() -> None:
    from assay_web.queries.changes import reach_of
    from assay_web.queries.seen_tables import SeenTable

    place = Place("github_deployment", "o", "")
    made = {"made": {"started": "2026-11-01T06:00:00Z"}, "root": "", "size": 0}
    start = "2026-05-01T00:00:00Z"
    bound = Gap(place.table, Reason.NOT_COVERED, "o", parent=f"time before {start}", at=start)
    seen = SeenTable((), ObservedTable((Population("g", place, 1, made),), (bound,)))
    reach = reach_of(seen)
    assert reach is not None
    assert (reach.start, reach.end, reach.holes) == (
        datetime(2026, 5, 1, tzinfo=UTC),
        datetime(2026, 11, 1, 6, tzinfo=UTC),
        False,
    )
    denied = Gap(place.table, Reason.DENIED, "o", parent="o/repo")
    holed = reach_of(SeenTable((), ObservedTable((Population("g", place, 1, made),), (bound, denied))))
    assert holed is not None
    assert holed.holes
    assert reach_of(SeenTable((), None)) is None


def assign(client: Any, **said: str) -> Any:
    return client.post("/assets/assign/", {"version": "0", "owner": "", "data_class": "", **said})


def test_an_asset_is_assigned_by_kind_tag_or_itself_and_each_is_one_act(
    signed_in: SignedIn, cast: dict[str, Account], acts: Acts
) -> None:
    engineer = signed_in("engineer")
    page = engineer.get("/assets/").content.decode()
    total = int(re.search(r"([0-9]+) assets found, ([0-9]+) without an owner", page)[1])  # type: ignore[index]
    acts()
    ada, ben = str(cast["lead"].pk), str(cast["engineer"].pk)
    assert assign(engineer, kind="aws_s3_bucket", owner=ada, data_class="internal").status_code == 302
    assert (
        assign(engineer, kind="aws_s3_bucket", key=BUCKET, owner=ben, data_class="customer").status_code
        == 302
    )
    assert [
        (name, by, details["says"]["reach"], details["says"]["match"]) for name, by, details in acts()
    ] == [
        ("assetassignment.added", f"account:{ben}", "kind", ""),
        ("assetassignment.added", f"account:{ben}", "one", BUCKET),
    ]
    rows = json.loads(engineer.get("/assets/?export=json").content)
    assert len(rows) == total
    buckets = {
        row["key"]: (row["owner"], row["data class"], row["assigned by"])
        for row in rows
        if row["kind"] == "Buckets"
    }
    assert buckets.pop(BUCKET) == ("Ben Example", "Customer data", "for itself")
    assert set(buckets.values()) == {("Ada Example", "Internal", "by kind")}
    again = assign(engineer, kind="aws_s3_bucket", key=BUCKET, owner=ada, version="9")
    assert "was changed since you opened it" in again.content.decode()
    assert assign(engineer, kind="aws_s3_bucket", key="arn:aws:s3:::not-there").status_code == 404
    assert assign(engineer, kind="records_account").status_code == 404
    assert signed_in("reader").post("/assets/assign/", {"kind": "aws_s3_bucket"}).status_code == 403


def test_an_asset_that_vanished_keeps_its_assignment_marked(
    signed_in: SignedIn, cast: dict[str, Account]
) -> None:
    from assay_web.records.continuity import AssetAssignment

    AssetAssignment.objects.create(
        reach="one", kind="aws_s3_bucket", match="arn:aws:s3:::old", label="old", owner=cast["lead"]
    )
    page = signed_in("engineer").get("/assets/").content.decode()
    assert "No longer there" in page
    assert "arn:aws:s3:::old" in page
    assert "1 that someone was named for is gone" in page
    rows = json.loads(signed_in("engineer").get("/assets/?export=json").content)
    assert (rows[-1]["key"], rows[-1]["owner"], rows[-1]["seen"]) == (
        "arn:aws:s3:::old",
        "Ada Example",
        "no longer",
    )


def test_people_s_devices_are_counted_for_who_may_not_see_people(signed_in: SignedIn) -> None:
    page = signed_in("auditor").get("/assets/").content.decode()
    assert "NW-LT-" not in page
    assert "These are people" in page
    assert "NW-LT-" not in signed_in("auditor").get("/assets/?export=csv").content.decode()
    assert "NW-LT-" in signed_in("engineer").get("/assets/").content.decode()


def test_search_finds_risks_and_incidents(signed_in: SignedIn, whole_risk: dict[str, str]) -> None:
    signed_in("lead").post("/risks/add/", whole_risk)
    begun = {"title": "A flood of requests", "sort": "incident", "detected": "2026-10-24T12:00"}
    signed_in("lead").post("/incidents/add/", {**begun, "reporter": "Zelda Canary"})
    assert 'href="/risks/1/"' in signed_in("reader").get("/search/?q=key in code").content.decode()
    assert 'href="/incidents/1/"' in signed_in("reader").get("/search/?q=flood").content.decode()
    assert 'href="/incidents/1/"' not in signed_in("reader").get("/search/?q=zelda").content.decode()


def test_without_anything_collected_the_pages_say_what_to_do_first(
    tmp_path: Path, signed_in: SignedIn
) -> None:
    from tests.web.homes import serve_instead, served

    with served(tmp_path / "bare") as path:
        serve_instead(path)
        from django.test import Client

        from assay_web.records.accounts import Account, Role
        from assay_web.services.accounts import make_account
        from tests.web.homes import HOST

        made = make_account(
            by="host", name="R", email="r@x.example", role=Role.READER, needs_second_factor=False
        )
        client = Client(headers={"host": HOST})
        client.force_login(Account.objects.get(pk=made.pk))
        assert "No merged pull requests were collected yet." in client.get("/changes/").content.decode()
        assert "Nothing was collected yet, so no asset is known." in client.get("/assets/").content.decode()
