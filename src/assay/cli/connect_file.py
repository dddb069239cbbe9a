"""`assay connect file`: an export of any system as one table, by a mapping that the user confirms once."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assay.cli.completing import file_tables, of_content
from assay.cli.replacing import agreed_changes, changes_json, replace_option, say_changes
from assay.cli.setting_out import by_option, instant_option, json_option, opened, write_json

if TYPE_CHECKING:
    from assay.home.sources import Change, Source


@click.command("file")
@click.argument("table", shell_complete=of_content(file_tables))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--name", help="What this home calls the source.  [default: the table's name]")
@click.option("--system", required=True, help="The system that the file was exported from.")
@click.option("--exported-by", help="Who exported it.  [default: who connects it]")
@instant_option("--exported-at", "exported_at", "When it was exported.")
@click.option("--query", help="The query or filter that made it.")
@click.option("--rows", type=int, help="How many rows the system showed.")
@click.option("--yes", is_flag=True, help="Take the proposed mapping without asking.")
@replace_option
@by_option
@json_option
@click.pass_obj
def file(path: Path, table: str, file: Path, name: str | None, system: str, exported_by: str | None, exported_at: datetime | None,
         query: str | None, rows: int | None, yes: bool, replace: bool, by: str, as_json: bool) -> None:  # fmt: skip
    """Connect FILE (CSV, XLSX or JSON) as TABLE, such as hr_person, account, device or ticket.

    Assay proposes which heading fills which column; you confirm once. Connect a newer export under the same name to follow the changes.
    """
    from assay.collectors.files import load_headings, propose, read_sheet
    from assay.errors import AssayError
    from assay.evidence.canonical import instant_text
    from assay.home.judging import zone_at
    from assay.home.sources import Source, connect_source
    from assay.tables import load_tables

    with opened(path) as home:
        specs = {one.name: one for one in load_tables(home.content).values() if one.source == "file"}
        if table not in specs:
            raise AssayError(f"There is no table “{table}” for files; there are {', '.join(sorted(specs))}.")
        headings, zone = load_headings(home.content), zone_at(home, home.now())
        proposal = propose(specs[table], read_sheet(file.read_bytes()), headings, zone)
        if not as_json:
            _say_proposal(proposal)
        exported = {
            "at": instant_text(exported_at or home.now()),
            "by": exported_by or by,
            "query": query,
            "rows": rows,
            "system": system,
        }
        settings = {"exported": exported, "mapping": proposal.mapping.to_json(), "path": str(file.resolve())}
        source = Source(name or table.replace("_", "-"), "file", settings)
        found = _changes(home, source, replace)
        if proposal.questions and not yes:
            raise AssayError(
                "The file leaves the questions above open. Mend it, or take the mapping as it is with --yes; what cannot be read then shows as gaps."
            )
        if not yes and not click.confirm("Read it like this?", default=True):
            raise AssayError("Nothing was connected.")
        entry = connect_source(home, source, {}, by)
    if as_json:
        write_json(
            {
                "changes": changes_json(found),
                "entry": entry,
                "mapping": proposal.mapping.to_json(),
                "questions": list(proposal.questions),
                "source": source.id,
            }
        )
    else:
        click.echo(f"Connected {source.id} (ledger entry {entry}). Next: `assay collect {source.id}`.")


def _changes(home: Any, after: Source, replace: bool) -> list[Change] | None:
    """Give what connecting a file anew changes. A newer export of the same table is what the command is for: its changes are said, and the
    question about the mapping is the only one. Another table or kind under the name must be agreed to."""
    from assay.home.sources import changes, sources

    before = {one.id: one for one in sources(home)}.get(after.id)
    if before is None:
        return None
    found = changes(before, after)
    if {one.setting for one in found} & {"kind", "mapping.table"}:
        return agreed_changes(home, after, replace=replace)
    if found:
        say_changes(after.id, found)
    return found


def _say_proposal(proposal: Any) -> None:
    for column, heading in proposal.mapping.columns.items():
        sure = "" if str(proposal.confidence[column]) == "sure" else "   (likely; please look)"
        click.echo(f"  {column:20} ← {heading}{sure}")
    if proposal.unread:
        click.echo(f"  not read: {', '.join(proposal.unread)}")
    for question in proposal.questions:
        click.echo(f"  ? {question}")
