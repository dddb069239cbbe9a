"""The interview: what no source can show, asked a group at a time; answers are kept as typed until they are sent, and then are evidence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from assay.errors import AssayError
from assay.wording import counted
from assay_web.access import May, account_of, allowed, asks
from assay_web.queries.drafts import draft_of
from assay_web.queries.interview import Asked, GroupOf, interview_now
from assay_web.services.answering import PURPOSE, Reply, answer
from assay_web.services.drafts import keep_draft


class _Questions(forms.Form):
    """Two fields a question: the answer, and a note. What is neither typed nor a draft shows the newest answer."""

    def __init__(self, group: GroupOf, data: Any = None, typed: dict[str, str] | None = None) -> None:
        super().__init__(data)
        self.group = group
        for one in group.asked:
            key = one.question.id
            self.fields[key] = forms.ChoiceField(
                label=one.question.ask,
                help_text=one.question.why,
                choices=[(choice.id, choice.say) for choice in one.question.answers],
                required=False,
                widget=forms.RadioSelect,
                initial=(typed or {}).get(key, one.given.answer if one.given else ""),
            )
            self.fields[f"{key}-note"] = forms.CharField(
                label="Note",
                required=False,
                max_length=2_000,
                widget=forms.Textarea(attrs={"rows": 2}),
                initial=(typed or {}).get(f"{key}-note", one.given.note if one.given else ""),
            )

    @property
    def asked(self) -> Iterator[tuple[Asked, Any, Any]]:
        return ((one, self[one.question.id], self[f"{one.question.id}-note"]) for one in self.group.asked)

    def replies(self) -> list[Reply]:
        """Give what is new: answered now, changed, or given again after it had grown old."""
        given = self.cleaned_data
        replies = [
            (one, Reply(one.question.id, given[one.question.id], given[f"{one.question.id}-note"]))
            for one in self.group.asked
            if given[one.question.id]
        ]
        return [reply for one, reply in replies if _is_new(one, reply)]


def _is_new(one: Asked, reply: Reply) -> bool:
    given = one.given
    return (
        given is None
        or one.old
        or (given.answer, given.note) != (reply.answer, reply.note.replace("\r\n", "\n"))
    )


@asks(May.READ_PROGRAMME)
@require_safe
def interview(request: HttpRequest) -> HttpResponse:
    groups = interview_now()
    sent = request.GET.get("sent", "")
    said = (
        f"{counted(int(sent), 'answer')} became evidence, with your name and the time."
        if _number(sent)
        else ""
    )
    states = ("in place", "partly", "missing", "unknown")
    return render(
        request,
        "workspace/interview/overview.html",
        {
            "answered": sum(one.answered for one in groups),
            "asked": sum(len(one.asked) for one in groups),
            "counts": {name: sum(one.counts[name] for one in groups) for name in states},
            "groups": groups,
            "may_answer": allowed(account_of(request), May.ADD_EVIDENCE),
            "next": next((one for one in groups if one.answered < len(one.asked)), None),
            "said": said,
        },
    )


@asks(May.ADD_EVIDENCE)
@require_http_methods(["GET", "HEAD", "POST"])
def interview_group(request: HttpRequest, group: str) -> HttpResponse:
    """One group. Sending makes what is new evidence; leaving keeps it as typed."""
    groups = interview_now()
    at = next((number for number, one in enumerate(groups) if one.group.value == group), None)
    if at is None:
        raise Http404
    draft = draft_of(PURPOSE)
    typed = draft.parts.get(group) if draft else None
    form = _Questions(groups[at], request.POST if request.method == "POST" else None, typed)
    error = ""
    if request.method == "POST":
        keep_draft(
            PURPOSE, group, {name: request.POST.get(name, "") for name in form.fields}, by=account_of(request)
        )
        if request.POST.get("to") != "send":
            return redirect("interview")
        if form.is_valid():
            try:
                sent = answer(form.replies(), group=group, by=account_of(request))
            except AssayError as refused:
                error = str(refused)
            else:
                return redirect(_after(groups, at, sent))
    return render(
        request,
        "workspace/interview/group.html",
        {
            "draft": draft if typed else None,
            "error": error,
            "form": form,
            "group": groups[at],
            "last": at == len(groups) - 1,
            "number": at + 1,
            "of": len(groups),
        },
    )


def _after(groups: list[GroupOf], at: int, sent: int) -> str:
    """Lead on to the next group; after the last to all of them, with what was sent."""
    if at + 1 < len(groups):
        return reverse("interview_group", args=[groups[at + 1].group.value])
    return f"{reverse('interview')}?sent={sent}"


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6
