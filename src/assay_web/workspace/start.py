"""The guided start, and changing the scope later: the same pages, a draft until the summary is confirmed, then one act."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assay.audit.plan import Plan
from assay.catalogue import Scope, load_catalogue, validate_scope
from assay.errors import AssayError
from assay_web.access import May, account_of, asks
from assay_web.home import current_home
from assay_web.queries.planning import kept_plan, plan_of
from assay_web.queries.scoping import counted_scope, difference, facts_of
from assay_web.queries.start import PURPOSE, Start, start_as_it_is
from assay_web.services.drafts import drop_draft, keep_draft
from assay_web.services.scoping import set_scope
from assay_web.workspace.scope_pages import BY_SLUG, PAGES, Page, page_form, scope_of, typed_of, zones


@dataclass(frozen=True, slots=True)
class _Stop:
    """A page of the start in its list."""

    slug: str
    title: str
    answered: bool
    current: bool


@asks(May.SET_SCOPE)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Say what is asked and where it stands; a POST gives a draft of changes up."""
    if request.method == "POST":
        drop_draft(PURPOSE)
        return redirect("scope" if start_as_it_is().scope else "start")
    found = start_as_it_is()
    stops = _stops(found, None)
    nearest = next((one for one in stops if not one.answered), None)
    return render(
        request,
        "workspace/start/overview.html",
        {
            "begun": found.draft is not None,
            "draft": found.draft,
            "next": nearest,
            "scope": found.scope,
            "stops": stops,
        },
    )


@asks(May.SET_SCOPE)
@require_http_methods(["GET", "HEAD", "POST"])
def start_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One page of questions. 1. What was typed is kept, whatever it is. 2. Going on asks for answers that stand; going elsewhere does not."""
    page = BY_SLUG.get(slug)
    if page is None:
        raise Http404
    found = start_as_it_is()
    if request.method == "POST":
        to = request.POST.get("to", "next")
        typed = typed_of(request.POST, page)
        if to not in {"find", "all"}:
            typed = {name: values for name, values in typed.items() if name not in {"find", "all"}}
        keep_draft(PURPOSE, slug, typed, by=account_of(request), base=found.entry)  # 1
        form = page_form(page, typed, bound=True)
        if to not in {"next", "summary"} or form.is_valid():  # 2
            return redirect(_address(slug, to))
        found = start_as_it_is()
    else:
        form = page_form(page, _typed(found, page))
    return render(
        request,
        "workspace/start/page.html",
        {
            "changing": found.scope is not None,
            "draft": found.draft,
            "form": form,
            "number": PAGES.index(page) + 1,
            "of": len(PAGES),
            "page": page,
            "place": page.place,
            "stops": _stops(found, slug),
            "zones": zones() if page.slug == "company" else (),
        },
    )


@asks(May.SET_SCOPE)
@require_http_methods(["GET", "HEAD", "POST"])
def start_summary(request: HttpRequest) -> HttpResponse:
    """What becomes of the answers, in words; a POST makes them the scope."""
    found = start_as_it_is()
    typed = {page: _typed(found, page) for page in PAGES}
    forms = {page.slug: page_form(page, typed[page] or {}, bound=True) for page in PAGES}
    open_pages = [page for page in PAGES if typed[page] is None or not forms[page.slug].is_valid()]
    scope = None if open_pages else scope_of(forms, found.scope)
    problems = validate_scope(load_catalogue(current_home().content), scope) if scope else ()
    error = ""
    if request.method == "POST" and scope and not problems:
        try:
            set_scope(scope, by=account_of(request), over=_over(request))
        except AssayError as refused:
            error = str(refused)
            found = start_as_it_is()
        else:
            return redirect("scope" if found.scope else "home")
    return render(
        request,
        "workspace/start/summary.html",
        {
            "changing": found.scope is not None,
            "draft": found.draft,
            "error": error,
            "open": open_pages,
            "over": "" if found.entry is None else found.entry,
            "problems": problems,
            "stops": _stops(found, "summary"),
            **(_brings(found.scope, scope) if scope and not problems else {}),
        },
    )


def _brings(before: Scope | None, scope: Scope) -> dict[str, object]:
    return {
        "brings": difference(before, scope),
        "counts": counted_scope(scope),
        "facts": facts_of(scope),
        "plan": _plan(scope),
        "scope": scope,
    }


def _plan(scope: Scope) -> Plan | None:
    today = timezone.localdate(timezone=ZoneInfo(scope.zone))
    return plan_of(scope, today, kept_plan()) if scope.boundary else None


def _over(request: HttpRequest) -> int | None:
    text = request.POST.get("over", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _typed(found: Start, page: type[Page]) -> dict[str, list[str]] | None:
    typed = found.typed(page.slug)
    return page.of_scope(found.scope) if typed is None and found.scope else typed


def _stops(found: Start, current: str | None) -> list[_Stop]:
    stops = []
    for page in PAGES:
        typed = _typed(found, page)
        answered = typed is not None and page_form(page, typed, bound=True).is_valid()
        stops.append(_Stop(page.slug, page.title, answered, page.slug == current))
    return stops


def _address(slug: str, to: str) -> str:
    """Where a button leads: the next or the last page, another by its name, the same again, or the overview."""
    slugs = [page.slug for page in PAGES]
    at = slugs.index(slug)
    match to:
        case "next":
            return _page(slugs[at + 1]) if at + 1 < len(slugs) else reverse("start_summary")
        case "back":
            return _page(slugs[at - 1]) if at else reverse("start")
        case "summary":
            return reverse("start_summary")
        case "find" | "all":
            return _page(slug)
        case _ if to in BY_SLUG:
            return _page(to)
        case _:
            return reverse("start")


def _page(slug: str) -> str:
    return reverse("start_page", args=[slug])
