"""From a cell to the value that a record keeps: typed, in one spelling, safe for canonical JSON; or a sentence on why not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from assay.collectors.files.dates import BadValueError, DateOrder, read_date, read_instant
from assay.collectors.files.headings import FALSE, TRUE, Known
from assay.collectors.files.sheet import Cell, Unreadable
from assay.evidence.canonical import LARGEST_INTEGER, Json, instant_text
from assay.tables import Type

_BLANK = {"", "-", "–", "—", "n/a", "null", "(none)"}
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_DIGITS = re.compile(r"-?\d{1,40}")
_NUMBER = re.compile(r"-?\d{1,28}(\.\d{1,9})?")


def is_blank(cell: Cell) -> bool:
    """Say whether a cell has nothing in it, or one of the marks that exports put there instead."""
    return cell is None or (isinstance(cell, str) and cell.strip().lower() in _BLANK) or cell == ()


def word(cell: Cell) -> str:
    """Give a cell as a word to be looked up: one spelling of case and space."""
    return " ".join(_text(cell).casefold().split())


def read_value(
    cell: Cell,
    kind: Type,
    known: Known,
    words: Mapping[str, str],
    order: DateOrder | None,
    zone: ZoneInfo,
    *,
    email: bool = False,
) -> Json:
    """Give the value that a record keeps of a cell that is not blank. Raises BadValueError, whose text ends “The cell …”.

    `words` are the words of a closed set and what each means; a word that is not among them is refused.
    """
    if isinstance(cell, Unreadable):
        raise BadValueError(cell.why)
    match kind:
        case Type.BOOLEAN:
            return _boolean(cell, words)
        case Type.INSTANT:
            return instant_text(read_instant(cell, order, zone, to_the_end=known.to_the_end))
        case Type.DATE:
            return str(read_date(cell, order, zone))
        case Type.INTEGER:
            return _integer(cell)
        case Type.DECIMAL:
            return _decimal(cell)
        case Type.TEXTS:
            return _texts(cell)
    return _said(cell, known, words, email=email)


def _said(cell: Cell, known: Known, words: Mapping[str, str], *, email: bool) -> str:
    if known.words or words:
        return _meaning(cell, words)
    text = _text(cell)
    text = text.lower() if known.lower else text
    if email and not _EMAIL.fullmatch(text):
        raise BadValueError("is not an e-mail address")
    return text


def _boolean(cell: Cell, words: Mapping[str, str]) -> bool:
    if isinstance(cell, bool):
        return cell
    said = word(cell)
    meaning = words.get(said) or ("true" if said in TRUE else "false" if said in FALSE else None)
    if meaning is None:
        raise BadValueError("says neither yes nor no in a word that the mapping knows")
    return meaning == "true"


def _meaning(cell: Cell, words: Mapping[str, str]) -> str:
    meaning = words.get(word(cell))
    if meaning is None:
        raise BadValueError("holds a word that the mapping does not explain; add it there")
    return meaning


def _text(cell: Cell) -> str:
    match cell:
        case str():
            return _clean(cell)
        case bool():
            return "true" if cell else "false"
        case int():
            return str(cell)
        case datetime():
            return instant_text(cell if cell.tzinfo else cell.replace(tzinfo=UTC))
        case date():
            return str(cell)
        case tuple():
            return "; ".join(_clean(member) for member in cell)
    raise BadValueError("holds no text")


def _clean(text: str) -> str:
    cleaned = unicodedata.normalize("NFC", text.strip())
    if any("\ud800" <= character <= "\udfff" for character in cleaned):
        raise BadValueError("holds half of a character")
    return cleaned


def _integer(cell: Cell) -> Json:
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell if abs(cell) <= LARGEST_INTEGER else str(cell)
    if isinstance(cell, str) and _DIGITS.fullmatch(cell.strip()):
        return _integer(int(cell))
    raise BadValueError("is not a whole number")


def _decimal(cell: Cell) -> str:
    text = "" if isinstance(cell, bool) else _text(cell)
    if not _NUMBER.fullmatch(text):
        raise BadValueError("is not a number; write it as 1234.5")
    return text


def _texts(cell: Cell) -> list[str]:
    members = cell if isinstance(cell, tuple) else re.split(r"[,;\n]", _text(cell))
    return sorted({text for member in members if (text := _clean(member))})
