"""Assets as found, grouped by kind, those without an owner first; and saying whose they are, by kind, by tag or one by one."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay_web.access import May, account_of, allowed, asks
from assay_web.exports import FORMS, exported
from assay_web.queries import assets as queries
from assay_web.queries.standing import standing
from assay_web.records.continuity import AssetAssignment, DataClass, Reach
from assay_web.services import assets as services
from assay_web.services.registers import LineMovedError
from assay_web.workspace.register_forms import PersonField
from assay_web.workspace.registers import version_of

SHOWN = 100
"""How many assets of a kind the page of all shows; the page of the kind shows all."""


class AssignForm(forms.Form):
    """Whose it is and what it holds."""

    owner = PersonField(label="Owner")
    data_class = forms.ChoiceField(
        label="What it holds at most", required=False, choices=[("", "not said"), *DataClass.choices]
    )


@asks(May.READ_PROGRAMME)
@require_safe
def assets(request: HttpRequest) -> HttpResponse:
    """The inventory; `?kind=` one kind, `?show=unowned` what nobody owns, `?export=` a table."""
    account = account_of(request)
    found = queries.inventory(standing(), named=allowed(account, May.SEE_PEOPLE))
    if (wanted := request.GET.get("export")) in FORMS:
        return exported("assets", wanted, queries.HEADINGS, queries.rows_of(found))
    chosen, unowned = request.GET.get("kind", ""), request.GET.get("show") == "unowned"
    shown = [one for one in found.kinds if chosen in ("", one.kind.table)]
    context = {
        "chosen": chosen,
        "inventory": found,
        "kinds": [
            (
                one,
                [asset for asset in one.assets if not (unowned and asset.owned)][: None if chosen else SHOWN],
            )
            for one in shown
        ],
        "may_assign": allowed(account, May.DO_TASKS),
        "unowned": unowned,
    }
    return render(request, "workspace/risks/assets.html", context)


@asks(May.DO_TASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def assign_asset(request: HttpRequest) -> HttpResponse:
    """Say whose `?kind=` is: all of it, with `?tag=` what carries it, with `?key=` the one asset. What is not there answers 404."""
    given = request.POST if request.method == "POST" else request.GET
    target = _target(given.get("kind", ""), given.get("tag", ""), given.get("key", ""))
    before = AssetAssignment.objects.filter(
        reach=target.reach, kind=target.kind, match=target.match, ended=None
    ).first()
    initial = {"owner": before.owner_id, "data_class": before.data_class} if before else {}
    form = AssignForm(request.POST if request.method == "POST" else None, initial=initial)
    error = ""
    if request.method == "POST" and form.is_valid():
        try:
            services.assign(
                target,
                owner=form.cleaned_data["owner"],
                data_class=form.cleaned_data["data_class"],
                version=version_of(request),
                by=account_of(request),
            )
        except LineMovedError as moved:
            error = str(moved)
        else:
            return redirect("assets")
    context = {
        "before": before,
        "error": error,
        "form": form,
        "kind": queries.kinds()[target.kind],
        "target": target,
    }
    return render(request, "workspace/risks/assign.html", context)


@asks(May.DO_TASKS)
@require_POST
def unassign_asset(request: HttpRequest, number: int) -> HttpResponse:
    """Take an assignment back."""
    found = get_object_or_404(AssetAssignment, pk=number, ended=None)
    why = request.POST.get("why", "").strip()[:400]
    services.unassign(found, version=version_of(request), by=account_of(request), why=why)
    return redirect("assets")


def _target(table: str, tag: str, key: str) -> services.Target:
    """Give what is assigned, as it is found now. Raises Http404 for what is not there; people's assets are assigned as a whole."""
    found = queries.inventory(standing(), named=True)
    kind = next((one for one in found.kinds if one.kind.table == table), None)
    if kind is None:
        raise Http404
    if tag and tag in kind.tags:
        return services.Target(Reach.TAG, table, tag, tag)
    if key and not kind.kind.personal:
        asset = next((one for one in kind.assets if one.key == key), None)
        if asset is not None:
            return services.Target(Reach.ONE, table, key, asset.name[:200])
    if tag or key:
        raise Http404
    return services.Target(Reach.KIND, table, "", kind.kind.group)
