"""One served home and one Chromium for the tests of a module, and pages that are signed in as a role."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.serving import PASSWORD, Workspace, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

CHROMIUM = shutil.which("chromium")
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with served(tmp_path_factory.mktemp("workspace")) as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Give a browser for a module. Playwright keeps a loop running in this process, in which Django would refuse to work: so it ends with the module."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def signed_in(
    workspace: Workspace, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., BrowserContext]:
    """Give a browser context that is signed in as a role; further arguments are Playwright's. Whoever asks closes it."""
    kept: dict[str, Path] = {}

    def sign_in(role: str = "owner", **options: Any) -> BrowserContext:
        if role not in kept:
            context = chromium.new_context()
            page = context.new_page()
            page.goto(f"{workspace.origin}/sign-in/")
            page.fill("[name=login]", f"{role}@northwind.example")
            page.fill("[name=password]", PASSWORD)
            page.click("button.go")
            page.wait_for_url(lambda url: "/sign-in/" not in url)
            kept[role] = tmp_path_factory.mktemp("session") / f"{role}.json"
            context.storage_state(path=kept[role])
            context.close()
        return chromium.new_context(storage_state=kept[role], base_url=workspace.origin, **options)

    return sign_in
