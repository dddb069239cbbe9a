"""Verbs on vendors beside those of every register: signing a review, and leaving one step by step. Each is one act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from assay.audit.vendor_exit import EXIT_WORDS, ExitStep, before, left
from assay.catalogue import load_catalogue
from assay.catalogue.questionnaires import Reply, Tier, questionnaire_for
from assay.errors import AssayError
from assay.evidence.canonical import Json
from assay.evidence.manual import Attachment, Method
from assay_web.home import current_home
from assay_web.queries.vendor_exit import access_shown
from assay_web.queries.vendors import DAYS_OF, open_points, see
from assay_web.records.accounts import Account
from assay_web.records.registers import LineEvent
from assay_web.records.vendors import Conclusion, Stage, Vendor, VendorReport, VendorReview
from assay_web.services import registers
from assay_web.services.evidence import add_kept, kept
from assay_web.services.registers import changing
from assay_web.services.tasks import Wanted, make_tasks

BEFORE_USE, EXITS = "VEN-02", "VEN-07"
"""The controls that a review before first use, and an exit, show."""
LONGEST_NOTE = 10_000


class VendorError(AssayError):
    """Something cannot be done to a vendor; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to a question, by its id, with a note."""

    question: str
    reply: Reply
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review as it is signed: the days that it looks at, answers, what it came to and in which words, conditions as tasks until a day, the report that was read."""

    starts: date
    ends: date
    answers: tuple[Answer, ...]
    conclusion: Conclusion
    says: str
    conditions: tuple[str, ...] = ()
    due: date | None = None
    report: VendorReport | None = None


def review(
    vendor: Vendor, given: Reviewed, *, version: int, by: Account, file: UploadedFile[Any] | None = None
) -> VendorReview:
    """Sign a review of the vendor that was read as `version`. Raises VendorError and LineMovedError.

    1. What is not answered or judged is said. 2. The file is durable first. 3. The review's act. 4. Its conditions become tasks, by an act of their own.
    5. It enters as evidence for the control that asks for it, where there is one.
    """
    see([vendor])
    tier = vendor.seen.tier
    answers = _answers(given, tier)
    _refuse_unjudged(given)  # 1
    attachment = None if file is None else kept(current_home(), file)  # 2
    details: dict[str, Any] = {
        "answers": answers,
        "conclusion": given.conclusion.value,
        "conditions": list(given.conditions),
        "period": {"from": given.starts.isoformat(), "to": given.ends.isoformat()},
        "report": given.report and str(given.report),
        "says": given.says,
        "tier": tier.value,
    }
    with transaction.atomic():
        with changing(vendor, "reviewed", version=version, by=by, said=given.says, **details):
            pass  # 3
        entry = _newest_entry(vendor)
        tasks = _tasks(vendor, given, by)  # 4
        made = VendorReview(
            vendor=vendor, report=given.report, on=timezone.localdate(), starts=given.starts, ends=given.ends, tier=tier,
            questionnaire=questionnaire_for(current_home().content, tier).id, answers=answers, tasks=tasks, by=by,
            conclusion=given.conclusion, says=given.says, conditions=list(given.conditions), entry=entry,
        )  # fmt: skip
        made.control = _control(vendor, tier)
        if made.control:
            made.evidence = _evidence(made, vendor, attachment, by)  # 5
        made.save(force_insert=True)
    return made


def _answers(given: Reviewed, tier: Tier) -> list[Json]:
    questions = questionnaire_for(current_home().content, tier).questions
    said = {one.question: one for one in given.answers}
    if any(one.id not in said for one in questions):
        raise VendorError("Some questions are not answered. “Not known” is an answer, too, and no yes.")
    return [
        {"ask": one.ask, "note": said[one.id].note, "question": one.id, "reply": said[one.id].reply.value}
        for one in questions
    ]


def _refuse_unjudged(given: Reviewed) -> None:
    """A report counts as read once each exception is judged and each expectation mapped."""
    if given.report is not None and (points := open_points(given.report)):
        raise VendorError(f"{' '.join(points)} Do that on the report’s page, then sign.")
    if given.conclusion is Conclusion.CONDITIONS and not given.conditions:
        raise VendorError("Name the conditions, one a line: each becomes a task.")


def _newest_entry(vendor: Vendor) -> int:
    events = LineEvent.objects.filter(register=vendor.register(), line=vendor.pk)
    return events.order_by("-entry").values_list("entry", flat=True)[0]


def _tasks(vendor: Vendor, given: Reviewed, by: Account) -> list[str]:
    wanted = [
        Wanted(
            f"{vendor.name}: {one}"[:300],
            f"A condition of the review of {vendor.name} ({vendor}) on {timezone.localdate().isoformat()}.",
            owner=vendor.owner,
            due=given.due,
        )
        for one in given.conditions
    ]
    return [one.pk for one in make_tasks(wanted, by=by)] if wanted else []


def _control(vendor: Vendor, tier: Tier) -> str:
    """Give the control that a review shows: that on new vendors before it is used, that on critical ones for the high tier, otherwise none."""
    controls = load_catalogue(current_home().content)
    if vendor.stage == Stage.CONSIDERED and vendor.leaving is None:
        return BEFORE_USE if BEFORE_USE in controls.controls else ""
    return controls.parameters[DAYS_OF[Tier.HIGH]].controls[0] if tier is Tier.HIGH else ""


def _evidence(made: VendorReview, vendor: Vendor, attachment: Attachment | None, by: Account) -> int:
    read = "no assurance report was read" if made.report is None else f"its {made.report.name} was read"
    given = {
        "shows": f"{vendor.name} ({made.get_tier_display().lower()} tier) was reviewed; {read}. {made.get_conclusion_display()}.",
        "observed": timezone.now(),
        "method": Method.RECORD.value,
        "note": _note(made),
        "covers_from": made.starts,
        "covers_to": made.ends,
        "every_days": vendor.seen.days,
    }
    return add_kept(by=by, control=made.control, given=given, attachment=attachment)[0]


def _note(made: VendorReview) -> str:
    """Write the review out, as far as a note holds it; the act holds all of it."""
    lines = [
        f"{made.get_conclusion_display()}: {made.says}",
        *(f"Condition: {one}" for one in made.conditions),
    ]
    lines += [
        f"{one['ask']} {one['reply'].replace('_', ' ').capitalize()}. {one['note']}".strip()
        for one in made.answers
    ]
    text = "\n".join(lines)
    end = f"\n… The whole is in ledger entry {made.entry}."
    return text if len(text) <= LONGEST_NOTE else text[: LONGEST_NOTE - len(end)] + end


def begin_exit(vendor: Vendor, why: str, *, version: int, by: Account) -> None:
    """Begin to leave a vendor. Raises LineMovedError and VendorError."""
    if vendor.leaving is not None:
        raise VendorError("Its off-boarding has begun already; its steps are below.")
    with changing(vendor, "exit_begun", version=version, by=by, said=why, why=why) as found:
        found.leaving, found.why_leaving, found.steps = timezone.now(), why, {}


def stop_exit(vendor: Vendor, why: str, *, version: int, by: Account) -> None:
    """Stay with a vendor after all: what was done of its off-boarding stays in the history. Raises LineMovedError and VendorError."""
    _refuse_unless_leaving(vendor)
    with changing(vendor, "exit_stopped", version=version, by=by, said=why, why=why) as found:
        found.leaving, found.why_leaving, found.steps = None, "", {}


def do_step(
    vendor: Vendor,
    step: ExitStep,
    said: str,
    *,
    version: int,
    by: Account,
    file: UploadedFile[Any] | None = None,
) -> None:
    """Say that a step of leaving is done. Raises LineMovedError, and VendorError where sources still show the access, or another step comes first.

    1. What sources show outweighs what is said. 2. The file is durable first. 3. The step's act. 4. Data that was returned or destroyed is evidence.
    """
    _refuse_unless_leaving(vendor)
    if (first := before(step, vendor.steps)) is not None:
        raise VendorError(f"One step comes before: {EXIT_WORDS[first]}")
    shown = _shown_of(vendor) if step is ExitStep.ACCESS else ""  # 1
    attachment = None if file is None else kept(current_home(), file)  # 2
    with transaction.atomic():
        details: dict[str, Any] = {"step": step.value, **({"shown": shown} if shown else {})}
        evidence = _exit_evidence(vendor, said, attachment, by) if step is ExitStep.DATA else None  # 4
        with changing(
            vendor, "step_done", version=version, by=by, said=said, text=said, **details
        ) as found:  # 3
            done = {"by": by.actor, "on": timezone.localdate().isoformat(), "said": said, "shown": shown}
            found.steps = {
                **found.steps,
                step.value: done | ({"evidence": evidence} if evidence is not None else {}),
            }


def _shown_of(vendor: Vendor) -> str:
    """Give what sources show of ended access; nothing where none can show it. Raises VendorError where it is still there or was not looked at since."""
    shown = access_shown(vendor)
    if shown.still:
        raise VendorError(
            f"The newest collection still shows {', '.join(shown.still)}. End that access; the collection after it shows that it is gone."
        )
    if shown.unseen:
        raise VendorError(
            f"Nothing was collected since that could show whether {', '.join(shown.unseen)} is gone. Collect first."
        )
    return shown.says


def _exit_evidence(vendor: Vendor, said: str, attachment: Attachment | None, by: Account) -> int | None:
    if EXITS not in load_catalogue(current_home().content).controls:
        return None
    access = vendor.steps[ExitStep.ACCESS.value]
    given = {
        "shows": f"{vendor.name} was left: its access ended, and our data was returned or destroyed.",
        "observed": timezone.now(),
        "method": Method.RECORD.value,
        "note": f"Access, {access['on']}: {access['said']} {access['shown']}\nData: {said}",
    }
    return add_kept(by=by, control=EXITS, given=given, attachment=attachment)[0]


def finish(vendor: Vendor, why: str, *, version: int, by: Account) -> None:
    """End a vendor: at once what was only considered, otherwise after every step of leaving it. Raises VendorError and LineMovedError."""
    if vendor.leaving is None and vendor.stage == Stage.IN_USE:
        raise VendorError(
            f"{vendor.name} is in use. Begin its off-boarding first; it ends with the last step."
        )
    if vendor.leaving is not None and (open_steps := left(vendor.steps)):
        raise VendorError(f"Still to do: {' '.join(EXIT_WORDS[one] for one in open_steps)}")
    registers.end(vendor, why, version=version, by=by)


def _refuse_unless_leaving(vendor: Vendor) -> None:
    if vendor.leaving is None:
        raise VendorError("Its off-boarding has not begun. Begin it first, with the reason.")
