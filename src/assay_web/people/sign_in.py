"""Signing in: allauth's flows under our own addresses and pages, with what it must not offer closed."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account_views
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.stagekit import clear_login, unstash_login
from allauth.core.internal.httpkit import clean_client_ip
from allauth.mfa.base import views as factor_views
from allauth.mfa.webauthn import views as passkey_views
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from assay_web.access import May, asks
from assay_web.people import forms, passkeys
from assay_web.people.limits import refuse
from assay_web.queries.openid import working_provider
from assay_web.records.accounts import Account
from assay_web.services.accounts import renew_password

_WAYS = {
    "reauthenticate": "Use your password instead",
    "mfa_reauthenticate": "Use a code instead",
    "mfa_reauthenticate:webauthn": "Use a passkey instead",
}
_COUNTED_OUT = {"too_many_login_attempts", "rate_limited"}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """What allauth asks about accounts: nobody signs up by themselves, redirects stay on this site, and no answer tells who has an account."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "This address and password do not open an account. Check both; a passkey or a link from whoever runs Assay works as well.",
        "enter_current_password": "This is not your current password.",
        "incorrect_password": "This is not your password.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Take paths of this site alone: the addresses that we send along are nothing else."""
        if not url or not url.startswith("/") or url[1:2] in {"/", "\\"}:
            return False
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts=None, require_https=settings.ADDRESS.is_secure
        )

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """As allauth does, but an account that cannot be used is as good as none: the right password tells nothing either."""
        self.pre_authenticate(request, **credentials)
        account = authenticate(request, **credentials)
        AuthenticationBackend.unstash_authenticated_user()
        if account is None:
            self.authentication_failed(request, **credentials)
        else:
            self._rollback_login_failed_rl_usage()
        return account

    def set_password(self, user: Account, password: str) -> None:
        renew_password(by=user, account=user, password=password)
        user.refresh_from_db()

    def get_client_ip(self, request: HttpRequest) -> str:
        """Give the client's address; that of the connection where the proxies before us named fewer than there should be."""
        try:
            return str(super().get_client_ip(request))
        except ImproperlyConfigured:
            return clean_client_ip(request.META.get("REMOTE_ADDR", "")) or "0.0.0.0"  # noqa: S104 — no address to listen on

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        found = super().get_reauthentication_methods(user)
        return [{**one, "description": _WAYS.get(one["id"], one["description"])} for one in found]

    def validation_error(self, code: str, *args: object) -> ValidationError:
        if code in _COUNTED_OUT:
            refuse(self.request)
        return super().validation_error(code, *args)  # type: ignore[no-any-return]

    def send_notification_mail(self, *args: object, **kwargs: object) -> None:
        """Mail about accounts goes out with the digest mails, once there are any."""

    def add_message(self, *args: object, **kwargs: object) -> None:
        """Our pages say what happened where it happened."""


class _SignIn(account_views.LoginView):  # type: ignore[misc]
    """Address and password, and beside them the ways that need neither."""

    form_class = forms.SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "provider": working_provider()}


class _SecondStep(factor_views.AuthenticateView):  # type: ignore[misc]
    """The second step, while the first still holds: a new password, role, state or factor in between ends it."""

    form_class = forms.SecondStepForm
    webauthn_form_class = passkeys.SecondStepPasskeyForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if "again" in request.POST or not _still_bound(request):
            clear_login(request)
            return redirect("account_login")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        kinds = set(self.stage.login.user.authenticator_set.values_list("type", flat=True))
        return {
            **context,
            "has_codes": kinds - {"webauthn"},
            "has_passkey": "webauthn" in kinds,
            "has_app": "totp" in kinds,
        }


class _SignInByPasskey(passkey_views.LoginWebAuthnView):  # type: ignore[misc]
    form_class = passkeys.PasskeyForm

    def form_invalid(self, form: passkeys.PasskeyForm) -> HttpResponse:
        messages.error(self.request, passkeys.NOT_TAKEN)
        return redirect("account_login")


class _ConfirmByPasskey(passkey_views.ReauthenticateWebAuthnView):  # type: ignore[misc]
    form_class = passkeys.ConfirmPasskeyForm

    def form_invalid(self, form: passkeys.ConfirmPasskeyForm) -> Any:
        return self.render_to_response({**self.get_context_data(), "error": passkeys.NOT_TAKEN})


def _still_bound(request: HttpRequest) -> bool:
    """Tell whether the sign-in that waits was begun with the account as it is now; true where none waits, which allauth answers."""
    waiting = unstash_login(request, peek=True)
    if waiting is None:
        return True
    account = waiting.user
    return (
        isinstance(account, Account)
        and account.is_active
        and waiting.state.get("bound") == account.get_session_auth_hash()
    )


def view(permission: May, of: Any) -> Any:
    """Give one of allauth's views with what it asks for; the wrapper leaves theirs as it is."""

    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return of(request, *args, **kwargs)

    return asks(permission)(wrapped)


sign_in = view(May.ANYONE, _SignIn.as_view())
sign_out = view(May.SIGNED_IN, account_views.logout)
inactive = view(May.ANYONE, account_views.account_inactive)
second_step = view(May.ANYONE, _SecondStep.as_view())
sign_in_by_passkey = view(May.ANYONE, _SignInByPasskey.as_view())
confirm_password = view(
    May.SIGNED_IN, account_views.ReauthenticateView.as_view(form_class=forms.ConfirmPasswordForm)
)
confirm_code = view(May.SIGNED_IN, factor_views.ReauthenticateView.as_view(form_class=forms.ConfirmCodeForm))
confirm_passkey = view(May.SIGNED_IN, _ConfirmByPasskey.as_view())
