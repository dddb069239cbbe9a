"""Reads tokens and kept answers."""

from __future__ import annotations

from assay_web.records.accounts import Account
from assay_web.records.tokens import MARK, ApiAnswer, ApiToken, digest_of


def token_of(secret: str) -> ApiToken | None:
    """Give the token with this secret, whether it holds or not; None where there is none."""
    if not secret.startswith(MARK):
        return None
    return ApiToken.objects.select_related("account").filter(digest=digest_of(secret)).first()


def tokens_of(account: Account) -> list[ApiToken]:
    """Give an account's tokens, the newest first."""
    return list(ApiToken.objects.select_related("account").filter(account=account).order_by("-made"))


def answer_to(token: ApiToken, key: str) -> ApiAnswer | None:
    """Give what was answered to the request with this key."""
    return ApiAnswer.objects.filter(token=token, key=key).first()
