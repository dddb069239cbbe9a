"""Finding things by words or id: every word must be there; ids and titles that begin with them come first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from django.urls import reverse

from assay.catalogue import load_help
from assay_web.home import current_home
from assay_web.queries.standing import Standing
from assay_web.records.incidents import Incident
from assay_web.records.risks import Risk
from assay_web.records.vendors import Vendor

MOST = 60


@dataclass(frozen=True, slots=True)
class Found:
    """Something found: what kind of thing, its words, its id, where it is; `more` is searched too and not shown."""

    kind: str
    words: str
    id: str
    address: str
    more: str = ""


def find(standing: Standing | None, words: str) -> list[Found]:
    """Give what holds every word, best first; at most MOST."""
    wanted = words.casefold().split()
    known = chain(_everything(standing) if standing else (), _vendors(), _risks(), _help())
    hits = [one for one in known if all(word in _text(one) for word in wanted)]
    start = words.casefold()
    hits.sort(
        key=lambda one: (
            one.id.casefold() != start,
            not one.id.casefold().startswith(start),
            not one.words.casefold().startswith(start),
        )
    )
    return hits[:MOST]


def _everything(standing: Standing) -> Iterator[Found]:
    for one in standing.report["criteria"]:
        yield Found("Criterion", one["gist"], one["id"], reverse("criterion", args=[one["id"]]))
    for one in standing.report["controls"]:
        yield Found("Control", one["statement"], one["id"], reverse("control", args=[one["id"]]))
    for one in standing.report["checks"]:
        yield Found("Check", one["title"], one["id"], reverse("check", args=[one["id"]]))
        for item in (*one["deviating"], *one["unknown"]):
            if item.get("name"):
                yield Found(
                    "Item",
                    f"{item['name']}: {one['title']}",
                    item.get("key", ""),
                    reverse("check", args=[one["id"]]),
                )


def _vendors() -> Iterator[Found]:
    """Vendors by name and what they do; their contacts are not searched."""
    for one in Vendor.objects.prefetch_related(None).order_by("pk"):
        yield Found("Vendor", one.name, str(one), reverse("vendors_line", args=[one.pk]), one.does)


def _risks() -> Iterator[Found]:
    """Risks and incidents, the ended ones too. The reporter of an incident is not searched."""
    for risk in Risk.objects.only("pk", "what", "cause", "hits"):
        yield Found(
            "Risk", risk.what, str(risk), reverse("risks_line", args=[risk.pk]), f"{risk.cause} {risk.hits}"
        )
    for one in Incident.objects.only("pk", "title", "happened", "systems"):
        address = reverse("incidents_line", args=[one.pk])
        yield Found("Incident", one.title, str(one), address, f"{one.happened} {one.systems}")


def _help() -> Iterator[Found]:
    for one in load_help(current_home().content).topics.values():
        yield Found("Help", one.question, one.id, f"{reverse('help')}#{one.id}", one.answer)


def _text(one: Found) -> str:
    return f"{one.id} {one.words} {one.more}".casefold()
