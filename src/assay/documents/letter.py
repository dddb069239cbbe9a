"""A plain document out of data, such as a request for proposal: a title, what leads in, parts with facts and lists. What is not known is a blank to be filled.

Every text in it is a stranger's: it is set as text and never read as markup.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from importlib import resources

import typst

from assay.documents.typeset import LATIN, PAGE, settable

BLANK = "________________"
_WIDTH = 88


@dataclass(frozen=True, slots=True)
class Fact:
    """A label with what is known under it; None is a blank."""

    label: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, facts, and a list below them, `numbered` or not."""

    heading: str
    facts: tuple[Fact, ...] = ()
    items: tuple[str, ...] = ()
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """The document. `dated` is the day it was made on."""

    title: str
    lead: str
    dated: date
    parts: tuple[Part, ...]

    @property
    def blanks(self) -> tuple[str, ...]:
        """The labels of what is not known yet, in order."""
        return tuple(fact.label for part in self.parts for fact in part.facts if fact.value is None)


def letter_text(letter: Letter) -> str:
    """Give the document as plain text, at most 88 characters wide."""
    return "\n".join(_lines(letter)) + "\n"


def _lines(letter: Letter) -> Iterator[str]:
    yield from (letter.title, "=" * len(letter.title), "", *_filled(letter.lead))
    for part in letter.parts:
        yield from ("", part.heading, "-" * len(part.heading))
        for fact in part.facts:
            yield from _filled(f"{fact.label}: {BLANK if fact.value is None else fact.value}")
        for number, item in enumerate(part.items, 1):
            yield from _filled(item, f"{number}. " if part.numbered else "- ")


def _filled(text: str, mark: str = "") -> list[str]:
    found: list[str] = []
    for line in text.splitlines() or [""]:
        lead = " " * len(mark) if found else mark
        found += textwrap.wrap(line, _WIDTH, initial_indent=lead, subsequent_indent=" " * len(mark)) or [""]
    return found


def letter_pdf(letter: Letter) -> bytes:
    """Give the document as PDF/UA-1. A character that the fonts do not hold is spelled `<U+6F22>`."""
    page = {**asdict(letter), "dated": f"{letter.dated.day} {letter.dated:%B %Y}", "blank": BLANK}
    with resources.as_file(resources.files("assay.documents")) as folder:
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[folder / "fonts"])
        source = (folder / "style" / "letter.typ").read_bytes()
        made = datetime(letter.dated.year, letter.dated.month, letter.dated.day, tzinfo=UTC)

        def compiled(ranges: tuple[tuple[int, int], ...]) -> bytes:
            data = json.dumps(settable(page, ranges), sort_keys=True, ensure_ascii=True)
            pdf: bytes = typst.compile(
                source,
                font_paths=fonts,
                format="pdf",
                pdf_standards="ua-1",
                sys_inputs={"letter": data},
                timestamp=made,
            )
            return pdf

        try:
            return compiled(PAGE)
        except typst.TypstError as error:
            if "could not be displayed" not in str(error):
                raise
            return compiled(LATIN)
