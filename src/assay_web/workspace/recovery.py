"""Recovery objectives by system, beside what exercises measured and what the checks show of backups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from assay_web.access import May
from assay_web.queries import continuity as queries
from assay_web.queries.exercises import compared_of, of_system
from assay_web.queries.standing import standing
from assay_web.records.continuity import RecoveryObjective
from assay_web.workspace.incident_forms import RecoveryForm
from assay_web.workspace.registers import Register


def _listing(request: HttpRequest, lines: Sequence[RecoveryObjective]) -> dict[str, Any]:
    shown = queries.proven(lines)
    held = [shown[one.pk] for one in lines if one.ended is None]
    return {
        "checks": queries.backup_checks(standing()),
        "missed": sum(one.met is False for one in held),
        "proven": shown,
        "unproven": sum(one.met is None for one in held),
    }


def _showing(request: HttpRequest, line: RecoveryObjective) -> dict[str, Any]:
    return {"exercises": [(one, compared_of(one)) for one in of_system(line)]}


RECOVERY = Register(
    model=RecoveryObjective,
    form=RecoveryForm,
    name="recovery",
    one="system",
    many="recovery objectives",
    title="system",
    columns=("tier", "rto_hours", "rpo_hours", "owner"),
    dek="How soon each system has to be back, how much data it may lose, and what an exercise measured. An objective that nobody has tried is a wish.",
    empty="Begin with what customers would miss first. An owner, the lead or an engineer adds it.",
    writes=May.DO_TASKS,
    end="Retire it",
    filters={
        "first to come back": lambda one: getattr(one, "tier", 0) == 1,
        "without owner": lambda one: getattr(one, "owner_id", None) is None,
    },
    listing=_listing,
    showing=_showing,
    list_template="workspace/risks/recovery.html",
    row_template="workspace/risks/recovery_row.html",
    show_template="workspace/risks/recovery_system.html",
)
