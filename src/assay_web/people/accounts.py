"""The list of accounts and one account: inviting, roles, disabling, links to hand over."""

from __future__ import annotations

from collections import Counter

from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from assay.errors import AssayError
from assay_web.access import May, account_of, allowed, asks
from assay_web.people.forms import Focused
from assay_web.queries.openid import linked_since
from assay_web.records.accounts import Account, Role
from assay_web.services import accounts as services
from assay_web.services.openid import unlink


class _Invitation(Focused):
    opens_focused = False
    name = forms.CharField(label="Name", max_length=120)
    email = forms.EmailField(label="E-mail address", max_length=254)
    role = forms.ChoiceField(
        label="Role",
        help_text="Workers see their own page alone; readers see the programme and change nothing; advisers, from outside, read it and approve what others ask for.",
    )

    def __init__(self, by: Account, data: object = None) -> None:
        super().__init__(data, initial={"role": Role.READER})
        self.fields["role"].choices = _roles(by)  # type: ignore[attr-defined]
        for name in ("name", "email"):  # somebody else's, not the browser's own
            self.fields[name].widget.attrs["autocomplete"] = "off"


class _RoleForm(forms.Form):
    role = forms.ChoiceField(label="Role")

    def __init__(self, by: Account, data: object = None, initial: str = "") -> None:
        super().__init__(data, initial={"role": initial})  # type: ignore[arg-type]
        self.fields["role"].choices = _roles(by)  # type: ignore[attr-defined]


@asks(May.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
def accounts(request: HttpRequest) -> HttpResponse:
    by = account_of(request)
    form = _Invitation(by, request.POST if request.method == "POST" else None)
    link = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            account, secret = services.invite(
                by=by, name=given["name"], email=given["email"], role=Role(given["role"])
            )
        except AssayError as error:
            form.add_error(None, str(error))
        else:
            link = {
                "address": settings.ADDRESS.origin + secret.path,
                "expires": secret.expires,
                "name": account.name,
            }
            form = _Invitation(by)
    everyone = list(_everyone())
    counts = Counter(one.state for one in everyone)
    return render(
        request,
        "people/accounts.html",
        {
            "accounts": everyone,
            "counts": {"active": counts["active"], "invited": counts["invited"]},
            "form": form,
            "link": link,
        },
    )


@asks(May.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, account_id: str) -> HttpResponse:
    by = account_of(request)
    found = get_object_or_404(Account, pk=account_id)
    form = _RoleForm(by, request.POST if request.POST.get("deed") == "role" else None, found.role)
    context: dict[str, object] = {}
    if request.method == "POST":
        try:
            secret = _done(by, found, request.POST.get("deed", ""), form)
        except AssayError as error:
            context["error"] = str(error)
        else:
            if secret is None and (not form.is_bound or form.is_valid()):
                return redirect("account", account_id=found.pk)
            if secret is not None:
                context["link"] = {
                    "address": settings.ADDRESS.origin + secret.path,
                    "expires": secret.expires,
                }
        found.refresh_from_db()
    return render(
        request,
        "people/account.html",
        {"account": found, "form": form, "linked": linked_since(found), **context},
    )


def _done(by: Account, account: Account, deed: str, form: _RoleForm) -> services.Secret | None:
    match deed:
        case "role" if form.is_valid():
            services.change_role(by=by, account=account, role=Role(form.cleaned_data["role"]))
        case "disable":
            services.disable(by=by, account=account)
        case "enable":
            services.enable(by=by, account=account)
        case "unlink":
            unlink(by=by, account=account)
        case "invite":
            return services.invite_again(by=by, account=account)
        case "recover":
            return services.recovery_link(by=by, account=account)
    return None


def _everyone() -> QuerySet[Account]:
    factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(
        type=Authenticator.Type.RECOVERY_CODES
    )
    return Account.objects.annotate(factors=Exists(factors)).order_by("state", "name")


def _roles(by: Account) -> list[tuple[str, str]]:
    return [(role.value, role.label) for role in Role if role != Role.OWNER or allowed(by, May.MANAGE_OWNERS)]
