"""Must hold 5: Chromium walks every page: no policy violation, no console error, no outside request, no axe violation, no sideways scrolling, keyboard alone, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.serving import Workspace
from tests.web.test_permission_matrix import rows

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js")
WIDTHS = {1280: "light", 390: "dark"}
"""Both widths and both schemes, each once."""


def addresses(workspace: Workspace) -> list[str]:
    """Give every address that the matrix says an owner can open, filled with what is there."""
    ids = {"account": workspace.ids["reader"], **workspace.ids, "token": "t" * 43}
    found = [row.address for row in rows() if row.method == "GET" and row.gets["owner"] == "ok"]
    found.append("/reviews/{review}/mine/")  # the lines are the owner's here, the worker's in the matrix
    found.append("/people/{person}/")  # a list of workers is here, which the matrix has not
    pages = [
        one for one in found if not one.startswith("/healthz") and "/export/" not in one
    ]  # what is kept is no page
    return [one.format_map(_Known(ids)) for one in pages]


class _Known(dict[str, str]):
    """What is not known in this home leaves the address out of reach; such rows are walked by their own tests."""

    def __missing__(self, key: str) -> str:
        return f"missing-{key}"


def _watched(page: Page, origin: str) -> list[str]:
    """Collect what a page must not do: errors, warnings, policy violations, and requests to anywhere else."""
    seen: list[str] = []
    page.on(
        "console",
        lambda said: seen.append(f"console: {said.text}") if said.type in {"error", "warning"} else None,
    )
    page.on("pageerror", lambda error: seen.append(f"error: {error}"))
    page.on(
        "request",
        lambda asked: (
            seen.append(f"outside: {asked.url}") if not asked.url.startswith((origin, "data:")) else None
        ),
    )
    return seen


def _axe(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    found: dict[str, Any] = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_breaks_a_rule(
    workspace: Workspace, signed_in: Callable[..., BrowserContext], width: int
) -> None:
    context = signed_in(viewport={"width": width, "height": 900}, color_scheme=WIDTHS[width])
    problems = []
    for address in addresses(workspace):
        if "missing-" in address:
            continue
        page = context.new_page()
        seen = _watched(page, workspace.origin)
        answer = page.goto(address)
        assert answer is not None
        seen += [] if answer.status == 200 else [f"status {answer.status}"]
        seen += _axe(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        seen += [f"scrolls sideways by {wide} px"] if wide > 0 else []
        problems += [f"{address}: {one}" for one in seen]
        page.close()
    context.close()
    assert "\n".join(problems) == ""


def test_every_page_works_from_the_keyboard(
    workspace: Workspace, signed_in: Callable[..., BrowserContext]
) -> None:
    """The first stop skips to the content; nothing that can be pressed is out of reach; what has the focus shows it."""
    context = signed_in(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    problems = []
    for address in addresses(workspace):
        if "missing-" in address:
            continue
        page.goto(address)
        page.keyboard.press("Tab")
        first = page.evaluate("document.activeElement.textContent.trim()")
        if first != "Skip to content" and not page.evaluate(
            "document.activeElement.closest('form') !== null"
        ):
            problems.append(f"{address}: the first stop is {first!r}")
        out_of_reach = page.evaluate(
            "[...document.querySelectorAll('a[href],button,input,select,textarea,summary')]"
            ".filter((one) => one.checkVisibility() && one.tabIndex < 0 && !one.classList.contains('sr')).map((one) => one.outerHTML.slice(0, 90))"
        )
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        problems += [f"{address}: {one}" for one in out_of_reach]
        problems += [] if outline != "none" else [f"{address}: the focus does not show"]
    context.close()
    assert "\n".join(problems) == ""


def test_the_slash_goes_to_the_search_and_escape_closes_the_rail(
    workspace: Workspace, signed_in: Callable[..., BrowserContext]
) -> None:
    context = signed_in(viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.goto("/")
    assert page.evaluate("document.getElementById('rail').matches(':popover-open')") is False
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("Escape")
    assert page.evaluate("document.getElementById('rail').matches(':popover-open')") is False
    page.click("[aria-label=Menu]")
    page.click("nav[aria-label=Main] >> text=Readiness")
    assert page.url == f"{workspace.origin}/criteria/"
    context.close()


def test_every_page_works_without_javascript_or_says_what_does_not(
    workspace: Workspace, signed_in: Callable[..., BrowserContext]
) -> None:
    """Without scripts each page has its heading and its words. Whatever rests on a script is hidden, and a sentence stands in its place."""
    context = signed_in(java_script_enabled=False)
    page = context.new_page()
    problems = []
    for address in addresses(workspace):
        if "missing-" in address:
            continue
        page.goto(address)
        problems += [] if page.locator("h1").count() == 1 else [f"{address}: no heading"]
        dead = page.locator("form[data-passkey]:visible").count()
        said = page.locator("noscript").count()
        problems += [f"{address}: a form that does nothing"] if dead else []
        if page.locator("form[data-passkey], [data-live]").count() and not said:
            problems.append(f"{address}: nothing says what needs JavaScript")
    context.close()
    assert "\n".join(problems) == ""


def test_signing_in_and_out_breaks_no_rule(workspace: Workspace, chromium: Any) -> None:
    """The pages before signing in, walked as the others are."""
    context = chromium.new_context(viewport={"width": 390, "height": 800})
    problems = []
    for address, status in (("/sign-in/", 200), ("/sign-in/inactive/", 200), ("/nothing-here/", 404)):
        page = context.new_page()
        seen = _watched(page, workspace.origin)
        answer = page.goto(workspace.origin + address)
        assert answer is not None
        seen = [one for one in seen if "status of 404" not in one]
        seen += [] if answer.status == status else [f"status {answer.status}"]
        problems += [f"{address}: {one}" for one in [*seen, *_axe(page)]]
        page.close()
    context.close()
    assert problems == []
