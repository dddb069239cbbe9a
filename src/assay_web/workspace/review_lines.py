"""The lines of access reviews: one's own queue with decisions for many at once, giving lines to another, and one line with its history."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assay.errors import AssayError
from assay_web.access import May, account_of, allowed, asks
from assay_web.queries import reviews as queries
from assay_web.queries.review_plan import reviewers
from assay_web.records.accounts import Account
from assay_web.records.reviews import Decision, Review, ReviewLine
from assay_web.services.review_lines import MOST, Verdict, decide, delegate

CARRIED = ("system", "decision", "kind", "q", "page")
"""What of a filter goes along from form to list."""


@asks(May.REVIEW_LINES)
@require_safe
def my_reviews(request: HttpRequest) -> HttpResponse:
    """What waits for one, in every review under way."""
    account = account_of(request)
    waiting = queries.waiting_on(account)
    if len(waiting) == 1:
        return redirect("review_queue", review_id=waiting[0].review.pk)
    mine = Review.objects.filter(lines__reviewer=account.pk).distinct().order_by("-started", "pk")
    context = {
        "may_read": allowed(account, May.READ_PROGRAMME),
        "past": [one for one in mine if one.pk not in {two.review.pk for two in waiting}],
        "waiting": waiting,
    }
    return render(request, "workspace/reviews/mine.html", context)


@asks(May.REVIEW_LINES)
@require_safe
def review_queue(request: HttpRequest, review_id: str) -> HttpResponse:
    """One's own lines of a review, those that are not decided first shown. 404 for who has none in it."""
    return _queue(request, _mine(request, review_id))


@asks(May.REVIEW_LINES)
@require_POST
def decide_lines(request: HttpRequest, review_id: str) -> HttpResponse:
    """Decide the chosen lines. What was typed stays where it could not be done."""
    found, account = _mine(request, review_id), account_of(request)
    given = request.POST
    verdict = Verdict(
        given.get("decision", ""),
        given.get("reason", "").strip()[:1_000],
        given.get("instead", "").strip()[:1_000],
    )
    lines = _own(found, _chosen(given), account)
    try:
        done = decide(found, lines, verdict, by=account)
    except AssayError as error:
        return _queue(request, _mine(request, review_id), error=str(error))
    return redirect(_back(given, found.pk, done=done))


@asks(May.REVIEW_LINES)
@require_POST
def delegate_lines(request: HttpRequest, review_id: str) -> HttpResponse:
    """Give the chosen lines to somebody else: one's own, or for who runs reviews any."""
    account, given = account_of(request), request.POST
    runs = allowed(account, May.RUN_REVIEWS)
    found = get_object_or_404(Review, pk=review_id) if runs else _mine(request, review_id)
    lines = _chosen(given)
    lines = _there(found, lines) if runs else _own(found, lines, account)
    to = get_object_or_404(reviewers(), pk=given.get("to", "")[:12])
    why = given.get("reason", "").strip()[:400]
    try:
        done = delegate(found, lines, to, by=account, why=why, any_line=runs)
    except AssayError as error:
        if found.lines.filter(reviewer=account.pk).exists():
            return _queue(request, found, error=str(error))
        raise
    if not found.lines.filter(reviewer=account.pk).exists() or given.get("from") == "review":
        return redirect("review", review_id=found.pk) if runs else redirect("my_reviews")
    return redirect(_back(given, found.pk, handed=done))


@asks(May.OWN_PAGE)
@require_safe
def review_line(request: HttpRequest, review_id: str, number: int) -> HttpResponse:
    """One line with its history: for who reads the programme, and for its reviewer. Nobody else learns that it is there."""
    account = account_of(request)
    related = ("review", "system", "reviewer", "decided_by", "holder")
    line = get_object_or_404(ReviewLine.objects.select_related(*related), review=review_id, number=number)
    reads, own = allowed(account, May.READ_PROGRAMME), _is_own(line, account)
    if not (reads or own):
        raise Http404
    named = own or allowed(account, May.SEE_PEOPLE)
    context = {
        "history": queries.history(line.events.all()),
        "may_delegate": line.review.is_open
        and not line.decision
        and (own or allowed(account, May.RUN_REVIEWS)),
        "may_read": reads,
        "own": own and line.review.is_open,
        "people": list(reviewers()),
        "shown": queries.shown(line.review, [line], named=named)[0],
    }
    return render(request, "workspace/reviews/line.html", context)


def _queue(request: HttpRequest, found: Review, *, error: str = "") -> HttpResponse:
    account = account_of(request)
    given = request.POST if request.method == "POST" else request.GET
    mine = _filter(request, account)
    context = {
        "alone": found.lines.filter(reviewer=account.pk, alone=True, decision="").exists(),
        "chosen": mine,
        "decisions": queries.DECISIONS,
        "done": _count(request.GET.get("done", "")),
        "error": error,
        "handed": _count(request.GET.get("handed", "")),
        "may_read": allowed(account, May.READ_PROGRAMME),
        "page": queries.line_page(found, mine, named=True),
        "people": [one for one in reviewers() if one.pk != account.pk],
        "progress": queries.progress_of(found, account),
        "review": found,
        "systems": list(found.systems.order_by("number")),
        "ticked": set(_chosen(given)),
        "typed": given,
        "verdicts": Decision.choices,
    }
    return render(request, "workspace/reviews/queue.html", context)


def _filter(request: HttpRequest, account: Account) -> queries.Filter:
    """Read what of one's own lines is shown: those not decided, unless another is asked for. A form that decides carries it as `show`."""
    posted = request.method == "POST"
    given = request.POST if posted else request.GET
    show = given.get("show" if posted else "decision", "open")
    read = queries.read_filter({**given.dict(), "decision": show})
    return queries.Filter(
        system=read.system,
        reviewer=account.pk,
        decision=read.decision,
        kind=read.kind,
        words=read.words,
        number=read.number,
    )


def _mine(request: HttpRequest, review_id: str) -> Review:
    """Give a review in which one has lines; 404 otherwise."""
    lines = ReviewLine.objects.filter(review=review_id, reviewer=account_of(request).pk)
    if not lines.exists():
        raise Http404
    return get_object_or_404(Review, pk=review_id)


def _chosen(given: QueryDict) -> dict[int, int]:
    """Read lines with the versions that were shown: the ticked ones, or all of the page."""
    texts = given.getlist("shown" if "all" in given else "line")[: MOST + 1]
    pairs = [one.partition(":")[::2] for one in texts]
    if not all(_is_number(number) and _is_number(version) for number, version in pairs):
        raise Http404
    return {int(number): int(version) for number, version in pairs}


def _own(found: Review, lines: dict[int, int], account: Account) -> dict[int, int]:
    """Give the lines back where all of them are one's own; 404 otherwise, so that nobody learns of others'."""
    own = found.lines.filter(number__in=lines, reviewer=account.pk).count()
    if own != len(lines):
        raise Http404
    return lines


def _there(found: Review, lines: dict[int, int]) -> dict[int, int]:
    if found.lines.filter(number__in=lines).count() != len(lines):
        raise Http404
    return lines


def _is_own(line: ReviewLine, account: Account) -> bool:
    return line.reviewer_id == account.pk and allowed(account, May.REVIEW_LINES)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9


def _count(text: str) -> int:
    return int(text) if _is_number(text) else 0


def _back(given: QueryDict, review_id: str, **said: Any) -> str:
    kept = {name: given[name] for name in CARRIED if given.get(name) and name != "decision"}
    kept |= {"decision": given["show"]} if given.get("show") else {}
    return f"{reverse('review_queue', args=[review_id])}?{urlencode({**kept, **said})}"
