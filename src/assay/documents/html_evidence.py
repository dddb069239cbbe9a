"""The last part of the HTML report: what deviates item by item, evidence by hand, and the populations with their roots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assay.documents.html_parts import Page, link, section, table
from assay.documents.marks import mark
from assay.documents.markup import Child, Html, element
from assay.documents.plain import day
from assay.documents.sentences import REMEDIES, by_severity, deviating_more, inside, saw_words

MOST_ITEMS = 25


def deviations(page: Page) -> Html | None:
    """Each check that deviates, worst first: its items with what was seen, the remedy, and what the check cannot show."""
    found = by_severity(page.report["checks"])
    if not found:
        return None
    lead = element(
        "p", "Each line is a check whose condition does not hold for the items named. Worst first."
    )
    return section("deviations", "What deviates", lead, [_deviation(one) for one in found])


def _deviation(check: Mapping[str, Any]) -> Html:
    named = [item for item in check["deviating"][:MOST_ITEMS] if item["name"]]
    more = deviating_more(check, len(named))
    remedy = [_remedy(name, words) for name, words in check["remedy"].items() if words]
    beyond = f"It cannot show: {inside(check['does_not_show'])}." if check["does_not_show"] else None
    number = check["counts"]["DEVIATES"]
    facts = f"does not hold · {check['severity']} · {number} {'item' if number == 1 else 'items'}"
    icon = element("span", mark("deviates"), class_="dev")
    return element(
        "details",
        element(
            "summary",
            icon,
            " ",
            element("strong", check["title"]),
            " ",
            element("span", facts, class_="muted small"),
        ),
        element("ul", [_item(item) for item in named], class_="list") if named else None,
        element("p", more, class_="after") if more else None,
        element("dl", remedy, class_="kv") if remedy else None,
        element("p", beyond, class_="after") if beyond else None,
        element("p", "Check ", element("span", check["id"], class_="id"), class_="after"),
    )


def _item(item: Mapping[str, Any]) -> Html:
    words = [element("strong", item["name"]), f" {item['reason']}", element("br")]
    was = element("span", saw_words(item), element("span", item["key"], class_="id"), class_="was")
    return element("li", element("span", mark("deviates"), class_="dev"), element("span", words, was))


def _remedy(name: str, words: str) -> Child:
    said: Child = words if name == "console" else element("code", words)
    return [element("dt", REMEDIES.get(name, name)), element("dd", said)]


def evidence(page: Page) -> Html | None:
    """Evidence by hand: what it shows, when it was observed apart from when it was added, by whom, and whether it is in force."""
    if not page.report["evidence"]:
        return None
    rows = [_evidence(one, page) for one in page.report["evidence"]]
    heads = ("What it shows", "Observed", "Added", "By", "Today")
    return section("evidence", "Evidence by hand", table(heads, [rows], "evidence"))


def _evidence(one: Mapping[str, Any], page: Page) -> Html:
    standing = "in force" if one["in_force"] else element("span", "grown old", class_="dev")
    return element(
        "tr",
        element("th", one["shows"] or "", " ", link(one["control"]), scope="row"),
        element("td", day(one["observed"], page.zone), class_="nw small", data_head="Observed"),
        element("td", day(one["at"], page.zone), class_="nw small", data_head="Added"),
        element("td", one["by"] or "", class_="small", data_head="By"),
        element("td", standing, class_="small nw"),
    )


def populations(page: Page) -> Html | None:
    """Every population with its count and the first digits of its root."""
    if not page.report["populations"]:
        return None
    lead = element(
        "p",
        "Each is the whole list that a complete answer gave. The root is the first digits of a digest over all its records: if one record changed, so would the root.",
    )
    rows = [_population(one, page) for one in page.report["populations"]]
    heads = ("What", "Where", "Records", "Root")
    return section(
        "populations", "Populations", lead, table(heads, [rows], "populations", numeric=("Records",))
    )


def _population(one: Mapping[str, Any], page: Page) -> Html:
    where = ", ".join(
        part for part in (page.places.get(one["account"], one["account"]), one["region"]) if part
    )
    return element(
        "tr",
        element("th", one["title"], scope="row"),
        element("td", where, class_="small soft"),
        element("td", str(one["size"]), class_="num", data_head="Records:"),
        element("td", element("span", one["root"], class_="id"), data_head="Root:"),
    )
