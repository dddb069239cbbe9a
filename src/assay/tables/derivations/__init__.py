"""Named pure functions that make a column's value from what its path finds, for what neither a path nor SQL should dig in.

Found by place: `policy.allows_everything` is the function `allows_everything` of `derivations/policy.py`. A function takes the value
found, and where it names them `account` and `region` of the record; it gives a JSON value, or raises ValueError for what it cannot read.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any

from assay.evidence.canonical import Json


@cache
def derivation_names() -> tuple[str, ...]:
    """Give the names of all derivations, sorted."""
    return tuple(sorted(_all()))


def derivation(name: str) -> Callable[..., Json]:
    """Give the function of a derivation, taking the value and `account=`, `region=`; raises KeyError for a name that is not known."""
    function = _all()[name]
    wanted = [
        parameter
        for parameter in ("account", "region")
        if parameter in inspect.signature(function).parameters
    ]

    def derive(value: Json, **place: str) -> Json:
        return function(value, **{parameter: place[parameter] for parameter in wanted})

    return derive


@cache
def _all() -> dict[str, Callable[..., Any]]:
    found = {}
    for entry in files(__name__).iterdir():
        stem, dot, ending = entry.name.partition(".")
        if dot and ending == "py" and not stem.startswith("_"):
            module = import_module(f"{__name__}.{stem}")
            found.update({f"{stem}.{name}": getattr(module, name) for name in module.__all__})
    return found
