"""Small words that every layer says alike: a number with its noun."""

from __future__ import annotations


def counted(number: int, one: str, many: str | None = None) -> str:
    """Give “1 record”, “2 records”, “1,024 records”."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
