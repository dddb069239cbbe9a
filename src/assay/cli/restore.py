"""`assay restore`: a home out of a backup."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.setting_out import counted, json_option, write_json


@click.command("restore")
@click.argument("backup", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--keys",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="The folder with signing.key and master.key.",
)
@click.option(
    "--known-home",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A damaged home that can still be read: names what the backup lacks.",
)
@click.option(
    "--known-checkpoint",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A newer checkpoint kept outside.",
)
@json_option
@click.pass_obj
def command(
    path: Path,
    backup: Path,
    keys: Path,
    known_home: Path | None,
    known_checkpoint: Path | None,
    as_json: bool,
) -> None:
    """Restore BACKUP into the folder that --home names, which must be new or empty.

    When more than the backup holds is known, a new epoch begins whose first entry names what was lost.
    """
    from assay.home import Surroundings, open_home
    from assay.home.restore import Known, known_of, restore
    from assay.home.restore import known_checkpoint as read_known

    surroundings = Surroundings.real()
    known: Known | None = None
    if known_home is not None:
        damaged = open_home(known_home, surroundings)
        known = known_of(damaged)
        damaged.close()
    elif known_checkpoint is not None:
        known = read_known(known_checkpoint.read_bytes())
    home = restore(backup, path, keys, surroundings, known)
    size = home.ledger.size()
    home.close()
    if as_json:
        write_json({"entries": size, "home": str(path)})
    else:
        click.echo(
            f"Restored {path}: {counted(size, 'ledger entry', 'ledger entries')}. Run `assay fsck` and `assay doctor` next."
        )
