"""Events over two collections: only what is new is asked, nothing once seen is lost, and what is not covered says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from github_world import SPECS, START, Collected, collect_world, standing

from assay.collectors.asking import Ask
from assay.collectors.github_events import (
    EVENTS,
    Earlier,
    Repositories,
    Window,
    bound_by_reviews,
    holes,
    is_event,
    with_earlier,
)
from assay.collectors.seen import Made, PopulationSeen, SeenRecord
from assay.collectors.work import Place
from assay.demo.github_standin import Fault, World, change_to_day_two, small_company
from assay.evidence.gaps import Gap, Reason, matters

ORG = "northwind-metrics"
REVIEWS = "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews"
COMMIT_PULLS = "GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls"


@pytest.fixture(scope="module")
def days() -> tuple[Collected, Collected, Collected]:
    """The first day, the second after it, and the second collected from nothing."""
    world = small_company()
    with standing(world) as (standin, url):
        first = collect_world(standin, url)
        change_to_day_two(world)
        return first, collect_world(standin, url, before=first), collect_world(standin, url)


def test_the_second_day_is_whole_although_little_is_asked(
    days: tuple[Collected, Collected, Collected],
) -> None:
    first, second, anew = days
    for table, spec in SPECS.items():
        if table in second.populations:
            now, whole = second.populations[table].records, anew.populations[table].records
            assert [one for one in whole if one not in now] == [], table
            if not is_event(spec):
                assert now == whole
    assert second.counts()[REVIEWS] == 2
    assert anew.counts()[REVIEWS] == 79
    assert second.counts()[COMMIT_PULLS] <= 3
    assert len(second.calls) < len(anew.calls)
    assert set(first.keys("github_pull_request")) < set(second.keys("github_pull_request"))


def test_what_changed_is_seen(days: tuple[Collected, Collected, Collected]) -> None:
    first, second, _ = days
    assert [
        key for key in second.keys("github_pull_request") if key not in first.keys("github_pull_request")
    ] == [
        f"{ORG}/metrics-api#201",
        f"{ORG}/metrics-web#202",
    ]
    reviewed = {one.parent for one in second.populations["github_pull_request_review"].records}
    assert f"{ORG}/metrics-api#201" not in reviewed
    assert f"{ORG}/metrics-web#202" in reviewed
    direct = [one for one in second.rows("github_commit_on_default") if one["pull_requests"] == []]
    assert sorted(one["author"] for one in direct) == ["emil-sorensen", "lyle-okoro"]
    fixed = [one["key"] for one in second.rows("github_dependabot_alert") if one["state"] == "fixed"]
    assert f"{ORG}/metrics-api/dependabot/1" in fixed
    assert "lyle-okoro" not in second.keys("github_org_member")


def test_an_alert_raised_long_ago_and_still_open_is_seen_on_the_first_day() -> None:
    world = small_company()
    old = world.repository("metrics-api").alerts[2]
    old.opened = datetime(2023, 5, 1, tzinfo=UTC)
    with standing(world) as (standin, url):
        collected = collect_world(standin, url, tables=("github_repo", "github_dependabot_alert"))
    assert f"{ORG}/metrics-api/dependabot/3" in collected.keys("github_dependabot_alert")


def test_a_repository_that_is_gone_keeps_its_events_and_is_not_covered_from_then_on() -> None:
    world = small_company()
    with standing(world) as (standin, url):
        first = collect_world(standin, url)
        world.repositories = [one for one in world.repositories if one.name != "status-page"]
        world.now += timedelta(days=7)
        second = collect_world(standin, url, before=first)
    kept = [key for key in second.keys("github_pull_request") if key.startswith(f"{ORG}/status-page#")]
    assert kept == [key for key in first.keys("github_pull_request") if key.startswith(f"{ORG}/status-page#")]
    [gap] = second.gaps("github_pull_request")
    assert (gap.reason, gap.parent) == (Reason.NOT_COVERED, f"{ORG}/status-page after 2026-11-16T07:00:00Z")
    assert gap.parent not in {one.parent for one in second.populations["github_pull_request"].records}


def test_a_renamed_repository_is_collected_anew_under_its_name() -> None:
    now = [record("acme/new", 7), record("acme/kept", 8)]
    before = [record("acme/old", 7), record("acme/kept", 8), record("acme/gone", 9)]
    compared = Repositories.compare(now, before)
    assert (compared.gone, compared.renamed) == (frozenset({"acme/gone"}), frozenset({"acme/old"}))


def record(name: str, number: int) -> SeenRecord:
    return SeenRecord(name, None, {"repos": {"id": number, "full_name": name}})


def test_reviews_that_were_refused_are_asked_again_although_their_pull_request_is_old() -> None:
    world = small_company()
    with standing(world) as (standin, url):
        good = collect_world(standin, url)
        standin.faults.append(Fault("/metrics-api/pulls/102/reviews", "deny", times=1))
        torn = collect_world(standin, url)
        assert [gap.parent for gap in torn.gaps("github_pull_request_review")] == [f"{ORG}/metrics-api#102"]
        world.now += timedelta(days=7)
        mended = collect_world(standin, url, before=torn)
    assert (
        mended.populations["github_pull_request_review"].records
        == good.populations["github_pull_request_review"].records
    )
    assert mended.gaps("github_pull_request_review") == []


def test_a_part_of_an_event_that_was_refused_is_asked_again_although_the_event_is_old() -> None:
    world = small_company()
    with standing(world) as (standin, url):
        good = collect_world(standin, url)
        standin.faults.append(Fault("/commits/[^/]+/pulls$", "deny", times=1))
        torn = collect_world(standin, url)
        [gap] = torn.gaps("github_commit_on_default")
        assert gap.key is not None
        assert gap.parent == gap.key.partition("@")[0]
        world.now += timedelta(days=7)
        mended = collect_world(standin, url, before=torn)
        again = collect_world(standin, url, before=mended)
    whole = good.populations["github_commit_on_default"].records
    assert mended.populations["github_commit_on_default"].records == whole
    assert mended.gaps("github_commit_on_default") == []
    assert again.counts()[COMMIT_PULLS] == 0


def test_an_unreadable_event_does_not_bring_back_one_that_is_gone() -> None:
    """Reviews of a pull request were listed whole, with one of them unreadable in part: what is not among them any more is gone."""
    spec, pull = SPECS["github_pull_request_review"], f"{ORG}/metrics-api#102"
    at = Place(ORG, "")
    seen = PopulationSeen(
        spec.name,
        at.account,
        at.region,
        [SeenRecord(f"{pull}/2", pull, {"reviews": {}})],
        [Gap(spec.name, Reason.MALFORMED, ORG, "", pull, f"{pull}/2", frozenset({"state"}))],
        Made(1, 1, "2026-11-16T07:00:00Z", "2026-11-16T07:00:00Z", None, None),
    )
    earlier = Earlier([SeenRecord(f"{pull}/1", pull, {"reviews": {}})], START)
    repositories = Repositories(frozenset({f"{ORG}/metrics-api"}), frozenset(), frozenset())
    whole = with_earlier(seen, spec, Window(START), earlier, repositories, frozenset({pull}))
    assert [one.key for one in whole.records] == [f"{pull}/2"]


def test_a_refusal_on_the_second_day_erases_nothing_seen_on_the_first() -> None:
    world = small_company()
    with standing(world) as (standin, url):
        first = collect_world(standin, url)
        world.now += timedelta(days=7)
        standin.faults.append(Fault("/pulls|/runs|/alerts|/commits|/deployments", "deny"))
        second = collect_world(standin, url, before=first)
    for table, spec in SPECS.items():
        if is_event(spec) and table in first.populations:
            assert second.populations[table].records == first.populations[table].records
            assert {gap.reason for gap in second.gaps(table)} >= {Reason.DENIED}


def test_a_commit_whose_pull_request_was_refused_stays_unknown() -> None:
    world = small_company()
    with standing(world) as (standin, url):
        standin.faults.append(Fault("/commits/[0-9a-f]+/pulls", "deny"))
        first = collect_world(standin, url)
        [gap] = first.gaps("github_commit_on_default")
        world.now += timedelta(days=60)
        second = collect_world(standin, url, before=first)
    [still] = second.gaps("github_commit_on_default")
    assert (still.key, still.columns) == (gap.key, frozenset({"pull_requests"}))


def test_time_before_events_are_collected_is_not_covered_and_names_no_event(
    days: tuple[Collected, Collected, Collected],
) -> None:
    first, _, _ = days
    [gap] = [gap for gap in first.populations["github_deployment"].gaps if gap.reason is Reason.NOT_COVERED]
    assert (gap.parent, gap.at) == ("time before 2026-08-13T07:00:00Z", "2026-08-13T07:00:00Z")
    assert matters(gap, START - timedelta(days=1))
    assert not matters(gap, START)
    assert matters(Gap("github_deployment", Reason.DENIED), START)


def test_counts_and_sequences_speak_for_completeness(days: tuple[Collected, Collected, Collected]) -> None:
    first, second, _ = days
    runs = first.events["github_workflow_run"]
    assert runs.counted[f"{ORG}/metrics-web"] == 12
    assert runs.missing == {}
    assert second.events["github_workflow_run"].asked_from[f"{ORG}/metrics-web"] == "2026-10-17T07:00:00Z"
    assert second.events["github_pull_request"].asked_from[f"{ORG}/metrics-web"] == "2026-11-15T07:00:00Z"
    assert first.events["github_pull_request"].covered_from == "2026-08-13T07:00:00Z"
    assert first.events["github_dependabot_alert"].covered_from == "2000-01-01T00:00:00Z"
    numbered = [
        SeenRecord(str(n), None, {"alerts": {"full_name": "acme/a", "number": n}}) for n in (1, 2, 5, 6)
    ]
    assert holes(numbered, "alerts", "number") == {"acme/a": [3, 4]}


def test_a_missing_alert_number_shows() -> None:
    world: World = small_company()
    del world.repository("metrics-api").alerts[1]
    with standing(world) as (standin, url):
        collected = collect_world(standin, url, tables=("github_repo", "github_dependabot_alert"))
    assert collected.events["github_dependabot_alert"].missing == {f"{ORG}/metrics-api": [2]}


PULLS = "GET /repos/{owner}/{repo}/pulls"


def test_the_window_starts_where_events_were_last_seen_whole() -> None:
    began = START + timedelta(days=90)
    earlier = {PULLS: Earlier([], began, frozenset({"acme/torn"}))}
    window = Window(START, earlier, frozenset({"acme/known", "acme/torn"}))
    assert window.floor(PULLS, "acme/known") == began - EVENTS[PULLS].overlap
    assert window.floor(PULLS, "acme/torn") == START
    assert window.floor(PULLS, "acme/new") == START
    assert bound_by_reviews(Earlier([], began), None, START).began == START
    torn = bound_by_reviews(
        Earlier([], began), Earlier([], began - timedelta(days=7), frozenset({"acme/a#4"})), START
    )
    assert (torn.began, torn.incomplete) == (began - timedelta(days=7), frozenset({"acme/a"}))


def test_a_page_is_cut_at_the_window_and_an_unreadable_instant_is_not_left_away() -> None:
    window = Window(START)
    ask = Ask(PULLS, {"owner": "acme", "repo": "a"}, "acme", "")
    inside, outside, odd = (
        {"updated_at": "2026-09-01T00:00:00Z"},
        {"updated_at": "2026-01-01T00:00:00Z"},
        {"updated_at": "soon"},
    )
    assert window.cut(ask, [inside, odd]) == ([inside, odd], True)
    assert window.cut(ask, [inside, outside]) == ([inside], False)
    assert window.cut(ask, {"message": "no list"}) == ({"message": "no list"}, True)


def test_a_run_that_broke_off_goes_on_where_it_was() -> None:
    world = small_company()
    with standing(world) as (standin, url):
        whole = collect_world(standin, url)
        done = frozenset((table, ORG, "") for table in ("github_repo", "github_pull_request", "github_team"))
        rest = collect_world(
            standin, url, done=done, known=lambda table, account, region: whole.populations[table].records
        )
    assert set(rest.populations) == set(whole.populations) - {table for table, _, _ in done}
    for table, seen in rest.populations.items():
        assert seen.records == whole.populations[table].records
        assert seen.gaps == whole.populations[table].gaps or table == "github_team_member"
