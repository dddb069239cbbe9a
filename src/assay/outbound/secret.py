"""A text that must not be seen: however it is printed, formatted or shown in a traceback, it reads ‹secret›."""

from __future__ import annotations

SHOWN = "‹secret›"


class Secret:
    """Hold a token or key; only `reveal()` gives the text. Two secrets are equal when their texts are."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Give the text itself, for the one place that must send it."""
        return self._text

    def __repr__(self) -> str:
        return SHOWN

    def __str__(self) -> str:
        return SHOWN

    def __format__(self, spec: str) -> str:
        return format(SHOWN, spec)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(("secret", self._text))

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("A secret is not pickled or copied into a file.")
