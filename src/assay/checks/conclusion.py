"""The four conclusions, in words and as the letters of a conclusion set (docs/reference/formats.md, section 9)."""

from __future__ import annotations

from enum import StrEnum


class Conclusion(StrEnum):
    """What a check concludes on one item. Unknown never counts as conforming."""

    CONFORMS = "CONFORMS"
    DEVIATES = "DEVIATES"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    UNKNOWN = "UNKNOWN"

    @property
    def letter(self) -> str:
        """The conclusion's letter in `codes`: C, D, N or U."""
        return self.value[0]
