"""Exercises as pages show them: beside the objectives that they were to meet, and when the next of each kind is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assay.audit.incidents import Compared, compared
from assay.audit.risk import next_due
from assay_web.queries.parameters import in_force
from assay_web.records.continuity import RecoveryObjective
from assay_web.records.incidents import Exercise, ExerciseKind

CONTROL_OF = {
    ExerciseKind.TABLETOP: "INC-04",
    ExerciseKind.RESTORE: "AVL-03",
    ExerciseKind.FAILOVER: "AVL-06",
}
"""The control for which an exercise of a kind is evidence."""
EVERY = {
    ExerciseKind.TABLETOP: "incident_exercise_days",
    ExerciseKind.RESTORE: "recovery_exercise_days",
    ExerciseKind.FAILOVER: "continuity_exercise_days",
}
"""The parameter that says how often a kind is held."""


@dataclass(frozen=True, slots=True)
class KindDue:
    """A kind of exercise: the last one, the day by which the next is due (None: none was held yet), and the parameter's days."""

    kind: ExerciseKind
    control: str
    last: Exercise | None
    due: date | None
    days: int

    def is_late(self, today: date) -> bool:
        """Tell whether the next is overdue; where none was held, nothing says since when."""
        return self.due is not None and self.due < today


def kinds_due() -> list[KindDue]:
    """Give each kind with when it is due next."""
    values = in_force()
    standing = list(Exercise.objects.filter(ended=None).order_by("-held", "-pk"))
    found = []
    for kind in ExerciseKind:
        last = next((one for one in standing if one.kind == kind), None)
        days = int(values[EVERY[kind]])
        found.append(KindDue(kind, CONTROL_OF[kind], last, next_due(last.held if last else None, days), days))
    return found


def compared_of(exercise: Exercise) -> tuple[Compared, ...]:
    """Compare what an exercise measured with its system's objectives as they are now; nothing without a system."""
    system = exercise.system
    if system is None:
        return ()
    return compared(
        _number(exercise.recovered_hours),
        _number(exercise.lost_hours),
        float(system.rto_hours),
        float(system.rpo_hours),
    )


def newest_by_system() -> dict[int, Exercise]:
    """Give the newest restore or failover of each system."""
    kinds = [ExerciseKind.RESTORE, ExerciseKind.FAILOVER]
    held = Exercise.objects.filter(ended=None, kind__in=kinds).exclude(system=None)
    return {
        one.system_id: one for one in held.select_related("system").order_by("held", "pk") if one.system_id
    }


def of_system(system: RecoveryObjective) -> list[Exercise]:
    """Give the exercises of a system, the newest first."""
    return list(Exercise.objects.filter(system=system).select_related("system").order_by("-held", "-pk"))


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))
