"""`assay keys`: the key that signs, the key that seals, and another in the place of either."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.setting_out import by_option, counted, json_option, opened, write_json

why_option = click.option(
    "--why", required=True, help="Why, as the ledger will say: what happened, or the rule that asks for it."
)
yes_option = click.option("--yes", is_flag=True, help="Do not ask.")


@click.group("keys")
def command() -> None:
    """Show the home's keys, and put another in the place of one."""


@command.command("list")
@json_option
@click.pass_obj
def list_(path: Path, as_json: bool) -> None:
    """List the signing keys in the order in which they were in force, and say where the master key lies. Nothing secret is shown."""
    from assay.evidence.book import origin
    from assay.evidence.note import Ed25519Key
    from assay.home.keys import master_is_outside
    from assay.home.rotating import begun, signing_keys

    with opened(path) as home:
        name = origin(home.id, home.ledger)
        keys = [(one.since, Ed25519Key(name, one.public).text()) for one in signing_keys(home)]
        outside = master_is_outside(home.surroundings.environment)
        unfinished = dict(begun(home))
    if as_json:
        listed = [{"key": key, "since_entry": since} for since, key in keys]
        write_json({"master_is_outside": outside, "signing": listed, "unfinished": sorted(unfinished)})
        return
    for since, key in keys:
        now = "  (in force)" if key == keys[-1][1] else ""
        click.echo(f"from entry {since:>6}  {key}{now}")
    click.echo(f"The master key {'comes from outside the home' if outside else 'lies in the home'}.")
    for file, word in unfinished.items():
        click.echo(
            f"A rotation of {file} was begun and not finished. Nothing is lost by it; run `assay keys rotate {word}` to finish it."
        )


@command.group("rotate")
def rotate() -> None:
    """Put another key in the place of the signing key or the master key."""


@rotate.command("signing")
@why_option
@yes_option
@by_option
@json_option
@click.pass_obj
def signing(path: Path, why: str, yes: bool, by: str, as_json: bool) -> None:
    """Have another key sign from now on.

    The key before signs its last checkpoint and hands over to the new one in a ledger entry; then it is gone. What it signed stays valid. Afterwards
    give the new key to whoever verifies, and renew the copy of the keys.
    """
    from assay.home.rotating import rotate_signing_key

    if not yes and not as_json:
        click.confirm("The present signing key will be gone afterwards. Go on?", abort=True)
    with opened(path) as home:
        done = rotate_signing_key(home, by, why)
    if as_json:
        write_json({"after": done.after.text(), "before": done.before.text(), "entry": done.entry})
        return
    click.echo(f"Another key signs from ledger entry {done.entry} on:\n\n  {done.after.text()}\n")
    click.echo(
        "Now:\n"
        "  1. Give this line to your auditor, and to every witness: it knows the log by its key.\n"
        "  2. Renew the copy of the keys: `assay backup TARGET --keys-to FOLDER`. An older copy signs no more.\n"
        "  3. Run `assay witness publish`: what others remember then begins with the new key's first checkpoint."
    )


@rotate.command("master")
@why_option
@click.option(
    "--new-key-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Where the master key comes from outside the home: the file with the new one, 64 hexadecimal digits.",
)
@yes_option
@by_option
@json_option
@click.pass_obj
def master(path: Path, why: str, new_key_file: Path | None, yes: bool, by: str, as_json: bool) -> None:
    """Seal every stored credential under another master key.

    Credentials in backups made before stay sealed under the key before. Where that key may be known to others, replace the credentials themselves as well.
    """
    from assay.home.rotating import rotate_master_key

    if not yes and not as_json:
        click.confirm(
            "Backups made before need the present master key for their credentials. Go on?", abort=True
        )
    outside = None if new_key_file is None else new_key_file.read_text(errors="replace").strip()
    with opened(path) as home:
        done = rotate_master_key(home, by, why, outside)
    if as_json:
        write_json({"entry": done.entry, "sealed": done.sealed, "unopened": list(done.unopened)})
        return
    click.echo(
        f"Sealed {counted(done.sealed, 'credential')} under another master key (ledger entry {done.entry})."
    )
    for name in done.unopened:
        click.echo(f"{name} did not open with the key before and stays as it was; connect it again.")
    if outside is not None:
        click.echo(
            "Now give the new key wherever the one before was given; this home does not open with that any more."
        )
    click.echo("Renew the copy of the keys: `assay backup TARGET --keys-to FOLDER`.")
