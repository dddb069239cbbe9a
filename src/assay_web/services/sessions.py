"""Where people are signed in. A session is kept under a digest of its key, its content sealed: what is in the database signs nobody in.

Sessions are operational log: beginning and ending one is no act (what ends them, a new password say, is).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from assay.evidence.canonical import encode
from assay.home.keys import seal, unseal
from assay_web.home import current_home
from assay_web.records.accounts import Account

LONGEST_AGENT = 200


class SessionStore(DatabaseStore):
    """Django's sessions in the database, without anything there that could be used."""

    def _get_session_from_db(self) -> Session | None:
        found = Session.objects.filter(
            session_key=kept_as(self.session_key or ""), expire_date__gt=timezone.now()
        ).first()
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str | None) -> bool:
        return Session.objects.filter(session_key=kept_as(session_key or "")).exists()

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        made = super().create_model_instance(data)
        made.session_key = kept_as(made.session_key)
        return made

    def delete(self, session_key: str | None = None) -> None:
        key = self.session_key if session_key is None else session_key
        if key is not None:
            Session.objects.filter(session_key=kept_as(key)).delete()

    def encode(self, session_dict: dict[str, Any]) -> str:
        home = current_home()
        content = json.dumps(session_dict, separators=(",", ":")).encode()
        return seal(home.keys.masters[0], content, _place(home.id), home.surroundings.random)

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        return _opened(session_data if isinstance(session_data, str) else session_data.decode())


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One place where an account is signed in."""

    id: int
    agent: str
    ip: str
    since: datetime
    is_current: bool
    by: tuple[str, ...] = ()
    """The ways by which it was signed in, in order; empty for a link."""


def kept_as(key: str) -> str:
    """Give what a session's key is kept as: enough of a digest that nobody comes back from it (the column holds 40 characters)."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


def remember(account: Account, key: str, ip: str, agent: str, by: Sequence[str] = ()) -> None:
    """Note where an account has just signed in and by which ways; what has run out of everyone's goes."""
    with transaction.atomic():
        Session.objects.filter(expire_date__lt=timezone.now()).delete()
        UserSession.objects.update_or_create(
            session_key=kept_as(key),
            defaults={
                "user": account,
                "ip": ip,
                "user_agent": agent[:LONGEST_AGENT],
                "data": {"by": list(by)},
            },
        )


def carry_over(before: str, after: str) -> None:
    """Let a session that got another key stay the same line in the list."""
    UserSession.objects.filter(session_key=kept_as(before)).update(session_key=kept_as(after))


def signed_in(account: Account, key: str | None) -> list[SignedIn]:
    """Give where an account is signed in, newest first; what ended since is dropped from the list."""
    with transaction.atomic():
        noted = list(UserSession.objects.filter(user=account).order_by("-created_at"))
        live = _live(account, [one.session_key for one in noted])
        UserSession.objects.filter(user=account).exclude(session_key__in=live).delete()
    current = kept_as(key or "")
    return [
        SignedIn(
            one.pk,
            one.user_agent,
            one.ip,
            one.created_at,
            one.session_key == current,
            tuple(one.data.get("by", ())),
        )
        for one in noted
        if one.session_key in live
    ]


def end_session(account: Account, session: int) -> None:
    """End one of an account's own sessions; nothing happens where there is no such one."""
    with transaction.atomic():
        for one in UserSession.objects.filter(user=account, pk=session):
            Session.objects.filter(session_key=one.session_key).delete()
            one.delete()


def _live(account: Account, kept: list[str]) -> set[str]:
    """Tell which sessions would still be taken: there, not run out, and bound to the account as it is."""
    bound = {account.get_session_auth_hash(), *account.get_session_auth_fallback_hash()}
    rows = Session.objects.filter(session_key__in=kept, expire_date__gt=timezone.now())
    return {one.session_key for one in rows if _opened(one.session_data).get(HASH_SESSION_KEY) in bound}


def _opened(sealed: str) -> dict[str, Any]:
    """Open a session's content; empty where it does not open, so that whoever holds its key signs in again."""
    home = current_home()
    try:
        content = unseal(home.keys.masters, sealed, _place(home.id))
    except ValueError:
        return {}
    return {} if content is None else dict(json.loads(content))


def _place(home: str) -> bytes:
    return encode(["assay session", 1, home])
