"""What exports call the columns of file tables, and the words that they use in them: read from content, `headings/<table>.yaml`. Only ever a suggestion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assay.catalogue.reading import Fields, read_fields, stem
from assay.content_tree import Content, read_once

TRUE = ("true", "yes", "y", "1", "on", "enabled", "active", "x")
FALSE = ("false", "no", "n", "0", "off", "disabled", "inactive", "none")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one column: its usual headings, and for a closed set of values the words that mean each.

    `blank_is_unknown`: an empty cell does not say “none”, the export just did not tell. `to_the_end`: a day without a time counts to its end.
    `lower`: case means nothing.
    """

    headings: tuple[str, ...] = ()
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    blank_is_unknown: bool = False
    to_the_end: bool = False
    lower: bool = False


@dataclass(frozen=True, slots=True)
class TableHeadings:
    """What is known of one table: its columns, and in `about` whom a record of several people is about, and so under whose key it is sealed: the first of
    these columns with something in it."""

    columns: Mapping[str, Known] = field(default_factory=dict)
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Headings:
    """What is known of every table."""

    tables: Mapping[str, TableHeadings]

    def known(self, table: str, column: str) -> Known:
        """Give what is known of a column; for a table that no file is about only its name."""
        return self.tables.get(table, TableHeadings()).columns.get(column) or Known(
            (column.replace("_", " "),)
        )

    def about(self, table: str) -> tuple[str, ...]:
        """Give the columns that say whom a record of this table is about."""
        return self.tables.get(table, TableHeadings()).about


def load_headings(content: Content) -> Headings:
    """Read `headings/<table>.yaml` of every table. Raises CatalogueError for the first file that is wrong."""
    return read_once("headings", content, lambda: _load(content))


def _load(content: Content) -> Headings:
    return Headings(
        {stem(path): _table(read_fields(content, path)) for path in content.paths("headings/", ".yaml")}
    )


def _table(fields: Fields) -> TableHeadings:
    about, columns = fields.texts("about"), fields.fields("columns")
    fields.done()
    return TableHeadings({column: _known(columns.fields(column)) for column in columns.names()}, about)


def _known(fields: Fields) -> Known:
    headings, words = fields.texts("headings"), fields.fields("words") if "words" in fields else None
    marks = {
        mark: fields.boolean(mark) for mark in ("blank_is_unknown", "to_the_end", "lower") if mark in fields
    }
    fields.done()
    meanings = () if words is None else tuple((meaning, words.texts(meaning)) for meaning in words.names())
    return Known(headings, meanings, **marks)
