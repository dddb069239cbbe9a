"""Tasks: each act is one ledger entry with its true actor, looks close and reopen them, nobody overwrites unseen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.doing.looks import CHECK, judge_again, look

if TYPE_CHECKING:
    from django.test import Client

    from assay_web.records.accounts import Account

Acts = Callable[[], list[dict[str, Any]]]
SignIn = Callable[[str], "Client"]


def _refs() -> list[str]:
    """Give the short names of the deviating devices, as the check's page sends them."""
    from assay_web.queries.checks import items
    from assay_web.queries.standing import standing
    from assay_web.queries.subjects import item_ref

    found = standing()
    assert found is not None
    return [item_ref(one) for one in items(found, CHECK, named=True) if one.conclusion == "DEVIATES"]


def _make(client: Client, **given: Any) -> Any:
    """Make a task by its form; gives the newest."""
    from assay_web.records.tasks import Task

    before = set(Task.objects.values_list("pk", flat=True))
    answer = client.post("/tasks/new/", {"what": "Encrypt the disk", **given})
    assert answer.status_code == 302, answer.content.decode()
    return Task.objects.exclude(pk__in=before).get()


def test_each_act_is_one_entry_by_who_did_it(cast: dict[str, Account], signed_in: SignIn, acts: Acts) -> None:
    from assay_web.records.tasks import Task

    ben, ada = signed_in("engineer"), signed_in("lead")
    task = _make(ben, **{"from": f"check:{CHECK}", "item": _refs()})
    ada.post("/tasks/assign/", {"task": [task.pk], "owner": cast["engineer"].pk})
    due = "2031-03-04"
    form = {"what": task.what, "why": task.why, "owner": cast["engineer"].pk}
    ben.post(f"/tasks/{task.pk}/change/", {**form, "due": due, "version": "2"})
    ben.post(f"/tasks/{task.pk}/change/", {**form, "due": due, "version": "3"})  # nothing differs
    ben.post(f"/tasks/{task.pk}/act/", {"deed": "comment", "text": "The order is out."})
    ben.post(f"/tasks/{task.pk}/act/", {"deed": "done", "version": "3"})
    ada.post(f"/tasks/{task.pk}/act/", {"deed": "reopen", "version": "4", "text": "Not quite."})
    ada.post(f"/tasks/{task.pk}/act/", {"deed": "drop", "version": "5", "text": "The laptops are sold."})
    by = {"Ben": cast["engineer"].actor, "Ada": cast["lead"].actor}
    assert [(one["act"], one["by"]) for one in acts()] == [
        ("task.made", by["Ben"]),
        ("task.assigned", by["Ada"]),
        ("task.due_changed", by["Ben"]),
        ("task.commented", by["Ben"]),
        ("task.done", by["Ben"]),
        ("task.reopened", by["Ada"]),
        ("task.dropped", by["Ada"]),
    ]
    task = Task.objects.get(pk=task.pk)
    assert (task.state, task.why_dropped, task.due.isoformat()) == ("dropped", "The laptops are sold.", due)
    assert [one.entry for one in task.events.all()] == sorted({one.entry for one in task.events.all()})
    page = ben.get(f"/tasks/{task.pk}/").content.decode()
    assert "To Ben Example." in page
    assert "The order is out." in page


def test_acts_name_people_by_id_and_count_their_items(
    cast: dict[str, Account], signed_in: SignIn, acts: Acts
) -> None:
    _make(
        signed_in("engineer"),
        **{"from": f"check:{CHECK}", "item": _refs(), "owner": cast["lead"].pk},
    )
    [made] = acts()
    [said] = made["details"]["tasks"]
    assert (said["items"], said["owner"], said["about"]) == (4, cast["lead"].actor, CHECK)
    assert "Example" not in str(made)
    assert "LAP" not in str(made)


def test_several_steps_become_tasks_by_one_act(
    cast: dict[str, Account], signed_in: SignIn, acts: Acts
) -> None:
    from assay_web.queries.standing import standing
    from assay_web.queries.subjects import step_text
    from assay_web.records.tasks import Task

    found = standing()
    assert found is not None
    steps = [step_text(one) for one in found.report["next_steps"][:3]]
    ada = signed_in("lead")
    ada.post("/tasks/steps/", {"step": steps, "owner": cast["engineer"].pk, "due": "2026-01-02"})
    [made] = acts()
    assert {one["task"] for one in made["details"]["tasks"]} == set(Task.objects.values_list("pk", flat=True))
    assert len(made["details"]["tasks"]) == 3
    home = ada.get("/").content.decode()
    assert home.count("late: 2 Jan 2026") == 3
    assert "Ben Example" in home
    rest = ada.get("/tasks/steps/").content.decode()
    assert not any(f'value="{one}"' in rest for one in steps)
    ben = signed_in("engineer").get("/tasks/").content.decode()
    assert "3 of 3 tasks" in ben
    assert "3 tasks late." in ben
    assert '<span class="n">3' in ben


def test_each_item_can_be_a_task_of_its_own(cast: dict[str, Account], signed_in: SignIn, acts: Acts) -> None:
    from assay_web.records.tasks import Task

    given = {"from": f"check:{CHECK}", "item": _refs(), "what": "Encrypt it", "each": "on"}
    signed_in("engineer").post("/tasks/new/", given)
    assert [len(one.items) for one in Task.objects.all()] == [1, 1, 1, 1]
    assert len(acts()) == 1


def test_looks_close_and_reopen(home: Path, cast: dict[str, Account], signed_in: SignIn, acts: Acts) -> None:
    """One look, in which LAP-1 is mended, LAP-2 cannot be seen, and LAP-4 deviates as before in another version of its record."""
    from assay_web.queries.standing import standing
    from assay_web.records.tasks import Task
    from assay_web.services.tasks import Settled, settle

    ben = signed_in("engineer")
    device = _devices()
    tasks = {
        name: _make(ben, **{"from": f"check:{CHECK}", "item": device[name]})
        for name in ("LAP-1", "LAP-2", "LAP-4", "LAP-5")
    }
    whole = _make(ben, **{"from": f"check:{CHECK}"})
    by_hand = _make(ben)
    for name in ("LAP-2", "LAP-4"):
        ben.post(f"/tasks/{tasks[name].pk}/act/", {"deed": "done", "version": "1"})

    def states() -> dict[str, str]:
        return {name: Task.objects.get(pk=one.pk).state for name, one in tasks.items()}

    before = {"LAP-1": "open", "LAP-2": "waiting", "LAP-4": "waiting", "LAP-5": "open"}
    assert settle(judge_again()) == Settled()  # judged anew, but nobody has looked since
    assert states() == before
    found = look(home, {"LAP-1": "yes", "LAP-2": "", "LAP-3": "yes", "LAP-4": "no"}, report="2026-11-23")
    settled = settle(found)
    assert settled.closed == tuple(sorted((tasks["LAP-1"].pk, tasks["LAP-5"].pk)))
    assert settled.reopened == (tasks["LAP-4"].pk,)
    assert states() == {"LAP-1": "done", "LAP-2": "waiting", "LAP-4": "open", "LAP-5": "done"}
    assert (Task.objects.get(pk=whole.pk).state, Task.objects.get(pk=by_hand.pk).state) == ("open", "open")
    closed, reopened = acts()[-2:]
    assert (closed["act"], closed["by"]) == ("task.closed", "assay")
    assert closed["details"] == {"conclusions": found.entry, "tasks": list(settled.closed)}
    assert (reopened["act"], reopened["by"]) == ("task.reopened", "assay")
    told = len(acts())
    again = standing()
    assert again is not None
    assert settle(again).closed == ()
    assert len(acts()) == told
    page = ben.get(f"/tasks/{tasks['LAP-4'].pk}/").content.decode()
    assert f"The look of ledger entry {found.entry} shows that it is still there." in page


def _devices() -> dict[str, str]:
    """Give the short name of each device's item, by the key that is sealed in its record."""
    from assay_web.queries.checks import items
    from assay_web.queries.identities import identity_of
    from assay_web.queries.standing import standing
    from assay_web.queries.subjects import item_ref

    found = standing()
    assert found is not None
    named: dict[str, str] = {}
    for one in items(found, CHECK, named=True):
        identity = identity_of(one.table, one.account, one.region, str(one.key), found.entry, {"device"})
        assert identity is not None
        named[identity[3]] = item_ref(one)
    return named


def test_who_was_slower_sees_both_versions_and_keeps_what_was_typed(
    cast: dict[str, Account], signed_in: SignIn, acts: Acts
) -> None:
    ben, ada = signed_in("engineer"), signed_in("lead")
    task = _make(ben)
    ada.post(f"/tasks/{task.pk}/change/", {"what": "Encrypt both disks", "version": "1"})
    told = len(acts())
    answer = ben.post(f"/tasks/{task.pk}/change/", {"what": "Encrypt every disk", "version": "1"})
    page = answer.content.decode()
    assert (answer.status_code, len(acts())) == (200, told)
    assert page.count("Encrypt every disk") == 2
    assert "Encrypt both disks" in page
    assert 'name="version" value="2"' in page
    late = ben.post(f"/tasks/{task.pk}/act/", {"deed": "done", "version": "1", "text": "Done on Monday."})
    assert late.status_code == 200
    assert "Done on Monday." in late.content.decode()
    assert len(acts()) == told


def test_a_failed_act_leaves_no_entry(
    cast: dict[str, Account], acts: Acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row is written before the act and what belongs to it after: where that fails, neither is there."""
    from assay_web.records.tasks import Task
    from assay_web.services import tasks as services

    def broken(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(services, "_from_now_on", broken)
    with pytest.raises(OSError, match="full"):
        services.make_tasks([services.Wanted("Encrypt the disk")], by=cast["engineer"])
    assert (Task.objects.count(), acts()) == (0, [])


def test_ids_of_nothing_are_404_and_change_nothing(
    cast: dict[str, Account], signed_in: SignIn, acts: Acts
) -> None:
    ben = signed_in("engineer")
    task = _make(ben)
    told = len(acts())
    reader = cast["reader"].pk  # there, but cannot own a task
    asked = [
        ben.get("/tasks/000000000000/"),
        ben.get("/tasks/new/?from=check:no.such.check"),
        ben.get(f"/tasks/new/?from=check:{CHECK}&item=00000000000000000000"),
        ben.post("/tasks/new/", {"what": "x", "owner": reader}),
        ben.post("/tasks/steps/", {"step": ["check:no.such.check"]}),
        ben.post("/tasks/assign/", {"task": [task.pk, "000000000000"], "owner": ""}),
        ben.post("/tasks/assign/", {"task": [task.pk], "owner": reader}),
        ben.post(f"/tasks/{task.pk}/change/", {"what": "x", "owner": reader, "version": "1"}),
        ben.post(f"/tasks/{task.pk}/act/", {"deed": "explode", "version": "1"}),
    ]
    assert [one.status_code for one in asked] == [404] * len(asked)
    assert len(acts()) == told


def test_who_may_not_see_people_reads_no_device(cast: dict[str, Account], signed_in: SignIn) -> None:
    task = _make(signed_in("engineer"), **{"from": f"check:{CHECK}", "item": _refs()})
    named = signed_in("engineer").get(f"/tasks/{task.pk}/").content.decode()
    hidden = signed_in("auditor").get(f"/tasks/{task.pk}/").content.decode()
    exported = signed_in("auditor").get("/tasks/?export=csv").content.decode()
    assert named.count("record ") == 4
    assert hidden.count("a person") == 4
    assert "record " not in hidden
    assert "a person; a person; a person; a person" in exported
    assert "record " not in exported


def test_the_list_filters_sorts_and_asks_the_same_of_the_database_for_many(
    cast: dict[str, Account], signed_in: SignIn
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from assay_web.services.tasks import Wanted, make_tasks

    ben = signed_in("engineer")
    make_tasks([Wanted("First", owner=cast["engineer"])], by=cast["lead"])
    ben.get("/tasks/")

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            ben.get("/tasks/")
        return len(found)

    one = asked()
    make_tasks([Wanted("Second", owner=cast["lead"]), Wanted("Third, of nobody")], by=cast["lead"])
    assert asked() == one
    page = ben.get("/tasks/?owner=none&sort=what").content.decode()
    assert "Third, of nobody" in page
    assert ">First<" not in page
    everything = ben.get("/tasks/").content.decode()
    assert everything.index(">First<") < everything.index(">Second<")
    assert "First" in ben.get("/tasks/?export=json&q=first").content.decode()
    assert "No task is like that." in ben.get("/tasks/?q=nothing").content.decode()


def _stand(**report: Any) -> Any:
    """Give a report of nothing but what is named."""
    from assay_web.queries.standing import Standing

    return Standing(1, {"checks": [], "controls": [], "gaps": [], **report})


@pytest.mark.parametrize(
    ("gaps", "look"),
    [
        ([{"id": "aws/1/denied", "source": "aws", "checks": ["a"]}], "there"),
        ([{"id": "aws/not_connected", "source": "aws", "checks": ["a", "b"]}], "unsure"),
        ([{"id": "aws/2/denied", "source": "aws", "checks": ["b"]}], "gone"),
        ([], "gone"),
    ],
)
def test_a_gap_is_gone_when_nothing_else_hides_the_same(
    home: Path, gaps: list[dict[str, Any]], look: str
) -> None:
    from assay_web.queries.subjects import look_at

    assert look_at(_stand(gaps=gaps), "gap", "aws/1/denied", (), ("a",)) == look


@pytest.mark.parametrize(
    ("control", "watch", "look"),
    [
        ({"state": "missing", "missing": [{"kind": "evidence"}]}, ("evidence",), "there"),
        ({"state": "partly", "missing": [{"kind": "check"}]}, ("evidence",), "gone"),
        ({"state": "unknown", "missing": []}, (), "unsure"),
        ({"state": "in place", "missing": []}, (), "gone"),
    ],
)
def test_a_control_is_gone_when_what_it_lacked_is_there(
    home: Path, control: dict[str, Any], watch: tuple[str, ...], look: str
) -> None:
    from assay_web.queries.subjects import look_at

    assert look_at(_stand(controls=[{"id": "C-1", **control}]), "control", "C-1", (), watch) == look


def test_a_check_with_something_unseen_is_never_gone(home: Path) -> None:
    from assay_web.queries.subjects import look_at

    def counted(deviating: int, unknown: int) -> str:
        counts = {"CONFORMS": 3, "DEVIATES": deviating, "UNKNOWN": unknown}
        return look_at(_stand(checks=[{"id": "a", "counts": counts}]), "check", "a", (), ())

    assert [counted(1, 0), counted(0, 1), counted(0, 0)] == ["there", "unsure", "gone"]
    assert look_at(_stand(), "check", "a", (), ()) == "unsure"  # not judged any more
