"""How second factors are kept: their secrets sealed under the home's master key, and every change of them ends what was signed in before."""

from __future__ import annotations

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from assay.evidence.canonical import encode
from assay.home.keys import KeyProblemError, seal, unseal
from assay_web.home import current_home
from assay_web.records.accounts import Account
from assay_web.services.accounts import end_other_sessions


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What allauth asks about second factors."""

    def encrypt(self, text: str) -> str:
        home = current_home()
        return seal(home.keys.masters[0], text.encode(), _place(home.id), home.surroundings.random)

    def decrypt(self, encrypted_text: str) -> str:
        home = current_home()
        opened = unseal(home.keys.masters, encrypted_text, _place(home.id))
        if opened is None:
            raise KeyProblemError(
                "A second factor does not open with this master key. Give the key it was sealed with, or let the account be recovered."
            )
        return opened.decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last real factor stays where one is required: add another first."""
        account = authenticator.user
        if not account.needs_second_factor or authenticator.type == Authenticator.Type.RECOVERY_CODES:
            return True
        factors = Authenticator.objects.filter(user=account).exclude(type=Authenticator.Type.RECOVERY_CODES)
        return bool(factors.exclude(pk=authenticator.pk).exists())

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002 — allauth's name
        return f"Passkey {Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        from django.conf import settings

        return {"id": settings.ADDRESS.host, "name": "Assay"}

    def send_notification_mail(self, *args: object, **kwargs: object) -> None:
        """Mail about factors goes out with the digest mails, once there are any."""


def _place(home: str) -> bytes:
    return encode(["assay second factor", 1, home])


def _changed(request: HttpRequest, user: Account, **kwargs: object) -> None:
    """End every other session; the one at hand stays, bound anew."""
    end_other_sessions(user)
    user.refresh_from_db()
    if request.user.is_authenticated and request.user.pk == user.pk:
        update_session_auth_hash(request, user)


def connect() -> None:
    """Listen to changes of second factors; called once, when the application is ready."""
    for signal in (authenticator_added, authenticator_removed, authenticator_reset):
        signal.connect(_changed, dispatch_uid=f"assay-{id(signal)}")
