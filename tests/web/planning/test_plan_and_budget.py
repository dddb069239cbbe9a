"""The plan and the budget in the browser: shown before they are kept, each keeping one act, nobody overwriting what they have not seen."""

from __future__ import annotations

from pathlib import Path

from tests.web.planning.conftest import Acts, SignIn

OWN = {"route": "type_1_then_2", "begins": "2026-12-01", "preparation_months": "3", "audit_weeks": "6"}


def test_a_plan_is_there_before_anything_was_typed(company: Path, sign_in: SignIn) -> None:
    page = sign_in("reader").get("/plan/").content.decode()
    assert "No day is set. With preparation begun on" in page
    assert '<svg class="strip planned"' in page
    assert "2 to 4 months" in page


def test_showing_keeps_nothing_and_says_what_moves(company: Path, sign_in: SignIn, acts_of: Acts) -> None:
    client = sign_in("lead")
    pages: list[str] = []
    assert (
        acts_of(lambda: pages.append(client.post("/plan/", {**OWN, "deed": "show"}).content.decode())) == []
    )
    assert "What this moves" in pages[0]
    assert "on 28 Feb 2027" in pages[0]  # three months from 1 December


def test_keeping_is_one_act_with_its_actor_and_shows_in_the_history(
    company: Path, sign_in: SignIn, acts_of: Acts
) -> None:
    from assay_web.records.accounts import Account

    client = sign_in("lead")
    first = acts_of(lambda: client.post("/plan/", {**OWN, "version": "0", "deed": "save"}))
    assert [(one["act"], one["by"]) for one in first] == [
        ("plan.added", Account.objects.get(role="lead").actor)
    ]
    changed = {**OWN, "audit_weeks": "8", "version": "1", "deed": "save"}
    assert [one["act"] for one in acts_of(lambda: client.post("/plan/", changed))] == ["plan.changed"]
    page = client.get("/plan/").content.decode()
    assert "Weeks of the Type I audit: 6 → 8" in page
    assert "28 Feb 2027" in page


def test_what_was_changed_meanwhile_is_shown_beside_what_was_typed(company: Path, sign_in: SignIn) -> None:
    from assay_web.records.auditor import Plan

    client = sign_in("owner")
    stale = {**OWN, "audit_weeks": "5", "version": "0", "deed": "save"}
    page = client.post("/plan/", stale).content.decode()
    assert "Both versions" in page
    assert Plan.objects.get().audit_weeks != 5


def test_who_only_reads_cannot_send_a_plan(company: Path, sign_in: SignIn) -> None:
    assert sign_in("reader").post("/plan/", {**OWN, "deed": "save"}).status_code == 403


def test_fields_that_no_form_offers_stay_what_they_are(company: Path, sign_in: SignIn) -> None:
    from assay_web.records.auditor import Plan

    client = sign_in("lead")
    version = Plan.objects.get().version
    sent = {
        **OWN,
        "version": str(version),
        "deed": "save",
        "id": "7",
        "changed_by": "x",
        "ended": "2026-01-01",
    }
    assert client.post("/plan/", sent).status_code == 302
    kept = Plan.objects.get()
    assert (kept.pk, kept.ended) == (1, None)


def test_the_budget_names_what_it_does_not_know(company: Path, sign_in: SignIn, acts_of: Acts) -> None:
    client = sign_in("lead")
    page = client.get("/budget/").content.decode()
    assert (
        "$30,000 to $120,000 in all. Not in it, because it is not known: own time, tools, penetration test."
        in page
    )
    given = {
        "currency": "USD",
        "fee_least": "20000",
        "fee_most": "25000",
        "hours_least": "100",
        "hourly_least": "90",
    }
    assert [one["act"] for one in acts_of(lambda: client.post("/budget/", {**given, "deed": "save"}))] == [
        "budget.added"
    ]
    assert "$49,000 to $59,000 in all" in client.get("/budget/").content.decode()


def test_more_at_least_than_at_most_is_refused_beside_its_field(company: Path, sign_in: SignIn) -> None:
    page = sign_in("lead").post(
        "/budget/", {"currency": "USD", "fee_least": "9", "fee_most": "3", "deed": "save"}
    )
    assert "The most is less than the least." in page.content.decode()


def test_only_who_chooses_the_auditor_sees_amounts_and_firms(company: Path, sign_in: SignIn) -> None:
    for role in ("engineer", "reader", "worker", "auditor"):
        assert [sign_in(role).get(one).status_code for one in ("/budget/", "/firms/", "/firms/sheet/")] == [
            403
        ] * 3
