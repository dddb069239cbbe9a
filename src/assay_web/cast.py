"""The demonstration's log-ins: one for each role, on the demonstration's home alone."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from assay.demo.northwind import COMPANY
from assay.errors import AssayError
from assay.home.sources import sources
from assay_web.cast_people import stage_people
from assay_web.cast_risks import stage_risks
from assay_web.cast_vendors import stage_vendors
from assay_web.environment import is_loopback
from assay_web.home import current_home
from assay_web.records.accounts import Account, Role
from assay_web.services.accounts import make_account, renew_password
from assay_web.services.acting import HOST

_CAST = (
    ("Ada Lindqvist", "ada@northwind.example", Role.OWNER),
    ("Ben Okafor", "ben@northwind.example", Role.ENGINEER),
    ("Chloe Harrow", "chloe@harrow-pike.example", Role.AUDITOR),
    ("Rosa Reyes", "rosa@northwind.example", Role.READER),
    ("Greta Wolff", "greta-wolff@northwind-metrics.example", Role.WORKER),  # whom the list of workers names
    ("Dora Falk", "dora@falk-advisers.example", Role.ADVISER),
)


class NotTheDemonstrationError(AssayError):
    """Another home than the demonstration's was to get its log-ins."""


@dataclass(frozen=True, slots=True)
class LogIn:
    """What is printed for one of the cast."""

    role: str
    email: str
    password: str


def log_ins() -> list[LogIn]:
    """Make the cast's accounts, or give those that are there another password; gives all. Raises NotTheDemonstrationError on any other home."""
    home = current_home()
    endpoints = [one.settings.get("endpoint_url", "") for one in sources(home) if one.kind == "aws"]
    if home.name != COMPANY or not endpoints or not all(map(_answers_here, endpoints)):
        raise NotTheDemonstrationError(
            "Only the demonstration's own home gets log-ins without a second factor. Run `assay demo` first, or serve this home without --demonstration."
        )
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    made = [_log_in(name, email, role, password) for name, email, role in _CAST]
    owner = Account.objects.get(email=_CAST[0][1])
    stage_vendors(owner)
    stage_people(owner)
    stage_risks(owner, Account.objects.get(email=_CAST[1][1]))
    return made


def _log_in(name: str, email: str, role: Role, password: str) -> LogIn:
    found = Account.objects.filter(email=email).first()
    if found is None:
        make_account(by=HOST, name=name, email=email, role=role, password=password, needs_second_factor=False)
    else:
        renew_password(by=HOST, account=found, password=password)
    return LogIn(role.label, email, password)


def _answers_here(endpoint: str) -> bool:
    return is_loopback(endpoint.partition("://")[2].partition("/")[0].rpartition(":")[0])
