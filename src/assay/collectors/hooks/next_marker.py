"""Lists that go on by `NextMarker` and that the client library has no pages for."""

from __future__ import annotations

from dataclasses import replace

from assay.collectors.asking import Ask, CallError
from assay.collectors.work import Run, Tally
from assay.evidence.canonical import Json
from assay.evidence.gaps import Reason


def listing(run: Run, ask: Ask, tally: Tally) -> list[Json]:
    """Give every page; raises CallError also where a marker comes again, which would never end."""
    answers: list[Json] = []
    met: set[str] = set()
    arguments = ask.arguments
    while True:
        answer = run.source.one(replace(ask, arguments=arguments))
        tally.count(answer, page=True)
        answers.append(answer.body)
        marker = answer.body.get("NextMarker")
        if not marker:
            return answers
        if not isinstance(marker, str) or marker in met:
            raise CallError(ask.call, Reason.MALFORMED, "RepeatedPage")
        met.add(marker)
        arguments = {**ask.arguments, "NextMarker": marker}
