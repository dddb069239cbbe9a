"""Findings of GuardDuty: one list gives their ids, fifty at a time are then asked for (GuardDuty API, GetFindings)."""

from __future__ import annotations

from dataclasses import replace

from assay.collectors.asking import Ask, CallError
from assay.collectors.work import Run, Tally
from assay.evidence.canonical import Json
from assay.evidence.gaps import Reason

_AT_ONCE = 50


def listing(run: Run, ask: Ask, tally: Tally) -> list[Json]:
    """Give the answers of `guardduty.get_findings` for every finding that the list names."""
    ids: list[Json] = []
    for answer in run.source.pages(ask):
        tally.count(answer, page=True)
        listed = answer.body.get("FindingIds")
        if not isinstance(listed, list):
            raise CallError(ask.call, Reason.MALFORMED, "NoList")
        ids += listed
    return [
        _findings(run, ask, tally, ids[start : start + _AT_ONCE]) for start in range(0, len(ids), _AT_ONCE)
    ]


def _findings(run: Run, ask: Ask, tally: Tally, ids: list[Json]) -> Json:
    arguments = {"DetectorId": ask.arguments["DetectorId"], "FindingIds": ids}
    answer = run.source.one(replace(ask, call="guardduty.get_findings", arguments=arguments))
    tally.count(answer)
    return answer.body
