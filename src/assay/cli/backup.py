"""`assay backup`: one file with rows, objects and a manifest, made while others write."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.setting_out import counted, json_option, opened, write_json


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@json_option
@click.pass_obj
def command(path: Path, target: Path, as_json: bool) -> None:
    """Write a backup of the home to TARGET. Keys are not in it; keep the folder `keys` elsewhere."""
    from assay.home.backup import back_up

    with opened(path) as home:
        head = back_up(home, target)
    if as_json:
        write_json({"backup": str(target), "head": head.to_json()})
        return
    click.echo(
        f"Wrote {target}: {counted(head.size, 'ledger entry', 'ledger entries')}, root {head.root[:16]}…."
    )
    click.echo(
        f"Keys are not in it. Keep {path / 'keys'} somewhere else; a backup cannot be restored without them."
    )
