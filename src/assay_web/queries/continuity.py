"""Recovery objectives beside what exercises measured, and what the checks show of backups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assay.audit.incidents import Compared
from assay_web.queries.exercises import compared_of, newest_by_system
from assay_web.queries.standing import Object, Standing
from assay_web.records.continuity import RecoveryObjective
from assay_web.records.incidents import Exercise

BACKUPS = ("AVL-02", "AVL-03", "AVL-04")
"""The controls on backups: their checks are the coverage that a page links to."""


@dataclass(frozen=True, slots=True)
class Proven:
    """A system's newest exercise beside its objectives; None where none measured it."""

    exercise: Exercise | None
    compared: tuple[Compared, ...]

    @property
    def met(self) -> bool | None:
        """Tell whether the objectives were met; None where nothing was measured."""
        return all(one.met for one in self.compared) if self.compared else None


def proven(systems: Iterable[RecoveryObjective]) -> dict[int, Proven]:
    """Give what exercises showed of systems, by key."""
    newest = newest_by_system()
    return {
        one.pk: Proven(held, compared_of(held)) if (held := newest.get(one.pk)) else Proven(None, ())
        for one in systems
    }


def backup_checks(found: Standing | None) -> list[Object]:
    """Give the checks on backups as they conclude now, the worst first."""
    if found is None:
        return []
    checks = [one for one in found.report["checks"] if set(one["controls"]) & set(BACKUPS)]
    return sorted(checks, key=lambda one: (-one["counts"]["DEVIATES"], -one["counts"]["UNKNOWN"], one["id"]))
