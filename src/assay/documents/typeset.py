"""Which characters the fonts of the printed page hold; the others are spelled `<U+6F22>`, since a tagged page may not show an empty box."""

from __future__ import annotations

import unicodedata
from typing import Any, TypeAlias

Ranges: TypeAlias = tuple[tuple[int, int], ...]

# Inter as vendored, with Libertinus Serif and DejaVu Sans Mono as Typst bundles them: Latin, Greek, Cyrillic, Armenian, signs and arrows.
# Found by setting each character with typst 0.15; combining marks are left out, since NFC joins those that matter.
PAGE: Ranges = (
    (0x20, 0x2FF),
    (0x370, 0x482),
    (0x48A, 0x4FF),
    (0x531, 0x58F),
    (0x1E00, 0x1FFF),
    (0x2010, 0x2040),
    (0x2044, 0x2052),
    (0x2054, 0x20C0),
    (0x2190, 0x23FF),
)
LATIN: Ranges = ((0x20, 0x7E), (0xA1, 0xFF), (0x2013, 0x2026), (0x2192, 0x2192))
"""What is left where a future font holds less than today's."""


def settable(value: Any, ranges: Ranges = PAGE) -> Any:
    """Give a value in which every text holds only characters in `ranges`; the object given stays as it is."""
    match value:
        case str():
            return "".join(
                _set_or_spelled(character, ranges) for character in unicodedata.normalize("NFC", value)
            )
        case dict():
            return {name: settable(member, ranges) for name, member in value.items()}
        case list() | tuple():
            return [settable(member, ranges) for member in value]
        case _:
            return value


def _set_or_spelled(character: str, ranges: Ranges) -> str:
    code = ord(character)
    return character if any(first <= code <= last for first, last in ranges) else f"<U+{code:04X}>"
