"""How second factors are kept: their secrets sealed under a key that only the home's master key opens."""

from __future__ import annotations

import hashlib
import hmac

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser

from assay.evidence.canonical import encode
from assay.home import Home
from assay.home.keys import KeyProblemError, seal, unseal
from assay.home.personal import lookup_key
from assay_web.home import current_home
from assay_web.services.second_factors import LAST_FACTOR, may_go


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What allauth asks about second factors."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": LAST_FACTOR,
        "cannot_generate_recovery_codes": "Recovery codes stand in for a second factor. Add a passkey or an authenticator app first.",
        "incorrect_code": "This code does not fit.",
    }

    def encrypt(self, text: str) -> str:
        home = current_home()
        return seal(_key(home), text.encode(), _place(home.id), home.surroundings.random)

    def decrypt(self, encrypted_text: str) -> str:
        home = current_home()
        opened = unseal([_key(home)], encrypted_text, _place(home.id))
        if opened is None:
            raise KeyProblemError(
                "A second factor does not open with this master key. Give the key it was sealed with, or let the account be recovered."
            )
        return opened.decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last real factor stays where one is required: add another first."""
        return may_go(authenticator)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002 — allauth's name
        return f"Passkey {Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        from django.conf import settings

        return {"id": settings.ADDRESS.host, "name": "Assay"}

    def send_notification_mail(self, *args: object, **kwargs: object) -> None:
        """Mail about factors goes out with the digest mails, once there are any."""


def _key(home: Home) -> bytes:
    """Give the key that seals second factors: derived from the one by which people are looked up, which outlives a rotation of the master key."""
    return hmac.digest(lookup_key(home), b"assay second factor 1", hashlib.sha256)


def _place(home: str) -> bytes:
    return encode(["assay second factor", 1, home])
