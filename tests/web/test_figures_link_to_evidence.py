"""Must hold 11: every figure of the home, criteria and control pages links to what is behind it, and the links lead there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

PAGES = (
    "/",
    "/criteria/",
    "/criteria/CC1.1/",
    "/criteria/CC6.1/",
    "/controls/",
    "/controls/GOV-03/",
    "/controls/IAM-04/",
    "/checks/",
)
FIGURE = re.compile(r"(?<![\w.:/-])\d[\d,]*(?![\w.:/-]*\w)")
NO_FIGURE = {"id", "src", "stmt", "crumb", "colophon"}
"""Classes of what holds numbers that are no figures: ids, words of record, and the colophon, which links its own."""
PLAIN = re.compile(
    r"\b(\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)( \d{4})?|\d\d:\d\d|Type [I]+|SOC 2)\b"
)
"""Dates, times and names."""
VOID = {"br", "img", "input", "link", "meta", "rect", "path", "use", "hr", "circle"}


@dataclass
class Figures(HTMLParser):
    """Collects figures inside <main>: those within a link with its address, and those without."""

    linked: set[str] = field(default_factory=set)
    loose: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self._open.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self._open]
        classes = {one for _, attrs in self._open for one in (attrs.get("class") or "").split()}
        skipped = {"script", "style", "svg", "pre", "code", "select", "textarea", "label", "title"} & set(
            tags
        )
        if "main" not in tags or skipped or classes & NO_FIGURE:
            return
        found = FIGURE.findall(PLAIN.sub("", data))
        address = next((attrs["href"] for tag, attrs in self._open if tag == "a" and attrs.get("href")), None)
        if found and address:
            self.linked.add(address)
        elif found:
            self.loose.append(f"{' '.join(data.split())[:90]!r} in {'>'.join(tags[-3:])}")


@pytest.mark.parametrize("page", PAGES)
def test_every_figure_links_and_every_link_leads_somewhere(
    signed_in: Callable[[str], Client], page: str
) -> None:
    client = signed_in("owner")
    figures = Figures()
    figures.feed(client.get(page).content.decode())
    assert figures.loose == []
    for address in sorted(figures.linked):
        path = address.partition("#")[0]
        followed = client.get(page.partition("?")[0] + path if path.startswith("?") else path or page)
        assert followed.status_code == 200, address


def test_a_figure_without_a_link_is_found() -> None:
    figures = Figures()
    figures.feed(
        '<main><p>12 things on 3 Nov 2026</p><p><a href="/x/">7</a> of CC6.1 <span class="id">44</span></p></main>'
    )
    assert (figures.linked, figures.loose) == ({"/x/"}, ["'12 things on 3 Nov 2026' in main>p"])
