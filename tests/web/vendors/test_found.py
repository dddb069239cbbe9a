"""What may be a vendor: by the scope and by evidence, each with what shows it; one deed adds it or says that it is none. Leaving is proven by sources."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from assay.catalogue import Relation
from assay.demo.github_standin import ORGANIZATION, READ_ALL, Fault, GithubStandin, serve, small_company
from tests.web.vendors.conftest import TOOL
from tests.web.vendors.scopes import scope_with

if TYPE_CHECKING:
    from django.test import Client

SignedIn = Callable[[str], "Client"]
Entries = list[tuple[str, dict[str, Any]]]
TOKEN = "ghp_" + "a" * 36


@contextmanager
def code_host() -> Iterator[GithubStandin]:
    """Let the stand-in of GitHub answer, connected to the served home and collected once."""
    from assay.evidence.canonical import instant_text
    from assay.home.sources import Source, connect_source
    from assay_web.home import current_home

    standin = GithubStandin(
        small_company(), {TOKEN: READ_ALL}, clock=lambda: datetime.now(UTC), limit=1_000_000
    )
    with serve(standin) as url:
        settings = {
            "events_from": instant_text(datetime.now(UTC) - timedelta(days=30)),
            "loopback_port": int(url.rpartition(":")[2]),
            "organization": ORGANIZATION,
            "root": url,
        }
        connect_source(current_home(), Source("github", "github", settings), {"token": TOKEN}, "ada")
        collect()
        yield standin


def collect() -> None:
    from assay.home.collect_source import collect_from
    from assay.home.sources import sources
    from assay_web.home import current_home

    home = current_home()
    [source] = sources(home)
    collect_from(home, source, asked_by="schedule")


def test_a_vendor_of_the_scope_is_added_with_what_the_scope_says_by_one_act(
    signed_in: SignedIn, home: object, ledger_size: Callable[[], int], ledger_since: Callable[[int], Entries]
) -> None:
    from assay_web.records.vendors import Vendor

    scope_with("Ledgerly", relation=Relation.SUBSERVICE)
    lead = signed_in("lead")
    assert "The scope names it." in lead.get("/vendors/found/").content.decode()
    before = ledger_size()
    lead.post("/vendors/found/decide/", {"deed": "add", "key": "scope ledgerly"})
    assert [body["act"] for _, body in ledger_since(before)] == ["vendor.added"]
    made = Vendor.objects.get()
    assert (made.name, made.does, made.data_kinds, made.bond) == (
        "Ledgerly",
        "Bookkeeping",
        ["billing-records"],
        "carve_out",
    )
    assert "Ledgerly" not in lead.get("/vendors/found/").content.decode()


def test_what_is_no_vendor_is_an_act_with_its_reason_and_can_be_asked_again(
    signed_in: SignedIn, home: object, ledger_size: Callable[[], int], ledger_since: Callable[[int], Entries]
) -> None:
    scope_with("Ledgerly")
    lead, before = signed_in("lead"), ledger_size()
    assert (
        "Say why Ledgerly is no vendor"
        in lead.post("/vendors/found/decide/", {"deed": "dismiss", "key": "scope ledgerly"}).content.decode()
    )
    lead.post(
        "/vendors/found/decide/", {"deed": "dismiss", "key": "scope ledgerly", "why": "A product of ours."}
    )
    page = lead.get("/vendors/found/").content.decode()
    assert "A product of ours." in page
    assert "The scope names it." not in page
    lead.post("/vendors/found/1/again/", {"version": "1"})
    assert "The scope names it." in lead.get("/vendors/found/").content.decode()
    assert [body["act"] for _, body in ledger_since(before)] == ["not_vendor.added", "not_vendor.asked_again"]


def test_a_vendor_that_reaches_production_and_that_the_scope_lacks_is_shown(
    signed_in: SignedIn, vendor: Callable[..., Any]
) -> None:
    scope_with("Ledgerly")
    vendor(access="sees")
    page = signed_in("reader").get("/vendors/found/").content.decode()
    assert "Reach production, and the scope does not name them" in page
    assert "Cumulus Hosting" in page


def test_apps_that_evidence_shows_are_found_and_leaving_is_proven_by_a_later_collection_alone(
    signed_in: SignedIn, home: object, ledger_size: Callable[[], int]
) -> None:
    from assay.home.populations import newest
    from assay_web.home import current_home
    from assay_web.records.vendors import Vendor

    lead = signed_in("lead")
    with code_host() as standin:
        page = lead.get("/vendors/found/").content.decode()
        assert (
            "Its app renovate is installed in northwind-metrics, reaches selected repositories and may do contents:write, pull_requests:write."
            in page
        )
        assert "1 source of it is connected." in page
        [place] = [one for one in newest(current_home()) if one.place.table == "github_app_installation"]
        from assay.home.populations import current_lines

        keys = [line.key for line in current_lines(current_home(), place)]  # type: ignore[union-attr]
        for key in keys:
            lead.post("/vendors/found/decide/", {"deed": "add", "key": f"github_app_installation {key}"})
        made = Vendor.objects.get(name="Renovate")
        assert made.data_kinds == ["source-code"]
        address = f"/vendors/{made.pk}"
        lead.post(f"{address}/exit/", {"deed": "begin", "why": "Another tool does it.", "version": "1"})
        size = ledger_size()
        step = {"deed": "access", "said": "App removed.", "version": "2"}
        assert "Nothing was collected since" not in (
            seen := lead.post(f"{address}/exit/", step).content.decode()
        )
        assert "The newest collection still shows github_app_installation" in seen
        assert ledger_size() == size
        collect()
        assert "The newest collection still shows" in lead.post(f"{address}/exit/", step).content.decode()
        standin.world.installations = [one for one in standin.world.installations if one.slug != "renovate"]
        standin.faults.append(Fault("/installations$", "deny"))
        collect()
        denied = lead.post(f"{address}/exit/", step).content.decode()
        assert "github_app_installation" in denied
        assert "No longer shown" not in denied
        standin.faults.clear()
        collect()
        lead.post(f"{address}/exit/", step)
        made.refresh_from_db()
        assert "No longer shown, by the collection of ledger entry" in made.steps["access"]["shown"]
        assert "No longer shown" in lead.get(f"{address}/").content.decode()


def test_a_vendor_in_use_ends_only_after_every_step_and_data_comes_after_access(
    signed_in: SignedIn,
    vendor: Callable[..., Any],
    ledger_size: Callable[[], int],
    ledger_since: Callable[[int], Entries],
) -> None:
    made, lead = vendor(), signed_in("lead")
    address, before = f"/vendors/{made.pk}", ledger_size()
    assert (
        "is in use. Begin its off-boarding first"
        in lead.post(f"{address}/end/", {"why": "Gone.", "version": "1"}).content.decode()
    )
    lead.post(f"{address}/exit/", {"deed": "begin", "why": "Too dear.", "version": "1"})
    early = {"deed": "data", "said": "They wrote.", "version": "2"}
    assert "One step comes before" in lead.post(f"{address}/exit/", early).content.decode()
    lead.post(f"{address}/exit/", {"deed": "access", "said": "Keys revoked.", "version": "2"})
    assert "Said by a person; no source shows it." in lead.get(f"{address}/").content.decode()
    assert "Still to do" in lead.post(f"{address}/end/", {"why": "Gone.", "version": "3"}).content.decode()
    for version, step in ((3, "data"), (4, "contract"), (5, "subprocessors")):
        lead.post(f"{address}/exit/", {"deed": step, "said": "Done and kept.", "version": str(version)})
    lead.post(f"{address}/end/", {"why": "Gone.", "version": "6"})
    kinds = [(kind, body.get("act") or body.get("control")) for kind, body in ledger_since(before)]
    assert kinds == [
        ("act", "vendor.exit_begun"),
        ("act", "vendor.step_done"),
        ("evidence", "VEN-07"),
        ("act", "vendor.step_done"),
        ("act", "vendor.step_done"),
        ("act", "vendor.step_done"),
        ("act", "vendor.ended"),
    ]
    assert "Ended on" in lead.get(f"{address}/").content.decode()


def test_what_was_only_considered_ends_at_once(signed_in: SignedIn, vendor: Callable[..., Any]) -> None:
    made = vendor(**{**TOOL, "stage": "considered"})
    signed_in("lead").post(f"/vendors/{made.pk}/end/", {"why": "Not needed.", "version": "1"})
    made.refresh_from_db()
    assert made.ended is not None
