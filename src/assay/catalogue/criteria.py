"""The criteria of the trust services and their points of focus, by id with gists in our own words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assay.catalogue.conditions import Rule, read_rule
from assay.catalogue.reading import Fields
from assay.catalogue.vocabulary import Category


@dataclass(frozen=True, slots=True)
class PointOfFocus:
    """A prompt for thinking about a criterion, not a requirement. `only` is the category that calls for it, where not every scope does."""

    id: str
    criterion: str
    gist: str
    only: Category | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion. `carried` says when all of it can rest with a carved-out provider; None: never, a provider can only share it."""

    id: str
    category: Category
    title: str
    points: tuple[PointOfFocus, ...]
    carried: Rule | None = None

    @property
    def common(self) -> bool:
        """Whether it is one of the common criteria, which are in every scope."""
        return self.category is Category.SECURITY


_CRITERION = re.compile(r"(?:CC|A|C|PI|P)[1-9]\.[1-9]")


def read_criteria(fields: Fields) -> dict[str, Criterion]:
    """Read a frameworks file; criteria come in the order of the file."""
    for field in ("title", "edition", "says"):
        fields.text(field)
    criteria = fields.fields("criteria")
    fields.done()
    return {key: _read_criterion(key, criteria.fields(key)) for key in criteria.names()}


def _read_criterion(key: str, fields: Fields) -> Criterion:
    if not _CRITERION.fullmatch(key):
        raise fields.error(f"criteria.{key}", "is no id of a criterion, such as CC6.1 or PI1.2")
    category, title = fields.choice("category", Category), fields.text("gist")
    carried = read_rule(fields.fields("carried")) if "carried" in fields else None
    points = fields.fields("points")
    fields.done()
    return Criterion(
        key, category, title, tuple(_read_point(key, one, points) for one in points.names()), carried
    )


def _read_point(criterion: str, key: str, points: Fields) -> PointOfFocus:
    if not re.fullmatch(re.escape(criterion) + r"\.[1-9][0-9]?", key):
        raise points.error(points.name(key), f"is no id of a point of {criterion}, such as {criterion}.1")
    value = points.take(key)
    if isinstance(value, str) and value.strip():
        return PointOfFocus(key, criterion, value)
    fields = Fields(points.path, value, points.name(key))
    point = PointOfFocus(key, criterion, fields.text("gist"), fields.choice("only", Category))
    fields.done()
    return point
