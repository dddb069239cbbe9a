"""The picture of a plan: a row for each stage, time from left to right, both ends of what is not known yet. Widths are shares, so it fits any page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from assay.audit.days import Days, day_words, months_after
from assay.audit.plan import Plan, Stage

ROW, TOP = 38, 22
_STEPS = (1, 2, 3, 6, 12, 24)
_MOST_TICKS = 6


def plan_picture(plan: Plan, today: date) -> SafeString:
    """Draw it. What it shows is in the table beside it, too; its own text is the plan's sentence."""
    days = plan.days
    height = TOP + ROW * len(plan.stages) + 4
    parts = [*_axis(days, height), *_marks(plan, days, today, height)]
    for at, stage in enumerate(plan.stages):
        parts += _row(stage, days, TOP + ROW * at)
    return format_html(
        '<svg class="strip planned" width="100%" height="{}" role="img" aria-label="{}">{}</svg>',
        height,
        plan.says,
        format_html_join("", "{}", ((one,) for one in parts)),
    )


def _row(stage: Stage, days: Days, top: int) -> Iterator[SafeString]:
    """The stage's name, its days where everything goes fast, and below, where it can lie, those where everything goes slow."""
    start, end = _share(stage.fast.first, days), _share(stage.slow.last, days, after=True)
    left = (start + end) / 2 < 50
    yield format_html(
        '<text class="on" x="{}%" y="{}" text-anchor="{}">{}</text>',
        f"{start if left else end:.2f}",
        top + 12,
        "start" if left else "end",
        stage.name,
    )
    css = "pl-on" if stage.critical else "pl-off"
    yield _bar(stage.fast, days, top + 17, css, stage.name)
    if stage.slow != stage.fast:
        yield _bar(stage.slow, days, top + 26, "pl-slow", f"{stage.name}, at its longest")


def _bar(stretch: Days, days: Days, top: int, css: str, name: str) -> SafeString:
    start, end = _share(stretch.first, days), _share(stretch.last, days, after=True)
    return format_html(
        '<rect class="{}" x="{}%" y="{}" width="{}%" height="7"><title>{}: {} to {}</title></rect>',
        css,
        f"{start:.2f}",
        top,
        f"{max(end - start, 0.4):.2f}",
        name,
        day_words(stretch.first),
        day_words(stretch.last),
    )


def _axis(days: Days, height: int) -> Iterator[SafeString]:
    """Lines at the first of months, as many as can be read."""
    months = (days.last.year - days.first.year) * 12 + days.last.month - days.first.month
    step = next((one for one in _STEPS if months / one <= _MOST_TICKS), _STEPS[-1])
    month = days.first.month - 1
    first = months_after(date(days.first.year, 1, 1), month - month % step + step)
    while first <= days.last:
        share = _share(first, days)
        yield format_html('<line class="g-ax" x1="{0}%" x2="{0}%" y1="16" y2="{1}"/>', f"{share:.2f}", height)
        if share < 88:
            yield format_html(
                '<text x="{}%" y="11">{}</text>',
                f"{share:.2f}",
                f"{first:%Y}" if step >= 12 else f"{first:%b} {first:%y}",
            )
        first = months_after(first, step)


def _marks(plan: Plan, days: Days, today: date, height: int) -> Iterator[SafeString]:
    if today in days:
        yield format_html(
            '<line class="g-now" x1="{0}%" x2="{0}%" y1="14" y2="{1}"><title>Today, {2}</title></line>',
            f"{_share(today, days):.2f}",
            height,
            day_words(today),
        )
    if plan.wanted is not None:
        yield format_html(
            '<line class="pl-want" x1="{0}%" x2="{0}%" y1="14" y2="{1}"><title>Wanted, {2}</title></line>',
            f"{_share(plan.wanted, days, after=True):.2f}",
            height,
            day_words(plan.wanted),
        )


def _share(day: date, days: Days, *, after: bool = False) -> float:
    """Give where a day begins (or ends), in hundredths of the whole width."""
    return 100 * ((day - days.first).days + after) / days.count
