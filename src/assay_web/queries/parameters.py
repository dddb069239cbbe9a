"""The company's parameters as they are in force now: the only home of numbers that a policy, a control or a check states too."""

from __future__ import annotations

from assay.catalogue import load_catalogue
from assay.evidence.canonical import Json
from assay.home.judging import parameters_at
from assay_web.home import current_home


def in_force() -> dict[str, Json]:
    """Give every parameter's value now: what the company set, otherwise the default."""
    home = current_home()
    return parameters_at(home, load_catalogue(home.content), home.now())


def whole(name: str) -> int:
    """Give the value of a parameter that is a whole number."""
    return int(in_force()[name])
