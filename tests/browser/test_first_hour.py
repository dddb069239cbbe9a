"""Must hold 1: the first hour, in the browser alone: from the link that `assay serve` prints to a scoped company, connected sources and a first readiness view.

Then three tasks assigned, an access review with a removal proven by a later list, a vendor reviewed, a risk accepted with its last day, an auditor chosen.
"""

from __future__ import annotations

import base64
import hmac
import os
import re
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from tests.browser.serving import free_port, wait_for
from tests.web.programme.answers import ANSWERS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

PASSWORD = "a long enough pass phrase"
MOST_CLICKS = 60
ADA = "ada@northwind.example"
WORKERS = f"""email,worker_id,kind,state,title,department,manager_email,started,ended
{ADA},1,employee,active,Founder,Management,,2024-01-02,
ben@northwind.example,2,employee,active,Engineer,Engineering,{ADA},2025-03-01,
"""
HEADINGS = "system,user,email,kind,role,admin,mfa,state,created,last_login"
OURS = f"""{HEADINGS}
crm,ada,{ADA},person,owner,yes,yes,active,2024-01-02T09:00:00Z,2026-11-20T08:00:00Z
crm,ben,ben@northwind.example,person,sales,no,yes,active,2025-03-01T09:00:00Z,2026-11-20T08:00:00Z
"""
FORGOTTEN = "crm,old-import,,person,sales,no,no,active,2024-05-01T09:00:00Z,2025-01-02T08:00:00Z\n"
"""An account that nobody remembers: the one that the review removes."""


@dataclass
class Person:
    """Someone at a browser. Every press of the mouse counts; typing and reading do not."""

    page: Page
    clicks: int = 0
    trail: list[str] = field(default_factory=list)

    def click(self, words: str, *, within: str = "main") -> None:
        """Press the one link or button that says these words."""
        found = (
            self.page.locator(within)
            .locator("a, button, summary")
            .filter(has_text=re.compile(f"^\\s*{re.escape(words)}"))
        )
        self.press(found.first)

    def press(self, target: Locator) -> None:
        self.clicks += 1
        try:
            target.click(timeout=15_000)
        except Exception as error:
            raise AssertionError(f"{self.page.url} has nothing like that:\n{self.text[:3000]}") from error
        self.page.wait_for_load_state()
        self.trail.append(f"{self.clicks}: {self.page.url}")

    def go(self, place: str) -> None:
        """Press a place of the rail."""
        self.press(self.page.locator(".rail a").filter(has_text=re.compile(f"^\\s*{place}")).first)

    def answer(self, given: dict[str, str | list[str]]) -> None:
        """Fill the page's form: text is typed, a choice is a press unless it is chosen already."""
        for name, wanted in given.items():
            for value in [wanted] if isinstance(wanted, str) else wanted:
                self._give(name, value)

    def tick(self, box: Locator) -> None:
        """Mark a box that is not marked yet."""
        if not box.is_checked():
            self.clicks += 1
            box.check()

    def choose(self, name: str, words: str) -> None:
        """Choose by the words of an option."""
        self.clicks += 1
        self.page.locator(f"main [name={name}]").select_option(label=words)

    def _give(self, name: str, value: str) -> None:
        fields = self.page.locator(f"main [name={name}]")
        kind = fields.first.get_attribute("type")
        if kind in {"radio", "checkbox"}:
            one = self.page.locator(f'main [name={name}][value="{value}"]')
            if not one.is_checked():
                self.clicks += 1
                one.check()
        elif fields.first.evaluate("one => one.tagName") == "SELECT":
            self.clicks += 1
            fields.first.select_option(value)
        else:
            fields.first.fill(value)

    @property
    def text(self) -> str:
        return self.page.inner_text("main")


@dataclass
class Served:
    """A workspace that was served in an empty folder: its origin and the link that was printed."""

    origin: str
    link: str


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Served]:
    """Serve an empty folder, as `assay serve` does for someone who has nothing yet."""
    port = free_port()
    origin = f"http://localhost:{port}"
    environment = {**os.environ, "ASSAY_SCHEDULE": "off", "ASSAY_URL": origin}
    command = [sys.executable, "-m", "assay", "--home", str(tmp_path / "home"), "serve", "--port", str(port)]
    said = tmp_path / "serve.log"
    with said.open("w") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            wait_for(origin, process)
            link = re.search(r"http://localhost:\S+/link/\S+", said.read_text())
            assert link is not None
            yield Served(origin, link[0])
        finally:
            process.terminate()
            process.wait()


def test_the_first_hour(empty: Served, chromium: Browser, tmp_path: Path) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    person = Person(page)
    _come_in(person, empty)
    _set_up(person)
    _connect(person, tmp_path)
    assert person.clicks <= MOST_CLICKS, "\n".join(person.trail)
    assert "controls have all they need" in person.text
    _assign_three_tasks(person)
    _review_access(person)
    _prove_the_removal(person, tmp_path)
    _review_a_vendor(person)
    _accept_a_risk(person)
    _choose_an_auditor(person)
    page.close()


def _come_in(person: Person, empty: Served) -> None:
    page = person.page
    page.goto(empty.link)
    person.answer({"name": "Ada Lindqvist", "email": ADA, "password": PASSWORD})
    person.click("", within="form.form p.acts")
    person.click("Add an authenticator app")
    person.answer({"code": _code(page.inner_text(".copy"))})
    person.click("Add the app")
    person.click("I have kept them")


def _set_up(person: Person) -> None:
    person.click("Begin")
    for given in ANSWERS.values():
        person.answer(given)
        person.click("Save and go on")
    person.click("Make this the scope")


def _connect(person: Person, folder: Path) -> None:
    """Connect two lists, look at how they are read, and collect."""
    _list(person, folder, "hr_person", WORKERS)
    _list(person, folder, "account", OURS + FORGOTTEN)
    person.click("Collect now")
    _wait_done(person)
    person.go("Home")


def _list(person: Person, folder: Path, table: str, content: str) -> None:
    file = folder / f"{table}.csv"
    file.write_text(content)
    person.go("Evidence")
    person.click("Sources", within=".tabs")
    person.click("A list")
    person.answer({"table": table, "system": "crm", "exported_at": _now()})
    person.page.set_input_files("[name=file]", file)
    person.click("Look at it")
    person.click("Read it like this")


def _assign_three_tasks(person: Person) -> None:
    person.go("Tasks")
    person.click("Make tasks of the next steps")
    for at in range(3):
        person.tick(person.page.locator("main [name=step]").nth(at))
    person.choose("owner", "Ada Lindqvist")
    person.answer({"due": _in_days(14)})
    person.click("Make the tasks")
    assert "3 of 3 tasks are yours" in person.text


def _review_access(person: Person) -> None:
    """Review the list of accounts: two are kept, the one that nobody remembers is to be removed."""
    person.go("People")
    person.click("Access reviews", within=".tabs")
    person.click("Start")
    person.answer({"name": "First review", "due": _in_days(14), "instead": "The board looks at the record."})
    person.tick(person.page.locator("main [name=system]").first)
    person.click("Show what it would hold")
    assert "3 rights in 1 system" in person.text
    person.click("Start the review")
    person.click("Review your 3 lines")
    person.tick(person.page.get_by_role("checkbox", name="old-import"))
    person.page.fill("[name=reason]", "Nobody uses it since the import of 2024.")
    person.click("Have it removed", within="main form[data-reviewing]")
    person.tick(person.page.get_by_role("checkbox", name="ben"))
    person.click("Keep", within="main form[data-reviewing]")
    person.tick(person.page.get_by_role("checkbox", name="ada"))
    person.answer({"reason": "Founder and administrator.", "instead": "The board looks at the record."})
    person.click("Keep", within="main form[data-reviewing]")
    person.click("First review")
    person.click("Sign off")
    person.click("Sign off", within="main form")
    assert "Signed off by Ada Lindqvist" in person.text
    assert "Of 1 change asked for, 0 are shown by a later look" in person.text


def _prove_the_removal(person: Person, folder: Path) -> None:
    """The account is taken away, a newer list says so, and only then it counts."""
    _list(person, folder, "account", OURS)
    person.click("Collect now")
    _wait_done(person)
    person.go("People")
    person.click("Access reviews", within=".tabs")
    person.click("First review")
    assert "Of 1 change asked for, 1 is shown by a later look" in person.text


def _review_a_vendor(person: Person) -> None:
    person.go("Vendors")
    person.click("Found", within=".tabs")
    person.press(person.page.get_by_role("button", name="Add it to the register: Amazon Web Services"))
    person.click("Review it")
    for question in person.page.locator(".question").all():
        question.locator("[type=radio]").first.check()
    person.answer(
        {
            "starts": _in_days(-365),
            "ends": _in_days(0),
            "conclusion": "keep",
            "says": "Read its public security pages; its report was asked for.",
        }
    )
    person.click("Sign the review")
    assert "Last reviewed on" in person.text


def _accept_a_risk(person: Person) -> None:
    """Ada is alone, so she approves what she asked for, and the page says that duties were not segregated."""
    person.go("Readiness")
    person.click("Controls", within=".tabs")
    person.press(person.page.locator("main table a").first)
    person.click("Accept")
    person.answer(
        {
            "reason": "Nobody but the founder yet.",
            "instead": "The board looks every month.",
            "until": _in_days(90),
        }
    )
    person.click("Ask for approval")
    person.answer({"text": "The board reads the list of accepted risks each quarter."})
    person.click("Accept the risk")
    assert "Accepted until" in person.text
    assert "Duties were not segregated" in person.text


def _choose_an_auditor(person: Person) -> None:
    person.go("Audit")
    person.click("Firms", within=".tabs")
    person.click("Add a firm")
    person.answer({"name": "Harrow & Pike", "price_least": "18000", "price_most": "24000"})
    person.click("Add it")
    person.page.fill("[name=why]", "Knows our cloud, free in March.")
    person.click("Choose it")
    assert "You chose this firm" in person.text


def _wait_done(person: Person) -> None:
    """Wait for the worker, as the page does by itself."""
    for _ in range(240):
        if re.search(r"\b(Done|Failed)\b", person.text):
            break
        person.page.wait_for_timeout(500)
    assert "Done" in person.text, person.text


def _in_days(days: int) -> str:
    return (date.today() + timedelta(days=days)).isoformat()  # noqa: DTZ011 — what a person types is a day of the wall


def _now() -> str:
    """Give the time as the company's clock shows it: an export from before a decision would prove nothing about it."""
    return datetime.now(ZoneInfo("Europe/Berlin")).strftime("%Y-%m-%dT%H:%M:%S")


def _code(secret: str) -> str:
    """Give the code of an authenticator app now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"
