"""The middle of the HTML report: the six families, each criterion, what came since the start, and every control as worded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from assay.documents.html_parts import Page, anchor, group, link, links, opening, section, table
from assay.documents.marks import STATES, bar, mark, state
from assay.documents.markup import Child, Html, element
from assay.documents.plain import day
from assay.documents.sentences import CriteriaGroup, criteria_groups, shown_words

MOST_TOLD = 3


def families(page: Page) -> Html | None:
    """The six families of technical control, with what no connected source can show."""
    if not page.report["families"]:
        return None
    lead = element(
        "p",
        "What is read from settings and records, and beside it what no connected source can show: that part is answered by hand or not at all.",
    )
    heads = ("State", "Family", "Controls", "No connected source can show")
    rows = [_family(one) for one in page.report["families"]]
    return section(
        "families", "The six families of technical control", lead, table(heads, [rows], "families")
    )


def _family(one: Mapping[str, Any]) -> Html:
    name = [element("strong", one["title"]), element("br"), element("span", one["say"], class_="small soft")]
    beyond = element("ul", [element("li", said) for said in one["beyond"]])
    return element(
        "tr",
        element("td", state(one["state"])),
        element("th", name, scope="row"),
        element("td", bar(one["counts"], "control", thin=True), class_="bar-col"),
        element("td", beyond, class_="small soft", data_head="No source shows:"),
    )


def criteria(page: Page) -> Html:
    """Each criterion: its state, the controls that serve it, what is missing, the next step."""
    groups = criteria_groups(page.report["criteria"])
    bodies = [[group(one.title, 4) if len(groups) > 1 else None, *_criteria(one)] for one in groups]
    lead = element(
        "p", "Each criterion with the state of the controls that serve it. The gists are in our own words."
    )
    heads = ("State", "Criterion", "Controls", "Missing, unknown and next")
    return section("criteria", "By criterion", lead, table(heads, bodies, "criteria"))


def _criteria(one: CriteriaGroup) -> list[Html]:
    if not one.folded:
        return [_criterion(member) for member in one.told]
    words = [f"{len(one.folded)} criteria: ", element("span", ", ".join(one.folded), class_="soft")]
    cells = [
        element("td", state("not relevant")),
        element("th", words, scope="row"),
        element("td"),
        element("td", one.reason, class_="small soft"),
    ]
    return [element("tr", cells)]


def _criterion(one: Mapping[str, Any]) -> Html:
    words: list[Child] = [
        element("span", one["gist"], class_="words"),
        " ",
        element("span", one["id"], class_="id"),
    ]
    if one["state"] != "not relevant":
        words += [element("br"), element("span", shown_words(one["shown_by"]), class_="small muted")]
    if one["note"]:
        words += [element("br"), element("span", one["note"], class_="small muted")]
    counts = ", ".join(f"{one['counts'][name]} {name}" for name in STATES if one["counts"][name])
    held = (
        [element("span", counts, class_="small muted"), bar(one["counts"], "control", thin=True)]
        if counts
        else None
    )
    return element(
        "tr",
        element("td", state(one["state"])),
        element("th", words, scope="row"),
        element("td", held, class_="bar-col"),
        element("td", _open(one), class_="small next-col"),
        id=anchor(one["id"]),
    )


def _open(one: Mapping[str, Any]) -> Html:
    if one["reason"]:
        return element("span", one["reason"], class_="soft")
    told = [entry for entry in one["missing"] if entry["kind"] == "check"] + one["unknown"]
    said = [element("li", entry["say"], class_="soft") for entry in told[:MOST_TOLD]]
    said += (
        [element("li", f"and {len(told) - MOST_TOLD} more", class_="muted")] if len(told) > MOST_TOLD else []
    )
    waiting = [entry["about"] for entry in one["missing"] if entry["kind"] == "evidence"]
    said += [element("li", "Waits for evidence: ", links(waiting), class_="soft")] if waiting else []
    if step := one["next"]:
        said.append(element("li", element("strong", "Next: "), step["do"], " ", link(step["control"])))
    return element("ul", said) if said else element("span", "Nothing is open.", class_="muted")


def since_start(page: Page) -> Html | None:
    """How many controls were in each state at the start and are now, and which came or went."""
    start = page.report["since_start"]
    if start is None:
        return None
    heads = [element("th", "Controls", scope="col")]
    heads += [
        element("th", day(instant, page.zone), scope="col", class_="num")
        for instant in (start["as_of"], page.report["as_of"])
    ]
    rows = [_then_and_now(name, start["counts"], page.report["counts"]) for name in STATES]
    counted = element(
        "table",
        element("thead", element("tr", heads)),
        element("tbody", rows),
        class_="t short",
        aria_labelledby="h-start",
    )
    lists = [
        _moved("There from the start", "in-place", start["stayed"], page),
        _moved("Came since", "in-place", start["came"], page),
        _moved("Was there, is no longer", "unknown", start["left"], page),
    ]
    return section("start", "Since the start", counted, lists)


def _then_and_now(name: str, then: Mapping[str, int], now: Mapping[str, int]) -> Html:
    numbers = [element("td", str(counts[name]), class_="num") for counts in (then, now)]
    return element("tr", element("th", state(name), scope="row"), numbers)


def _moved(title: str, icon: str, controls: Sequence[str], page: Page) -> Html | None:
    if not controls:
        return None
    return opening(
        title,
        [
            element("li", mark(icon), element("span", page.statements[one], " ", link(one)))
            for one in controls
        ],
    )


def controls(page: Page) -> Html:
    """Every control in scope by area, then those left out with the reason."""
    shown = sorted(
        (one for one in page.report["controls"] if one["state"] != "not relevant"),
        key=lambda one: one["domain"],
    )
    bodies = [
        [group(domain, 4), *(_control(one, page) for one in members)]
        for domain, members in groupby(shown, key=lambda one: one["domain"])
    ]
    lead = element(
        "p",
        "As worded, with what shows each of them, what is missing, and which part rests on evidence by hand.",
    )
    heads = ("State", "Control", "What shows it, what is missing", "Owner")
    return section("controls", "Controls", lead, table(heads, bodies, "controls"), _left_out(page))


def _control(one: Mapping[str, Any], page: Page) -> Html:
    words = [element("span", one["statement"], class_="words"), " ", element("span", one["id"], class_="id")]
    said = [element("li", entry["say"], class_="dev") for entry in one["missing"]]
    said += [element("li", "Not seen: ", entry["say"], class_="unk") for entry in one["unknown"]]
    said += [_shown(entry, page) for entry in one["shown_by"]]
    return element(
        "tr",
        element("td", state(one["state"])),
        element("th", words, scope="row"),
        element("td", element("ul", said, element("li", one["rests_on"], class_="muted")), class_="small"),
        element("td", one["owner"], class_="small soft", data_head="Owner:"),
        id=anchor(one["id"]),
    )


def _shown(entry: Mapping[str, Any], page: Page) -> Html:
    if entry["kind"] != "evidence":
        return element("li", entry["say"])
    return element("li", f"{entry['say'].rstrip('.')}. Seen by hand {day(entry['observed'], page.zone)}.")


def _left_out(page: Page) -> Html | None:
    out = [one for one in page.report["controls"] if one["state"] == "not relevant"]
    return (
        opening("Left out of scope, each with a reason", [_left_out_one(one) for one in out]) if out else None
    )


def _left_out_one(one: Mapping[str, Any]) -> Html:
    words = [
        one["statement"],
        " ",
        element("span", one["id"], class_="id"),
        element("br"),
        element("span", one["reason"] or "", class_="muted"),
    ]
    return element("li", mark("not-relevant"), element("span", words), id=anchor(one["id"]))
