"""Where the company stands: the readiness report of the newest conclusions, made once for each and kept beside the home's other derived files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from assay.evidence.canonical import decode, encode
from assay.evidence.ledger import Kind
from assay.home import Home
from assay.home.derived import derived
from assay.home.judging import SCOPE
from assay.home.reporting import newest_report
from assay.home.settings import setting_at
from assay_web.home import current_home
from assay_web.memory import remembered

Object = dict[str, Any]


@dataclass(frozen=True)
class Standing:
    """A readiness report with ways to find things in it. `entry` is the ledger's index of the conclusions it rests on."""

    entry: int
    report: Object

    @cached_property
    def controls(self) -> dict[str, Object]:
        return {one["id"]: one for one in self.report["controls"]}

    @cached_property
    def criteria(self) -> dict[str, Object]:
        return {one["id"]: one for one in self.report["criteria"]}

    @cached_property
    def checks(self) -> dict[str, Object]:
        return {one["id"]: one for one in self.report["checks"]}

    @cached_property
    def gaps(self) -> dict[str, Object]:
        return {one["id"]: one for one in self.report["gaps"]}


def standing() -> Standing | None:
    """Give where the company stands now; None before the first conclusions."""
    home = current_home()
    newest = home.ledger.last(Kind.CONCLUSIONS)
    return None if newest is None else _standing(home.id, str(home.path), newest.ordinal)


def company_zone() -> ZoneInfo:
    """Give the zone in which pages say times: the company's as of the newest conclusions, before these as its scope says, UTC before that."""
    found = standing()
    if found is not None:
        return ZoneInfo(found.report["company"]["zone"])
    home = current_home()
    scope = setting_at(home, SCOPE, home.now())
    return ZoneInfo(scope.value["zone"] if scope else "UTC")


@remembered(4)
def _standing(home_id: str, path: str, ordinal: int) -> Standing:
    return Standing(ordinal, _report(current_home(), ordinal))


def _report(home: Home, ordinal: int) -> Object:
    """Give the report from the cache; make it where it is not there."""
    found = decode(derived(home, "readiness", f"{ordinal}.json", lambda: encode(newest_report(home))))
    return dict(found)
