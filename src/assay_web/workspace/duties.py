"""Every kind of duty and deed that a worker's page shows. A part of the product adds its own by a line here."""

from __future__ import annotations

from assay_web.queries import duties
from assay_web.queries.duties import Deed, Deeds, Duties, Duty, Whose, in_order

DUTIES: tuple[Duties, ...] = (
    duties.courses_to_take,
    duties.tasks_to_do,
    duties.risks_to_decide,
    duties.reviews_to_decide,
    duties.checklists_to_finish,
    duties.machines_to_mend,
)
DEEDS: tuple[Deeds, ...] = (
    duties.courses_taken,
    duties.tasks_done,
)


def duties_of(who: Whose) -> list[Duty]:
    """Give everything that is somebody's to do now, in the order in which it is due."""
    return in_order(one for provider in DUTIES for one in provider(who))


def deeds_of(who: Whose) -> list[Deed]:
    """Give what somebody did, the newest first."""
    return sorted((one for provider in DEEDS for one in provider(who)), key=lambda one: one.on, reverse=True)
