"""Approvals of risks and of their assessments by the one who asked, beside those of `queries.acceptances`."""

from __future__ import annotations

from django.urls import reverse

from assay_web.queries.approving import Lack
from assay_web.records.registers import LineEvent
from assay_web.records.risks import Assessment, Risk


def risks_alone() -> list[Lack]:
    """Give the risks that the one who rated them accepted: the words of that act are what makes up for it."""
    alone = list(
        Risk.objects.filter(accepted_alone=True, accepted__isnull=False).select_related("accepted_by")
    )
    chosen = [one.pk for one in alone]
    events = LineEvent.objects.filter(register="risk", deed="accepted", line__in=chosen).order_by("entry")
    acts = {one.line: one for one in events}  # the newest stays
    return [
        Lack(
            f"Risk lived with: {one.what}",
            reverse("risks_line", args=[one.pk]),
            str(one.accepted_by),
            one.accepted or one.changed,
            acts[one.pk].said if one.pk in acts else "",
            acts[one.pk].entry if one.pk in acts else None,
        )
        for one in alone
    ]


def assessments_alone() -> list[Lack]:
    """Give the risk assessments that the one who prepared them approved."""
    alone = list(Assessment.objects.filter(alone=True, ended__isnull=False).select_related("approved_by"))
    chosen = [one.pk for one in alone]
    events = LineEvent.objects.filter(register="assessment", deed="approved", line__in=chosen)
    entries = {one.line: one.entry for one in events.order_by("entry")}
    return [
        Lack(
            f"Risk assessment: {one.title}",
            reverse("assessments_line", args=[one.pk]),
            str(one.approved_by),
            one.ended or one.changed,
            one.makes_up,
            entries.get(one.pk),
        )
        for one in alone
    ]
