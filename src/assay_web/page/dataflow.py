"""The data-flow picture, drawn by the server as SVG: where data comes in, what it passes through, who works on it, which vendors get it.

It is 360 units wide and as high as it must be, so that its words are read on a telephone. Everything that it shows is in its description too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH = 360
MOST_NAMES = 4
MOST_VENDORS = 8
_LINE, _PAD, _GAP = 16, 10, 22


@dataclass(frozen=True, slots=True)
class Flow:
    """What is drawn: names by where they stand. A vendor is marked where it is part of the system."""

    company: str
    kinds: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()
    production: tuple[str, ...] = ()
    databases: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    vendors: tuple[tuple[str, bool], ...] = ()
    outside: tuple[str, ...] = ()


@dataclass
class _Sheet:
    """What was drawn so far, from top to bottom."""

    drawn: list[SafeString] = field(default_factory=list)
    y: float = 1

    def text(self, x: float, y: float, words: str, css: str = "", *, wide: int = 46) -> None:
        self.drawn.append(
            format_html('<text x="{}" y="{}" class="{}">{}</text>', x, y, css, _cut(words, wide))
        )

    def rect(self, x: float, y: float, width: float, height: float, css: str) -> None:
        self.drawn.append(
            format_html('<rect x="{}" y="{}" width="{}" height="{}" class="{}"/>', x, y, width, height, css)
        )

    def arrow(self, x: float, start: float, end: float, *, both: bool = False) -> None:
        head = f"M{x - 3.5} {end - 5}l3.5 5l3.5 -5"
        tail = f"M{x - 3.5} {start + 5}l3.5 -5l3.5 5" if both else ""
        self.drawn.append(format_html('<path class="arrow" d="M{} {}V{}{}{}"/>', x, start, end, head, tail))

    def box(self, x: float, width: float, title: str, names: Sequence[str], css: str = "box") -> float:
        """Draw a box at the present height; gives its height."""
        wide = int((width - 2 * _PAD) / 6.3)
        shown = _few(names)
        height = 2 * _PAD + _LINE * (1 + len(shown)) - 4
        self.rect(x, self.y, width, height, css)
        self.text(x + _PAD, self.y + _PAD + 10, title, "head", wide=wide)
        for number, name in enumerate(shown, 1):
            self.text(x + _PAD, self.y + _PAD + 10 + _LINE * number, name, wide=wide)
        return height


def dataflow(flow: Flow) -> SafeString:
    """Draw the picture. 1. Customers. 2. The boundary with what lies inside. 3. Vendors. 4. What is out."""
    sheet = _Sheet()
    sheet.y += sheet.box(80, 200, "Customers", ())  # 1
    sheet.arrow(180, sheet.y, sheet.y + 2 * _GAP, both=True)
    sheet.text(190, sheet.y + 18, flow.kinds[0] if flow.kinds else "data", "soft", wide=27)
    if len(flow.kinds) > 1:
        more = len(flow.kinds) - 1
        sheet.text(190, sheet.y + 18 + _LINE, f"and {more} more {'kind' if more == 1 else 'kinds'}", "soft")
    sheet.y += 2 * _GAP
    _inside(sheet, flow)  # 2
    _vendors(sheet, flow)  # 3
    if flow.outside:  # 4
        sheet.y += _GAP
        sheet.y += sheet.box(8, 344, "Out of scope", flow.outside, "box out")
    return format_html(
        '<svg class="flow" viewBox="0 0 {} {}" role="img" aria-labelledby="flow-t flow-d"><title id="flow-t">How data flows through {}</title><desc id="flow-d">{}</desc>{}</svg>',
        WIDTH,
        round(sheet.y + 2),
        flow.company,
        described(flow),
        format_html_join("", "{}", ((one,) for one in sheet.drawn)),
    )


def _inside(sheet: _Sheet, flow: Flow) -> None:
    top, at = sheet.y, len(sheet.drawn)
    sheet.text(18, top + 18, f"Inside the scope: {flow.company}", "bound-t", wide=50)
    sheet.y += 30
    layers = [
        ("Interfaces", flow.interfaces),
        ("Runs on", flow.production or ("not named yet",)),
        ("Databases", flow.databases),
    ]
    stack = [(title, names) for title, names in layers if names]
    for number, (title, names) in enumerate(stack):
        if number:
            sheet.arrow(180, sheet.y, sheet.y + _GAP, both=True)
            sheet.y += _GAP
        sheet.y += sheet.box(20, 320, title, names)
    sides = [
        (title, names) for title, names in (("Internal tools", flow.tools), ("Access", flow.access)) if names
    ]
    if sides:
        for number in range(len(sides)):
            sheet.arrow(96 + 168 * number, sheet.y + _GAP, sheet.y)
        sheet.y += _GAP
        heights = [
            sheet.box(20 + 168 * number, 152, title, names) for number, (title, names) in enumerate(sides)
        ]
        sheet.y += max(heights)
    sheet.y += 12
    sheet.drawn.insert(
        at,
        format_html('<rect x="8" y="{}" width="344" height="{}" class="bound"/>', top, sheet.y - top),
    )


def _vendors(sheet: _Sheet, flow: Flow) -> None:
    if not flow.vendors:
        return
    sheet.arrow(180, sheet.y, sheet.y + 2 * _GAP, both=True)
    sheet.text(190, sheet.y + _GAP + 4, "vendors with access", "soft")
    sheet.y += 2 * _GAP
    for start in range(0, min(len(flow.vendors), MOST_VENDORS), 2):
        for side, (name, part) in enumerate(flow.vendors[start : start + 2]):
            sheet.rect(8 + 176 * side, sheet.y, 168, 28, "box part" if part else "box")
            sheet.text(18 + 176 * side, sheet.y + 18, name, wide=24)
        sheet.y += 36
    if len(flow.vendors) > MOST_VENDORS:
        sheet.text(18, sheet.y + 10, f"and {len(flow.vendors) - MOST_VENDORS} more", "soft")
        sheet.y += _LINE


def described(flow: Flow) -> str:
    """Say the picture in sentences."""
    return " ".join(_sentences(flow))


def _sentences(flow: Flow) -> Iterator[str]:
    yield f"Customers give {', '.join(flow.kinds) or 'data'} to {flow.company}."
    for words, names in (
        ("It comes in through", flow.interfaces),
        ("The product runs on", flow.production),
        ("Databases are", flow.databases),
        ("Internal tools that reach it are", flow.tools),
        ("Access is managed in", flow.access),
        ("Vendors that are part of the system are", [name for name, part in flow.vendors if part]),
        ("Other vendors with access are", [name for name, part in flow.vendors if not part]),
        ("Out of scope are", flow.outside),
    ):
        if names:
            yield f"{words} {', '.join(names)}."


def _few(names: Sequence[str]) -> list[str]:
    if len(names) <= MOST_NAMES:
        return list(names)
    return [*names[: MOST_NAMES - 1], f"and {len(names) - MOST_NAMES + 1} more"]


def _cut(words: str, wide: int) -> str:
    return words if len(words) <= wide else f"{words[: wide - 1].rstrip()}…"
