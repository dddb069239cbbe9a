"""The report for a terminal: 80 to 120 columns, readable without colour, colour only where asked for."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import Any

from assay.documents.plain import day, day_and_time, plain_report, zone_of
from assay.documents.sentences import colophon_sentences, criteria_groups, differences, inside, why_words

NARROWEST, WIDEST = 80, 120
STATES = ("in place", "partly", "missing", "unknown")
MARKS = {"in place": "●", "partly": "◐", "missing": "◇", "unknown": "?", "not relevant": "–"}
TURNS = {
    "deviates now": "◆",
    "no longer seen": "?",
    "mended": "✓",
    "gone": "–",
    "seen again": "✓",
    "changed": "·",
}
MOST_CHANGES = 12

_FILL = {"in place": "█", "partly": "▒", "missing": "·", "unknown": "/"}
_COLOURS = {"in place": "36", "partly": "36", "missing": "31", "unknown": "35", "strong": "1", "soft": "2"}
_TURN_COLOURS = {
    "deviates now": "missing",
    "no longer seen": "unknown",
    "mended": "in place",
    "seen again": "in place",
}


def render_terminal(report: Mapping[str, Any], *, width: int = 100, colour: bool = False) -> str:
    """Give the report as text that ends in a line feed. `width` is kept between 80 and 120; `colour` adds ANSI colours and changes no word."""
    page = _Page(plain_report(report), max(NARROWEST, min(WIDEST, width)), colour)
    lines: list[str] = []
    for section in (
        page.head,
        page.next,
        page.drift,
        page.gaps,
        page.families,
        page.criteria,
        page.start,
        page.colophon,
    ):
        part = list(section())
        lines += [*part, ""] if part else []
    return "\n".join(line.rstrip() for line in lines[:-1]) + "\n"


class _Page:
    """One report at one width."""

    def __init__(self, report: Any, width: int, colour: bool) -> None:
        self._report, self._width, self._colour = report, width, colour
        self._zone: tzinfo = zone_of(report["company"]["zone"])

    def head(self) -> Iterator[str]:
        company, when = (
            self._report["company"]["name"],
            f"Readiness, {day_and_time(self._report['as_of'], self._zone)}",
        )
        space = self._width - cells(company) - cells(when)
        yield (
            f"{self._ink(company, 'strong')}{' ' * space}{when}"
            if space > 1
            else f"{self._ink(company, 'strong')}\n{when}"
        )
        yield "─" * self._width
        yield from self._wrapped(self._report["headline"])
        yield ""
        yield self._bar()
        counts = self._report["counts"]
        yield "   ".join(self._ink(f"{MARKS[state]} {counts[state]} {state}", state) for state in STATES)
        if counts["not relevant"]:
            yield f"{MARKS['not relevant']} {counts['not relevant']} more were left out of scope, each with a reason"

    def next(self) -> Iterator[str]:
        yield from self._title("What is next")
        for place, step in enumerate(self._report["next_steps"], 1):
            yield from self._wrapped(self._ink_words(step["do"], "strong"), f"{place:>2}  ", "    ")
            yield from self._wrapped(why_words(step), "    ")
            yield from self._wrapped(step["where"], "    → ", "      ") if step["where"] else ()
        if not self._report["next_steps"]:
            yield "Nothing is open."
        if self._report["next_steps_more"]:
            yield f"    and {self._report['next_steps_more']} more, each with its control below or in the full report"

    def drift(self) -> Iterator[str]:
        drift = self._report["drift"]
        if drift is None:
            return
        yield from self._title(f"Since {day_and_time(drift['before'], self._zone)}")
        if not drift["changes"] and not drift["people"]:
            yield "Nothing concluded differently."
        for change in drift["changes"][:MOST_CHANGES]:
            yield from self._change(change)
        if len(drift["changes"]) > MOST_CHANGES:
            yield f"   and {len(drift['changes']) - MOST_CHANGES} more"
        for one in drift["people"]:
            yield from self._wrapped(
                f"{one['title']}: {one['deviated']} deviated, now {one['deviate_now']} (people are not named here).",
                " · ",
                "   ",
            )

    def _change(self, change: Mapping[str, Any]) -> Iterator[str]:
        mark = self._ink(TURNS[change["turn"]], _TURN_COLOURS.get(change["turn"], "soft"))
        yield from self._wrapped(
            f"{change['name']} {change['turn']}: {change['title']} (was: {change['before']})",
            f" {mark} ",
            "   ",
        )
        for said in differences(change):
            yield from self._wrapped(said, "     ")

    def gaps(self) -> Iterator[str]:
        if not self._report["gaps"]:
            return
        yield from self._title("Not seen")
        for gap in self._report["gaps"]:
            yield from self._wrapped(
                self._ink_words(gap["title"], "unknown"), f" {self._ink('////', 'unknown')} ", "      "
            )
            since = f" Since {day_and_time(gap['since'], self._zone)}." if gap["since"] else ""
            whole = (
                f" Last seen whole {day_and_time(gap['last_seen'], self._zone)}." if gap["last_seen"] else ""
            )
            yield from self._wrapped(f"{gap['happened']}{since}{whole} {gap['not_seen']}", "      ")
            yield from self._wrapped(gap["effect"], "      ")
            yield from self._wrapped(gap["mend"], "      → ", "        ")

    def families(self) -> Iterator[str]:
        if not self._report["families"]:
            return
        yield from self._title("The six families of technical control")
        for family in self._report["families"]:
            yield from self._wrapped(
                f"{family['title']}. {family['say']}", f" {self._mark(family['state'])} ", "   "
            )
            yield from (
                self._wrapped(
                    f"No source shows: {'; '.join(inside(one) for one in family['beyond'])}.", "     "
                )
                if family["beyond"]
                else ()
            )

    def criteria(self) -> Iterator[str]:
        yield from self._title("By criterion")
        for group in criteria_groups(self._report["criteria"]):
            if group.folded:
                yield from self._wrapped(
                    f"{group.title}: {len(group.folded)} criteria. {group.reason}",
                    f" {MARKS['not relevant']} ",
                    "   ",
                )
            for one in group.told:
                yield from self._criterion(one)

    def _criterion(self, one: Mapping[str, Any]) -> Iterator[str]:
        margin = " " * 10
        yield from self._wrapped(f"{one['id']:<6} {one['gist']}", f" {self._mark(one['state'])} ", margin)
        if one["reason"]:
            yield from self._wrapped(one["reason"], margin)
            return
        held = ", ".join(f"{one['counts'][state]} {state}" for state in STATES if one["counts"][state])
        yield f"{margin}{self._ink(held, 'soft')}"
        if one["next"] and one["state"] != "in place":
            yield from self._wrapped(f"{one['next']['do']} {one['next']['control']}", f"{margin}→ ", " " * 12)

    def start(self) -> Iterator[str]:
        start = self._report["since_start"]
        if start is None:
            return
        yield from self._title(f"Since the start, {day(start['as_of'], self._zone)}")
        yield f"{'':14}{'then':>6}{'now':>6}"
        for state in STATES:
            yield f"{self._ink(f'{MARKS[state]} {state:<12}', state)}{start['counts'][state]:>6}{self._report['counts'][state]:>6}"
        for words, ids in (
            ("There from the start", start["stayed"]),
            ("Came since", start["came"]),
            ("Was there, is no longer", start["left"]),
        ):
            yield from self._wrapped(f"{words}: {', '.join(ids) or 'none'}.", "", "  ")

    def colophon(self) -> Iterator[str]:
        yield "─" * self._width
        for sentence in colophon_sentences(self._report, self._zone):
            yield from self._wrapped(sentence)

    def _bar(self) -> str:
        counts = [self._report["counts"][state] for state in STATES]
        widths = shares(counts, self._width)
        return "".join(
            self._ink(_FILL[state] * width, state) for state, width in zip(STATES, widths, strict=True)
        )

    def _title(self, words: str) -> Iterator[str]:
        yield self._ink(words, "strong")
        yield "─" * cells(words)

    def _mark(self, state: str) -> str:
        return self._ink(MARKS[state], state)

    def _ink(self, text: str, ink: str) -> str:
        return f"\x1b[{_COLOURS[ink]}m{text}\x1b[0m" if self._colour and ink in _COLOURS and text else text

    def _ink_words(self, text: str, ink: str) -> str:
        """Colour word by word, so that wrapping never splits a colour from its end."""
        return " ".join(self._ink(word, ink) for word in text.split(" "))

    def _wrapped(self, text: str, first: str = "", rest: str | None = None) -> Iterator[str]:
        """Wrap by the cells that a terminal draws; colours take none."""
        indent = first if rest is None else rest
        line, used = first, cells(first)
        fresh = True
        for word in (
            piece for whole in text.split() for piece in _pieces(whole, self._width - cells(indent))
        ):
            if not fresh and used + 1 + cells(word) > self._width:
                yield line
                line, used, fresh = indent, cells(indent), True
            line, used = (
                (f"{line}{word}", used + cells(word)) if fresh else (f"{line} {word}", used + 1 + cells(word))
            )
            fresh = False
        yield line


def cells(text: str) -> int:
    """Give how many cells a terminal draws for a text: colours none, combining marks none, wide characters two."""
    drawn = 0
    hidden = False
    for character in text:
        if character == "\x1b":
            hidden = True
        elif hidden:
            hidden = character != "m"
        elif not unicodedata.combining(character):
            drawn += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return drawn


def _pieces(word: str, width: int) -> list[str]:
    return [word] if cells(word) <= width else textwrap.wrap(word, width // 2)


def shares(counts: list[int], width: int) -> list[int]:
    """Divide `width` cells among counts: what is not zero gets at least one, the rest by largest remainder, ties to the first."""
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    given = [max(1, number * width // total) if number else 0 for number in counts]
    while sum(given) != width:
        step = 1 if sum(given) < width else -1
        errors = [
            step * (number * width - cells_ * total) for number, cells_ in zip(counts, given, strict=True)
        ]
        able = [place for place, cells_ in enumerate(given) if counts[place] and (step > 0 or cells_ > 1)]
        given[max(able, key=lambda place: (errors[place], -place))] += step
    return given
