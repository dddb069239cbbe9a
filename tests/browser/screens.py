"""Takes the pictures of docs/guide/screens: `make screens`. Sixty days of the demonstration's story, a real `assay serve`, a real Chromium."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.serving import PASSWORD, served

SCREENS = {
    "home": ("/", 1280, "light"),
    "home-phone": ("/", 390, "dark"),
    "check": ("/checks/aws.s3.tls/?conclusion=DEVIATES", 1280, "light"),
    "control": ("/controls/IAM-04/", 1280, "light"),
    "coverage": ("/coverage/", 1280, "light"),
    "drift": ("/drift/", 1280, "dark"),
    "plan": ("/plan/", 1280, "light"),
    "calendar": ("/calendar/", 1280, "light"),
    "access-reviews": ("/reviews/", 1280, "light"),
}
"""Name, address, width, scheme."""
HEIGHT = 900


def take(into: Path) -> None:
    """Take every picture anew."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), days=60) as workspace:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
            context = browser.new_context(base_url=workspace.origin)
            page = context.new_page()
            page.goto("/sign-in/")
            page.fill("[name=login]", "owner@northwind.example")
            page.fill("[name=password]", PASSWORD)
            page.click("button.go")
            for name, (address, width, scheme) in SCREENS.items():
                page.set_viewport_size({"width": width, "height": HEIGHT})
                page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
                page.goto(address)
                page.evaluate("document.fonts.ready")
                page.screenshot(path=into / f"{name}.png")
            browser.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]))
