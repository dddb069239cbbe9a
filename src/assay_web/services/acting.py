"""How a service leaves its trace: one transaction, one act in the ledger as its last statement, with who really did it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from assay.home import Home
from assay.home.personal import sealed_person
from assay_web.home import current_home
from assay_web.records.accounts import Account

HOST = "host"
"""Who acts when the command line of the machine does."""


@dataclass
class Act:
    """What will be said of what a service did; `entry` is its index in the ledger once the block has ended."""

    home: Home
    details: dict[str, Any] = field(default_factory=dict)
    entry: int = -1


@contextmanager
def acting(what: str, by: Account | str, **details: Any) -> Iterator[Act]:
    """Do something that matters to the audit: all of the block and its act happen, or nothing does.

    `what` names the act (`account.invited`), `by` who does it. The block may add to `act.details`; names and addresses go in by `person` alone.
    """
    actor = by if isinstance(by, str) else by.actor
    act = Act(current_home(), dict(details))
    with transaction.atomic():
        yield act
        act.entry = act.home.act(what, actor, act.details)


def person(home: Home, email: str, **about: str) -> dict[str, str]:
    """Seal what an act says about a person under that person's key, so that it can be erased without the act."""
    return sealed_person(home, email.lower(), {"email": email, **about})
