"""`assay backup`: one file with rows, objects and a manifest, made while others write."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.setting_out import counted, json_option, opened, write_json


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--keys-to",
    type=click.Path(path_type=Path, file_okay=False),
    help="Renew the one copy of the keys in this folder, which must be elsewhere than the backups. It serves older backups as well.",
)
@click.option(
    "--erasures-to",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Renew the list of erasures in this file. It names nobody, and lets `assay restore` erase again what an older backup brings back.",
)
@json_option
@click.pass_obj
def command(path: Path, target: Path, keys_to: Path | None, erasures_to: Path | None, as_json: bool) -> None:
    """Write a backup of the home to TARGET. Keys are not in it; keep one copy of them elsewhere, renewed with every backup and after every erasure."""
    from assay.home.backup import back_up
    from assay.home.erasure_list import erasures_of, write_erasure_list
    from assay.home.keys_copy import copy_keys

    with opened(path) as home:
        head = back_up(home, target)
        if keys_to is not None:
            copy_keys(home, keys_to)
        if erasures_to is not None:
            write_erasure_list(erasures_of(home), erasures_to)
    if as_json:
        write_json({"backup": str(target), "head": head.to_json()})
        return
    click.echo(
        f"Wrote {target}: {counted(head.size, 'ledger entry', 'ledger entries')}, root {head.root[:16]}…."
    )
    if keys_to is not None:
        click.echo(f"Renewed the copy of the keys in {keys_to}; a backup cannot be restored without one.")
    else:
        click.echo(
            f"Keys are not in it. Keep a copy of {path / 'keys'} somewhere else (`--keys-to`); a backup cannot be restored without them."
        )
