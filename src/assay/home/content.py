"""What holds across the content: every id that a check names is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assay.catalogue import Catalogue
from assay.checks import Check


def cross_reference(catalogue: Catalogue, checks: Mapping[str, Check]) -> Iterator[str]:
    """Give a sentence for each control and parameter that a check names and the catalogue lacks."""
    for check in checks.values():
        for control in check.controls:
            if control not in catalogue.controls:
                yield f"{check.id} names the control {control}, which is not in the catalogue. Mend its header."
        for name in check.parameters:
            if name not in catalogue.parameters:
                yield f"{check.id} reads the parameter {name}, which has no file in parameters/. Write one, or mend the header."
