"""Must hold 9: two do the same thing at once: one does it, the other is told so in a sentence, and the ledger has one entry of it."""

from __future__ import annotations

import random
import re
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from assay.errors import AssayError

Cast = dict[str, Any]
Deed = Callable[[], object]
RACES_EACH = 2


@dataclass(frozen=True)
class Race:
    """What two do at once: `begin` makes the thing and gives both deeds, each read beforehand; `acts` are those that can win; `said` is what the other reads."""

    name: str
    begin: Callable[[Cast, random.Random], tuple[Deed, Deed]]
    acts: frozenset[str]
    said: str


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """One account for each role, over one home; its lists let reviews be started."""
    from tests.web.reviews.lists import served_copy

    served_copy(tmp_path_factory.mktemp("races"))
    from django.db import connection

    from assay_web.records.accounts import Role
    from assay_web.services.accounts import make_account

    yield {
        role.value: make_account(
            by="host",
            name=f"{role.label} Example",
            email=f"{role.value}@northwind.example",
            role=role,
            needs_second_factor=False,
        )
        for role in Role
    }
    connection.close()


# Each `begin` reads a copy of the thing for each of the two, as two browsers do that opened it at the same time.


def _acceptance(people: Cast, chance: random.Random) -> Any:
    from datetime import timedelta

    from django.utils import timezone

    from assay_web.queries.subjects import Subject
    from assay_web.services.acceptances import ask

    subject = Subject("control", "GOV-03", "Accept it", "/controls/GOV-03/")
    until = timezone.localdate() + timedelta(days=chance.randint(1, 300))
    return ask(subject, by=people["engineer"], reason="Small.", instead="We look daily.", until=until)


def _approve_twice(people: Cast, chance: random.Random) -> tuple[Deed, Deed]:
    from assay_web.services.acceptances import approve

    one, same = _twice(_acceptance(people, chance))
    return lambda: approve(one, by=people["adviser"]), lambda: approve(same, by=people["owner"])


def _approve_or_refuse(people: Cast, chance: random.Random) -> tuple[Deed, Deed]:
    from assay_web.services.acceptances import approve, refuse

    one, same = _twice(_acceptance(people, chance))
    return lambda: approve(one, by=people["adviser"]), lambda: refuse(
        same, by=people["owner"], why="Too big."
    )


def _end_acceptance_twice(people: Cast, chance: random.Random) -> tuple[Deed, Deed]:
    from assay_web.services.acceptances import approve, end

    made = _acceptance(people, chance)
    approve(made, by=people["adviser"])
    one, same = _twice(made)
    return lambda: end(one, by=people["lead"], why="Mended."), lambda: end(
        same, by=people["owner"], why="Mended."
    )


def _task(people: Cast) -> Any:
    from assay_web.services.tasks import Wanted, make_tasks

    [made] = make_tasks([Wanted("Encrypt the disk", owner=people["engineer"])], by=people["lead"])
    return made


def _edit_task_twice(people: Cast, chance: random.Random) -> tuple[Deed, Deed]:
    from assay_web.services.tasks import change

    one, same = _twice(_task(people))

    def edit(task: Any, by: str, what: str) -> Deed:
        return lambda: change(task, version=1, by=people[by], what=what, why="", owner=None, due=None)

    return edit(one, "lead", "Encrypt both"), edit(same, "owner", "Encrypt all")


def _done_twice(people: Cast, chance: random.Random) -> tuple[Deed, Deed]:
    from assay_web.services.tasks import say_done

    one, same = _twice(_task(people))
    return lambda: say_done(one, version=1, by=people["engineer"]), lambda: say_done(
        same, version=1, by=people["lead"]
    )


def _done_or_dropped(people: Cast, chance: random.Random) -> tuple[Deed, Deed]:
    from assay_web.services.tasks import drop, say_done

    one, same = _twice(_task(people))
    return lambda: say_done(one, version=1, by=people["engineer"]), lambda: drop(
        same, version=1, by=people["lead"], why="Sold."
    )


def _commitment(people: Cast) -> Any:
    from datetime import date

    from assay_web.records.commitments import Commitment
    from assay_web.services.registers import add

    return add(
        Commitment,
        {"text": "99.9 % in every month.", "source": "contract", "dated": date(2026, 1, 2)},
        by=people["lead"],
    )


def _edit_line_twice(people: Cast, chance: random.Random) -> tuple[Deed, Deed]:
    from assay_web.services.registers import change

    one, same = _twice(_commitment(people))
    return lambda: change(one, {"text": "99.5 %."}, version=1, by=people["lead"]), lambda: change(
        same, {"text": "99.0 %."}, version=1, by=people["owner"]
    )


def _end_line_twice(people: Cast, chance: random.Random) -> tuple[Deed, Deed]:
    from assay_web.services.registers import end

    one, same = _twice(_commitment(people))
    return lambda: end(one, "Gone.", version=1, by=people["lead"]), lambda: end(
        same, "Gone.", version=1, by=people["owner"]
    )


def _edit_or_end_line(people: Cast, chance: random.Random) -> tuple[Deed, Deed]:
    from assay_web.services.registers import change, end

    one, same = _twice(_commitment(people))
    return lambda: change(one, {"text": "99.5 %."}, version=1, by=people["lead"]), lambda: end(
        same, "Gone.", version=1, by=people["owner"]
    )


def _close_incident_twice(people: Cast, chance: random.Random) -> tuple[Deed, Deed]:
    from datetime import timedelta

    from django.utils import timezone

    from assay_web.records.incidents import Incident
    from assay_web.services.incidents import close
    from assay_web.services.registers import add

    at = [timezone.now() - timedelta(days=9 - day) for day in range(6)]
    says = {
        "title": "It was down", "severity": 3, "detected": at[0], "triaged": at[1], "begun": at[2], "contained": at[3], "resolved": at[4],
        "happened": "It was down.", "systems": "The product", "data_touched": "none", "customers": "none", "customer_notice": "no",
        "authority_notice": "no", "notice_why": "No data.", "cause": "A bad change.", "lessons": "Test more.", "reviewed": at[5],
    }  # fmt: skip
    one, same = _twice(add(Incident, says, by=people["lead"]))
    return lambda: close(one, version=1, by=people["lead"]), lambda: close(
        same, version=1, by=people["owner"]
    )


def _review(people: Cast, *, decided: bool) -> Any:
    from assay_web.services.reviews import start
    from tests.web.reviews.lists import decide_all, plan

    made = start(plan(people["owner"]), by=people["lead"])
    if decided:
        decide_all(made, people["owner"])
    return made


def _sign_twice(people: Cast, chance: random.Random) -> tuple[Deed, Deed]:
    from assay_web.services.review_signing import sign

    one, same = _twice(_review(people, decided=True))
    return lambda: sign(one, by=people["lead"]), lambda: sign(same, by=people["owner"])


def _sign_or_call_off(people: Cast, chance: random.Random) -> tuple[Deed, Deed]:
    from assay_web.services.review_signing import sign
    from assay_web.services.reviews import call_off

    one, same = _twice(_review(people, decided=True))
    return lambda: sign(one, by=people["lead"]), lambda: call_off(same, by=people["owner"], why="Begun anew.")


def _decide_a_line_twice(people: Cast, chance: random.Random) -> tuple[Deed, Deed]:
    from assay_web.services.review_lines import Verdict, decide

    made = _review(people, decided=False)
    number = chance.randint(1, 4)
    [version] = made.lines.filter(number=number).values_list("version", flat=True)
    one, same = _twice(made)

    def say(review: Any, decision: str) -> Deed:
        verdict = Verdict(decision, "Looked at.")
        return lambda: decide(review, {number: version}, verdict, by=people["owner"])

    return say(one, "keep"), say(same, "keep")


def _twice(row: Any) -> tuple[Any, Any]:
    manager = type(row)._default_manager
    return manager.get(pk=row.pk), manager.get(pk=row.pk)


RACES = [
    Race("approve twice", _approve_twice, frozenset({"acceptance.approved"}), r"This was decided before by .* Nothing was changed\."),
    Race("approve and refuse", _approve_or_refuse, frozenset({"acceptance.approved", "acceptance.refused"}), r"This was decided before by .* Nothing was changed\."),
    Race("end an acceptance twice", _end_acceptance_twice, frozenset({"acceptance.ended"}), r"There is nothing to end: this acceptance is ended already\."),
    Race("edit a task twice", _edit_task_twice, frozenset({"task.changed"}), r"Someone changed this task since you opened it"),
    Race("a task done twice", _done_twice, frozenset({"task.done"}), r"Someone changed this task since you opened it"),
    Race("a task done and dropped", _done_or_dropped, frozenset({"task.done", "task.dropped"}), r"Someone changed this task since you opened it"),
    Race("edit a line twice", _edit_line_twice, frozenset({"commitment.changed"}), r"was changed since you opened it\. Both versions are below"),
    Race("end a line twice", _end_line_twice, frozenset({"commitment.retired"}), r"was changed since you opened it"),
    Race("edit and end a line", _edit_or_end_line, frozenset({"commitment.changed", "commitment.retired"}), r"was changed since you opened it"),
    Race("close an incident twice", _close_incident_twice, frozenset({"incident.closed"}), r"was changed since you opened it"),
    Race("sign a review twice", _sign_twice, frozenset({"review.signed"}), r"This access review was signed off by .* Nothing was changed\."),
    Race("sign a review and call it off", _sign_or_call_off, frozenset({"review.signed", "review.ended"}), r"This access review was (signed off|called off) by .* Nothing was changed\."),
    Race("decide a line twice", _decide_a_line_twice, frozenset({"review.decided"}), r"changed since you opened the list"),
]  # fmt: skip


def _acts_since(size: int) -> list[str]:
    from assay.evidence.ledger import Kind
    from assay_web.home import current_home

    ledger = current_home().ledger
    return [ledger.body(one)["act"] for one in ledger.entries(size, Kind.ACT)]


def _run(race: Race, people: Cast, seed: int) -> tuple[int, str]:
    """Run one race: gives which of the two won, and the sentence that the other got."""
    from assay_web.home import current_home

    chance = random.Random(f"{race.name} {seed}")
    deeds = list(race.begin(people, chance))
    size = current_home().ledger.size()
    ends = _at_once(deeds, first=chance.randint(0, 1))
    assert all(one is None or isinstance(one, AssayError) for one in ends), (race.name, seed, ends)
    winners = [at for at, one in enumerate(ends) if one is None]
    assert len(winners) == 1, (race.name, seed, ends)
    said = str(ends[1 - winners[0]])
    assert re.search(race.said, said), (race.name, said)
    acts = [one for one in _acts_since(size) if one in race.acts]
    assert len(acts) == 1, (race.name, seed, acts)
    return winners[0], said


def _at_once(deeds: list[Deed], first: int) -> list[BaseException | None]:
    """Let two threads, each with a connection of its own, begin at one barrier; gives how each ended."""
    from django.db import connection

    barrier = threading.Barrier(2)
    ends: list[BaseException | None] = [None, None]

    def run(at: int) -> None:
        try:
            barrier.wait(30)
            deeds[at]()
        except BaseException as error:
            ends[at] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(at,)) for at in (first, 1 - first)]
    switching = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for one in threads:
            one.start()
        for one in threads:
            one.join(120)
    finally:
        sys.setswitchinterval(switching)
    assert not any(one.is_alive() for one in threads)
    return ends


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.name)
def test_of_two_at_once_one_wins_and_the_other_is_told(race: Race, people: Cast) -> None:
    for seed in range(RACES_EACH):
        _run(race, people, seed)


def test_the_ledger_is_whole_after_the_races(people: Cast) -> None:
    from assay_web.home import current_home

    ledger = current_home().ledger
    entries = list(ledger.entries(0))
    assert [one.ordinal for one in entries] == list(range(ledger.size()))


@pytest.mark.soak
def test_200_races_of_two_have_one_winner_each(people: Cast) -> None:
    winners: list[int] = []
    for seed in range(200):
        race = RACES[seed % len(RACES)]
        winner, _ = _run(race, people, 1_000 + seed)
        winners.append(winner)
    assert set(winners) == {0, 1}  # neither comes first always: they really ran at once
