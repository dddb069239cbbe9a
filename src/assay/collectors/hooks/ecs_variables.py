"""The variables of containers in the latest active revision of each family, looked at in memory for patterns of credentials; needs the opt-in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from assay.collectors.asking import Ask, CallError
from assay.collectors.hooks.detectors import found_in
from assay.collectors.work import Run, Tally
from assay.evidence.canonical import Json
from assay.evidence.gaps import Reason


def listing(run: Run, ask: Ask, tally: Tally) -> list[Json]:
    """Give `{"families": [{"family", "Found"}]}`; no value and nothing else of the answers.

    1. The families, page by page. 2. One description for each. `Found` is missing where that one could not be had; where none could,
    the first error is raised.
    """
    families: list[str] = []
    for answer in run.source.pages(ask):  # 1
        tally.count(answer, page=True)
        listed = answer.body.get("families")
        if not isinstance(listed, list):
            raise CallError(ask.call, Reason.MALFORMED, "NoList")
        families += listed
    looked_at: list[Json] = []
    errors: list[CallError] = []
    for family in families:  # 2
        try:
            looked_at.append({"family": family, "Found": _found(run, ask, tally, family)})
        except CallError as error:
            errors.append(error)
            looked_at.append({"family": family})
    if errors and len(errors) == len(families):
        raise errors[0]
    return [{"families": looked_at}]


def _found(run: Run, ask: Ask, tally: Tally, family: str) -> list[dict[str, Json]]:
    describe = replace(ask, call="ecs.describe_task_definition", arguments={"taskDefinition": family})
    answer = run.source.one(describe)
    tally.count(answer)
    try:
        return found_in(_variables(answer.body["taskDefinition"]["containerDefinitions"]))
    except (KeyError, TypeError):
        raise CallError(describe.call, Reason.MALFORMED, "NoContainers") from None


def _variables(containers: Json) -> Iterator[tuple[str, str]]:
    for container in containers:
        for variable in container.get("environment") or []:
            yield f"{container['name']}/{variable['name']}", variable.get("value") or ""
