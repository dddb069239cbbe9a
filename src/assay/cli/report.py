"""`assay report`: where the company stands, in every form."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from assay.cli.exit_codes import of_counts
from assay.cli.setting_out import opened, write_json

FORMS = ("terminal", "html", "pdf", "xlsx", "json", "oscal")


@click.command("report")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMS),
    help="The form.  [default: by the ending of --output, otherwise terminal]",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file.  [default: the terminal for terminal and json, otherwise readiness.FORM here]",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.pass_obj
def command(path: Path, form: str | None, output: Path | None, as_json: bool) -> None:
    """Show where the company stands: criteria, controls, gaps, drift, and what to do next.

    The exit code says what was concluded: 0, 4 (something deviates), 8 (something is unknown), 12 (both).
    """
    from assay.home.reporting import newest_report

    form = "json" if as_json else form or _by_ending(output)
    with opened(path) as home:
        report = newest_report(home)
    if form == "json" and output is None:
        write_json(report)
    elif output is None and form == "terminal":
        from assay.documents import render_terminal

        width = min(120, max(80, _columns()))
        click.echo(render_terminal(report, width=width, colour=sys.stdout.isatty()))
    else:
        target = output or Path(f"readiness.{_ENDINGS[form]}")
        target.write_bytes(rendered(report, form))
        click.echo(f"Wrote {target}.", err=True)
    counts = [check["counts"] for check in report["checks"]]
    raise SystemExit(of_counts(sum(one["DEVIATES"] for one in counts), sum(one["UNKNOWN"] for one in counts)))


_ENDINGS = {
    "html": "html",
    "json": "json",
    "oscal": "oscal.json",
    "pdf": "pdf",
    "terminal": "txt",
    "xlsx": "xlsx",
}


def rendered(report: dict[str, object], form: str) -> bytes:
    """Give the report in one form, as bytes."""
    from assay import documents
    from assay.evidence.canonical import encode

    match form:
        case "html":
            return documents.render_html(report).encode()
        case "pdf":
            return documents.render_pdf(report)
        case "xlsx":
            return documents.render_xlsx(report)
        case "oscal":
            return encode(documents.render_oscal(report))
        case "json":
            return encode(report) + b"\n"
        case _:
            return (documents.render_terminal(report) + "\n").encode()


def _by_ending(output: Path | None) -> str:
    if output is None:
        return "terminal"
    endings = {".html": "html", ".json": "json", ".pdf": "pdf", ".txt": "terminal", ".xlsx": "xlsx"}
    form = "oscal" if output.name.endswith(".oscal.json") else endings.get(output.suffix)
    if form is None:
        from assay.errors import AssayError

        raise AssayError(
            f"The ending of {output} names no form that Assay writes; end it with .html, .pdf, .xlsx, .json, .oscal.json or .txt, or give --format."
        )
    return form


def _columns() -> int:
    import shutil

    return shutil.get_terminal_size((100, 24)).columns
