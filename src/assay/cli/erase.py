"""`assay erase`: a person, everywhere in the home, with a preview first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assay.cli.setting_out import by_option, counted, json_option, opened, wrapped, write_json

if TYPE_CHECKING:
    from assay.home.person_search import Found


@click.command("erase")
@click.argument("person")
@click.option(
    "--also",
    multiple=True,
    metavar="WORD",
    help="Another word that names the person: a name, a login, a number of the personnel list. May be given several times.",
)
@click.option(
    "--basis", help="Why, as the ledger will say: the request, the law. Needed unless --dry-run is given."
)
@click.option(
    "--file",
    "files",
    type=int,
    multiple=True,
    metavar="ENTRY",
    help="Erase the file of this piece of evidence as well, where it cannot be searched.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be erased, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@by_option
@json_option
@click.pass_obj
def command(
    path: Path,
    person: str,
    also: tuple[str, ...],
    basis: str | None,
    files: tuple[int, ...],
    dry_run: bool,
    yes: bool,
    by: str,
    as_json: bool,
) -> None:
    """Erase PERSON, given as lists name them (an e-mail address), from the whole home.

    Reaches sealed records, records and their keys, texts of acts and of evidence, files that can be searched, rows of the workspace, waiting messages and
    derived files. Every proof stays whole. Nothing is erased under a hold. Take the person out of the sources first: what a source still says is collected again.
    """
    from assay.home.person_erasure import erase_person
    from assay.home.person_search import find_person

    with opened(path) as home:
        found = find_person(home, person, also)
        if dry_run:
            _preview(found, as_json)
            return
        if not basis:
            raise click.UsageError(
                "Say why with --basis; the ledger keeps it. To look first, give --dry-run."
            )
        if not yes and not as_json:
            _preview(found, as_json=False)
            click.confirm("Erase all of this? It cannot be undone", abort=True)
        done = erase_person(home, found, by=by, basis=basis, files_of=files)
    if as_json:
        write_json(
            {"accounts": done.accounts, "by_hand": found.by_hand, "entry": done.entry, "records": done.records, "rows": done.rows, "sealed_records": done.sealed, "texts": done.texts}
        )  # fmt: skip
        return
    click.echo(f"Erased, as entry {done.entry} of the ledger says. Everyone signs in to the workspace again.")
    click.echo(
        wrapped(
            "Renew the copy of the keys and the list of erasures now (`assay backup … --keys-to … --erasures-to …`): older copies would bring the person back."
        )
    )


def _preview(found: Found, as_json: bool) -> None:
    if as_json:
        write_json({**found.to_json(), "suggested": sorted(found.suggested)})
        return
    for line in _lines(found.to_json()):
        click.echo(line)
    for entry in found.unsearched:
        click.echo(
            wrapped(
                f"The file of entry {entry} cannot be searched, and the entry names the person. Look at it, and add `--file {entry}` if it shows them."
            )
        )
    for sentence in found.by_hand:
        click.echo(wrapped(sentence))
    if found.suggested:
        click.echo(
            wrapped(
                "Their sealed records go by these words too; texts are searched for a word only with --also: "
                + ", ".join(sorted(found.suggested))
            )
        )


def _lines(said: dict[str, Any]) -> list[str]:
    kinds = [one["kind"] for one in said["entries"]]
    return [
        f"  {counted(said['sealed_records'], 'sealed record')}, under {counted(said['subjects'], 'key')}",
        f"  {counted(sum(one['keys'] for one in said['records']), 'record')} outside of personal tables"
        + "".join(f", {one['table']} of {one['source']}" for one in said["records"]),
        f"  {counted(said['conclusion_sets'], 'set')} of conclusions that name them",
        f"  {counted(kinds.count('act'), 'act')} and {counted(kinds.count('evidence'), 'piece')} of evidence whose text names them",
        f"  {counted(len(said['files']), 'file')} that can be searched and names them",
        f"  {counted(sum(said['rows'].values()), 'row')} of the workspace, {counted(said['accounts'], 'account')}",
        f"  {counted(said['messages'], 'imported list or waiting message', 'imported lists and waiting messages')}, which go whole",
    ]
