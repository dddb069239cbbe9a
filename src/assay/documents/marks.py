"""The marks of states and turns, drawn once for HTML: a disc more or less full, a hollow diamond, a broken ring, and the hatch of what was not seen."""

from __future__ import annotations

from collections.abc import Mapping

from assay.documents.markup import Html, element

STATES = ("in place", "partly", "missing", "unknown")
STATE_CLASS = {"in place": "ok", "partly": "ok", "missing": "dev", "unknown": "unk", "not relevant": "na"}
STATE_WORD = {
    "in place": "In place",
    "partly": "Partly",
    "missing": "Missing",
    "unknown": "Unknown",
    "not relevant": "Not relevant",
}
TURN = {
    "deviates now": ("dev", "deviates"),
    "no longer seen": ("unk", "unknown"),
    "mended": ("ok", "mended"),
    "gone": ("na", "not-applicable"),
    "seen again": ("ok", "conforms"),
    "changed": ("na", "not-applicable"),
}
_FILL = {"in place": "f-ok", "partly": "f-part", "missing": "f-miss", "unknown": "f-unk"}

DEFINITIONS = Html(
    '<svg class="defs" aria-hidden="true" focusable="false"><defs>'
    '<pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="hatch-bg" width="5" height="5"/><path class="hatch-ln" d="M0 0v5"/></pattern></defs>'
    '<symbol id="m-assay" viewBox="0 0 20 20"><path d="M10 1.5 18.5 10 10 18.5 1.5 10z"/><path d="M6.6 12.6 10 5.8l3.4 6.8M7.8 10.4h4.4"/></symbol>'
    '<symbol id="m-conforms" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.25"/><path d="M5 8.3l2.1 2.1L11 5.9"/></symbol>'
    '<symbol id="m-deviates" viewBox="0 0 16 16"><path fill="currentColor" stroke="none" fill-rule="evenodd" '
    'd="M8 .6 15.4 8 8 15.4.6 8zM7.1 4.2v4.9h1.8V4.2zm0 6.2v1.8h1.8v-1.8z"/></symbol>'
    '<symbol id="m-unknown" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.5" stroke-dasharray="2.5 2.6" stroke-linecap="butt"/>'
    '<path d="M6.2 6.4a1.8 1.8 0 1 1 2.5 1.7c-.5.2-.7.5-.7 1v.2M8 11.4v.05"/></symbol>'
    '<symbol id="m-not-applicable" viewBox="0 0 16 16"><path d="M3.5 8h9"/></symbol>'
    '<symbol id="m-not-relevant" viewBox="0 0 16 16"><path d="M3.5 8h9"/></symbol>'
    '<symbol id="m-in-place" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.25" fill="currentColor"/></symbol>'
    '<symbol id="m-partly" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.25"/>'
    '<path fill="currentColor" stroke="none" d="M8 1.75a6.25 6.25 0 0 0 0 12.5z"/></symbol>'
    '<symbol id="m-missing" viewBox="0 0 16 16"><path d="M8 1.6 14.4 8 8 14.4 1.6 8z"/></symbol>'
    '<symbol id="m-mended" viewBox="0 0 16 16"><path d="M2.5 12.5 6 7l3 3 4.5-6.5M10.5 3.5h3v3"/></symbol>'
    "</svg>"
)
EDGE = Html(
    '<svg class="edge" aria-hidden="true" focusable="false"><rect width="100%" height="100%" fill="url(#hatch)"/></svg>'
)


def mark(name: str, size: str = "i") -> Html:
    """Give a mark by name; it says nothing by itself, a word always stands beside it."""
    return element(
        "svg",
        element("use", href=f"#m-{name.replace(' ', '-')}"),
        class_=size,
        aria_hidden="true",
        focusable="false",
    )


def state(name: str) -> Html:
    """Give a state as its mark and its word."""
    return element("span", mark(name), STATE_WORD[name], class_=f"st {STATE_CLASS[name]}")


def bar(counts: Mapping[str, int], noun: str, *, thin: bool = False) -> Html:
    """Give the segmented bar of controls by state; the words beside it say the same. Widths are attributes, so that no style is inline."""
    total = sum(counts[name] for name in STATES)
    said = ", ".join(f"{counts[name]} {name}" for name in STATES if counts[name]) or "none in scope"
    label = f"{total} {noun if total == 1 else noun + 's'}: {said}"
    return element(
        "svg", _segments(counts, total), class_="seg thin" if thin else "seg", role="img", aria_label=label
    )


def _segments(counts: Mapping[str, int], total: int) -> list[Html]:
    """Draw missing last: its outline is red and must not be covered by a neighbour's paper edge."""
    drawn: list[tuple[bool, Html]] = []
    passed = 0
    for name in STATES:
        if counts[name]:
            x, width = (
                f"{passed * 10_000 // total / 100:.2f}%",
                f"{counts[name] * 10_000 // total / 100:.2f}%",
            )
            drawn.append(
                (name == "missing", element("rect", class_=_FILL[name], x=x, width=width, height="100%"))
            )
            passed += counts[name]
    return [rect for _, rect in sorted(drawn, key=lambda one: one[0])]
