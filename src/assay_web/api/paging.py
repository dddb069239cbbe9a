"""Lists in pages: `limit` and `cursor` in, `items` and `next` out. A cursor says behind which thing to go on, so that what is added meanwhile shifts nothing."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any, Generic, TypeVar

from ninja import Field, Schema
from ninja.errors import HttpError

T = TypeVar("T")
MOST = 200
USUAL = 50


class Paged(Schema):
    """Which page is asked for."""

    limit: int = Field(USUAL, ge=1, le=MOST)
    cursor: str = Field("", max_length=400, description="The `next` of the page before.")


class Page(Schema, Generic[T]):
    """A page: its things, and the cursor of the next page, empty where there is none."""

    items: list[T]
    next: str


def page_of(things: Iterable[Any], asked: Paged, key: Callable[[Any], str]) -> tuple[Sequence[Any], str]:
    """Give the page after the cursor's thing, and the cursor to go on by. Raises HttpError 400 for a cursor that is none, or whose thing is gone."""
    behind = _read(asked.cursor) if asked.cursor else None
    rest = iter(things)
    if behind is not None and not any(key(one) == behind for one in rest):
        raise HttpError(400, "This cursor leads nowhere any more. Begin with the first page.")
    found = list(islice(rest, asked.limit + 1))
    more = len(found) > asked.limit
    return found[: asked.limit], _written(key(found[asked.limit - 1])) if more else ""


def _written(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _read(cursor: str) -> str:
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise HttpError(400, "This is no cursor. Send the `next` of the page before, as it was.") from error
