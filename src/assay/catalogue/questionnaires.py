"""Questionnaires for the review of a vendor: one file each in `questionnaires/`, its id the file's name, in our own words.

A questionnaire says for which tiers it is. Each question is put so that a yes is good; every question takes the same closed answers, with a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from assay.catalogue.reading import CatalogueError, Fields, read_fields, stem
from assay.content_tree import Content, read_once

FOLDER = "questionnaires/"
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


class Tier(StrEnum):
    """How much depends on a vendor, the most first."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Reply(StrEnum):
    """What can be answered. Not known is never taken for a yes."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_KNOWN = "not_known"
    NOT_RELEVANT = "not_relevant"


@dataclass(frozen=True, slots=True)
class Asks:
    """A question of a review: what is asked, and why it matters."""

    id: str
    ask: str
    why: str


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """The questions of one kind of review, in order."""

    id: str
    title: str
    says: str
    tiers: tuple[Tier, ...]
    questions: tuple[Asks, ...]


def load_questionnaires(content: Content) -> Mapping[str, Questionnaire]:
    """Read the questionnaires of a content tree, by id. Raises CatalogueError where a file is wrong, or a tier has none or two."""
    return read_once("questionnaires", content, lambda: _load(content))


def questionnaire_for(content: Content, tier: str) -> Questionnaire:
    """Give the questionnaire for a tier."""
    return next(one for one in load_questionnaires(content).values() if tier in one.tiers)


def _load(content: Content) -> Mapping[str, Questionnaire]:
    found = [read_questionnaire(read_fields(content, path)) for path in content.paths(FOLDER, ".yaml")]
    for tier in Tier:
        named = [one.id for one in found if tier in one.tiers]
        if len(named) != 1:
            raise CatalogueError(
                f"{FOLDER}: the tier {tier} has {len(named)} questionnaires ({', '.join(named) or 'none'}). Name it in the tiers of exactly one."
            )
    return MappingProxyType({one.id: one for one in found})


def read_questionnaire(fields: Fields) -> Questionnaire:
    """Read a questionnaire's file. Raises CatalogueError with the file, the field and the remedy."""
    found = Questionnaire(
        id=stem(fields.path),
        title=fields.text("title"),
        says=fields.text("says"),
        tiers=fields.choices("tiers", Tier),
        questions=tuple(_read_questions(fields)),
    )
    fields.done()
    ids = [one.id for one in found.questions]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise fields.error("questions", f"have the id {twice[0]} twice; give one of them another")
    return found


def _read_questions(fields: Fields) -> Iterator[Asks]:
    for inner in fields.each("questions"):
        asks = Asks(inner.text("id"), inner.text("ask"), inner.text("why"))
        inner.done()
        if not _ID.fullmatch(asks.id):
            raise inner.error(inner.name("id"), f"is {asks.id!r}, which must be lower-case words joined by -")
        if not asks.ask.endswith("?"):
            raise inner.error(inner.name("ask"), "must be a question that ends with a question mark")
        yield asks
