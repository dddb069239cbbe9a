"""JSON: a list of objects, or an object around one, as the pages of an API's export are."""

from __future__ import annotations

from collections.abc import Iterator

from assay.collectors.files.delimited import decoded
from assay.collectors.files.sheet import Cell, Limits, Row, Sheet, Unreadable, UnreadableFileError
from assay.evidence.canonical import Json, NotCanonicalError, parse

_COUNTS = ("total", "total_count", "totalCount", "count")
_FOLLOWING = (
    "next",
    "next_page",
    "nextPage",
    "next_page_token",
    "nextPageToken",
    "next_cursor",
    "nextCursor",
    "has_more",
    "hasMore",
)
_DEEPEST = 6


def read_listing(data: bytes, limits: Limits) -> Sheet:
    """Read a JSON list of objects, alone or as the one list of an object (`{"items": […]}`); raises UnreadableFileError.

    Objects inside an item become headings joined by dots. A file that says more pages follow is only a part, and refused.
    """
    text, encoding = decoded(data)
    try:
        value = parse(text)
    except NotCanonicalError as error:
        raise UnreadableFileError(f"{error} Export the file again.") from error
    items, around = _items(value)
    _refuse_a_part(around)
    flat = [dict(_flat(item, "", limits, 0)) if isinstance(item, dict) else None for item in items]
    if any(item is None for item in flat):
        raise UnreadableFileError(
            "The list holds something that is not an object. Export a list of objects, one for each record."
        )
    rows = [item for item in flat if item is not None]
    headings = tuple(dict.fromkeys(name for item in rows for name in item))
    cells = 0
    for number in range(1, len(rows) + 1):
        cells = limits.take_row(number, len(headings), cells)
    kept = tuple(
        Row(number, tuple(item.get(name) for name in headings)) for number, item in enumerate(rows, 1)
    )
    return Sheet("json", headings, kept, (), _stated(around), {"encoding": encoding})


def _items(value: Json) -> tuple[list[Json], dict[str, Json]]:
    if isinstance(value, list):
        return value, {}
    if isinstance(value, dict):
        lists = [name for name, member in value.items() if isinstance(member, list)]
        if len(lists) == 1:
            return value[lists[0]], {name: member for name, member in value.items() if name != lists[0]}
    raise UnreadableFileError(
        'The JSON is neither a list of objects nor an object around one list. Export it as {"items": […]}.'
    )


def _refuse_a_part(around: dict[str, Json]) -> None:
    for name in _FOLLOWING:
        if around.get(name):
            raise UnreadableFileError(
                f"The file says by “{name}” that more pages follow, so it is only a part. Export all pages into one file."
            )


def _stated(around: dict[str, Json]) -> int | None:
    found = [
        around[name]
        for name in _COUNTS
        if isinstance(around.get(name), int) and not isinstance(around[name], bool)
    ]
    return max(found) if found else None


def _flat(item: dict[str, Json], prefix: str, limits: Limits, depth: int) -> Iterator[tuple[str, Cell]]:
    for name, member in item.items():
        if isinstance(member, dict) and depth < _DEEPEST:
            yield from _flat(member, f"{prefix}{name}.", limits, depth + 1)
        else:
            yield f"{prefix}{name}", _cell(member, limits)


def _cell(value: Json, limits: Limits) -> Cell:
    match value:
        case None | bool() | int():
            return value
        case str():
            return (
                (value or None)
                if len(value) <= limits.characters
                else Unreadable("holds more text than can be kept")
            )
        case list() if all(isinstance(member, str) for member in value) and len(value) <= 1_000:
            return tuple(value)
    return Unreadable("holds an object or a list, not a value")
