"""What the templates of registers can say: a field of a line in words, and what a deed changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from assay_web.page.tags import moment, on
from assay_web.queries.registers import cell, shown
from assay_web.records.registers import Line

register = template.Library()

_LINKED = {"criteria": "criterion", "controls": "control"}


@register.filter
def said(line: Line, name: str) -> str:
    """Say a field of a line as plain text."""
    return str(cell(shown(line, name)))


@register.filter
def with_article(noun: str) -> str:
    """Give a noun with its article: “a vendor”, “an incident”."""
    return f"an {noun}" if noun[:1].casefold() in "aeio" else f"a {noun}"


@register.simple_tag
def value(line: Line, name: str) -> SafeString | str:
    """Show a field of a line: ids of the catalogue as links, days in words, nothing as “not said”."""
    found = shown(line, name)
    if name in _LINKED and found:
        links = [(reverse(_LINKED[name], args=[one]), one) for one in found]
        return format_html_join(", ", '<a href="{}">{}</a>', links)
    if found in ("", None, []):
        return mark_safe('<span class="muted">not said</span>')
    return _words(found)


def _words(found: Any) -> SafeString | str:
    match found:
        case bool():
            return "yes" if found else "no"
        case datetime():
            return moment(found)
        case date():
            return on(found)
        case str() if found.startswith(("https://", "http://")):
            return format_html('<a href="{}" rel="noreferrer">{}</a>', found, found)
        case str():
            return format_html_join(mark_safe("<br>"), "{}", ((one,) for one in found.splitlines()))
        case _:
            return str(cell(found))


@register.simple_tag
def changed_field(labels: Mapping[str, str], name: str, pair: list[Any]) -> SafeString:
    """Say what a deed changed in one field; of what tells who a person is, only that it changed."""
    label = labels.get(name, name.replace("_", " "))
    if not pair:
        return format_html("{} changed", label)
    before, after = (str(cell(one))[:200] or "nothing" for one in pair)
    return format_html("{}: {} → {}", label, before, after)
