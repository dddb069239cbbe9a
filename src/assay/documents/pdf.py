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


def render_pdf(report: Mapping[str, Any]) -> bytes:
    """Give the report as PDF/UA-1: title, language, structure, contents, page numbers. Its date is the report's as-of instant, never now."""
    with resources.as_file(resources.files("assay.documents")) as folder:
        return _set(folder, report)


def _set(folder: Path, report: Mapping[str, Any]) -> bytes:
    made: bytes = typst.compile(
        (folder / "style" / "report.typ").read_bytes(),
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[folder / "fonts"]),
        format="pdf",
        pdf_standards="ua-1",
        sys_inputs={"report": json.dumps(paper_report(report), sort_keys=True, ensure_ascii=True)},
        timestamp=datetime.fromisoformat(report["as_of"]).astimezone(UTC),
    )
    return made
