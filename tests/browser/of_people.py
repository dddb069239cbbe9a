"""What the walk over every page needs of people: a course, a checklist, and a worker of the demonstration's list."""

from __future__ import annotations


def prepare() -> dict[str, str]:
    """Make them by their services; gives their ids."""
    from django.utils import timezone

    from assay_web.queries.standing import company_zone
    from assay_web.queries.workers import register_now
    from assay_web.records.accounts import Account
    from assay_web.records.people import ChecklistKind, MatchKind
    from assay_web.services.checklists import start
    from assay_web.services.people import match_account
    from assay_web.services.training import Given, give_course, prove

    timezone.activate(company_zone())
    lead = Account.objects.get(role="lead")
    people = register_now()
    leaver = next(one for one in people.workers if one.has_left)
    here = next(one for one in people.workers if not one.has_left)
    given = Given(
        "Security basics", "https://learn.example", ("HRS-04",), True, (), (), True, timezone.localdate()
    )
    course = give_course(given, by=lead)
    prove(course, email=here.email, finished=timezone.localdate(), said="I passed.", file=None, by=lead)
    day = timezone.localdate(leaver.ended)
    checklist = start(kind=ChecklistKind.LEAVER, email=leaver.email, day=day, found=True, by=lead)
    service = people.unmatched[0]
    match_account(service, kind=MatchKind.SERVICE, email=here.email, reason="Copies meetings.", by=lead)
    return {"checklist": checklist.pk, "course": course.pk, "person": here.ref}
