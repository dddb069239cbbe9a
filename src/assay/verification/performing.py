"""Judges the checks of a `conclusions` entry again, from what the pack holds, and compares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from assay.catalogue import load_catalogue
from assay.checks import Check, load_checks
from assay.conclusions import Basis, CollectionEntry, Concluded, conclude, histories
from assay.conclusions.over_time import PeriodBasis, conclude_over, judged_over_time
from assay.content_tree import Content
from assay.evidence.book import Entry
from assay.evidence.canonical import Json
from assay.evidence.ledger import Kind
from assay.evidence.times import Times
from assay.tables import TableSpec, load_tables
from assay.verification.inventory import misshapen_episodes
from assay.verification.pack_book import LEDGER, PackBook, body_path, object_path
from assay.verification.settings_again import unfounded_collections, unfounded_over, unfounded_settings


@dataclass(frozen=True, slots=True)
class Lie:
    """A conclusion that does not follow: the file, a sentence, and the check."""

    file: str
    problem: str
    check: str | None = None


@dataclass(frozen=True)
class ReadContent:
    """The content of a `conclusions` entry, read once however many entries were drawn with it."""

    content: Content

    @cached_property
    def specs(self) -> dict[str, TableSpec]:
        return load_tables(self.content)

    @cached_property
    def checks(self) -> dict[str, Check]:
        return load_checks(self.content, self.specs)

    @cached_property
    def defaults(self) -> Mapping[str, Json]:
        """Each parameter's default value."""
        return {name: one.default for name, one in load_catalogue(self.content).parameters.items()}


class Performer:
    """Performs the conclusions of one pack again, and remembers what could not be: `conclusions` counts items, `not_performed` says why."""

    def __init__(self, book: PackBook) -> None:
        self._book = book
        self._collections = book.collections()
        self._contents: dict[str, ReadContent] = {}
        self.conclusions = 0
        self.not_performed: list[str] = []

    def perform(self, entry: Entry) -> Iterator[Lie]:
        """Give what does not follow in one `conclusions` entry.

        1. It rests on the newest collections, and its settings follow from acts and content. 2. Every check is judged again. 3. What rests on records that cannot be opened here is
        said, not taken for a lie. 4. No check is stated that the content does not have.
        """
        body = self._book.body(entry)
        read = self._content(body["content"])
        unfounded = [  # 1
            *unfounded_collections(self._book, entry, body, body["as_of"]),
            *unfounded_settings(self._book, entry, body, read.defaults),
        ]
        if unfounded:
            yield from (
                Lie(body_path(entry.body), f"entry {entry.ordinal}: {sentence}") for sentence in unfounded
            )
            return
        self._book.unopened.clear()
        again = conclude(Basis.from_json(body), read.checks, read.specs, self._collections, self._book)  # 2
        yield from self._held_against(entry, body, read, again)

    def _held_against(
        self, entry: Entry, body: Json, read: ReadContent, again: list[Concluded]
    ) -> Iterator[Lie]:
        """Hold what a body states to what came out again."""
        stated = {one["check"]: one for one in body["sets"]}
        sealed: list[str] = []
        for one in again:
            said = stated.pop(one.check, None)
            if said is not None and said != one.to_json() and self._rests_on_sealed(read.checks[one.check]):
                sealed.append(one.check)  # 3
            else:
                yield from self._compared(entry, said, one)
        for check in stated:  # 4
            yield Lie(
                LEDGER, f"entry {entry.ordinal}: the check {check} is stated, but not in the content", check
            )
        if len(stated) + len(again) != len(body["sets"]):
            yield Lie(body_path(entry.body), f"entry {entry.ordinal} states a check twice")
        if sealed:
            self.not_performed.append(self._why(entry, sealed, read))

    def perform_over(self, entry: Entry) -> Iterator[Lie]:
        """Give what does not follow in one `episodes` entry, in the same four steps."""
        body = self._book.body(entry)
        read = self._content(body["content"])
        unfounded = [
            *unfounded_collections(self._book, entry, body, body["period"]["end"]),
            *unfounded_over(self._book, entry, body, read.defaults),
        ]
        if unfounded:
            yield from (
                Lie(body_path(entry.body), f"entry {entry.ordinal}: {sentence}") for sentence in unfounded
            )
            return
        self._book.unopened.clear()
        times = Times.of(self._book, entry.ordinal)
        again = concluded_over(self._book, PeriodBasis.from_json(body), read, self._collections, times)
        for one in body["sets"]:
            check = read.checks.get(one["check"])
            if check is not None and self._rests_on_sealed(check):
                for file, problem in misshapen_episodes(self._book, one["object"]):
                    yield Lie(file, problem, one["check"])
        yield from self._held_against(entry, body, read, again)

    def _content(self, digest: str) -> ReadContent:
        if digest not in self._contents:
            self._contents[digest] = ReadContent(Content.from_archive(self._book.object(digest)))
        return self._contents[digest]

    def _compared(self, entry: Entry, said: Json | None, one: Concluded) -> Iterator[Lie]:
        if said != one.to_json():
            problem = f"entry {entry.ordinal}: the check {one.check} concludes otherwise when performed again"
            yield Lie(LEDGER, problem, one.check)
            return
        self.conclusions += sum(one.counts.values())
        if self._book.object(said["object"]) != one.content:
            yield Lie(object_path(said["object"]), f"the conclusions of {one.check} are others", one.check)

    def _rests_on_sealed(self, check: Check) -> bool:
        return not self._book.unopened.keys().isdisjoint(check.tables)

    def _why(self, entry: Entry, checks: list[str], read: ReadContent) -> str:
        """Say why checks cannot be performed again: which entry erased what they rest on, or that keys are not in the pack."""
        tables = {table for check in checks for table in read.checks[check].tables}
        missing = {one for table in tables for one in self._book.unopened.get(table, ())}
        erasures = [
            one.ordinal
            for one in self._book.entries(entry.ordinal, Kind.ERASURE)
            if not missing.isdisjoint(self._book.body(one)["commitments"])
        ]
        named = f"Entry {entry.ordinal}: {', '.join(checks)} cannot be performed again, because"
        if erasures:
            entries = ", ".join(map(str, erasures))
            return f"{named} records were erased later ({'entry' if len(erasures) == 1 else 'entries'} {entries})."
        return f"{named} personal records are sealed, and the pack does not hold their keys."


def concluded_over(
    book: PackBook,
    basis: PeriodBasis,
    read: ReadContent,
    collections: list[CollectionEntry],
    times: Times,
) -> list[Concluded]:
    """Judge a period again, out of a pack alone."""
    checks = judged_over_time(read.checks)
    specs = {table: read.specs[table] for check in checks.values() for table in check.tables}
    made = histories(collections, basis.collections, specs, book.object, book.opened, basis.holds, times)
    gaps = [gap for history in made.values() for gap in history.gaps]
    inputs = [history.as_input() for history in made.values()]
    return list(conclude_over(basis, checks, specs, inputs, gaps))
