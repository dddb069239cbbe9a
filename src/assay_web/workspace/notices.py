"""Whom Assay tells of what: for the lead the settings and a test, for everyone whether they want the weekly digest."""

from __future__ import annotations

import secrets as randomness
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assay.errors import AssayError
from assay.outbound.links import parse_url
from assay_web.access import May, account_of, asks
from assay_web.jobs import ask_for
from assay_web.jobs.telling import TEST
from assay_web.mails import mail_is_set_up
from assay_web.queries.digest import notices as kept_notices
from assay_web.queries.registers import history
from assay_web.records.jobs import JobKind
from assay_web.records.notices import Notices, OptOut, Told
from assay_web.services.notices import DEAD_MAN, KEY, WEBHOOK, set_notices, want_digest
from assay_web.services.registers import LineMovedError
from assay_web.workspace.registers import version_of

_DAYS = [
    (0, "Monday"), (1, "Tuesday"), (2, "Wednesday"), (3, "Thursday"), (4, "Friday"), (5, "Saturday"), (6, "Sunday"),
]  # fmt: skip
MOST_TOLD = 20
SWITCHES = ("mail_alarm", "mail_digest", "digest_day", "webhook", "dead_man")


class AddressField(forms.CharField):
    """An address that Assay asks by https; the one that is kept is never shown again."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            required=False, max_length=1_000, widget=forms.URLInput(attrs={"autocomplete": "off"}), **more
        )

    def clean(self, value: Any) -> str:
        given = str(super().clean(value))
        if given:
            try:
                parse_url(given)
            except AssayError as error:
                raise ValidationError(str(error)) from error
        return given


class NoticesForm(forms.Form):
    mail_alarm = forms.BooleanField(
        label="Mail the owner and the lead when no collection was complete for 26 hours", required=False
    )
    mail_digest = forms.BooleanField(label="Mail everyone once a week what is theirs", required=False)
    digest_day = forms.TypedChoiceField(label="Day of the digest", choices=_DAYS, coerce=int)
    webhook_url = AddressField(
        label="Address of the chat’s webhook",
        help_text='It gets {"text": …} by https, signed. Leave it empty to keep the one that is there.',
    )
    webhook = forms.BooleanField(label="Send the alarm and the week to the chat", required=False)
    dead_man_url = AddressField(
        label="Dead-man address",
        help_text="A service outside that alarms when it is not asked for some hours. Assay asks it once an hour while collecting goes well. Leave it empty to keep the one that is there.",
    )
    dead_man = forms.BooleanField(label="Ask the dead-man address", required=False)

    def says(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in SWITCHES}


@asks(May.SET_SCOPE)
@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """What is told; a POST keeps it, or sends a test of what is kept."""
    line = kept_notices()
    if request.method == "POST" and request.POST.get("deed") == TEST:
        job = ask_for(JobKind.TELL, by=account_of(request).actor, sources=[TEST])
        return redirect("job", job_id=job.pk)
    first = {name: getattr(line or Notices(), name) for name in SWITCHES}
    form = NoticesForm(request.POST if request.method == "POST" else None, initial=first)
    error, key = "", None
    if request.method == "POST" and form.is_valid():
        kept, key = _secrets(form.cleaned_data)
        try:
            line = set_notices(form.says(), kept, version=version_of(request), by=account_of(request))
        except LineMovedError:
            error, key = (
                "Someone else changed this since you opened the page. Theirs stands; yours is still in the form.",
                None,
            )
            line = kept_notices()
        else:
            if key is None:
                return redirect("notices")
    context = {
        "error": error,
        "form": form,
        "history": history(line) if line else [],
        "key": key,
        "labels": {name: str(field.label) for name, field in form.fields.items()},
        "line": line,
        "mail": mail_is_set_up(),
        "told": Told.objects.order_by("-at")[:MOST_TOLD],
    }
    return render(request, "workspace/notices.html", context)


def _secrets(given: dict[str, Any]) -> tuple[dict[str, str], str | None]:
    """Give the secrets to keep; with a new webhook goes a new key, which is shown this once."""
    kept: dict[str, str] = {}
    key = None
    if given["webhook_url"]:
        key = randomness.token_hex(32)
        kept |= {WEBHOOK: given["webhook_url"], KEY: key}
    if given["dead_man_url"]:
        kept[DEAD_MAN] = given["dead_man_url"]
    return kept, key


@asks(May.OWN_PAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def own_notices(request: HttpRequest) -> HttpResponse:
    """Whether one gets the weekly digest."""
    account = account_of(request)
    if request.method == "POST":
        want_digest(account, request.POST.get("digest") == "yes")
        return redirect("own_notices")
    wants = not OptOut.objects.filter(account=account).exists()
    return render(request, "workspace/own_notices.html", {"mail": mail_is_set_up(), "wants": wants})
