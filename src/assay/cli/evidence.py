"""`assay evidence`: what no API can tell, added by hand."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from assay.cli.completing import controls, of_content
from assay.cli.setting_out import by_option, instant_option, json_option, opened, write_json

METHODS = ("export", "screenshot", "screenshot_of_a_list", "document", "record", "observation", "inquiry")


@click.group("evidence")
def command() -> None:
    """Add and list evidence by hand: minutes, approvals, exports, observations."""


@command.command("add")
@click.argument("control", shell_complete=of_content(controls))
@click.option("--shows", required=True, help="One sentence: what it shows.")
@instant_option("--observed", "observed", "When it was observed, which may be earlier than now.")
@click.option("--how", "method", type=click.Choice(METHODS), required=True, help="How it was captured.")
@click.option("--captured-by", help="Who captured it.  [default: who adds it]")
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file to keep with it, as it is.",
)
@click.option("--note", help="A note, instead of a file or beside it.")
@click.option(
    "--covers",
    nargs=2,
    metavar="FROM TO",
    help="The days that it covers, both included, such as 2026-01-01 2026-03-31.",
)
@click.option("--every-days", type=int, help="It is due again after so many days.")
@click.option("--system", help="The system that it comes from.")
@click.option("--query", help="For a list: the query or filter that made it.")
@click.option("--count", type=int, help="For a list: how many rows it has.")
@by_option
@json_option
@click.pass_obj
def add(path: Path, control: str, shows: str, observed: datetime | None, method: str, captured_by: str | None, file: Path | None, note: str | None,
        covers: tuple[str, str] | None, every_days: int | None, system: str | None, query: str | None, count: int | None, by: str, as_json: bool) -> None:  # fmt: skip
    """Add evidence for CONTROL. When it was observed, what period it covers, and when it was added stay three things."""
    from assay.evidence.manual import Attachment, Covers, How, ManualEvidence, Method, Recurs
    from assay.home.manual import add_evidence

    with opened(path) as home:
        attachment = None
        if file is not None:
            content = file.read_bytes()
            attachment = Attachment(home.evidence.put_object(content), file.name, len(content))
        evidence = ManualEvidence(
            by=by,
            control=control,
            shows=shows,
            observed=observed or home.now(),
            captured_by=captured_by or by,
            how=How(Method(method), system, query, count),
            covers=None if covers is None else Covers(_day(covers[0]), _day(covers[1])),
            recurs=None if every_days is None else Recurs(every_days, None),
            attachment=attachment,
            note=note,
        )
        entry, remarks = add_evidence(home, evidence)
    if as_json:
        write_json({"entry": entry, "remarks": list(remarks)})
        return
    click.echo(f"Added evidence for {control} (ledger entry {entry}).")
    for remark in remarks:
        click.echo(f"  {remark}")


@command.command("list")
@click.option("--control", shell_complete=of_content(controls), help="Only of this control.")
@json_option
@click.pass_obj
def list_(path: Path, control: str | None, as_json: bool) -> None:
    """List evidence by hand, newest first."""
    from assay.home.manual import evidence_of

    with opened(path) as home:
        if control is not None:
            _known_control(home, control)
        found = [
            {**body, "entry": entry}
            for entry, body in evidence_of(home)
            if control in (None, body["control"])
        ]
    if as_json:
        write_json(found)
        return
    for one in reversed(found):
        click.echo(
            f"{one['entry']:5}  {one['control']:7} {one['observed'][:10]}  {one['shows']}"
            + (f"  ({one['file_name']})" if one["file_name"] else "")
        )
    if not found:
        click.echo(
            f"There is no evidence by hand{f' for {control}' if control else ''} yet. Add some with `assay evidence add {control or 'CONTROL'}`."
        )


def _known_control(home: Any, control: str) -> None:
    from assay.catalogue import load_catalogue
    from assay.errors import AssayError

    if control not in load_catalogue(home.content).controls:
        raise AssayError(f"There is no control “{control}”. `assay show controls` lists them.")


def _day(text: str) -> date:
    from assay.errors import AssayError

    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise AssayError(f"“{text}” is not a day; write it as 2026-03-31.") from error
