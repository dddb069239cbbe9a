"""What a check that ships with Assay owes beyond proving its own cases: a case through a real collector, and a remedy by each means or why there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assay.checks.cases import CaseFailure
from assay.checks.check import Check

_MEANS = ("console", "cli", "terraform")
_THERE_IS_NONE = re.compile(r"None\b.*\w{3}.*\.", re.DOTALL)
_NAMES_SOMETHING = {
    "cli": re.compile(r"(?<![\w./-])(?:aws|gh) [a-z]"),
    "terraform": re.compile(r"\b(?:aws|github)_[a-z0-9_]+"),
}
"""What a remedy by a means holds when there is one: a command, a resource."""


def owed(check: Check) -> list[CaseFailure]:
    """Give a failure for each thing that a shipped check owes and lacks; an empty list when it owes nothing."""
    return [CaseFailure(check.id, None, sentence) for sentence in (*_unplayed(check), *_unremedied(check))]


def _unplayed(check: Check) -> Iterator[str]:
    if not any(case.recording for case in check.cases):
        yield "No case plays a collector's answer; add one with `recording:` and the conclusions that it must give."


def _unremedied(check: Check) -> Iterator[str]:
    for means in _MEANS:
        said = getattr(check.remedy, means)
        if not said:
            yield f"`remedy` lacks {means}; write the steps, or a sentence that begins with “None” and says why there are none."
        elif means in _NAMES_SOMETHING and not (_NAMES_SOMETHING[means].search(said) or _explained(said)):
            what = "command" if means == "cli" else "resource"
            yield f"`remedy.{means}` names no {what}; name one, or begin with “None” and say why there is none."


def _explained(said: str) -> bool:
    """Whether a text says that there is no remedy by this means, and why, in a whole sentence."""
    return bool(_THERE_IS_NONE.fullmatch(said)) and len(said.split()) >= 6
