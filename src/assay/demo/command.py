"""`assay demo`: a small company over a real API world, collected through the real path on two days, reported, packed, verified."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("demo")
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the home, the report and the pack in this new folder.  [default: ./demo]",
)
def command(keep: Path | None) -> None:
    """Show Assay at work on Northwind Metrics, a made-up company of 20 people.

    AWS and GitHub are stand-ins on this machine; everything else is the real path. Nothing leaves the machine.
    """
    from assay.demo.showing import show

    show(keep or Path("demo"), click.echo)
