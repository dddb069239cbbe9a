"""The facts that the five classic mistakes are watched by, each from where it stands, with the addresses of what shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise

from django.urls import reverse
from django.utils import timezone

from assay.audit.mistakes import Answer, Facts, Mistake, mistakes
from assay.audit.quiet import Quiet, quiet_sources
from assay.catalogue import Boundary, Kind, Scope, load_catalogue
from assay.catalogue.vocabulary import EvidenceKind
from assay.evidence.canonical import parse_instant
from assay.evidence.gaps import Reason
from assay.home import Home
from assay.home.judging import SCOPE
from assay.home.settings import history
from assay.home.sources import sources
from assay_web.home import current_home
from assay_web.memory import remembered
from assay_web.queries.found import found_parts
from assay_web.queries.past import Collected, collections
from assay_web.queries.planning import scope_now
from assay_web.queries.recurring import calendar
from assay_web.queries.scope_page import scope_page
from assay_web.queries.standing import Object, Standing, standing
from assay_web.queries.vendors import scope_names, vendors_ignored
from assay_web.records.auditor import Auditor

PLACES = {
    "readiness": ("home", ""),
    "missing": ("controls", "?state=missing"),
    "partly": ("controls", "?state=partly"),
    "undocumented": ("controls", "?state=missing"),
    "plan": ("plan", ""),
    "vendors": ("scope", ""),
    "vendor_reviews": ("vendors", ""),
    "calendar": ("calendar", ""),
    "late": ("calendar", "?show=late"),
    "missed": ("calendar", "?show=missed"),
    "sources": ("sources", ""),
    "scope": ("scope", ""),
    "versions": ("scope_versions", ""),
}
"""Where what a sign speaks of is shown."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A mistake with each of its signs, and the address of what shows it."""

    mistake: Mistake
    signs: tuple[tuple[str, str, bool], ...]


def watched() -> list[Watched]:
    """Give the five, with what shows each."""
    found = mistakes(facts())
    return [
        Watched(one, tuple((sign.says, _address(sign.place), sign.counts) for sign in one.signs))
        for one in found
    ]


def signs_now() -> list[Watched]:
    """Give those of which there are signs."""
    return [one for one in watched() if one.mistake.answer is Answer.SIGNS]


def _address(place: str) -> str:
    name, query = PLACES[place]
    return reverse(name) + query


def facts() -> Facts:
    """Gather what the five rest on. All but whether collecting is quiet comes of acts, so it is gathered once for each entry and day."""
    home = current_home()
    found = _facts(home.id, str(home.path), home.ledger.size(), timezone.localdate())
    return replace(found, quiet=bool(quiet_now()))


@remembered(4)
def _facts(home_id: str, path: str, size: int, today: date) -> Facts:
    """1. The newest look. 2. Vendors. 3. Recurring duties. 4. The scope."""
    scope, found = scope_now(), standing()
    if scope is None:
        return Facts()
    counted = calendar()
    duties = counted.duties if counted else ()
    undecided, grown = _scope_grew(scope)
    report = found.report if found else None
    return Facts(
        judged=report is not None,  # 1
        missing=int(report["counts"]["missing"]) if report else 0,
        unknown=int(report["counts"]["unknown"]) if report else 0,
        chosen=Auditor.objects.exists(),
        undocumented=_undocumented(found) if found else 0,
        stated=sum(map(_by_word_alone, report["controls"])) if report else 0,
        vendors=_named_vendors(scope),  # 2
        uncovered=tuple(_uncovered(scope)),
        unreviewed=tuple(one.name for one in vendors_ignored()),
        duties=len(duties),  # 3
        late=sum(one.standing.late for one in duties),
        missed=sum(one.standing.missed for one in duties),
        over=sum(one.standing.expected for one in duties),
        connected=len(sources(current_home())),  # 4
        undecided=undecided,
        grown=grown,
    )


def quiet_now(now: datetime | None = None) -> tuple[Quiet, ...]:
    """Give the sources without a complete collection for 26 hours. Lists are imported by hand, so they are never quiet."""
    home = current_home()
    newest: dict[str, datetime] = {}
    for one in reversed(list(collections())):
        if one.source not in newest and _is_complete(home, one):
            newest[one.source] = parse_instant(one.ended)
    since = dict(
        home.database.rows("select id, connected from source where disconnected is null and kind <> 'file'")
    )
    given = [(name, newest.get(name), parse_instant(connected)) for name, connected in sorted(since.items())]
    return quiet_sources(given, now or timezone.now())


def _is_complete(home: Home, one: Collected) -> bool:
    """Tell whether a collection left nothing out but what the vendor's plan does not give, which no further try would bring."""
    if not one.gaps:
        return True
    gaps = home.ledger.body(home.ledger.entry(one.entry))["gaps"]
    return all(gap["reason"] in {Reason.UNAVAILABLE, Reason.NOT_ENABLED} for gap in gaps)


def _undocumented(found: Standing) -> int:
    """Count the controls that a document or a record shows and that have neither, by the newest look."""
    catalogue = load_catalogue(current_home().content)
    asking = {
        one.id
        for one in catalogue.controls.values()
        if one.evidence_kind in {EvidenceKind.DOCUMENT, EvidenceKind.RECORD}
        and one.kind is not Kind.CONFIGURATION
    }
    return sum(one["id"] in asking and one["state"] == "missing" for one in found.report["controls"])


def _by_word_alone(control: Object) -> bool:
    """Tell whether all that shows a control are the company's own answers."""
    shown = control["shown_by"]
    return bool(shown) and all(
        one["kind"] == "evidence" and one["say"].startswith("The company says: ") for one in shown
    )


def _named_vendors(scope: Scope) -> int | None:
    if scope.boundary is None and not scope.carve_outs:
        return None
    return len(scope_names(scope))


def _uncovered(scope: Scope) -> Iterable[str]:
    """Name the subservice organizations of the boundary of which no control is expected."""
    expected = {one.provider.casefold() for one in scope.carve_outs if any(map(str.strip, one.expected))}
    for one in (scope.boundary or Boundary()).vendors:
        if one.relation.value == "subservice" and one.name.casefold() not in expected:
            yield one.name


def _scope_grew(scope: Scope) -> tuple[int | None, int]:
    """Give how many found parts are neither in nor out (None where nothing was found), and how many versions added parts, vendors or categories."""
    undecided = scope_page(scope).undecided if found_parts() else None
    every = [Scope.from_object(one.value) for one in history(current_home(), SCOPE)]
    grown = sum(_larger(before, after) for before, after in pairwise(every))
    return undecided, grown


def _larger(before: Scope, after: Scope) -> bool:
    return not _inside(after) <= _inside(before)


def _inside(scope: Scope) -> set[tuple[str, str]]:
    boundary = scope.boundary or Boundary()
    return {
        *(("category", str(one)) for one in scope.categories),
        *(("part", one.key or one.name.casefold()) for one in boundary.things if one.inside),
        *(("data", one) for one in boundary.data_kinds),
    }


__all__ = ["facts", "quiet_now", "signs_now", "watched"]
