"""The forms of signing in and of one's own account: our words, what browsers fill in by themselves, and the first error in focus."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa import signals
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ConfirmByCodeForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms

from assay_web.services.second_factors import spend_code

NOT_FITTING = "This code does not fit. A code works once: wait for the next one and type it as it is shown."


class Focused(forms.Form):
    """A form whose first field with an error, or else its first field, has the focus when the page opens."""

    opens_focused = True
    first_error_goes_to: str | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.opens_focused:
            self._focus(next(iter(self.fields), None))

    def full_clean(self) -> None:
        super().full_clean()
        wrong = next((name for name in self.fields if name in self.errors), None)
        if wrong or self.non_field_errors():
            self._focus(wrong or self.first_error_goes_to)

    def _focus(self, name: str | None) -> None:
        if name is None:
            return
        for each, field in self.fields.items():
            field.widget.attrs.pop("autofocus", None)
            if each == name:
                field.widget.attrs["autofocus"] = True


def _reword(field: forms.Field, label: str, autocomplete: str, **attrs: Any) -> None:
    field.label = label
    field.help_text = ""
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update({"autocomplete": autocomplete, **attrs})


_CODE = {"autocapitalize": "off", "spellcheck": "false", "maxlength": "20"}


class SignInForm(Focused, LoginForm):  # type: ignore[misc]
    """Address and password. A sign-in that waits for its second step is bound to the account as it was at the first."""

    first_error_goes_to = "password"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self.fields["login"], "E-mail address", "username")
        _reword(self.fields["password"], "Password", "current-password", maxlength="1024")

    def login(self, request: Any, redirect_url: str | None = None) -> Any:
        self._login.state["bound"] = self.user.get_session_auth_hash()
        return super().login(request, redirect_url=redirect_url)


class ConfirmPasswordForm(Focused, ReauthenticateForm):  # type: ignore[misc]
    """One's own password, once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self.fields["password"], "Your password", "current-password", maxlength="1024")


class PasswordForm(Focused, ChangePasswordForm):  # type: ignore[misc]
    """The current password and a new one, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self.fields["oldpassword"], "Current password", "current-password", maxlength="1024")
        _reword(self.fields["password1"], "New password", "new-password", maxlength="1024")
        _reword(self.fields["password2"], "New password, once more", "new-password", maxlength="1024")
        self.fields["password1"].help_text = "At least 12 characters; a few words are good."

    def clean(self) -> dict[str, Any]:
        given = forms.Form.clean(self) or {}
        first, second = given.get("password1"), given.get("password2")
        if first and second and first != second:
            self.add_error("password2", "The two differ. Type the new password the same both times.")
        return given


class _Spending:
    """What a form does with a code: it is counted, then spent; a wrong one and a used one are told apart by nobody."""

    reauthenticated = False

    def clean_code(self) -> str:
        done = check_rate_limit(self.user)  # type: ignore[attr-defined]
        code: str = self.cleaned_data["code"]  # type: ignore[attr-defined]
        found = spend_code(self.user, code, time.time())  # type: ignore[attr-defined]
        if found is None:
            self._say_failed()
            raise forms.ValidationError(NOT_FITTING)
        found.user = self.user  # type: ignore[attr-defined]
        self.authenticator = found
        done()
        return code

    def _say_failed(self) -> None:
        main = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.TOTP).first()  # type: ignore[attr-defined]
        if main is not None:
            signals.authentication_failed.send(
                sender=Authenticator,
                request=context.request,
                user=self.user,  # type: ignore[attr-defined]
                authenticator=main,
                reauthentication=self.reauthenticated,
            )


class SecondStepForm(_Spending, Focused, AuthenticateForm):  # type: ignore[misc]
    """A code of the app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self.fields["code"], "Code", "one-time-code", **_CODE)


class ConfirmCodeForm(_Spending, Focused, ConfirmByCodeForm):  # type: ignore[misc]
    """A code, to confirm who one is."""

    reauthenticated = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self.fields["code"], "Code of your app, or a recovery code", "one-time-code", **_CODE)


class AppForm(Focused, ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an authenticator app: shows that it has the key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self.fields["code"], "Code that the app shows", "one-time-code", inputmode="numeric", **_CODE)

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()
        except forms.ValidationError as error:
            raise forms.ValidationError(
                "This code does not fit the key. Wait for the next one; if it goes on, check that the clock of the phone is right."
            ) from error
        return code
