"""Verbs on tokens of the programming interface, and the answers kept for requests that come again."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from assay.errors import AssayError
from assay_web.records.accounts import Account
from assay_web.records.tokens import MARK, ApiAnswer, ApiToken, TokenScope, digest_of
from assay_web.services.acting import acting

LONGEST_DAYS = 366
ANSWERS_HOLD = timedelta(days=1)
USED_EVERY = timedelta(minutes=5)
"""How often it is written down at most that a token was used."""


class TokenError(AssayError):
    """Something cannot be done to a token; the sentence says why and what to do."""


def make_token(account: Account, *, name: str, scope: TokenScope, days: int) -> tuple[ApiToken, str]:
    """Make a token that stands for an account; gives it and its secret, which is shown once. Raises TokenError for days out of bounds."""
    if not 1 <= days <= LONGEST_DAYS:
        raise TokenError(f"A token holds from 1 to {LONGEST_DAYS} days.")
    secret = MARK + secrets.token_urlsafe(32)
    expires = timezone.now() + timedelta(days=days)
    token = ApiToken(
        account=account,
        name=name,
        digest=digest_of(secret),
        scope=scope,
        stamp=account.stamp,
        expires=expires,
    )
    with acting(
        "token.made", account, account=account.id, scope=str(scope), expires=expires.isoformat()
    ) as act:
        token.save(force_insert=True)
        act.details["token"] = token.pk
    return token, secret


def revoke_token(token: ApiToken, *, by: Account) -> None:
    """End a token for good. Raises TokenError where it was revoked before."""
    with acting("token.revoked", by, token=token.pk, account=token.account_id):
        found = ApiToken.objects.select_for_update().get(pk=token.pk)
        if found.revoked is not None:
            raise TokenError("This token was revoked before. Nothing was changed.")
        found.revoked = timezone.now()
        found.save(update_fields=["revoked"])


def was_used(token: ApiToken) -> None:
    """Write down that a token was used, now and then."""
    now = timezone.now()
    if token.used is None or now - token.used > USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(used=now)


def keep_answer(token: ApiToken, key: str, request: str, status: int, content: bytes) -> None:
    """Keep what was answered to a request; in the same transaction as what it did. Old answers go."""
    with transaction.atomic():
        ApiAnswer.objects.filter(at__lt=timezone.now() - ANSWERS_HOLD).delete()
        ApiAnswer.objects.create(token=token, key=key, request=request, status=status, content=content)
