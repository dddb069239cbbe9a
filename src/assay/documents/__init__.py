"""A report in every form: each renderer takes the report object and nothing else, and treats every text in it as a stranger's."""

from assay.documents.data import NoSuchTableError, render_csv, render_json, render_oscal
from assay.documents.html import render_html
from assay.documents.pdf import render_pdf
from assay.documents.sheets import sheets
from assay.documents.terminal import render_terminal
from assay.documents.xlsx import render_xlsx

__all__ = [
    "NoSuchTableError",
    "render_csv",
    "render_html",
    "render_json",
    "render_oscal",
    "render_pdf",
    "render_terminal",
    "render_xlsx",
    "sheets",
]
