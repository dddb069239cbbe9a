"""The variables of Lambda functions, looked at in memory for patterns of credentials; needs the company's opt-in."""

from __future__ import annotations

from typing import Any

from assay.collectors.asking import Ask, CallError
from assay.collectors.hooks.detectors import found_in
from assay.collectors.work import Run, Tally
from assay.evidence.canonical import Json
from assay.evidence.gaps import Reason


def listing(run: Run, ask: Ask, tally: Tally) -> list[Json]:
    """Give for each page `{"Functions": [{"FunctionArn", "FunctionName", "Found"}]}`; no value and nothing else of the answer.

    `Found` is missing where AWS could not read the variables, for want of their key.
    """
    pages: list[Json] = []
    for answer in run.source.pages(ask):
        tally.count(answer, page=True)
        listed = answer.body.get("Functions")
        if not isinstance(listed, list):
            raise CallError(ask.call, Reason.MALFORMED, "NoList")
        pages.append({"Functions": [_looked_at(function) for function in listed]})
    return pages


def _looked_at(function: dict[str, Any]) -> dict[str, Json]:
    named: dict[str, Json] = {
        name: function[name] for name in ("FunctionArn", "FunctionName") if name in function
    }
    environment = function.get("Environment") or {}
    variables = environment.get("Variables", {})
    if environment.get("Error") or not _readable(variables):
        return named
    return {**named, "Found": found_in(variables.items())}


def _readable(variables: Json) -> bool:
    return isinstance(variables, dict) and all(isinstance(value, str) for value in variables.values())
