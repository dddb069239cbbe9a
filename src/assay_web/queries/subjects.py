"""What a task or an acceptance is about: a check with some of its items, a gap, or a control, as the newest conclusions show it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from django.urls import reverse

from assay.checks import Check, load_checks
from assay.evidence.canonical import encode
from assay.tables import load_tables
from assay.verification.items import ItemSeen
from assay_web.home import current_home
from assay_web.queries.checks import SOMEONE, items
from assay_web.queries.front import anchor
from assay_web.queries.identities import Matched, matched
from assay_web.queries.standing import Object, Standing
from assay_web.records.reviews import ReviewSystem

Thing = TypeVar("Thing")
NAMED = ("table", "account", "region", "key")
"""What tells an item of a check from every other."""


class Look(StrEnum):
    """What the newest conclusions say of a subject: it is there, it is gone, or nobody can tell."""

    THERE = "there"
    GONE = "gone"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Subject:
    """What something is about. `items` are of a check; `watch` is what else must be gone; `do` and `why` are words to begin with."""

    source: str
    about: str
    title: str
    address: str
    items: tuple[Object, ...] = ()
    watch: tuple[str, ...] = ()
    do: str = ""
    why: str = ""
    personal: bool = False

    @property
    def text(self) -> str:
        """Give what an address says for it."""
        return f"{self.source}:{self.about}"


def item_ref(item: ItemSeen | Object) -> str:
    """Give the short name by which forms say an item; nothing for what was never seen as a record."""
    named = item if isinstance(item, dict) else {name: getattr(item, name) for name in NAMED}
    if named["key"] is None:
        return ""
    return hashlib.sha256(encode([named[name] for name in NAMED])).hexdigest()[:20]


def subject_of(
    found: Standing | None, text: str, refs: Iterable[str] = (), *, deviating: bool = False
) -> Subject | None:
    """Give what `text` names (`check:ID`, `gap:ID`, `control:ID`) with the items of `refs`; None where something of it is not there.

    `deviating` takes items that deviate alone.
    """
    source, _, about = text.partition(":")
    if found is None:
        return None
    match source:
        case "check" if about in found.checks:
            return _of_check(found, about, tuple(dict.fromkeys(refs)), deviating=deviating)
        case "gap" if about in found.gaps:
            return _of_gap(found.gaps[about])
        case "control" if about in found.controls:
            return _of_control(found.controls[about])
    return None


def step_text(step: Object) -> str:
    """Give what a step of the report is about, as addresses say it."""
    source = {"fix": "check", "mend": "gap"}.get(step["kind"], "control")
    return f"{source}:{step['about']}"


def address_of(source: str, about: str) -> str:
    """Give the page of a subject; nothing for a task by hand."""
    match source:
        case "check":
            return reverse("check", args=[about])
        case "gap":
            return f"{reverse('gaps')}#{anchor(about)}"
        case "control":
            return reverse("control", args=[about])
        case "review":
            return reverse("review", args=[about.partition(".")[0]])
    return ""


def title_of(found: Standing | None, source: str, about: str) -> str:
    """Give the words for a subject, also when it is not there any more."""
    if source == "review":
        return review_title(about)
    known: Object = {}
    if found is not None:
        known = {"check": found.checks, "gap": found.gaps, "control": found.controls}.get(source, {})
    one = known.get(about)
    return about if one is None else str(one["statement"] if source == "control" else one["title"])


def review_title(about: str) -> str:
    """Give the words for a system of an access review, `about` its id and the system's number."""
    review, _, number = about.partition(".")
    system = (
        ReviewSystem.objects.filter(review=review, number=int(number or 0)).select_related("review").first()
    )
    return f"Access review “{system.review}”: {system}" if system else about


def shown_items(found: Standing | None, about: str, kept: Sequence[Object], *, named: bool) -> list[Object]:
    """Give kept items with how each reads now, and with its name for those who may see it."""
    if found is None or about not in found.checks:
        return [_shown(one, None, hidden=not named) for one in kept]
    hidden = bool(found.checks[about]["personal"]) and not named
    return [
        _shown(one, match.now, hidden=hidden)
        for one, match in zip(kept, matched(found, about, kept), strict=True)
    ]


def by_ref_now(found: Standing, about: str, kept: Sequence[tuple[Object, Thing]]) -> dict[str, Thing]:
    """Give things by the short names that their kept items of a check have in the newest conclusions; of two, the later."""
    if about not in found.checks:
        return {}
    matches = matched(found, about, [item for item, _ in kept])
    return {
        item_ref(match.now): thing
        for (_, thing), match in zip(kept, matches, strict=True)
        if match.now is not None
    }


def refs_now(found: Standing, about: str, kept: Sequence[Object]) -> set[str]:
    """Give the short names that kept items of a check have in the newest conclusions, of those that are there."""
    return set(by_ref_now(found, about, [(one, None) for one in kept]))


def look_at(found: Standing, source: str, about: str, kept: Sequence[Object], watch: Sequence[str]) -> Look:
    """Tell what the conclusions say of a subject. What is unknown is never gone."""
    match source:
        case "check":
            return _look_at_items(found, about, kept) if kept else _look_at_check(found, about)
        case "gap":
            return _look_at_gap(found, about, watch)
        case "control":
            return _look_at_control(found, about, watch)
    return Look.UNSURE


def sources_of(source: str, about: str) -> frozenset[str]:
    """Give the kinds of sources that have to be collected before a later look at a subject speaks; none where evidence by hand does."""
    match source:
        case "check":
            check = _checks().get(about)
            tables = load_tables(current_home().content)
            return frozenset(tables[one].source for one in check.items) if check else frozenset()
        case "gap":
            return frozenset({about.partition("/")[0]})
    return frozenset()


def _checks() -> dict[str, Check]:
    content = current_home().content
    return dict(load_checks(content, load_tables(content)))


def _of_check(found: Standing, about: str, refs: tuple[str, ...], *, deviating: bool) -> Subject | None:
    one = found.checks[about]
    there = _by_ref(found, about) if refs else {}
    chosen = [there[ref] for ref in refs if ref in there]
    if len(chosen) != len(refs) or (deviating and any(item.conclusion != "DEVIATES" for item in chosen)):
        return None
    step = _step_about(found, about)
    return Subject(
        "check",
        about,
        one["title"],
        address_of("check", about),
        items=tuple(_kept(item, found.entry, personal=one["personal"]) for item in chosen),
        do=step["do"] if step and not chosen else _fix_words(one["title"]),
        why=step["why"] if step and not chosen else one["shows"],
        personal=bool(one["personal"]),
    )


def _of_gap(one: Object) -> Subject:
    return Subject(
        "gap",
        one["id"],
        one["title"],
        address_of("gap", one["id"]),
        watch=tuple(one["checks"]),
        do=f"Let Assay see: {one['title']}",
        why=f"{one['happened']} {one['mend']}",
    )


def _of_control(one: Object) -> Subject:
    return Subject(
        "control",
        one["id"],
        one["statement"],
        address_of("control", one["id"]),
        watch=("evidence",) if _lacks_evidence(one) else (),
        do=(one["next"] or {}).get("do", "") or "Have the control in place",
        why=one["statement"],
    )


def _fix_words(title: str) -> str:
    words = title.split(" ")[0]
    start = (
        title
        if words.isupper() or any(letter.isupper() for letter in words[1:])
        else title[:1].lower() + title[1:]
    )
    return f"Make sure that {start}"


def _step_about(found: Standing, about: str) -> Object | None:
    return next(
        (one for one in found.report["next_steps"] if one["kind"] == "fix" and one["about"] == about), None
    )


def _kept(item: ItemSeen, entry: int, *, personal: bool) -> Object:
    """What is kept of an item: of a person's no name, which is looked up for those who may see it."""
    return {
        "account": item.account,
        "key": item.key,
        "name": "" if personal else item.name,
        "region": item.region,
        "seen": entry,
        "table": item.table,
    }


def _by_ref(found: Standing, about: str) -> dict[str, ItemSeen]:
    return {item_ref(one): one for one in items(found, about, named=True) if one.key is not None}


def _shown(one: Object, now: ItemSeen | None, *, hidden: bool) -> dict[str, Any]:
    name = SOMEONE if hidden else (now.name if now else one["name"] or "an item that is not there any more")
    return {
        "account": "" if hidden else one["account"],
        "conclusion": now.conclusion if now else "",
        "name": name,
        "ref": "" if hidden or now is None else item_ref(now),
        "region": "" if hidden else one["region"],
    }


def _look_at_items(found: Standing, about: str, kept: Sequence[Object]) -> Look:
    """Tell of items. One that deviates keeps all of them there; one that nobody saw, or that was erased, leaves all unsure."""
    if about not in found.checks:
        return Look.UNSURE
    unseen = [
        one for one in items(found, about, named=True) if one.key is None and one.conclusion == "UNKNOWN"
    ]
    said = [
        _conclusion_of(one, match, unseen)
        for one, match in zip(kept, matched(found, about, kept), strict=True)
    ]
    if "DEVIATES" in said:
        return Look.THERE
    return Look.UNSURE if "UNKNOWN" in said else Look.GONE


def _conclusion_of(kept: Object, match: Matched, unseen: Iterable[ItemSeen]) -> str:
    """Give how a kept item reads: one that is gone is not applicable, unless it may be in what was not seen."""
    if match.now is not None:
        return match.now.conclusion
    return "UNKNOWN" if not match.known or any(_covers(one, kept) for one in unseen) else "NOT_APPLICABLE"


def _covers(gap: ItemSeen, one: Object) -> bool:
    """Tell whether what was not seen could hold an item: same table, and no other place."""
    return gap.table == one["table"] and all(
        not getattr(gap, name) or not one[name] or getattr(gap, name) == one[name]
        for name in ("account", "region")
    )


def _look_at_check(found: Standing, about: str) -> Look:
    counts = found.checks[about]["counts"] if about in found.checks else {"DEVIATES": 0, "UNKNOWN": 1}
    if counts["DEVIATES"]:
        return Look.THERE
    return Look.UNSURE if counts["UNKNOWN"] else Look.GONE


def _look_at_gap(found: Standing, about: str, watch: Sequence[str]) -> Look:
    if about in found.gaps:
        return Look.THERE
    source = about.partition("/")[0]
    others = any(one["source"] == source and set(watch) & set(one["checks"]) for one in found.gaps.values())
    return Look.UNSURE if others else Look.GONE


def _look_at_control(found: Standing, about: str, watch: Sequence[str]) -> Look:
    one = found.controls.get(about)
    if one is None:
        return Look.UNSURE
    if one["state"] in {"in place", "not relevant"}:
        return Look.GONE
    if "evidence" in watch:
        return Look.THERE if _lacks_evidence(one) else Look.GONE
    return Look.UNSURE if one["state"] == "unknown" else Look.THERE


def _lacks_evidence(one: Object) -> bool:
    return any(missing.get("kind") == "evidence" for missing in one["missing"])
