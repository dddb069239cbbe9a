"""`assay demo`: a small company over a real API world, collected through the real path on two days, reported, packed, verified."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import click


@click.command("demo")
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the home, the report and the pack in this new folder.  [default: ./demo]",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of text: where everything lies.")
def command(keep: Path | None, as_json: bool) -> None:
    """Show Assay at work on Northwind Metrics, a made-up company of 20 people.

    AWS and GitHub are stand-ins on this machine; everything else is the real path. Nothing leaves the machine.
    """
    from assay.demo.showing import show

    folder = keep or Path("demo")
    if not as_json:
        show(folder, click.echo)
        return
    show(folder, partial(click.echo, err=True))
    places = {"home": "home", "pack": "pack.zip", "report": "report.html"}
    click.echo(json.dumps({name: str(folder / place) for name, place in places.items()}, indent=2))
