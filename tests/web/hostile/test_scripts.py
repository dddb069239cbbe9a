"""Must hold 6: a canary typed into every text field that the workspace offers is text on every page and in every file, and never markup."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.homes import HOST
from tests.web.hostile.forms import Field, Form, Page, filled
from tests.web.hostile.test_formulas import formulas_of, live_cells

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

CANARIES = [
    "<canary onx=1>", '"><canary onx=1>', "'><canary onx=1>", "</textarea><canary>", "</title></option><canary>", '" onfocus=canary() x="',
    "{{7919*7907}}<canary>", "{% now 'Y' %}<canary>", "javascript:canary()", "</style><svg/onload=canary()>", "--><canary><!--", "<script>canary()</script>",
    "</script><script>canary()", "<img src=x onerror=canary()>", "<style>*{color:canary}</style>", "]]><canary>", "&lt;canary&gt;&#60;canary>", "=canary|'/C'!A0",
    "\\u003ccanary\\u003e", "%3Ccanary%3E", "<a href='javascript:canary()'>", "＜canary＞<canary/x>", "[x](javascript:canary())", "#link(\"javascript:canary\")",
]  # fmt: skip
ALL = " ".join(CANARIES)
OTHERWISE = {
    "website": "https://canary.example/?q=<canary>", "issuer": "https://canary.example", "contact_email": "canary@canary.example", "email": "canary@canary.example",
    "controls": "GOV-03", "criteria": "CC6.1", "commitments": "", "domains": "canary.example", "currency": "USD",
}  # fmt: skip
"""What goes where the canary is refused: the refusal shows it first."""
LEFT_OUT = re.compile(
    r"/(sign-out|sign-in|confirm|account|identity-provider|link|sources/(aws|github)|privacy/(erase|purge)|collect|jobs|accounts/.+|api)/|/disconnect/"
)
"""Forms that end the visit, reach outside or take what the rest of the walk needs."""
MOST = 2
"""Pages of one kind that are visited."""


@dataclass
class Walk:
    """A visit of everything: which fields got the canary, which forms took it, and what every answer was."""

    client: Client
    today: str
    later: str
    known: dict[str, list[str]] = field(default_factory=dict)
    queue: list[str] = field(default_factory=list)
    typed: set[tuple[str, str]] = field(default_factory=set)
    taken: set[tuple[str, str]] = field(default_factory=set)
    sent: dict[tuple[str, ...], int] = field(default_factory=dict)
    answers: list[tuple[str, HttpResponse]] = field(default_factory=list)

    def find(self, address: str) -> None:
        """Take an address of ours into the visit, unless enough of its kind are."""
        from django.urls import Resolver404, resolve

        if not address.startswith("/") or address.startswith("//"):
            return
        path, _, query = address.partition("#")[0].partition("?")
        try:
            kind = str(resolve(path).route) + re.sub("=[^&]*", "", query)
        except Resolver404:
            return
        if "export" in query:
            kind = address = f"{path}?{query[query.index('export') :]}"
        same = self.known.setdefault(kind, [])
        if address not in same and len(same) < MOST:
            same.append(address)
            self.queue.append(address)

    def get(self, address: str) -> Page | None:
        answer = self.client.get(address, follow=True)
        return self.seen(address, answer)

    def seen(self, address: str, answer: Any) -> Page | None:
        self.answers.append((address, answer))
        for place, _ in getattr(answer, "redirect_chain", []):
            self.find(place)
        if "html" not in answer.headers.get("Content-Type", ""):
            return None
        page = Page(answer.content.decode())
        address = answer.redirect_chain[-1][0] if getattr(answer, "redirect_chain", []) else address
        for link in page.links:
            if not link.startswith("?"):
                self.find(link)
            elif answer.request["REQUEST_METHOD"] == "GET":
                self.find(address.partition("?")[0] + link)
        return page

    def fill(self, address: str, page: Page) -> None:
        """Send every form of a page that takes text, once for each kind of form."""
        for form in page.forms:
            action = form.action or address
            if form.method != "post" or not form.texts or LEFT_OUT.search(action):
                continue
            kind = (re.sub(r"[0-9]+|[0-9A-Za-z]{12}", "N", action), *sorted(one.name for one in form.fields))
            if self.sent.get(kind, 0) < 1:
                self.sent[kind] = 1
                self._send(action, kind[0], form)

    def _send(self, action: str, kind: str, form: Form) -> None:
        text = {one.name: _canary(one, at) for at, one in enumerate(form.texts)}
        self.typed |= {(kind, name) for name in text}
        for _ in range(3):
            answer: Any = self.client.post(
                action, filled(form, text, self.today, self.later) | _file(form), follow=True
            )
            wrong = _wrong(self.seen(action, answer))
            if answer.redirect_chain or not wrong & set(text):
                known = {(kind, name) for name, value in text.items() if "canary" in value}
                self.taken |= known if answer.redirect_chain else set()
                return
            for name in wrong & set(text):
                text[name] = OTHERWISE.get(name, "") if text[name] != OTHERWISE.get(name) else "1"


def _canary(one: Field, at: int) -> str:
    if one.longest is None or one.longest >= len(ALL):
        return ALL
    fits = [canary for canary in CANARIES if len(canary) <= one.longest] or [""]
    taken = fits[at % len(fits)]
    for canary in fits:
        if len(taken) + len(canary) < one.longest:
            taken += " " + canary
    return taken


def _file(form: Form) -> dict[str, Any]:
    from django.core.files.uploadedfile import SimpleUploadedFile

    content = f'"{ALL.replace(chr(34), chr(34) * 2)}","b"\n"<canary>","=canary"\n'.encode()
    return {
        one.name: SimpleUploadedFile('"><canary onx=1>.csv', content, "text/csv")
        for one in form.fields
        if one.kind == "file"
    }


def _wrong(page: Page | None) -> set[str]:
    """Give the controls that a page marks as wrongly filled."""
    return {given["name"] for _, given in page.elements if given.get("aria-invalid")} if page else set()


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """The whole visit, by an owner whose company, people and accounts are called by the canary too."""
    from tests.web.reviews.lists import served_copy

    served_copy(tmp_path_factory.mktemp("scripts"))
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.utils import timezone

    from assay_web.records.accounts import Role
    from assay_web.services.accounts import make_account

    allowed, settings.ALLOWED_HOSTS = settings.ALLOWED_HOSTS, ["localhost"]
    made = {
        role: make_account(
            by="host",
            name=f"{ALL[:60]} {role.value}",
            email=f"{role.value}@northwind.example",
            role=role,
            needs_second_factor=False,
        )
        for role in Role
    }
    _things_that_no_first_choice_makes(made)
    client = Client(headers={"host": HOST}, raise_request_exception=False)
    client.force_login(made[Role.OWNER])
    today = timezone.localdate()
    found = Walk(client, today.isoformat(), (today + timedelta(days=30)).isoformat())
    _visit(found)
    yield found
    settings.ALLOWED_HOSTS = allowed
    connection.close()


def _things_that_no_first_choice_makes(made: dict[Any, Any]) -> None:
    """What a form makes only of choices that belong together: a review, an acceptance, a course."""
    from django.utils import timezone

    from assay_web.queries.subjects import Subject
    from assay_web.services.acceptances import ask
    from assay_web.services.reviews import start
    from assay_web.services.training import Given, give_course
    from tests.web.reviews.lists import plan

    owner, lead = made["owner"], made["lead"]
    start(plan(owner, name=ALL[:100]), by=lead)
    subject = Subject("control", "GOV-03", "Accept it", "/controls/GOV-03/")
    until = timezone.localdate() + timedelta(days=30)
    ask(subject, by=lead, reason=ALL, instead=ALL, until=until)
    give_course(Given(ALL[:120], ALL[:120], (), True, (), (), False, timezone.localdate()), by=owner)


def _visit(found: Walk) -> None:
    """1. Every page that has an address of its own, and what it links to, forms filled on the way. 2. All of them again, with what was typed in place."""
    from django.urls import get_resolver

    for pattern in get_resolver().url_patterns:  # 1
        route = str(pattern.pattern)
        if "<" not in route:
            found.find(f"/{route}")
    while found.queue:
        address = found.queue.pop(0)
        if LEFT_OUT.search(address.partition("?")[0]) and "jobs" not in address:
            continue
        page = found.get(address)
        if page is not None:
            found.fill(address, page)
    for addresses in list(found.known.values()):  # 2
        for address in addresses:
            if not LEFT_OUT.search(address.partition("?")[0]):
                found.get(address)


def _html(found: Walk) -> Iterator[tuple[str, str]]:
    for address, answer in found.answers:
        if "html" in answer.headers.get("Content-Type", ""):
            yield address, answer.content.decode()


def test_no_page_breaks(walk: Walk) -> None:
    assert sorted({address for address, answer in walk.answers if answer.status_code >= 500}) == []


def test_the_walk_fills_what_the_workspace_offers(walk: Walk) -> None:
    """Otherwise the tests below would pass over nothing."""
    shown = sum("&lt;canary" in html for _, html in _html(walk))
    assert len(walk.typed) >= 200
    assert len(walk.taken) >= 150
    assert shown >= 100


def _acting(html: str) -> set[str]:
    """Give what of a page a canary made: elements, attributes that run, links that run, scripts and styles inside the page, comments, template code."""
    page, wrong = Page(html), set()
    for tag, given in page.elements:
        bad = [name for name in given if name.startswith("on") or name == "style" or "canary" in name]
        if bad or (tag in {"canary", "style", "img", "svg"} and "canary" in f"{tag}{given}"):
            wrong.add(f"<{tag} {bad or given}>")
        for name in ("href", "src", "action", "formaction", "hx-get", "hx-post", "data"):
            if re.match(r"\s*(javascript|data|vbscript):", given.get(name, ""), re.IGNORECASE):
                wrong.add(f"{name}={given[name][:60]}")
    wrong |= {f"inside: {one[:60]}" for one in page.inline + page.comments if "canary" in one}
    wrong |= {
        f"raw: {one}" for one in ("<canary", "<svg/onload", "<script>canary", "62615533") if one in html
    }
    return wrong


def test_no_element_or_attribute_comes_from_a_canary(walk: Walk) -> None:
    wrong = {f"{address}: {one}" for address, html in _html(walk) for one in _acting(html)}
    assert "\n".join(sorted(wrong)) == ""


@pytest.mark.parametrize("canary", CANARIES[:17])
def test_a_page_that_did_not_escape_would_be_found(canary: str) -> None:
    from django.utils.html import escape

    places = ["<p>{}</p>", '<input value="{}">', "<input value='{}'>", "<textarea>{}</textarea>", "<title>{}</title>", '<a href="{}">x</a>', "<!-- {} -->", "<style>{}</style>", "<script>{}</script>"]  # fmt: skip
    assert any(_acting(place.format(canary.replace("{{7919*7907}}", "62615533"))) for place in places)
    assert not any(_acting(place.format(escape(canary))) for place in places[:5])


CALENDAR = {
    "BEGIN", "END", "VERSION", "PRODID", "METHOD", "X-WR-CALNAME", "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "URL", "TRANSP",
}  # fmt: skip
"""What a line of our calendars begins with."""


def _names(calendar: bytes) -> set[str]:
    lines = calendar.replace(b"\r\n ", b"").decode().splitlines()
    return {re.split("[:;]", line)[0] for line in lines}


MAIL = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"}  # fmt: skip
"""The headers of a mail of ours."""


def test_no_mail_holds_markup_or_a_second_header(walk: Walk) -> None:
    """The digest is text alone; what was typed stands in it as it was typed."""
    from django.utils import timezone

    from assay_web.mails import message
    from assay_web.queries.digest import own_digest
    from assay_web.records.accounts import Account
    from assay_web.services.tasks import Wanted, make_tasks

    owner = Account.objects.get(email="owner@northwind.example")
    make_tasks([Wanted(ALL[:300], owner=owner, due=timezone.localdate())], by=owner)
    text = own_digest(owner, timezone.localdate())
    assert text is not None
    assert ALL[:300] in text
    sender = "assay@northwind.example"
    sent = message_from_bytes(
        bytes(message(sender, owner.email, f"{ALL[:100]}: your week", text)), policy=SMTP
    )
    assert [part.get_content_type() for part in sent.walk()] == ["text/plain"]
    assert set(sent.keys()) <= MAIL
    assert ALL[:300] in sent.get_content()


def test_no_file_gives_a_canary_that_acts(walk: Walk) -> None:
    kinds = set()
    for address, answer in walk.answers:
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        if "html" in kind or answer.status_code != 200:
            continue
        kinds.add(kind)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.headers["X-Content-Type-Options"] == "nosniff", address
        if kind == "text/csv":
            assert live_cells(content.decode("utf-8-sig")) == [], address
        elif "spreadsheet" in kind:
            assert formulas_of(content) == [], address
        elif kind == "application/json":
            json.loads(content)
        elif kind == "text/calendar":
            assert _names(content) <= CALENDAR, address
        elif kind == "application/pdf":
            assert not re.search(rb"/JavaScript|/JS\b|/Launch|/OpenAction|/URI\s*\(javascript", content), (
                address
            )
    assert {"text/csv", "application/json"} <= kinds
