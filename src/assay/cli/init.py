"""`assay init`: make a home."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.setting_out import json_option, write_json


@click.command("init")
@click.option("--name", prompt="Company name", help="The company's name, as reports print it.")
@json_option
@click.pass_obj
def command(path: Path, name: str, as_json: bool) -> None:
    """Make a home: a folder for one company's evidence, database and keys."""
    from assay.errors import AssayError
    from assay.home import Surroundings, create_home, signer
    from assay.home.database_place import is_elsewhere

    if not name.strip():
        raise AssayError("A home needs the company's name, as reports print it. Give it with --name.")
    home = create_home(path, name, Surroundings.real())
    key = signer(home).key.text()
    elsewhere = home.database.condition().where if is_elsewhere(path) else None
    home.close()
    if as_json:
        write_json({"home": home.id, "path": str(path), "key": key})
        return
    click.echo(f"Made a home for {name} in {path}.\n")
    if elsewhere is not None:
        click.echo(f"Its database is {elsewhere}. DATABASE_URL has to be set for every later command, too.\n")
    click.echo(
        f"Its key is {key}\nGive this line to your auditor: with it, `assay verify --key` proves that a pack came from here.\n"
    )
    click.echo("Next: `assay connect aws`, then `assay collect`.")
    click.echo(
        f"Keep {path / 'keys'} apart from backups, too: without the master key stored credentials cannot be opened."
    )
