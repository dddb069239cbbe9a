"""What holds across the content: every id that a check names is there, and the interview asks for what no source can show."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from assay.audit.inputs import needs_hand
from assay.catalogue import Catalogue, Interview
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


def unasked(catalogue: Catalogue, interview: Interview, among: Container[str]) -> Iterator[str]:
    """Give a sentence for each control `among` those named that needs evidence by hand and that no question of the interview speaks for."""
    for control in catalogue.controls.values():
        if (
            control.id in among
            and needs_hand(control.kind.value, control.nature.value)
            and not interview.serving(control.id)
        ):
            yield f"{control.id} needs evidence by hand, and no question of the interview names it. Write one in interview/, or add it to one."
