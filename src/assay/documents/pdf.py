"""The report as a tagged PDF, set by Typst from data alone: the same bytes each time, with the fonts that travel with Assay."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import typst

from assay.documents.paper import paper_report
from assay.documents.typeset import LATIN, PAGE, Ranges, settable


def render_pdf(report: Mapping[str, Any]) -> bytes:
    """Give the report as PDF/UA-1: title, language, structure, contents, page numbers. Its date is the report's as-of instant, never now.

    A character that the fonts do not hold is spelled `<U+6F22>`; every other form of the report shows it as it is.
    """
    page = paper_report(report)
    made = datetime.fromisoformat(report["as_of"]).astimezone(UTC)
    with resources.as_file(resources.files("assay.documents")) as folder:
        try:
            return _set(folder, page, made, PAGE)
        except typst.TypstError as error:
            if "could not be displayed" not in str(error):
                raise
            return _set(folder, page, made, LATIN)


def _set(folder: Path, page: Mapping[str, Any], made: datetime, ranges: Ranges) -> bytes:
    pdf: bytes = typst.compile(
        (folder / "style" / "report.typ").read_bytes(),
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[folder / "fonts"]),
        format="pdf",
        pdf_standards="ua-1",
        sys_inputs={"report": json.dumps(settable(dict(page), ranges), sort_keys=True, ensure_ascii=True)},
        timestamp=made.replace(microsecond=0),  # a PDF's date has whole seconds (ISO 32000-1, 7.9.4)
    )
    return pdf
