"""The HTML report can be read by everyone: structure for a screen reader, contrast for tired eyes. Rules by the names of axe-core, written out here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from importlib import resources
from itertools import pairwise
from typing import Any

import northwind
import pytest

from assay.audit import readiness
from assay.documents import render_html

VOID = {"meta", "br", "link", "img", "hr", "input", "use", "path", "circle", "rect", "line"}


@dataclass
class Node:
    tag: str
    attributes: dict[str, str | None]
    parent: Node | None
    children: list[Node] = field(default_factory=list)
    text: str = ""

    def all(self, *tags: str) -> list[Node]:
        found = [self] if self.tag in tags else []
        return found + [one for child in self.children for one in child.all(*tags)]

    def words(self) -> str:
        return (self.text + " ".join(child.words() for child in self.children)).strip()

    def ancestors(self) -> list[str]:
        return [] if self.parent is None else [self.parent.tag, *self.parent.ancestors()]


class Tree(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.root = self._at = Node("", {}, None)
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, dict(attrs), self._at)
        self._at.children.append(node)
        if tag not in VOID:
            self._at = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._at.children.append(Node(tag, dict(attrs), self._at))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self._at.tag == tag, f"</{tag}> closes <{self._at.tag}>"
        assert self._at.parent is not None
        self._at = self._at.parent

    def handle_data(self, data: str) -> None:
        self._at.text += data


@cache
def tree(which: str) -> Node:
    inputs = northwind.inputs() if which == "a company at work" else northwind.nothing_connected()
    return Tree(render_html(readiness(inputs))).root


both = pytest.mark.parametrize("which", ["a company at work", "nothing connected"])


@both
def test_document_title_language_and_zoom(which: str) -> None:
    (html,) = tree(which).all("html")
    assert html.attributes["lang"] == "en"
    assert tree(which).all("title")[0].words()
    (viewport,) = [one for one in tree(which).all("meta") if one.attributes.get("name") == "viewport"]
    assert "scalable" not in str(viewport.attributes["content"])
    assert "maximum-scale" not in str(viewport.attributes["content"])


@both
def test_landmarks_are_one_each_and_hold_everything(which: str) -> None:
    (body,) = tree(which).all("body")
    assert [one.tag for one in body.children if one.tag not in ("a", "svg")] == ["header", "main", "footer"]
    assert len(tree(which).all("main")) == 1
    assert all(one.attributes.get("aria-label") for one in tree(which).all("nav"))


@both
def test_headings_begin_with_one_h1_and_skip_no_level(which: str) -> None:
    levels = [int(one.tag[1]) for one in tree(which).all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


@both
def test_sections_are_named_by_their_headings(which: str) -> None:
    names = {one.attributes["id"]: one for one in _with_id(tree(which))}
    for section in tree(which).all("section"):
        heading = names[section.attributes["aria-labelledby"]]
        assert heading.tag in ("h2", "h3")
        assert heading.words()


def _with_id(node: Node) -> list[Node]:
    found = [node] if "id" in node.attributes else []
    return found + [one for child in node.children for one in _with_id(child)]


@both
def test_ids_are_unique_and_every_link_leads_to_one_and_has_a_name(which: str) -> None:
    ids = [one.attributes["id"] for one in _with_id(tree(which))]
    assert len(ids) == len(set(ids))
    for link in tree(which).all("a"):
        target = link.attributes["href"] or ""
        assert target.startswith("#")
        assert target[1:] in ids
        assert link.words()


@both
def test_tables_have_heads_with_scope_and_rows_as_wide_as_their_heads(which: str) -> None:
    for table in tree(which).all("table"):
        heads = table.all("thead")[0].all("th")
        assert all(one.attributes.get("scope") == "col" and one.words() for one in heads)
        for row in [row for body in table.all("tbody") for row in body.all("tr")]:
            cells = row.all("td", "th")
            assert sum(int(one.attributes.get("colspan") or 1) for one in cells) == len(heads)
            assert {one.attributes.get("scope") for one in row.all("th")} <= {"row", "rowgroup", "colgroup"}


@both
def test_pictures_have_words_or_are_hidden(which: str) -> None:
    for picture in tree(which).all("svg"):
        named = picture.attributes.get("role") == "img" and picture.attributes.get("aria-label")
        assert named or picture.attributes.get("aria-hidden") == "true"


@both
def test_lists_hold_items_only(which: str) -> None:
    for one in tree(which).all("ul", "ol"):
        assert {child.tag for child in one.children} <= {"li"}
        assert one.text.strip() == ""
    for one in tree(which).all("dl"):
        assert {child.tag for child in one.children} <= {"dt", "dd", "div"}
    for one in tree(which).all("li"):
        assert one.ancestors()[0] in ("ul", "ol")
    for one in tree(which).all("summary"):
        assert one.ancestors()[0] == "details"
        assert one.words()


@both
def test_nothing_takes_the_focus_or_its_order(which: str) -> None:
    everything = _walk(tree(which))
    assert not [
        one for one in everything if {"tabindex", "autofocus", "accesskey", "onclick"} & one.attributes.keys()
    ]
    first = tree(which).all("body")[0].all("a")[0]
    assert (first.words(), first.attributes["href"]) == ("Skip to content", "#main")


def _walk(node: Node) -> list[Node]:
    return [node, *(one for child in node.children for one in _walk(child))]


def _tokens() -> dict[str, dict[str, str]]:
    """Give the colours of the style sheet for screens that are light and dark, and for print."""
    css = (resources.files("assay.documents") / "style" / "report.css").read_text(encoding="utf-8")
    blocks = re.findall(r"((?:@media [^{]+\{\s*)?):root \{([^}]*)\}", css)
    found: dict[str, dict[str, str]] = {}
    for media, body in blocks:
        name = "dark" if "dark" in media else "print" if "print" in media else "light"
        colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", body))
        found[name] = found.get("light", {}) | colours
    return found


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colours (WCAG 2.2, definition of contrast ratio)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_contrast_is_computed_as_the_guidelines_say() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#fff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("medium", ["light", "dark", "print"])
@pytest.mark.parametrize("ink", ["ink", "ink-2", "ink-3", "accent", "ok", "dev", "unk", "na"])
def test_every_ink_reads_on_every_paper(medium: str, ink: str) -> None:
    tokens: dict[str, Any] = _tokens()[medium]
    papers = ["paper", "paper-2", *(["unk-tint"] if ink == "unk" else [])]
    assert {paper: contrast(tokens[ink], tokens[paper]) >= 4.5 for paper in papers} == dict.fromkeys(
        papers, True
    )
