"""Verbs on second factors: what is added, removed or made anew ends every other session; a code is spent by its first use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db import transaction

from assay_web.records.accounts import REAL_FACTORS, Account
from assay_web.services.accounts import AccountError, bump
from assay_web.services.acting import acting

LAST_FACTOR = (
    "This is your only second factor, and your account needs one. Add another first, then remove this one."
)


@contextmanager
def changing_factors(account: Account, what: str, kind: str) -> Iterator[None]:
    """Change an account's own second factors: the block, the end of its other sessions and one act (`account.factor_added`) happen, or nothing does."""
    with acting(what, account, account=account.id, factor=kind):
        bump(account)
        yield


@contextmanager
def removing_factor(factor: Authenticator) -> Iterator[None]:
    """As `changing_factors`, for taking one away. Raises AccountError for the last one of an account that needs one."""
    with changing_factors(factor.user, "account.factor_removed", factor.type):
        if not may_go(factor):
            raise AccountError(LAST_FACTOR)
        yield


def may_go(factor: Authenticator) -> bool:
    """Tell whether a factor can be removed: another one stays, or the account needs none."""
    account = factor.user
    if not account.needs_second_factor or factor.type not in REAL_FACTORS:
        return True
    others = Authenticator.objects.filter(user=account, type__in=REAL_FACTORS).exclude(pk=factor.pk)
    return bool(others.exists())


def spend_code(account: Account, code: str, now: float) -> Authenticator | None:
    """Use up a code of the account's app or one of its recovery codes; gives what it belongs to, None where it fits nothing or was used.

    A code of the app is for one step of time (RFC 6238, section 5.2). The newest step used is kept with the factor, so that neither it nor an
    earlier one works again, in whichever process it is tried.
    """
    with transaction.atomic():
        held = Authenticator.objects.select_for_update().filter(user_id=account.pk)
        for factor in held.filter(type=Authenticator.Type.TOTP):
            if spend_step(factor, code, now):
                return factor
        for factor in held.filter(type=Authenticator.Type.RECOVERY_CODES):
            if factor.wrap().validate_code(code):
                return factor
    return None


def spend_step(factor: Authenticator, code: str, now: float) -> bool:
    """Use up the step of time that a code is for, and every one before it; False where it fits none that is left. In the caller's transaction."""
    step = _step_of(factor, code, now)
    if step is None or step <= factor.data.get("used_step", -1):
        return False
    factor.data["used_step"] = step
    factor.save(update_fields=["data"])
    return True


def _step_of(factor: Authenticator, code: str, now: float) -> int | None:
    """Give the step of time that a code is for: the one of now, or a neighbour within the tolerance for clocks that differ."""
    secret = decrypt(factor.data["secret"])
    at = int(now) // mfa_settings.TOTP_PERIOD
    for step in range(at - mfa_settings.TOTP_TOLERANCE, at + mfa_settings.TOTP_TOLERANCE + 1):
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return step
    return None
