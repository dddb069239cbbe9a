"""Help in our own words, shown beside the thing it explains: one file a topic in `help/`, its id the file's name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from assay.catalogue.reading import CatalogueError, Fields, read_fields, stem
from assay.content_tree import Content, read_once


class Place(StrEnum):
    """Where a topic is shown."""

    SETUP_COMPANY = "setup.company"
    SETUP_CATEGORIES = "setup.categories"
    SETUP_SYSTEMS = "setup.systems"
    SETUP_DATA = "setup.data"
    SETUP_VENDORS = "setup.vendors"
    SETUP_PEOPLE = "setup.people"
    SETUP_TARGET = "setup.target"
    HOME = "home"
    SCOPE = "scope"
    CRITERIA = "criteria"
    CONTROLS = "controls"
    CHECKS = "checks"
    EVIDENCE = "evidence"
    INTERVIEW = "interview"
    PEOPLE = "people"
    REVIEWS = "reviews"
    VENDORS = "vendors"
    RISKS = "risks"
    INCIDENTS = "incidents"
    AUDITOR = "auditor"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that the answer gives: of what, how much in words and units, and the sentence that says where it comes from."""

    of: str
    amount: str
    source: str


@dataclass(frozen=True, slots=True)
class HelpTopic:
    """What a first-timer asks, the answer in two to six sentences, the places where it is shown, and other topics to `see`."""

    id: str
    order: int
    question: str
    answer: str
    beside: tuple[Place, ...]
    see: tuple[str, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Help:
    """All topics by id, in the order in which a first-timer would ask."""

    topics: Mapping[str, HelpTopic]

    def beside(self, place: Place) -> tuple[HelpTopic, ...]:
        """Give the topics that are shown at a place, in order."""
        return tuple(one for one in self.topics.values() if place in one.beside)


FOLDER = "help/"
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_SENTENCES = range(2, 7)


def load_help(content: Content) -> Help:
    """Read the help of a content tree. Raises CatalogueError where a file is wrong or names a topic that is not there."""
    return read_once("help", content, lambda: _load(content))


def _load(content: Content) -> Help:
    found = [read_topic(read_fields(content, path)) for path in content.paths(FOLDER, ".yaml")]
    topics = {one.id: one for one in sorted(found, key=lambda one: (one.order, one.id))}
    for topic in topics.values():
        for one in topic.see:
            if one not in topics or one == topic.id:
                raise CatalogueError(
                    f"{FOLDER}{topic.id}.yaml: see names {one}, which is no other topic. Mend the id or add {FOLDER}{one}.yaml."
                )
    return Help(MappingProxyType(topics))


def read_topic(fields: Fields) -> HelpTopic:
    """Read a help file. Raises CatalogueError with the file, the field and the remedy."""
    topic = HelpTopic(
        id=stem(fields.path),
        order=fields.integer("order"),
        question=fields.text("question"),
        answer=fields.text("answer"),
        beside=fields.choices("beside", Place),
        see=fields.texts("see"),
        figures=tuple(_read_figures(fields)),
    )
    fields.done()
    if not _ID.fullmatch(topic.id):
        raise fields.error("The file name", f"gives {topic.id!r}, which must be lower-case words joined by -")
    if not topic.question.endswith("?"):
        raise fields.error("question", "must be a question that ends with '?'")
    count = len(re.findall(r"[.?!](?=\s|$)", topic.answer))
    if count not in _SENTENCES or not topic.answer.rstrip().endswith("."):
        raise fields.error("answer", f"has {count} sentences; write 2 to 6, the last with a full stop")
    if not topic.beside:
        raise fields.error("beside", "names no place; say where the topic is shown")
    return topic


def _read_figures(fields: Fields) -> Iterator[Figure]:
    if "figures" not in fields:
        return
    for inner in fields.each("figures"):
        figure = Figure(inner.text("of"), inner.text("amount"), inner.text("source"))
        inner.done()
        if not figure.source.endswith("."):
            raise inner.error(
                inner.name("source"), "must be a sentence that says where the figure comes from"
            )
        yield figure
