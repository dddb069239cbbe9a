"""What every template can say: marks with their words, bars drawn by the server, instants in the company's zone, counted nouns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from assay.catalogue import Place, load_help
from assay.content_tree import Content
from assay.wording import counted as _counted

register = template.Library()

STATES = {
    "in place": ("in-place", "ok", "In place"),
    "partly": ("partly", "ok", "Partly"),
    "missing": ("missing", "dev", "Missing"),
    "unknown": ("unknown", "unk", "Unknown"),
    "not relevant": ("not-applicable", "na", "Not relevant"),
}
CONCLUSIONS = {
    "CONFORMS": ("conforms", "ok", "Conforms"),
    "DEVIATES": ("deviates", "dev", "Deviates"),
    "UNKNOWN": ("unknown", "unk", "Unknown"),
    "NOT_APPLICABLE": ("not-applicable", "na", "Not applicable"),
}
_BAR = (("in place", "f-ok"), ("partly", "f-part"), ("unknown", "f-unk"), ("missing", "f-miss"))
"""Segments from left to right. What is missing is drawn last, so that its outline lies over its neighbour's edge."""


@register.simple_tag
def icon(name: str, css: str = "i") -> SafeString:
    """Draw a symbol of the sprite; the words beside it say what it means."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', css, static("assay/icons.svg"), name
    )


@register.simple_tag
def state(name: str) -> SafeString:
    """Say a control's or criterion's state: its shape and its word, always both."""
    return _mark(*STATES[name])


@register.simple_tag
def conclusion(name: str) -> SafeString:
    """Say a conclusion: its shape and its word, always both."""
    return _mark(*CONCLUSIONS[name.upper().replace(" ", "_")])


def _mark(shape: str, colour: str, word: str) -> SafeString:
    return format_html('<span class="st {}">{}{}</span>', colour, icon(shape), word)


@register.simple_tag
def came(word: str) -> SafeString | str:
    """Say what an item was before or after: a conclusion with its shape, or that it was not there."""
    name = word.upper().replace(" ", "_")
    return conclusion(name) if name in CONCLUSIONS else format_html('<span class="muted">{}</span>', word)


@register.filter
def field(form: Any, name: str) -> Any:
    """Give a field of a form by its name, so that a page sets its own order."""
    return form[name]


@register.filter
def spoken(name: str) -> str:
    """Say the name of a value: its underscores are spaces."""
    return name.replace("_", " ")


@register.filter
def words(text: str) -> list[str]:
    """Split a constant of a template."""
    return text.split()


@register.simple_tag
def state_icon(name: str) -> SafeString:
    """Draw a state's shape with its word for screen readers, where a list says the word in its heading."""
    shape, colour, word = STATES[name]
    return format_html('<span class="{}">{}<span class="sr">{} </span></span>', colour, icon(shape), word)


@register.simple_tag
def segments(counts: Mapping[str, int], css: str = "seg", noun: str = "control") -> SafeString:
    """Draw counts by state as one bar. Widths are attributes: the policy refuses styles."""
    total = sum(counts.get(name, 0) for name, _ in _BAR)
    said = ", ".join(f"{counts[name]} {name}" for name, _ in _BAR if counts.get(name))
    rects, at = [], 0.0
    for name, fill in _BAR:
        if not counts.get(name):
            continue
        width = 100 * counts[name] / total
        rects.append((fill, f"{at:.3f}", f"{width:.3f}", counts[name], name))
        at += width
    drawn = format_html_join(
        "",
        '<rect class="{}" x="{}%" width="{}%" height="100%"><title>{} {}</title></rect>',
        rects,
    )
    return format_html(
        '<svg class="{}" role="img" aria-label="{}: {}">{}</svg>',
        css,
        _counted(total, noun),
        said or "none",
        drawn,
    )


@register.simple_tag
def hatch() -> SafeString:
    """The hatch of what was not seen, defined once a page."""
    return mark_safe(
        '<svg class="defs" aria-hidden="true"><defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="hatch-bg" width="5" height="5"/><path class="hatch-ln" d="M0 0v5"/></pattern></defs></svg>'
    )


@register.filter
def moment(value: Any) -> str:
    """Give an instant in the company's zone, as in “Mon 23 Nov 2026, 07:05”; nothing for nothing."""
    found = _instant(value)
    return "" if found is None else f"{found:%a} {found.day} {found:%b %Y, %H:%M}"


@register.filter
def day(value: Any) -> str:
    """Give the day of an instant in the company's zone, as in “23 Nov 2026”."""
    found = _instant(value)
    return "" if found is None else f"{found.day} {found:%b %Y}"


def _instant(value: Any) -> datetime | None:
    if value in (None, ""):
        return None
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return timezone.localtime(found)


@register.filter
def counted(number: int, noun: str) -> str:
    """Give a number with its noun: “1 control”, “2 controls”; of “person/people” the second is for many."""
    return _counted(number, *noun.split("/"))


@register.filter
def counted_as(number: int, forms: str) -> str:
    """Give a number with a noun whose plural is its own: “1 criterion”, “2 criteria”."""
    one, many = forms.split(",")
    return _counted(number, one, many)


@register.filter
def on(value: date | None) -> str:
    """Give a day, as in “23 Nov 2026”; nothing for nothing."""
    return "" if value is None else f"{value.day} {value:%b %Y}"


@register.filter
def short_choices(field: BoundField) -> bool:
    """Tell whether a field's choices are so few and short that they stand side by side."""
    return len(field.subwidgets) == 2 and all(len(str(one.choice_label)) < 5 for one in field.subwidgets)


@register.inclusion_tag("parts/help.html")
def help_beside(place: str) -> dict[str, Any]:
    """Show the help of a place, as details that open."""
    return {"topics": load_help(Content.shipped()).beside(Place(place))}


@register.filter
def item(mapping: Mapping[str, Any], key: str) -> Any:
    """Give what a mapping holds under a key, for keys that are no names."""
    return mapping.get(key)


@register.simple_tag
def cell(values: Mapping[str, Any], name: str) -> str:
    """Say the value under a name; nothing where there is no such column, “not seen” where it was not seen."""
    return spelled(values[name]) if name in values else ""


@register.filter
def own_value(value: Any) -> str:
    """Say a value of one's own row: a day as a day, anything else as an observed value."""
    if isinstance(value, datetime):
        return day(value) if timezone.is_aware(value) else day(timezone.make_aware(value, UTC))
    return on(value) if isinstance(value, date) else spelled(value)


@register.filter
def spelled(value: Any) -> str:
    """Say an observed value; what was not seen reads “not seen”, never blank."""
    match value:
        case None:
            return "not seen"
        case True:
            return "yes"
        case False:
            return "no"
        case list():
            return ", ".join(map(str, value)) or "none"
        case "":
            return "empty"
        case _:
            return str(value)
