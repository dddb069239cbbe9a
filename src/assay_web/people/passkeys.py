"""Passkeys: what a browser hands over is taken only from our own origin, with the person verified, and whatever its shape, never as an error of ours."""

from __future__ import annotations

import struct
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.conf import settings
from fido2.webauthn import AuthenticationResponse, CollectedClientData, RegistrationResponse

from assay_web.people.forms import Focused

NOT_TAKEN = "This passkey was not accepted. Try again, or use another way."
NOT_ADDED = "This passkey could not be added. Use a device that asks for your finger, face or PIN, or add an authenticator app."
LONGEST_NAME = 60

_UNREADABLE = (forms.ValidationError, ValueError, TypeError, LookupError, AttributeError, struct.error)
"""What reading a credential raises, which anyone can have written."""


def _came_from_here(said: CollectedClientData) -> bool:
    """Tell whether the browser was on our page itself: the very origin, and no frame of another site."""
    return said.origin == settings.ADDRESS.origin and not said.cross_origin


class _FromHere:
    """What is common to signing in and confirming by a passkey."""

    def clean_credential(self) -> Authenticator:
        given = self.cleaned_data["credential"]  # type: ignore[attr-defined]
        try:
            response = AuthenticationResponse.from_dict(given).response
            fits = _came_from_here(response.client_data)
            found = super().clean_credential() if fits else None  # type: ignore[misc]
        except _UNREADABLE as error:
            raise forms.ValidationError(NOT_TAKEN) from error
        if found is None:
            raise forms.ValidationError(NOT_TAKEN)
        return found


class PasskeyForm(_FromHere, LoginWebAuthnForm):  # type: ignore[misc]
    """Signing in by a passkey alone."""


class SecondStepPasskeyForm(_FromHere, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey after the password."""


class ConfirmPasskeyForm(_FromHere, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey, to confirm who one is."""


class AddPasskeyForm(Focused, AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey and what the person calls it. It must verify the person, because it signs in alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label = "Name of the passkey"
        name.widget.attrs.update({"autocomplete": "off", "maxlength": str(LONGEST_NAME)})
        self.fields["passwordless"].widget = forms.HiddenInput()

    def clean_name(self) -> str:
        return str(super().clean_name())[:LONGEST_NAME]

    def clean(self) -> dict[str, Any]:
        credential = self.cleaned_data.get("credential")
        if not credential:
            return dict(self.cleaned_data)
        self.cleaned_data["passwordless"] = True  # whatever was sent: the person is verified
        try:
            fits = _came_from_here(RegistrationResponse.from_dict(credential).response.client_data)
            if fits:
                super().clean()
        except _UNREADABLE as error:
            raise forms.ValidationError(NOT_ADDED) from error
        if not fits:
            raise forms.ValidationError(NOT_ADDED)
        return dict(self.cleaned_data)


class RenameForm(Focused, EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    name = forms.CharField(
        label="Name of the passkey",
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
