"""`assay restore`: a home out of a backup."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assay.cli.setting_out import counted, json_option, read_checkpoint, write_json

if TYPE_CHECKING:
    from assay.home import Surroundings
    from assay.home.erasure_list import ErasureList
    from assay.home.restore import Known


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
    help="A damaged home that can still be read: names what the backup lacks. Where its database is in PostgreSQL, KNOWN_DATABASE_URL says where.",
)
@click.option(
    "--known-checkpoint",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A newer checkpoint kept outside.",
)
@click.option(
    "--known-erasures",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A list that `assay backup --erasures-to` wrote: what it says is erased is erased again.",
)
@json_option
@click.pass_obj
def command(
    path: Path,
    backup: Path,
    keys: Path,
    known_home: Path | None,
    known_checkpoint: Path | None,
    known_erasures: Path | None,
    as_json: bool,
) -> None:
    """Restore BACKUP into the folder that --home names, which must be new or empty.

    When more than the backup holds is known, a new epoch begins whose first entry names what was lost. Erasures made after the backup are
    carried over from the home or the list that is given, and done again.
    """
    from assay.home import Surroundings
    from assay.home.erasure_list import both, read_erasure_list
    from assay.home.restore import restore

    surroundings = Surroundings.real()
    listed = None if known_erasures is None else read_erasure_list(known_erasures)
    known, held = _known(known_home, known_checkpoint, surroundings)
    done = restore(backup, path, keys, surroundings, known, both(listed, held))
    size = done.home.ledger.size()
    done.home.close()
    if as_json:
        erasures = {"carried": done.carried, "not_known": done.not_known, "taken_away": done.taken_away}
        write_json(
            {"cannot_sign": done.cannot_sign, "entries": size, "erasures": erasures, "home": str(path)}
        )
        return
    click.echo(f"Restored {path}: {counted(size, 'ledger entry', 'ledger entries')}.")
    if done.carried or done.taken_away:
        click.echo(
            f"Carried over {counted(done.carried, 'erasure')} made after the backup; took away {counted(done.taken_away, 'key or object', 'keys and objects')} that had come back."
        )
    for sentence in (done.not_known, done.cannot_sign):
        if sentence:
            click.echo(sentence)
    click.echo("Run `assay fsck` and `assay doctor` next.")


def _known(
    home: Path | None, checkpoint: Path | None, surroundings: Surroundings
) -> tuple[Known | None, ErasureList | None]:
    from assay.home import open_home
    from assay.home.erasure_list import erasures_of
    from assay.home.restore import known_checkpoint, known_of

    if home is not None:
        damaged = open_home(home, _of_known_home(surroundings))
        try:
            return known_of(damaged), erasures_of(damaged)
        finally:
            damaged.close()
    return (None if checkpoint is None else known_checkpoint(read_checkpoint(checkpoint))), None


def _of_known_home(surroundings: Surroundings) -> Surroundings:
    """Give the surroundings in which the home that is replaced is opened: DATABASE_URL is that of the new one, KNOWN_DATABASE_URL that of the old."""
    environment = dict(surroundings.environment)
    if known := environment.get("KNOWN_DATABASE_URL"):
        environment["DATABASE_URL"] = known
    return replace(surroundings, environment=environment)
