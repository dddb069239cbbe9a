"""Verbs on risks and assessments beyond those of every register. Each is one act; what enters as evidence is an entry of its own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils import timezone

from assay.audit.risk import lacks, last_day_of_acceptance, level_of
from assay.catalogue import Acceptable, load_risks
from assay.errors import AssayError
from assay.evidence.canonical import encode
from assay.evidence.manual import Attachment, Covers, How, ManualEvidence, Method, Recurs
from assay.home.manual import add_evidence
from assay_web.access import May
from assay_web.home import current_home
from assay_web.queries.parameters import whole
from assay_web.queries.risks import register_as_it_stands, root_of, suggestions
from assay_web.records.accounts import Account
from assay_web.records.risks import Assessment, AssessmentState, Risk, TreatmentChoice
from assay_web.services import registers
from assay_web.services.approving import segregation
from assay_web.services.concluding import conclude_soon
from assay_web.services.registers import changing, import_lines, unmoved

CONTROL = "RSK-01"
"""The control for which an approved assessment is evidence."""


class RiskError(AssayError):
    """Something cannot be done to a risk or an assessment; the sentence says why and what to do."""


def take_suggested(ids: Collection[str], *, by: Account) -> list[Risk]:
    """Add starting risks that a person chose, without a rating: one act over the root of what they say. Raises RiskError where none was chosen."""
    chosen = [one for one in suggestions() if one.id in ids]
    if not chosen:
        raise RiskError("Nothing was chosen that is not in the register already. Choose at least one.")
    says = [
        {
            "what": one.what,
            "cause": one.cause,
            "hits": one.hits,
            "category": one.category.value,
            "controls": one.controls,
            "origin": one.id,
        }
        for one in chosen
    ]
    return import_lines(Risk, says, by=by)


def accept(risk: Risk, *, version: int, by: Account, said: str) -> None:
    """Accept what is left of a risk, up to the last day that its level allows. Who last changed the risk counts as the one who asked.

    Raises RiskError where there is nothing to accept or nobody may, SegregationError where another has to, LineMovedError.
    """
    with transaction.atomic():
        found = unmoved(risk, version)
        until = _last_day(found)
        if not said.strip():
            raise RiskError("Say why the company lives with this risk.")
        asked_by = found.changed_by or by
        apart = segregation(May.APPROVE_ACCEPTANCE, by=by, asked_by=asked_by, makes_up=said)
        scores = [found.residual_likelihood, found.residual_impact]
        details = {
            "rating": scores,
            "until": until.isoformat(),
            "why": said,
            "asked_by": asked_by.actor,
            **apart,
        }
        with changing(risk, "accepted", version=version, by=by, said=said, **details) as one:
            one.accepted, one.accepted_by = timezone.now(), by
            one.accepted_as, one.accepted_until, one.accepted_alone = scores, until, bool(apart)


def _last_day(risk: Risk) -> date:
    level = level_of(load_risks(current_home().content).method, risk.residual)
    if risk.treatment != TreatmentChoice.ACCEPT or level is None:
        raise RiskError(
            f"{risk} is not to be accepted as it stands: choose that treatment and rate what is left of it first."
        )
    until = last_day_of_acceptance(
        level,
        timezone.localdate(),
        assessment_days=whole("risk_assessment_days"),
        exception_days=whole("exception_max_days"),
    )
    if until is None:
        raise RiskError(
            f"{risk} is {level.name}, which nobody may accept. Treat it, pass it on, or stop what causes it."
        )
    if level.accept is Acceptable.ITS_OWNER:
        raise RiskError(f"{risk} is {level.name}: its owner may live with it, and no approval is asked for.")
    return until


def change_assessment(line: Assessment, says: registers.Says, *, version: int, by: Account) -> Assessment:
    """Change what an assessment says while it is being worked through. Raises RiskError where it waits for approval, LineMovedError."""
    if line.state == AssessmentState.PREPARED:
        raise RiskError(f"{line} waits for approval. Send it back first; then it can be changed.")
    return registers.change(line, says, version=version, by=by)


def prepare(assessment: Assessment, *, version: int, by: Account) -> None:
    """Say that an assessment is worked through: from now on it waits for approval. Raises RiskError with what is lacking, LineMovedError."""
    with transaction.atomic():
        found = unmoved(assessment, version)
        _refuse_unless(found, AssessmentState.BEGUN)
        if missing := [*_missing_answers(found), *_missing_of_risks()]:
            more = f" And {len(missing) - 5} more." if len(missing) > 5 else ""
            raise RiskError(f"This is not ready: {'; '.join(missing[:5])}.{more}")
        with changing(assessment, "prepared", version=version, by=by) as one:
            one.state, one.prepared_by, one.prepared = AssessmentState.PREPARED, by, timezone.now()


def send_back(assessment: Assessment, *, version: int, by: Account, why: str) -> None:
    """Send an assessment back to be worked on, with a reason. Raises RiskError where it does not wait for approval, LineMovedError."""
    with transaction.atomic():
        _refuse_unless(unmoved(assessment, version), AssessmentState.PREPARED)
        if not why.strip():
            raise RiskError("Say what is to be worked on.")
        with changing(assessment, "sent_back", version=version, by=by, said=why, why=why) as one:
            one.state = AssessmentState.BEGUN


def approve(assessment: Assessment, *, version: int, by: Account, seen: str, said: str = "") -> None:
    """Approve an assessment: its lines freeze as they stand, and the act holds their root. `seen` is the root of the lines that the approver saw.

    Raises RiskError where it does not wait or the register changed since, SegregationError where another has to approve, LineMovedError.
    """
    with transaction.atomic():
        found = unmoved(assessment, version)
        _refuse_unless(found, AssessmentState.PREPARED)
        lines = register_as_it_stands()
        root = root_of(lines)
        if root != seen:
            raise RiskError(
                "A risk changed since you opened this page. Look at the lines below again, then decide."
            )
        if missing := _missing_of_risks():
            raise RiskError(f"This is no longer ready: {'; '.join(missing[:5])}. Send it back.")
        prepared_by = found.prepared_by or by
        apart = segregation(May.APPROVE_ACCEPTANCE, by=by, asked_by=prepared_by, makes_up=said)
        details = {"root": root, "rows": len(lines), "prepared_by": prepared_by.actor, "text": said, **apart}
        with changing(assessment, "approved", version=version, by=by, said=said, **details) as one:
            one.state, one.approved_by, one.alone, one.makes_up = (
                AssessmentState.APPROVED,
                by,
                bool(apart),
                said,
            )
            one.ended, one.why_ended = timezone.now(), said or "Approved as it stood."
            one.lines, one.root = lines, root


def enter_as_evidence(assessment: Assessment, *, by: Account) -> int:
    """Enter an approved assessment as evidence for the control that asks for it, with its period; gives the entry. Raises RiskError where it is none or entered already."""
    if assessment.state != AssessmentState.APPROVED or assessment.evidence is not None:
        raise RiskError("Only an approved assessment enters as evidence, and only once.")
    home = current_home()
    content = encode({"assessment": str(assessment), "lines": assessment.lines, "root": assessment.root})
    kept = Attachment(
        home.evidence.put_object(content), f"risk-assessment-{assessment.pk}.json", len(content)
    )
    with transaction.atomic():
        entry, _ = add_evidence(home, _evidence(assessment, by, kept))
        Assessment.objects.filter(pk=assessment.pk, evidence=None).update(evidence=entry)
        conclude_soon(by=by)
    return entry


def _evidence(assessment: Assessment, by: Account, kept: Attachment) -> ManualEvidence:
    return ManualEvidence(
        by=by.actor,
        control=CONTROL,
        shows=f"Risk assessment {assessment} with {len(assessment.lines)} risks was approved and frozen.",
        observed=assessment.ended or timezone.now(),
        captured_by=(assessment.approved_by or by).actor,
        how=How(Method.RECORD),
        covers=Covers(assessment.first, assessment.last),
        recurs=Recurs(whole("risk_assessment_days")),
        attachment=kept,
        note=f"Root over its lines: {assessment.root}.",
    )


def _missing_answers(found: Assessment) -> list[str]:
    asked = {
        "the question on fraud has no answer": found.fraud,
        "the question on change has no answer": found.change_said,
        "it does not say how many took part": found.people,
    }
    return [words for words, given in asked.items() if not given]


def _missing_of_risks() -> list[str]:
    method, today = load_risks(current_home().content).method, timezone.localdate()
    risks = list(Risk.objects.filter(ended=None).order_by("pk"))
    if not risks:
        return ["the register holds no risk"]
    return [f"{one} {words}" for one in risks for words in lacks(method, one.rated, today)]


def _refuse_unless(found: Assessment, state: AssessmentState) -> None:
    if found.state != state:
        raise RiskError(f"{found} reads “{found.get_state_display()}” by now. Look at it below.")
