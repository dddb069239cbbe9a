"""Changing how one signs in: password, authenticator app, passkeys, recovery codes. Each change is an act and ends every other session."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import views as account_views
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn import views as passkey_views
from allauth.mfa.webauthn.internal import auth as passkey_auth
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy

from assay_web.access import May, account_of
from assay_web.people import forms, passkeys
from assay_web.people.sign_in import view
from assay_web.records.accounts import Account
from assay_web.services.accounts import AccountError, renew_password
from assay_web.services.acting import acting
from assay_web.services.second_factors import (
    LAST_FACTOR,
    changing_factors,
    may_go,
    removing_factor,
    spend_step,
)
from assay_web.services.sessions import carry_over

_BACK = reverse_lazy("mfa_index")


def keep_this_session(request: HttpRequest, account: Account) -> None:
    """Bind the session at hand to the account as it is now, after every other one was ended; it gets another key."""
    before = request.session.session_key or ""
    account.refresh_from_db()
    update_session_auth_hash(request, account)
    carry_over(before, request.session.session_key or "")


class _ChangePassword(account_views.PasswordChangeView):  # type: ignore[misc]
    form_class = forms.PasswordForm

    def form_valid(self, form: forms.PasswordForm) -> HttpResponse:
        account = account_of(self.request)
        renew_password(by=account, account=account, password=form.cleaned_data["password1"])
        keep_this_session(self.request, account)
        messages.success(self.request, "Your password was changed. Every other device was signed out.")
        return redirect(_BACK)


class _AddApp(totp_views.ActivateTOTPView):  # type: ignore[misc]
    form_class = forms.AppForm

    def form_valid(self, form: forms.AppForm) -> Any:
        account = account_of(self.request)
        with changing_factors(account, "account.factor_added", Authenticator.Type.TOTP):
            response = super().form_valid(form)
            added = Authenticator.objects.get(user=account, type=Authenticator.Type.TOTP)
            spend_step(
                added, form.cleaned_data["code"], time.time()
            )  # the code that added it signs nobody in
        keep_this_session(self.request, account)
        return response


class _RemoveApp(totp_views.DeactivateTOTPView):  # type: ignore[misc]
    success_url = _BACK

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not is_mfa_enabled(account_of(request), [Authenticator.Type.TOTP]):
            return redirect(_BACK)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> Any:
        try:
            with removing_factor(self.authenticator):
                response = super().form_valid(form)
        except AccountError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        keep_this_session(self.request, account_of(self.request))
        messages.success(
            self.request, "The authenticator app was removed. Every other device was signed out."
        )
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "may_go": may_go(self.authenticator)}


class _AddPasskey(passkey_views.AddWebAuthnView):  # type: ignore[misc]
    form_class = passkeys.AddPasskeyForm

    def form_valid(self, form: passkeys.AddPasskeyForm) -> Any:
        account = account_of(self.request)
        with changing_factors(account, "account.factor_added", Authenticator.Type.WEBAUTHN):
            response = super().form_valid(form)
        keep_this_session(self.request, account)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Ask for a passkey that signs in by itself: kept on the device, and the person verified."""
        options = passkey_auth.begin_registration(account_of(self.request), True)
        form = kwargs.get("form") or self.get_form()
        return {"form": form, "view": self, "js_data": {"creation_options": options}}


class _RenamePasskey(passkey_views.EditWebAuthnView):  # type: ignore[misc]
    form_class = passkeys.RenameForm
    success_url = _BACK

    def form_valid(self, form: passkeys.RenameForm) -> Any:
        account = account_of(self.request)
        with acting("account.passkey_renamed", account, account=account.id):
            return super().form_valid(form)


class _RemovePasskey(passkey_views.RemoveWebAuthnView):  # type: ignore[misc]
    success_url = _BACK

    def form_valid(self, form: Any) -> Any:
        try:
            with removing_factor(self.get_object()):
                response = super().form_valid(form)
        except AccountError as error:
            return self.render_to_response(self.get_context_data(form=form, error=str(error)))
        keep_this_session(self.request, account_of(self.request))
        messages.success(self.request, "The passkey was removed. Every other device was signed out.")
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        error = None if may_go(self.object) else LAST_FACTOR
        return {**super().get_context_data(**kwargs), "may_go": error is None, "error": error}


class _NewCodes(code_views.GenerateRecoveryCodesView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> Any:
        account = account_of(self.request)
        with changing_factors(account, "account.codes_renewed", Authenticator.Type.RECOVERY_CODES):
            response = super().form_valid(form)
        keep_this_session(self.request, account)
        return response


change_password = view(May.OWN_PAGE, _ChangePassword.as_view())
set_password = view(May.OWN_PAGE, account_views.password_set)
add_app = view(May.SIGNED_IN, _AddApp.as_view())
remove_app = view(May.OWN_PAGE, _RemoveApp.as_view())
add_passkey = view(May.SIGNED_IN, _AddPasskey.as_view())
rename_passkey = view(May.OWN_PAGE, _RenamePasskey.as_view())
remove_passkey = view(May.OWN_PAGE, _RemovePasskey.as_view())
see_codes = view(May.SIGNED_IN, code_views.view_recovery_codes)
new_codes = view(May.OWN_PAGE, _NewCodes.as_view())
