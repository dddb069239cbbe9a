"""Signing in: allauth's flows under our own addresses and pages, with what it must not offer closed."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account_views
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.base import views as factor_views
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as passkey_views
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme

from assay_web.access import May, asks


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """What allauth asks about accounts: nobody signs up by themselves, and redirects stay on this site."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        return bool(url) and url_has_allowed_host_and_scheme(
            url,
            allowed_hosts={settings.ADDRESS.origin.partition("://")[2]},
            require_https=settings.ADDRESS.is_secure,
        )

    def send_notification_mail(self, *args: object, **kwargs: object) -> None:
        """Mail about accounts goes out with the digest mails, once there are any."""

    def add_message(self, *args: object, **kwargs: object) -> None:
        """Our pages say what happened where it happened."""


def _view(permission: May, view: Any) -> Any:
    """Give one of allauth's views with what it asks for; the wrapper leaves theirs as it is."""

    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return view(request, *args, **kwargs)

    return asks(permission)(wrapped)


_BACK = reverse_lazy("mfa_index")

sign_in = _view(May.ANYONE, account_views.login)
sign_out = _view(May.SIGNED_IN, account_views.logout)
inactive = _view(May.ANYONE, account_views.account_inactive)
second_step = _view(May.ANYONE, factor_views.authenticate)
sign_in_by_passkey = _view(May.ANYONE, passkey_views.login_webauthn)
confirm_password = _view(May.SIGNED_IN, account_views.reauthenticate)
confirm_code = _view(May.SIGNED_IN, factor_views.reauthenticate)
confirm_passkey = _view(May.SIGNED_IN, passkey_views.reauthenticate_webauthn)
change_password = _view(May.OWN_PAGE, account_views.password_change)
set_password = _view(May.OWN_PAGE, account_views.password_set)
add_app = _view(May.SIGNED_IN, totp_views.activate_totp)
remove_app = _view(May.OWN_PAGE, totp_views.deactivate_totp)
add_passkey = _view(May.SIGNED_IN, passkey_views.add_webauthn)
rename_passkey = _view(May.OWN_PAGE, passkey_views.EditWebAuthnView.as_view(success_url=_BACK))
remove_passkey = _view(May.OWN_PAGE, passkey_views.RemoveWebAuthnView.as_view(success_url=_BACK))
see_codes = _view(May.SIGNED_IN, code_views.view_recovery_codes)
new_codes = _view(May.OWN_PAGE, code_views.generate_recovery_codes)
