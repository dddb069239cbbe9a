"""Courses: given to everyone, groups or people by name; who is late stands out; proofs by the lead, taken back with a reason; files are inert."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

if TYPE_CHECKING:
    from django.test import Client

    from assay_web.records.accounts import Account
    from assay_web.records.people import Course

Acts = Callable[[], list[dict[str, Any]]]
SignIn = Callable[[str], "Client"]
GIVEN = {
    "title": "Security basics",
    "where": "https://learn.example",
    "controls": "hrs-04",
    "everyone": "on",
    "emails": "",
    "repeats": "on",
    "begins": "2026-01-05",
}


def _given(client: Client, **changed: Any) -> Course:
    from assay_web.records.people import Course

    given = {name: value for name, value in {**GIVEN, **changed}.items() if value is not None}
    answer = client.post("/people/training/new/", given)
    assert answer.status_code == 302, answer.content.decode()
    return Course.objects.order_by("-made")[0]


def test_who_is_late_stands_out_and_who_a_list_shows_does_not(
    cast: dict[str, Account], signed_in: SignIn
) -> None:
    """Given on 5 January with 30 days for a first training: Ada and Will never finished it, Ben did by the list, Lyle left."""
    client = signed_in("lead")
    course = _given(client)
    page = client.get(f"/people/training/{course.pk}/?kind=late").content.decode()
    assert [name for name in ("ada", "will", "ben", "lyle") if f">{name}@northwind.example</a>" in page] == [
        "ada",
        "will",
    ]
    assert "late: 4 Feb 2026" in page
    exported = client.get("/people/training/?export=csv").content.decode()
    assert '"Security basics","ben@northwind.example","2026-10-05","a list","2027-10-05","no"' in exported


def test_a_group_or_people_by_name_have_a_course_and_nobody_else(
    cast: dict[str, Account], signed_in: SignIn, acts: Acts
) -> None:
    from assay_web.queries.training import of_courses
    from assay_web.queries.workers import register_now

    client = signed_in("lead")
    group = _given(client, title="Secure coding", everyone=None, groups="department:Engineering")
    named = _given(client, title="Board", everyone=None, emails="Will@northwind.example")
    taken = of_courses([group, named], register_now())
    emails = {course.title: sorted(one.email for one in taken[course.pk]) for course in (group, named)}
    assert emails == {
        "Secure coding": ["ada@northwind.example", "ben@northwind.example"],
        "Board": ["will@northwind.example"],
    }
    assert (acts()[-1]["details"]["named"], "will@" in str(acts())) == (1, False)
    nobody = client.post("/people/training/new/", {**GIVEN, "everyone": ""}).content.decode()
    assert "Nobody would have to take it" in nobody
    stranger = client.post("/people/training/new/", {**GIVEN, "emails": "x@elsewhere.example"})
    assert "No list of workers names x@elsewhere.example." in stranger.content.decode()
    wrong = client.post("/people/training/new/", {**GIVEN, "controls": "XYZ-99"}).content.decode()
    assert "There is no control XYZ-99." in wrong


def test_a_lead_enters_a_proof_and_takes_it_back_with_a_reason(
    cast: dict[str, Account], signed_in: SignIn, acts: Acts
) -> None:
    from assay_web.records.people import CourseProof

    client = signed_in("lead")
    course = _given(client)
    proof = {
        "email": "will@northwind.example",
        "finished": "2026-11-02",
        "said": "In the meeting.",
        "file": SimpleUploadedFile("list.html", b"<script>canary</script>", "text/html"),
    }
    assert client.post(f"/people/training/{course.pk}/prove/", proof).status_code == 302
    kept = CourseProof.objects.get()
    file = client.get(f"/people/proofs/{kept.pk}/file/")
    assert (file.content, file.headers["Content-Type"]) == (
        b"<script>canary</script>",
        "application/octet-stream",
    )
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in file.headers["Content-Security-Policy"]
    assert signed_in("worker").get(f"/people/proofs/{kept.pk}/file/").status_code == 403
    assert "Say why" in client.post(f"/people/proofs/{kept.pk}/back/", {"why": " "}).content.decode()
    client.post(f"/people/proofs/{kept.pk}/back/", {"why": "Another course."})
    assert "will@northwind.example" in client.get(f"/people/training/{course.pk}/?kind=late").content.decode()
    said = [(one["act"], one["by"]) for one in acts()[-3:]]
    lead = cast["lead"].actor
    assert said == [("course.given", lead), ("course.proved", lead), ("course.proof_taken_back", lead)]
    leaver = client.post(f"/people/training/{course.pk}/prove/", {**proof, "email": "lyle@northwind.example"})
    assert (leaver.status_code, CourseProof.objects.count()) == (200, 1)


def test_two_who_change_a_course_see_both_versions_and_a_retired_one_comes_back(
    cast: dict[str, Account], signed_in: SignIn
) -> None:
    client = signed_in("lead")
    course = _given(client)
    there = f"/people/training/{course.pk}/change/"
    first = {**GIVEN, "title": "Basics", "deed": "change", "version": 1}
    assert client.post(there, first).status_code == 302
    second = signed_in("owner").post(there, {**first, "title": "Awareness"}).content.decode()
    assert ("Basics" in second, "Awareness" in second, "was changed since" in second) == (True, True, True)
    client.post(there, {"deed": "retire", "version": 2})
    assert "Nothing is yours to do" in signed_in("worker").get("/own/").content.decode()
    client.post(there, {"deed": "back", "version": 3})
    assert "1 thing is yours" in signed_in("worker").get("/own/").content.decode()
