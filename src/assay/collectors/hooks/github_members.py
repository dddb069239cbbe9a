"""Members of an organization with their role: GitHub tells neither role nor second factor in a list, but lists by either."""

from __future__ import annotations

from dataclasses import replace

from assay.collectors.asking import Ask, CallError
from assay.collectors.work import Run, Tally
from assay.evidence.canonical import Json
from assay.evidence.gaps import Reason


def listing(run: Run, ask: Ask, tally: Tally) -> list[Json]:
    """Give one list of members, each with `role`, and with `two_factor_disabled` where GitHub tells who has none.

    1. Owners and others, by one list each. 2. Those without a second factor; where that list is refused, no member says.
    """
    found: list[Json] = []
    for role in ("admin", "member"):  # 1
        found += [{**member, "role": role} for member in _members(run, ask, tally, {"role": role})]
    try:  # 2
        without = {member.get("login") for member in _members(run, ask, tally, {"filter": "2fa_disabled"})}
    except CallError:
        return [found]
    return [[{**member, "two_factor_disabled": member.get("login") in without} for member in found]]


def _members(run: Run, ask: Ask, tally: Tally, narrowed: dict[str, str]) -> list[dict[str, Json]]:
    members: list[dict[str, Json]] = []
    for answer in run.source.pages(replace(ask, arguments={**ask.arguments, **narrowed})):
        tally.count(answer, page=True)
        if not isinstance(answer.body, list) or not all(_is_member(member) for member in answer.body):
            raise CallError(ask.call, Reason.MALFORMED, "NoMembers")
        members += answer.body
    return members


def _is_member(member: Json) -> bool:
    return isinstance(member, dict) and isinstance(member.get("login"), str)
