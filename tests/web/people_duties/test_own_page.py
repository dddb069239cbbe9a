"""Each worker has one page with just their duties: others' things never stand on it, and what was proved is there afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

if TYPE_CHECKING:
    from django.test import Client

    from assay_web.records.accounts import Account
    from assay_web.records.people import Course

Acts = Callable[[], list[dict[str, Any]]]
SignIn = Callable[[str], "Client"]
CANARIES = (
    "canary-ben-login",
    "Canary-Lyle-Title",
    "lyle@northwind.example",
    "ben@northwind.example",
    "Canary task of Ben",
    "Canary course of Ben",
)


def _course(by: Account, title: str, **given: Any) -> Course:
    from assay_web.services.training import Given, give_course

    said: dict[str, Any] = {
        "where": "https://learn.example",
        "controls": ("HRS-04",),
        "everyone": True,
        "groups": (),
        "emails": (),
        "repeats": True,
        "begins": date(2026, 11, 1),
        **given,
    }
    return give_course(Given(title=title, **said), by=by)


def _bens_things(cast: dict[str, Account]) -> None:
    from assay_web.services.tasks import Wanted, make_tasks

    make_tasks([Wanted("Canary task of Ben", owner=cast["engineer"])], by=cast["lead"])
    _course(cast["lead"], "Canary course of Ben", everyone=False, emails=("ben@northwind.example",))


def test_a_worker_sees_only_their_own_duties_and_data(cast: dict[str, Account], signed_in: SignIn) -> None:
    _bens_things(cast)
    _course(cast["lead"], "Security basics")
    client = signed_in("worker")
    assert client.get("/").headers["Location"] == "/own/"
    page = client.get("/own/").content.decode()
    assert "1 thing is yours" in page
    assert "Security basics" in page
    assert "Designer" in page
    assert [one for one in CANARIES if one in page] == []
    bens = signed_in("engineer").get("/own/").content.decode()
    assert [one for one in CANARIES if one not in bens] == [
        "Canary-Lyle-Title",
        "lyle@northwind.example",
    ]


def test_anothers_course_is_not_there(cast: dict[str, Account], signed_in: SignIn) -> None:
    theirs = _course(cast["lead"], "For Ben", everyone=False, emails=("ben@northwind.example",))
    assert signed_in("worker").get(f"/own/courses/{theirs.pk}/").status_code == 404
    assert signed_in("worker").post(f"/own/courses/{theirs.pk}/", {}).status_code == 404
    assert signed_in("engineer").get(f"/own/courses/{theirs.pk}/").status_code == 200


def test_a_proof_is_one_act_that_names_nobody_and_the_duty_goes(
    cast: dict[str, Account], signed_in: SignIn, acts: Acts
) -> None:
    from assay.home.fsck import orphans
    from assay.home.personal import opened_person
    from assay_web.home import current_home
    from assay_web.records.people import CourseProof

    course = _course(cast["lead"], "Security basics")
    client = signed_in("worker")
    given = {
        "finished": "2026-11-20",
        "said": "I passed.",
        "file": SimpleUploadedFile("proof.pdf", b"%PDF-1.7 canary"),
    }
    answer = client.post(f"/own/courses/{course.pk}/", given)
    assert answer.headers["Location"] == "/own/"
    page = client.get("/own/").content.decode()
    assert ("Nothing is yours to do" in page, "shown by a file" in page) == (True, True)
    said = acts()[-1]
    assert (said["act"], said["by"], said["details"]["own"]) == ("course.proved", cast["worker"].actor, True)
    assert "will@" not in str(said)
    assert opened_person(current_home(), said["details"]["worker"]) == {"email": "will@northwind.example"}
    kept = CourseProof.objects.get()
    assert current_home().ledger.object(kept.attachment) == b"%PDF-1.7 canary"
    assert not [one for one in orphans(current_home()) if kept.attachment in one], (
        "mending takes no proof away"
    )


def test_a_day_to_come_proves_nothing(cast: dict[str, Account], signed_in: SignIn, acts: Acts) -> None:
    course = _course(cast["lead"], "Security basics")
    later = (datetime.now(UTC).date() + timedelta(days=3)).isoformat()
    answer = signed_in("worker").post(f"/own/courses/{course.pk}/", {"finished": later, "said": "I passed."})
    assert "still to come" in answer.content.decode()
    assert acts()[-1]["act"] == "course.given"


def test_what_a_list_shows_counts_as_proof_and_is_due_again_after_the_interval(
    cast: dict[str, Account], signed_in: SignIn
) -> None:
    """Ben finished on 5 October 2026 by the list; with an interval of 365 days it is due on 5 October 2027, so nothing is to do now."""
    from django.utils import timezone

    from assay_web.queries.standing import company_zone
    from assay_web.queries.training import of_worker
    from assay_web.queries.workers import register_now

    _course(cast["lead"], "security BASICS")
    ben = register_now().by_email("ben@northwind.example")
    with timezone.override(company_zone()):
        [taken] = of_worker("ben@northwind.example", ben)
    assert (taken.finished, taken.shown_by, taken.due) == (date(2026, 10, 5), "a list", date(2027, 10, 5))
    assert "Nothing is yours to do" in signed_in("engineer").get("/own/").content.decode()


def test_the_lead_sees_the_same_page_of_anyone(cast: dict[str, Account], signed_in: SignIn) -> None:
    from assay_web.queries.workers import ref_of

    _bens_things(cast)
    there = f"/people/{ref_of('ben@northwind.example')}/"
    page = signed_in("lead").get(there).content.decode()
    assert "Canary task of Ben" in page
    assert "canary-ben-login" in page
    assert there in signed_in("lead").get("/people/").content.decode()
    assert [
        signed_in(role).get(there).status_code for role in ("worker", "reader", "auditor", "adviser")
    ] == [403] * 4
    assert signed_in("lead").get("/people/0000000000000000/").status_code == 404
