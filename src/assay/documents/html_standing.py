"""The first part of the HTML report: where the company stands, what is next, what changed, from which sources, and what was not seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assay.documents.html_parts import Page, commands, empty, links, section
from assay.documents.marks import EDGE, STATES, TURN, bar, mark, state
from assay.documents.markup import Child, Html, element, joined
from assay.documents.plain import day, day_and_time
from assay.documents.sentences import about_company, differences, why_words

MOST_CHANGES = 12
MOST_CONTROLS = 4


def intro(page: Page) -> Html:
    """The one sentence, the picture of it, and its key in words."""
    report = page.report
    head = element(
        "header",
        element("p", f"{page.company}, {day(report['as_of'], page.zone)}", class_="crumb"),
        element("h1", "Where we stand"),
        element("p", report["headline"], class_="say"),
    )
    figure = element(
        "div",
        bar(report["counts"], "control"),
        element("dl", _keys(report["counts"]), class_="key"),
        class_="fig",
    )
    return joined(
        [head, figure, element("p", about_company(report["company"]), class_="dek"), _contents(report)]
    )


def _keys(counts: Mapping[str, int]) -> list[Html]:
    keys = [
        element("div", element("dt", state(name)), " ", element("dd", str(counts[name]))) for name in STATES
    ]
    if counts["not relevant"]:
        words = element("dt", "Left out of scope, each with a reason")
        keys.append(element("div", words, " ", element("dd", str(counts["not relevant"])), class_="muted"))
    return keys


def _contents(report: Mapping[str, Any]) -> Html:
    wanted = {
        "next": ("What is next", True),
        "gaps": ("Not seen", bool(report["gaps"])),
        "families": ("Families", bool(report["families"])),
        "criteria": ("By criterion", True),
        "start": ("Since the start", report["since_start"] is not None),
        "deviations": ("What deviates", any(one["conclusion"] == "deviates" for one in report["checks"])),
        "controls": ("Controls", True),
        "evidence": ("Evidence by hand", bool(report["evidence"])),
        "populations": ("Populations", bool(report["populations"])),
    }
    entries = [
        [element("a", words, href=f"#{name}"), " "] for name, (words, there) in wanted.items() if there
    ]
    return element("nav", entries, class_="toc", aria_label="On this page")


def next_steps(page: Page) -> Html:
    """The ten next steps, and how many more there are."""
    steps, more = page.report["next_steps"], page.report["next_steps_more"]
    if not steps:
        return section("next", "What is next", empty("Nothing is open."))
    after = element("p", f"{more} more, each beside its control below.", class_="after") if more else None
    return section(
        "next", "What is next", element("ol", [_step(step) for step in steps], class_="steps"), after
    )


def _step(step: Mapping[str, Any]) -> Html:
    owner = f"{step['owner']} · " if step["owner"] else ""
    more = len(step["controls"]) - MOST_CONTROLS
    return element(
        "li",
        element("p", step["do"], class_="do"),
        element("p", why_words(step), class_="why"),
        element("p", commands(step["where"]), class_="how") if step["where"] else None,
        element(
            "p",
            owner,
            links(step["controls"][:MOST_CONTROLS]),
            f"and {more} more" if more > 0 else None,
            class_="ref",
        ),
    )


def drift(page: Page) -> Html | None:
    """What concluded differently since the evaluation before; None where there is none to compare with."""
    found = page.report["drift"]
    if found is None:
        return None
    entries = [_change(change) for change in found["changes"][:MOST_CHANGES]] + [
        _people(one) for one in found["people"]
    ]
    more = len(found["changes"]) - MOST_CHANGES
    body = element("ul", entries, class_="list") if entries else empty("Nothing concluded differently.")
    after = (
        element("p", f"{more} more in the table form of this report.", class_="after") if more > 0 else None
    )
    return section("drift", f"Since {day(found['before'], page.zone)}", body, after)


def _change(change: Mapping[str, Any]) -> Html:
    ink, name = TURN[change["turn"]]
    said: list[Child] = [
        element("strong", change["name"]),
        f" {change['turn']}",
        element("br"),
        change["title"],
        element("br"),
    ]
    said += [[element("span", words, class_="vals"), element("br")] for words in differences(change)]
    return element(
        "li",
        element("span", mark(name), class_=ink),
        element("span", said, element("span", f"was: {change['before']}", class_="was")),
    )


def _people(one: Mapping[str, Any]) -> Html:
    ink, name = ("ok", "mended") if one["deviate_now"] < one["deviated"] else ("dev", "deviates")
    said = f"{one['deviated']} deviated, now {one['deviate_now']}. People are not named here."
    return element(
        "li",
        element("span", mark(name), class_=ink),
        element("span", one["title"], element("br"), element("span", said, class_="was")),
    )


def sources(page: Page) -> Html:
    """Each source with the instant up to which it was seen."""
    if not page.report["sources"]:
        return section("sources", "Sources", empty("No source is connected."))
    return section(
        "sources",
        "Sources",
        element("ul", [_source(one, page) for one in page.report["sources"]], class_="list"),
    )


def _source(source: Mapping[str, Any], page: Page) -> Html:
    whole = source["complete"] and not source["gaps"]
    seen = day_and_time(source["seen_up_to"], page.zone) if source["seen_up_to"] else "never"
    said = element(
        "span", f"{seen}, {'complete' if whole else 'with gaps'}", class_="muted" if whole else "unk"
    )
    icon = element("span", mark("conforms" if whole else "unknown"), class_="ok" if whole else "unk")
    return element("li", icon, element("span", source["name"], element("br"), said))


def gaps(page: Page) -> Html | None:
    """What was not seen, under a hatched edge: since when, what it does, how to mend it."""
    if not page.report["gaps"]:
        return None
    lead = element(
        "p", "What was not seen is unknown. It never counts as in place, and nothing seen before is lost."
    )
    return section("gaps", "Not seen", lead, [_gap(gap, page) for gap in page.report["gaps"]])


def _gap(gap: Mapping[str, Any], page: Page) -> Html:
    since = day_and_time(gap["since"], page.zone) if gap["since"] else "the beginning"
    seen = f". Last seen whole {day_and_time(gap['last_seen'], page.zone)}" if gap["last_seen"] else ""
    rows: list[tuple[str, Child]] = [("Since", f"{since}{seen}"), ("What it does", gap["effect"])]
    rows += [("Controls", links(gap["controls"]))] if gap["controls"] else []
    rows += [("Criteria", ", ".join(gap["criteria"]))] if gap["criteria"] else []
    rows += [("Calls", [[element("code", call), " "] for call in gap["calls"]])] if gap["calls"] else []
    rows += [("To mend", commands(gap["mend"]))]
    return element(
        "article",
        EDGE,
        element("h3", mark("unknown"), element("span", gap["title"])),
        element("p", f"{gap['happened']} {gap['not_seen']}"),
        element("dl", [[element("dt", name), element("dd", said)] for name, said in rows], class_="kv"),
        class_="note",
    )
