"""What every page shows around its content: whose company, the places with what is open in them, the tabs of the place one is in, and what all of it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse

from assay.home.publishing import published
from assay_web.access import May, allowed
from assay_web.home import current_home
from assay_web.queries.standing import Standing, standing
from assay_web.queries.tasks import open_of
from assay_web.records.accounts import Account


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of a place: its words, its address, and whether the page shown is it or below it."""

    words: str
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the rail: its words, its tabs (the first is its address), how many things are open there, and whether the page is in it."""

    words: str
    tabs: tuple[Tab, ...]
    open: int

    @property
    def address(self) -> str:
        return self.tabs[0].address

    @property
    def current(self) -> bool:
        return any(one.current for one in self.tabs)


@dataclass(frozen=True, slots=True)
class Colophon:
    """What a page rests on: seen up to when, with how many gaps, under which checkpoint and witnesses."""

    seen_up_to: str | None
    sources: int
    gaps: int
    size: int | None
    root: str
    witnesses: tuple[str, ...]
    zone: str


class Shell:
    """Looked up only by pages that show it: a template that does not ask costs nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def standing(self) -> Standing | None:
        return standing()

    @cached_property
    def company(self) -> str:
        found = self.standing
        return (found and found.report["company"]["name"]) or current_home().name

    @cached_property
    def places(self) -> list[Place]:
        account = self._request.user
        if not isinstance(account, Account):
            return []
        found = []
        for words, tabs in PLACES:
            seen = tuple(
                Tab(word, reverse(name), name == self._current)
                for word, name, permission in tabs
                if allowed(account, permission)
            )
            if seen:
                found.append(Place(words, seen, self._open(words)))
        return found

    @cached_property
    def place(self) -> Place | None:
        """The place that the page is in."""
        return next((one for one in self.places if one.current), None)

    @cached_property
    def _current(self) -> str:
        """The name of the tab that the page is, or is below: of several, the one with the longest address."""
        if self._request.resolver_match is None:
            return ""
        addresses = [(reverse(name), name) for _, tabs in PLACES for _, name, _ in tabs]
        path = self._request.path
        above = [one for one in addresses if path == one[0] or (one[0] != "/" and path.startswith(one[0]))]
        return max(above, key=lambda one: len(one[0]))[1] if above else ""

    @cached_property
    def colophon(self) -> Colophon:
        """1. What was seen. 2. The newest checkpoint, which covers it."""
        report = self.standing.report if self.standing else None
        signed = published(current_home())
        said = report["colophon"] if report else {}
        return Colophon(
            seen_up_to=said.get("seen_up_to"),
            sources=len(said.get("sources", [])),
            gaps=said.get("gaps", 0),
            size=signed.checkpoint.size if signed else None,
            root=signed.checkpoint.root.hex() if signed else "",
            witnesses=tuple(one["name"] for one in said.get("witnesses", [])),
            zone=report["company"]["zone"] if report else "UTC",
        )

    def _open(self, words: str) -> int:
        if words == "Tasks":
            return open_of(self._request.user) if isinstance(self._request.user, Account) else 0
        if words == "Readiness" and self.standing is not None:
            counts = self.standing.report["counts"]
            return int(counts["missing"]) + int(counts["unknown"])
        return 0


_READS, _SEES = May.READ_PROGRAMME, May.SEE_PEOPLE
PLACES: tuple[tuple[str, tuple[tuple[str, str, May], ...]], ...] = (
    ("Home", (("Home", "home", _READS),)),
    (
        "Tasks",
        (
            ("Tasks", "tasks", _READS),
            ("Yours", "own", May.OWN_PAGE),
            ("To review", "my_reviews", May.REVIEW_LINES),
            ("Accepted risks", "acceptances", _READS),
        ),
    ),
    ("Calendar", (("Calendar", "calendar", _READS), ("Five mistakes", "watch", _READS))),
    (
        "Scope",
        (
            ("In and out", "scope", _READS),
            ("Versions", "scope_versions", _READS),
            ("Commitments", "commitments", _READS),
            ("Interview", "interview", _READS),
            ("Help", "help", _READS),
        ),
    ),
    (
        "Readiness",
        (
            ("Criteria", "criteria", _READS),
            ("Controls", "controls", _READS),
            ("Checks", "checks", _READS),
            ("Drift", "drift", _READS),
            ("Coverage", "coverage", _READS),
            ("Gaps", "gaps", _READS),
        ),
    ),
    (
        "Evidence",
        (
            ("By hand", "evidence", _READS),
            ("Sources", "sources", _READS),
            ("Background work", "jobs", _READS),
        ),
    ),
    (
        "People",
        (
            ("People", "people", _SEES),
            ("Whose accounts", "matching", _SEES),
            ("Joiners and leavers", "checklists", _SEES),
            ("Training", "courses", _SEES),
            ("Access reviews", "reviews", _READS),
            ("Segregation", "segregation", _READS),
        ),
    ),
    (
        "Vendors",
        (
            ("Vendors", "vendors", _READS),
            ("Reports", "vendor_reports", _READS),
            ("Subservice", "subservice_sheet", _READS),
            ("Found", "vendors_found", _READS),
        ),
    ),
    (
        "Risks",
        (
            ("Risks", "risks", _READS),
            ("Assessment", "assessments", _READS),
            ("Incidents", "incidents", _READS),
            ("Exercises", "exercises", _READS),
            ("Recovery", "recovery", _READS),
            ("Assets", "assets", _READS),
            ("Changes", "changes", _READS),
        ),
    ),
    (
        "Audit",
        (
            ("Plan", "plan", _READS),
            ("Budget", "budget", May.CHOOSE_AUDITOR),
            ("Firms", "firms", May.CHOOSE_AUDITOR),
            ("Request for proposal", "proposal", May.CHOOSE_AUDITOR),
        ),
    ),
    (
        "Settings",
        (
            ("Accounts", "accounts", May.MANAGE_ACCOUNTS),
            ("Sign-in", "provider", May.MANAGE_OWNERS),
            ("Notices", "notices", May.SET_SCOPE),
            ("Activity", "activity", May.READ_ACTIVITY),
            ("Privacy", "privacy", May.ERASE_PEOPLE),
        ),
    ),
)
"""The rail: each place with its tabs, each tab with the name of its address and what it asks for."""


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Give templates the shell, under that name."""
    return {"shell": Shell(request)}
