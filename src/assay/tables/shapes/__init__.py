"""Named pure functions that cut an answer into items, where no JMESPath can: an item then carries what stood above it.

Found by place, as derivations are: `iam.inline_policies` is the function `inline_policies` of `shapes/iam.py`. A function takes one answer
and gives its items; an answer of another shape raises ValueError, TypeError, KeyError or AttributeError and counts as malformed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any

from assay.evidence.canonical import Json


@cache
def shape_names() -> tuple[str, ...]:
    """Give the names of all shapes, sorted."""
    return tuple(sorted(_all()))


def shape(name: str) -> Callable[[Json], Iterable[Json]]:
    """Give the function of a shape; raises KeyError for a name that is not known."""
    return _all()[name]


@cache
def _all() -> dict[str, Callable[[Json], Iterable[Any]]]:
    found = {}
    for entry in files(__name__).iterdir():
        stem, dot, ending = entry.name.partition(".")
        if dot and ending == "py" and not stem.startswith("_"):
            module = import_module(f"{__name__}.{stem}")
            found.update({f"{stem}.{name}": getattr(module, name) for name in module.__all__})
    return found
