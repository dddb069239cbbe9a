"""Connecting what Assay looks at: an AWS account by a role, a GitHub organization by a token, an exported list by a mapping that is confirmed once."""

from __future__ import annotations

import json
import re
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.errors import AssayError
from assay_web.access import May, account_of, asks
from assay_web.home import current_home
from assay_web.queries.sources import DOING, KINDS, connected, lists, role_template
from assay_web.reading_apart import proposal_of
from assay_web.services import connecting
from assay_web.services.uploads import keep_upload

NAME = r"[a-z0-9][a-z0-9-]{0,62}"
LARGEST = 20 * 1024 * 1024
HOLDS_SECONDS = 3600


class _Named(forms.Form):
    name = forms.RegexField(
        rf"\A{NAME}\Z",
        label="What is it called here?",
        help_text="Lower-case letters, digits and hyphens.",
        error_messages={"invalid": "Use lower-case letters, digits and hyphens, such as aws-main."},
    )


class AwsForm(_Named):
    role_arn = forms.CharField(
        label="ARN of the role",
        max_length=640,
        help_text="The role that the template above makes in your account.",
    )
    regions = forms.CharField(
        label="Only these regions",
        required=False,
        max_length=500,
        help_text="Leave it empty for all that are enabled.",
    )
    secret_patterns = forms.BooleanField(
        label="Also look for secrets in user data and environment variables",
        required=False,
        help_text="They are looked at in memory; the place and the kind of pattern are kept, never the value. It needs rights of its own.",
    )
    replace = forms.BooleanField(label="This takes the place of the source with this name", required=False)


class GithubForm(_Named):
    organization = forms.RegexField(
        r"\A[A-Za-z0-9][A-Za-z0-9-]{0,38}\Z",
        label="Organization",
        error_messages={"invalid": "Write the name as it stands in the address of the organization."},
    )
    token = forms.CharField(
        label="Fine-grained token",
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Read-only, for this organization. It is sealed, and nobody can read it here again.",
    )
    replace = forms.BooleanField(label="This takes the place of the source with this name", required=False)


class ListForm(forms.Form):
    table = forms.ChoiceField(label="What is it a list of?")
    file = forms.FileField(
        label="File", help_text="CSV, XLSX or JSON, up to 20 MB, headings in the first row."
    )
    system = forms.CharField(label="Which system is it from?", max_length=200)
    exported_at = forms.DateTimeField(
        label="When was it exported?",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"),
    )
    query = forms.CharField(
        label="The query or filter that made it",
        required=False,
        max_length=2_000,
        help_text="“All active workers”, say: it tells what is left out.",
    )
    rows = forms.IntegerField(label="How many rows the system shows", required=False, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["table"].choices = lists()  # type: ignore[attr-defined]

    def clean_exported_at(self) -> Any:
        given = self.cleaned_data["exported_at"]
        if given > timezone.now():
            raise forms.ValidationError("This is still to come. Give the time at which the export was made.")
        return given

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                f"{file.name} has {file.size / 1024 / 1024:.0f} MB; 20 MB are the most."
            )
        return file


@asks(May.READ_PROGRAMME)
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    return render(
        request, "workspace/sources/sources.html", {"doing": DOING, "kinds": KINDS, "sources": connected()}
    )


@asks(May.CONNECT_SOURCES)
@require_http_methods(["GET", "HEAD", "POST"])
def connect_aws(request: HttpRequest) -> HttpResponse:
    form = AwsForm(request.POST or None, initial={"name": "aws-main"})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            connecting.connect_aws(
                by=account_of(request),
                name=given["name"],
                role_arn=given["role_arn"].strip(),
                regions=given["regions"].replace(",", " ").split(),
                secret_patterns=given["secret_patterns"],
                replace=given["replace"],
            )
        except AssayError as error:
            form.add_error(None, str(error))
        else:
            return redirect("sources")
    return render(request, "workspace/sources/aws.html", {"form": form})


@asks(May.CONNECT_SOURCES)
@require_POST
def aws_role(request: HttpRequest) -> HttpResponse:
    """Give the role's template to download, with the external id that is kept for the source: made now where there is none yet."""
    name = request.POST.get("name", "")
    if not re.fullmatch(NAME, name):
        raise Http404
    form = "terraform" if request.POST.get("form") == "terraform" else "cloudformation"
    principal = request.POST.get("principal", "").strip() or None
    template = role_template(form, principal, connecting.external_id_of(name))
    ending = "tf" if form == "terraform" and principal else "json"
    response = HttpResponse(template, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="assay-role.{ending}"'
    return response


@asks(May.CONNECT_SOURCES)
@require_http_methods(["GET", "HEAD", "POST"])
def connect_github(request: HttpRequest) -> HttpResponse:
    form = GithubForm(request.POST or None, initial={"name": "github"})
    if request.method == "POST" and form.is_valid():
        try:
            connecting.connect_github(by=account_of(request), **form.cleaned_data)
        except AssayError as error:
            form.add_error(None, str(error))
        else:
            return redirect("sources")
    return render(request, "workspace/sources/github.html", {"form": form})


@asks(May.CONNECT_SOURCES)
@require_http_methods(["GET", "HEAD", "POST"])
def connect_list(request: HttpRequest) -> HttpResponse:
    """1. A file is kept and read apart. 2. Its proposal is shown, signed, so that what is confirmed is what was read."""
    first = {
        "exported_at": timezone.localtime().replace(microsecond=0),
        "table": request.GET.get("table", "hr_person"),
    }
    form = ListForm(request.POST or None, request.FILES or None, initial=first)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        file = given.pop("file")
        content = file.read()
        home = current_home()
        try:
            proposal = proposal_of(
                home.path, given["table"], content, str(timezone.get_current_timezone())
            )  # 1
        except AssayError as error:
            form.add_error("file", str(error))
        else:
            name = given["table"].replace("_", "-")
            path = keep_upload(home, name, file.name or "", content)
            given["exported_at"] = given["exported_at"].astimezone(ZoneInfo("UTC")).isoformat()
            kept = signing.dumps(
                {"given": given, "mapping": proposal["mapping"], "name": name, "path": path.name},
                compress=True,
            )  # 2
            return render(
                request,
                "workspace/sources/confirm.html",
                {"given": given, "kept": kept, "proposal": proposal},
            )
    return render(request, "workspace/sources/list.html", {"form": form})


@asks(May.CONNECT_SOURCES)
@require_POST
def confirm_list(request: HttpRequest) -> HttpResponse:
    """Connect a list as it was proposed and signed; an old or altered form is refused."""
    try:
        kept = signing.loads(request.POST.get("kept", ""), max_age=HOLDS_SECONDS)
    except signing.BadSignature as error:
        raise Http404 from error
    given = kept["given"]
    path = current_home().path / "uploads" / kept["name"] / kept["path"]
    connecting.connect_list(
        by=account_of(request),
        name=kept["name"],
        file_name=kept["path"],
        content=path.read_bytes(),
        mapping=json.loads(json.dumps(kept["mapping"])),
        system=given["system"],
        exported_at=forms.DateTimeField().to_python(given["exported_at"]) or timezone.now(),
        query=given["query"],
        rows=given["rows"],
    )
    return redirect("sources")


@asks(May.CONNECT_SOURCES)
@require_http_methods(["GET", "HEAD", "POST"])
def disconnect(request: HttpRequest, source_id: str) -> HttpResponse:
    """Ask before, since credentials are deleted; evidence stays."""
    if source_id not in {one.id for one in connected()}:
        raise Http404
    if request.method == "POST":
        connecting.disconnect(by=account_of(request), name=source_id)
        return redirect("sources")
    return render(request, "workspace/sources/disconnect.html", {"source": source_id})
