"""The report as one HTML file that needs nothing else: no script, no request, light and dark, print, phone and desk."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from importlib import resources
from typing import Any

from assay.documents.html_controls import controls, criteria, families, since_start
from assay.documents.html_evidence import deviations, evidence, populations
from assay.documents.html_parts import Page
from assay.documents.html_standing import drift, gaps, intro, next_steps, sources
from assay.documents.marks import DEFINITIONS, mark
from assay.documents.markup import Html, element
from assay.documents.plain import day, day_and_time, plain_report, zone_of
from assay.documents.sentences import colophon_sentences

_FONTS = (("Inter-Regular.woff2", 400), ("Inter-SemiBold.woff2", 600))


def render_html(report: Mapping[str, Any]) -> str:
    """Give the report as one self-contained HTML document, the same text each time."""
    style = _style()
    safe = plain_report(report)
    page = Page(safe, zone_of(safe["company"]["zone"]))
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(style)),
        element("meta", name="generator", content="Assay"),
        element("title", f"Readiness of {page.company}, {day(safe['as_of'], page.zone)}"),
        Html(f"<style>{style}</style>"),
    )
    skip = element("a", "Skip to content", class_="skip", href="#main")
    body = element("body", skip, DEFINITIONS, _top(page), _main(page), _foot(page))
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def _style() -> str:
    folder = resources.files("assay.documents")
    css = re.sub(r"/\*.*?\*/", "", (folder / "style" / "report.css").read_text(encoding="utf-8"), flags=re.S)
    return "".join(_face(name, weight) for name, weight in _FONTS) + re.sub(r"\n\s*", "\n", css).strip()


def _face(name: str, weight: int) -> str:
    font = base64.b64encode((resources.files("assay.documents") / "fonts" / name).read_bytes()).decode()
    return (
        f'@font-face{{font-family:"Inter";font-weight:{weight};font-style:normal;'
        f'src:url(data:font/woff2;base64,{font}) format("woff2")}}'
    )


def _policy(style: str) -> str:
    """Nothing may load or run; the one style is named by its digest."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; font-src data:; base-uri 'none'; form-action 'none'"


def _top(page: Page) -> Html:
    brand = element("span", mark("assay", "i20"), "Assay", class_="brand")
    when = f"{page.company}, {day_and_time(page.report['as_of'], page.zone)}"
    return element("header", brand, "Readiness report", element("span", when, class_="end"), class_="top")


def _main(page: Page) -> Html:
    first = element("div", next_steps(page), element("div", drift(page), sources(page)), class_="cols")
    rest = [
        section(page)
        for section in (gaps, families, criteria, since_start, deviations, controls, evidence, populations)
    ]
    return element("main", intro(page), first, rest, id="main")


def _foot(page: Page) -> Html:
    *said, command, kind = colophon_sentences(page.report, page.zone)
    words, call = command.split(": ", 1)
    lines = [element("p", sentence) for sentence in said]
    return element(
        "footer", lines, element("p", f"{words}: ", element("code", call)), element("p", kind), class_="foot"
    )
