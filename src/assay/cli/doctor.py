"""`assay doctor`: what is wrong with this installation, and what to do."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.exit_codes import DONE, ERROR
from assay.cli.setting_out import json_option, opened, write_json

MARKS = {"wrong": "✗", "warning": "!", "note": "·", "fine": "✓"}


@click.command("doctor")
@json_option
@click.pass_obj
def command(path: Path, as_json: bool) -> None:
    """Look at keys, disk, log, clock and sources, and say what to do where something is not well."""
    from assay.home.doctor import Weight, diagnose

    with opened(path) as home:
        findings = diagnose(home)
    if as_json:
        write_json(
            [
                {"found": one.found, "remedy": one.remedy, "thing": one.thing, "weight": str(one.weight)}
                for one in findings
            ]
        )
    else:
        for one in findings:
            click.echo(f"{MARKS[one.weight]} {one.thing}: {one.found}")
            if one.remedy:
                click.echo(f"    {one.remedy}")
    raise SystemExit(ERROR if any(one.weight is Weight.WRONG for one in findings) else DONE)
