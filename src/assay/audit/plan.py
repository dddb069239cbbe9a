"""A plan up to the report, worked forward from its beginning and back from the day on which a report is wanted, with what decides the day.

Every length is the company's own number, or the range that is usual for small and middle-sized companies; of a range the plan gives both ends and
never a day between them. How ready a company is does not say how long it will take, so nothing here is computed from it.

Type I: preparation, then the audit as of its last day. Type II: preparation, then the period, then the review. Where both are planned, the period of
Type II starts the day after the as-of date, and its report is wanted within 12 months of that date, because readers count an older one as stale.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from assay.audit.days import DAY, Days, Length, day_words, months_after
from assay.catalogue import Asked
from assay.wording import counted


class Route(StrEnum):
    """Which reports are planned."""

    TYPE_1_THEN_2 = "type_1_then_2"
    TYPE_1 = "type_1"
    TYPE_2 = "type_2"


class Part(StrEnum):
    """A stretch of a plan."""

    CHOOSING = "choosing"
    PREPARATION = "preparation"
    AUDIT = "audit"
    PERIOD = "period"
    REVIEW = "review"


class Unit(StrEnum):
    """What a length is counted in."""

    MONTHS = "months"
    WEEKS = "weeks"


@dataclass(frozen=True, slots=True)
class Span:
    """How long something takes: at least and at most so many months or weeks; `own` where the company says so itself."""

    least: int
    most: int
    unit: Unit
    own: bool = False

    @property
    def shortest(self) -> Length:
        """The least as a length of time."""
        return _length(self.least, self.unit)

    @property
    def longest(self) -> Length:
        """The most as a length of time."""
        return _length(self.most, self.unit)

    @property
    def words(self) -> str:
        """Say it: “2 to 4 months”, “3 months”."""
        if self.least == self.most:
            return counted(self.least, self.unit.removesuffix("s"))
        return f"{self.least} to {self.most} {self.unit}"


def _length(number: int, unit: Unit) -> Length:
    return Length(months=number) if unit is Unit.MONTHS else Length(weeks=number)


PREPARATION_1 = Span(2, 4, Unit.MONTHS)
PREPARATION_2 = Span(3, 6, Unit.MONTHS)
AUDIT = Span(4, 8, Unit.WEEKS)
PERIOD = Span(3, 12, Unit.MONTHS)
COMMON_PERIOD = Span(6, 12, Unit.MONTHS)
REVIEW = Span(4, 8, Unit.WEEKS)
FRESH_MONTHS = 12
"""How long after the as-of date the Type II report is wanted: practice of those who read reports; no standard sets it."""
PERIOD_WORDS = f"{PERIOD.words}, commonly {COMMON_PERIOD.least} to {COMMON_PERIOD.most}"


@dataclass(frozen=True, slots=True)
class Own:
    """The company's own lengths; None where it has none, and the usual range stands. `choosing` has no usual range: without a number it is not drawn."""

    preparation_months: int | None = None
    audit_weeks: int | None = None
    period_months: int | None = None
    review_weeks: int | None = None
    choosing_weeks: int | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """One part of the plan: when it lies where everything goes fast and where everything goes slow, and whether a delay of it moves the report.

    `usual` says how long it commonly takes; nothing where that is not known.
    """

    part: Part
    name: str
    span: Span
    usual: str
    fast: Days
    slow: Days
    critical: bool = True


@dataclass(frozen=True, slots=True)
class Between:
    """A day that is not known yet: no earlier than one and no later than another."""

    earliest: date
    latest: date

    @property
    def words(self) -> str:
        """Say it: “between 3 Mar and …”, or the one day."""
        if self.earliest == self.latest:
            return f"on {day_words(self.earliest)}"
        return f"between {day_words(self.earliest)} and {day_words(self.latest)}"


@dataclass(frozen=True, slots=True)
class Milestone:
    """A day that matters, by a name that stays the same from one version of a plan to the next."""

    key: str
    name: str
    when: Between


class Fit(StrEnum):
    """How a plan stands to the day on which a report is wanted."""

    NO_DAY = "no day"
    EASY = "easy"  # also where everything takes its longest
    TIGHT = "tight"  # where enough of it goes fast
    TOO_EARLY = "too early"  # not even where everything goes fast


@dataclass(frozen=True, slots=True)
class Plan:
    """Stages in order, the days that matter, and how it stands to the wanted day.

    `begin_by` is when preparation must begin for the wanted day: at the latest where everything goes slow, and where everything goes fast. `remarks` are
    sentences on what else does not fit.
    """

    route: Route
    stages: tuple[Stage, ...]
    milestones: tuple[Milestone, ...]
    fit: Fit
    says: str
    wanted: date | None
    begin_by: Between | None
    remarks: tuple[str, ...]

    @property
    def fits(self) -> bool:
        """False where the wanted day cannot be met at all."""
        return self.fit is not Fit.TOO_EARLY

    def milestone(self, key: str) -> Milestone | None:
        """Give a day that matters by its key; None where this plan has none."""
        return next((one for one in self.milestones if one.key == key), None)

    @property
    def days(self) -> Days:
        """From the first day of the plan to the last that it may take."""
        first = min(one.fast.first for one in self.stages)
        last = max(one.slow.last for one in self.stages)
        return Days(first, max(last, self.wanted or last))


REPORT_1, REPORT_2, AS_OF, PERIOD_FIRST, PERIOD_LAST = (
    "type 1 report",
    "type 2 report",
    "as-of date",
    "first day of the period",
    "last day of the period",
)
_TYPE = {REPORT_1: "Type I", REPORT_2: "Type II"}


def default_route(asked: Asked) -> Route:
    """Give the plan that is usual: a Type I, then a Type II whose period starts the day after; also where customers asked for Type II, which it makes no later."""
    return Route.TYPE_1 if asked is Asked.TYPE_1 else Route.TYPE_1_THEN_2


def make_plan(begins: date, *, wanted: date | None, asked: Asked, route: Route, own: Own = Own()) -> Plan:
    """Plan from the first day of preparation on. `begins` is the company's local day: the day on which it began, or today.

    1. Both ends of every stage. 2. Days that matter. 3. What was asked for stands against the wanted day.
    """
    stages = _stages(begins, route, own)  # 1
    milestones = _milestones(stages, route)  # 2
    aim = _aim(asked, route)
    reached = next(one.when for one in milestones if one.key == aim)
    fit, begin_by = _fit(begins, wanted, reached, aim, stages)  # 3
    says = _says(begins, wanted, reached, fit, begin_by, aim)
    return Plan(route, stages, milestones, fit, says, wanted, begin_by, tuple(_remarks(stages, route, asked)))


def _aim(asked: Asked, route: Route) -> str:
    """Which report the wanted day is about: the one asked for, otherwise the first that there will be."""
    if route is Route.TYPE_2 or (route is Route.TYPE_1_THEN_2 and asked is Asked.TYPE_2):
        return REPORT_2
    return REPORT_1


def _stages(begins: date, route: Route, own: Own) -> tuple[Stage, ...]:
    """1. What leads to the day on which the firm can begin. 2. The audit as of the day before. 3. The period from that day on, and its review."""
    first, ready = _until_ready(begins, route, own)  # 1
    stages, then = list(first), Between(ready.earliest + DAY, ready.latest + DAY)
    if route is not Route.TYPE_2:  # 2
        audit = _own(own.audit_weeks, AUDIT)
        stages.append(_stage(Part.AUDIT, "Audit as of a date (Type I)", audit, AUDIT.words, then))
    if route is not Route.TYPE_1:  # 3
        period = _own(own.period_months, PERIOD)
        stages.append(_stage(Part.PERIOD, "The period of the Type II report", period, PERIOD_WORDS, then))
        over = _after(then, period)
        after = Between(over.earliest + DAY, over.latest + DAY)
        review = _own(own.review_weeks, REVIEW)
        stages.append(_stage(Part.REVIEW, "Review by the auditor", review, REVIEW.words, after))
    return tuple(stages)


def _until_ready(begins: date, route: Route, own: Own) -> tuple[list[Stage], Between]:
    """Preparation, and beside it the choice of the firm where its length is known: the later of the two decides."""
    start = Between(begins, begins)
    usual = PREPARATION_2 if route is Route.TYPE_2 else PREPARATION_1
    preparing = _own(own.preparation_months, usual)
    stage = _stage(Part.PREPARATION, "Preparation", preparing, usual.words, start)
    ready = _after(start, preparing)
    if own.choosing_weeks is None:
        return [stage], ready
    span = Span(own.choosing_weeks, own.choosing_weeks, Unit.WEEKS, own=True)
    chosen = _after(start, span).latest
    choosing = _stage(Part.CHOOSING, "Choosing the firm and signing", span, "", start)
    both = [
        replace(choosing, critical=chosen > ready.earliest),
        replace(stage, critical=ready.latest >= chosen),
    ]
    return both, Between(max(ready.earliest, chosen), max(ready.latest, chosen))


def _own(number: int | None, usual: Span) -> Span:
    return usual if number is None else Span(number, number, usual.unit, own=True)


def _after(start: Between, span: Span) -> Between:
    """Give the last day of what begins then."""
    return Between(span.shortest.last_from(start.earliest), span.longest.last_from(start.latest))


def _stage(part: Part, name: str, span: Span, usual: str, start: Between) -> Stage:
    end = _after(start, span)
    return Stage(part, name, span, usual, Days(start.earliest, end.earliest), Days(start.latest, end.latest))


def _milestones(stages: tuple[Stage, ...], route: Route) -> tuple[Milestone, ...]:
    by_part = {one.part: one for one in stages}
    found = []
    if (audit := by_part.get(Part.AUDIT)) is not None:
        as_of = Between(audit.fast.first - DAY, audit.slow.first - DAY)
        found += [
            Milestone(AS_OF, "The as-of date of the Type I report", as_of),
            Milestone(REPORT_1, "The Type I report", Between(audit.fast.last, audit.slow.last)),
        ]
    if (period := by_part.get(Part.PERIOD)) is not None:
        review = by_part[Part.REVIEW]
        found += [
            Milestone(
                PERIOD_FIRST, "The first day of the period", Between(period.fast.first, period.slow.first)
            ),
            Milestone(PERIOD_LAST, "The last day of the period", Between(period.fast.last, period.slow.last)),
            Milestone(REPORT_2, "The Type II report", Between(review.fast.last, review.slow.last)),
        ]
    return tuple(found)


def _fit(
    begins: date, wanted: date | None, reached: Between, aim: str, stages: tuple[Stage, ...]
) -> tuple[Fit, Between | None]:
    if wanted is None:
        return Fit.NO_DAY, None
    begin_by = Between(_back(wanted, aim, stages, fast=False), _back(wanted, aim, stages, fast=True))
    if reached.latest <= wanted:
        return Fit.EASY, begin_by
    return (Fit.TIGHT if reached.earliest <= wanted else Fit.TOO_EARLY), begin_by


def _back(wanted: date, aim: str, stages: tuple[Stage, ...], *, fast: bool) -> date:
    """Work back from the wanted day through what leads to its report; gives the latest first day, of choosing the firm too."""
    last = wanted
    parts = (Part.REVIEW, Part.PERIOD) if aim == REPORT_2 else (Part.AUDIT,)
    by_part = {one.part: one for one in stages}
    for part in parts:
        last = _first(by_part[part], last, fast=fast) - DAY
    firsts = [
        _first(by_part[one], last, fast=fast) for one in (Part.PREPARATION, Part.CHOOSING) if one in by_part
    ]
    return min(firsts)


def _first(stage: Stage, last: date, *, fast: bool) -> date:
    return (stage.span.shortest if fast else stage.span.longest).first_to(last)


def _says(
    begins: date, wanted: date | None, reached: Between, fit: Fit, begin_by: Between | None, aim: str
) -> str:
    report, begun = f"{_TYPE[aim]} report", f"begun on {day_words(begins)}"
    if wanted is None or begin_by is None:
        return f"No day is set. With preparation {begun}, the {report} would be there {reached.words}."
    day = day_words(wanted)
    match fit:
        case Fit.EASY:
            return f"The {report} can be there by {day}, also where every stage takes its longest."
        case Fit.TIGHT:
            return (
                f"The {report} can be there by {day} only where not every stage takes its longest: with preparation {begun}, "
                f"it would be there {reached.words}."
            )
        case _:
            return (
                f"{day} is too early for the {report}: with preparation {begun}, it would be there {reached.words}. "
                f"For that day, preparation would have had to begin by {day_words(begin_by.latest)}."
            )


def _remarks(stages: tuple[Stage, ...], route: Route, asked: Asked) -> list[str]:
    """Say what else does not fit: a Type II later than 12 months after the as-of date; lengths outside the usual; a report that nobody asked for."""
    found = [
        f"{one.name}: {one.span.words} is less than the usual {one.usual}."
        for one in stages
        if one.span.own and one.usual and one.span.most < _usual_of(one.part, route).least
    ]
    by_part = {one.part: one for one in stages}
    if route is Route.TYPE_1_THEN_2:
        found += _fresh(by_part[Part.AUDIT], by_part[Part.PERIOD], by_part[Part.REVIEW])
    if route is Route.TYPE_1 and asked is Asked.TYPE_2:
        found.append(
            "Customers asked for Type II, and this plan has none: ask them whether a Type I will do for now."
        )
    return found


def _usual_of(part: Part, route: Route) -> Span:
    preparation = PREPARATION_2 if route is Route.TYPE_2 else PREPARATION_1
    return {Part.PREPARATION: preparation, Part.AUDIT: AUDIT, Part.PERIOD: PERIOD, Part.REVIEW: REVIEW}[part]


def _fresh(audit: Stage, period: Stage, review: Stage) -> list[str]:
    """Compare the Type II report with 12 months after the as-of date, the fast plan with itself and the slow with itself."""
    fits_fast, fits_slow = (
        done <= months_after(as_of, FRESH_MONTHS)
        for as_of, done in (
            (audit.fast.first - DAY, review.fast.last),
            (audit.slow.first - DAY, review.slow.last),
        )
    )
    if fits_slow:
        return []
    longest = f"with a review of {review.span.words}, a period of at most {counted(_longest_period(audit.fast.first, review.span.longest), 'month')} is reported in time"
    if fits_fast:
        return [
            f"The Type II report may come later than {FRESH_MONTHS} months after the as-of date, when readers count the Type I report as old: {longest}."
        ]
    return [
        f"The Type II report comes later than {FRESH_MONTHS} months after the as-of date, when readers count the Type I report as old: {longest}."
    ]


def _longest_period(first: date, review: Length) -> int:
    """Give the longest period in months that begins on `first`, the day after the as-of date, and is still reported in time."""
    limit = months_after(first - DAY, FRESH_MONTHS)
    fitting = [
        months
        for months in range(1, FRESH_MONTHS + 1)
        if review.last_from(Length(months=months).last_from(first) + DAY) <= limit
    ]
    return max(fitting, default=0)


@dataclass(frozen=True, slots=True)
class Moved:
    """A day that matters in two plans; None where one of them has it not. Days are positive where it is later now."""

    name: str
    before: Between | None
    after: Between | None

    @property
    def days(self) -> tuple[int, int] | None:
        """By how many days its earliest and latest moved; None where only one plan has it."""
        if self.before is None or self.after is None:
            return None
        return (
            (self.after.earliest - self.before.earliest).days,
            (self.after.latest - self.before.latest).days,
        )


def moved(before: Plan, after: Plan) -> list[Moved]:
    """Give the days that matter and differ between two plans, in their order."""
    names = {one.key: one.name for one in (*before.milestones, *after.milestones)}
    found = []
    for key, name in names.items():
        then, now = _when(before, key), _when(after, key)
        if then != now:
            found.append(Moved(name, then, now))
    return found


def _when(plan: Plan, key: str) -> Between | None:
    found = plan.milestone(key)
    return None if found is None else found.when
