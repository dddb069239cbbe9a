"""`assay fsck`: look through the home for damage."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.exit_codes import DOES_NOT_HOLD, DONE
from assay.cli.setting_out import json_option, opened, write_json


@click.command("fsck")
@click.option("--repair", is_flag=True, help="Mend what follows from what is whole. Nothing is invented.")
@json_option
@click.pass_obj
def command(path: Path, repair: bool, as_json: bool) -> None:
    """Look through the whole home for damage: entries, bodies, objects, populations, the published log."""
    from assay.home.fsck import examine, mend

    with opened(path) as home:
        mended = mend(home) if repair else []
        found = list(examine(home))
    if as_json:
        damage = [{"mendable": one.mendable, "problem": one.problem, "thing": one.thing} for one in found]
        write_json({"damage": damage, "mended": mended})
    else:
        for sentence in mended:
            click.echo(sentence)
        for one in found:
            click.echo(
                f"{one.thing}: {one.problem}" + (" (`assay fsck --repair` mends it)" if one.mendable else "")
            )
        click.echo("Nothing is damaged." if not found else "")
    raise SystemExit(DOES_NOT_HOLD if any(not one.mendable for one in found) else DONE)
