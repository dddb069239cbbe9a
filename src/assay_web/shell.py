"""What every page shows around its content: whose company, the eight places with what is open in them, and what all of it rests on."""

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
class Place:
    """A place in the rail: its words, its address, how many things are open there, and whether the page is in it."""

    words: str
    address: str
    open: int
    current: bool


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
        return [
            Place(words, reverse(name), self._open(name), self._is_current(name))
            for words, name, permission in PLACES
            if allowed(account, permission)
        ]

    @cached_property
    def scope_tabs(self) -> list[tuple[str, str]]:
        """The pages that stand beside the scope: their words and addresses."""
        return [(words, reverse(name)) for words, name in SCOPE_TABS]

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

    def _open(self, name: str) -> int:
        if name == "tasks":
            return open_of(self._request.user) if isinstance(self._request.user, Account) else 0
        if self.standing is None:
            return 0
        report = self.standing.report
        match name:
            case "controls":
                return int(report["counts"]["missing"]) + int(report["counts"]["unknown"])
            case "checks":
                return sum(bool(one["counts"]["DEVIATES"]) for one in report["checks"])
            case _:
                return 0

    def _is_current(self, name: str) -> bool:
        match = self._request.resolver_match
        address = reverse(name)
        if match is None:
            return False
        return self._request.path == address or (address != "/" and self._request.path.startswith(address))


SCOPE_TABS = (
    ("In and out", "scope"),
    ("Versions", "scope_versions"),
    ("Commitments", "commitments"),
    ("Interview", "interview"),
    ("Help", "help"),
)
PLACES = (
    ("Home", "home", May.READ_PROGRAMME),
    ("Tasks", "tasks", May.READ_PROGRAMME),
    ("Scope", "scope", May.READ_PROGRAMME),
    ("Readiness", "criteria", May.READ_PROGRAMME),
    ("Controls", "controls", May.READ_PROGRAMME),
    ("Checks", "checks", May.READ_PROGRAMME),
    ("Evidence", "evidence", May.READ_PROGRAMME),
    ("People", "people", May.SEE_PEOPLE),
    ("Sources", "sources", May.READ_PROGRAMME),
    ("Drift", "drift", May.READ_PROGRAMME),
    ("Coverage", "coverage", May.READ_PROGRAMME),
    ("Accounts", "accounts", May.MANAGE_ACCOUNTS),
    ("Activity", "activity", May.READ_ACTIVITY),
)


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Give templates the shell, under that name."""
    return {"shell": Shell(request)}
