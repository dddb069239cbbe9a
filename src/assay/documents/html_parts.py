"""What the sections of the HTML report are made of: a section, a table that stacks on a phone, a link to a control, a list that opens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property
from typing import Any

from assay.documents.markup import Child, Html, element


@dataclass(frozen=True)
class Page:
    """A report whose texts are plain, and the zone of its times."""

    report: Any
    zone: tzinfo

    @property
    def company(self) -> str:
        """The company's name."""
        return str(self.report["company"]["name"])

    @cached_property
    def statements(self) -> Mapping[str, str]:
        """Each control as worded, by id."""
        return {one["id"]: one["statement"] for one in self.report["controls"]}

    @cached_property
    def places(self) -> Mapping[str, str]:
        """The names of accounts, by account."""
        return {
            account: name for source in self.report["sources"] for account, name in source["places"].items()
        }


def section(name: str, title: str, *children: Child) -> Html:
    """Give a section with its heading, which names it for whoever cannot see it."""
    head = element("header", element("h2", title, id=f"h-{name}"))
    return element("section", head, children, class_="sec", id=name, aria_labelledby=f"h-{name}")


def table(heads: Sequence[str], bodies: Iterable[Child], name: str, numeric: Sequence[str] = ()) -> Html:
    """Give a table named by its section's heading; each body is one group of rows."""
    columns = [element("th", head, scope="col", class_=_column(head, numeric)) for head in heads]
    groups = [element("tbody", body) for body in bodies]
    return element(
        "table",
        element("thead", element("tr", columns)),
        groups,
        class_="t stack",
        aria_labelledby=f"h-{name}",
    )


def _column(head: str, numeric: Sequence[str]) -> str | None:
    return "num" if head in numeric else "state-col" if head == "State" else None


def group(title: str, columns: int) -> Html:
    """Give the row that heads a group of rows."""
    return element("tr", element("th", title, scope="rowgroup", colspan=columns), class_="grp")


def opening(title: str, entries: Sequence[Html]) -> Html:
    """Give a list that opens, with its title and how many it holds."""
    head = element(
        "summary", element("strong", title), " ", element("span", str(len(entries)), class_="muted")
    )
    return element("details", head, element("ul", entries, class_="list"))


def empty(sentence: str) -> Html:
    """Give the sentence of a section that has nothing to list."""
    return element("p", sentence, class_="empty")


def link(control: str) -> Html:
    """Give a control's id as a link to where it is told, small and grey."""
    return element("a", control, href=f"#{anchor(control)}", class_="id")


def links(controls: Sequence[str]) -> Child:
    """Give several controls' ids with spaces between."""
    return [[link(control), " "] for control in controls]


def anchor(name: str) -> str:
    """Give an anchor: letters, digits, points and dashes of an id."""
    return "x-" + re.sub(r"[^A-Za-z0-9.-]+", "-", name)


def commands(words: str) -> Child:
    """Set what stands between backticks, and a bare `assay …` line, as code."""
    if words.startswith("assay "):
        return element("code", words)
    return [element("code", part) if place % 2 else part for place, part in enumerate(words.split("`"))]
