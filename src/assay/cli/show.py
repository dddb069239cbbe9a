"""`assay show`: explain one thing: a check, a control, a criterion, a source, a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from assay.cli.completing import things
from assay.cli.setting_out import counted, json_option, opened, write_json

MOST = 40


@click.command("show")
@click.argument("thing", shell_complete=things)
@click.option(
    "--all", "everything", is_flag=True, help="Show every item, not only the first that do not conform."
)
@json_option
@click.pass_obj
def command(path: Path, thing: str, everything: bool, as_json: bool) -> None:
    """Show THING: a check (aws.s3.public), a control (IAM-04), a criterion (CC6.1), a source, a table, or `checks`, `controls`, `tables`."""
    from assay.home.showing import explained

    with opened(path) as home:
        found = explained(home, thing)
    if as_json:
        write_json(found)
    else:
        _SAYS[found["kind"]](found, everything)


def _check(found: dict[str, Any], everything: bool) -> None:
    check = found["check"]
    click.secho(check["title"], bold=True)
    click.echo(f"{check['id']} · for {', '.join(check['controls'])} · severity {check['severity']}\n")
    click.echo(f"Shows: {check['shows']}\nDoes not show: {check['does_not_show']}\n")
    if found["counts"] is None:
        click.echo("It was not judged yet. Run `assay check`.\n")
    else:
        counts = found["counts"]
        click.echo(
            f"As of {found['as_of']}: {counts['CONFORMS']} conform, {counts['DEVIATES']} deviate, {counts['UNKNOWN']} unknown, {counts['NOT_APPLICABLE']} not applicable.\n"
        )
    for note in found["notes"] if everything else found["notes"][:MOST]:
        name = (
            note.get("item")
            or note.get("commitment")
            or " ".join(filter(None, (note["table"], note.get("account"), note.get("region"))))
        )
        saw = ", ".join(f"{key} {value}" for key, value in note["saw"].items())
        click.echo(
            f"  {note['conclusion']:14} {name}\n{'':17}{note['reason']}{'; saw ' + saw if saw else ''}"
        )
    if len(found["notes"]) > MOST and not everything:
        click.echo(f"  … and {len(found['notes']) - MOST} more; see them with --all.")
    click.echo("\nRemedy")
    for way, steps in check["remedy"].items():
        click.echo(f"  {way}: {steps}")
    click.echo("\nHistory")
    for one in found["history"]:
        counts = one["counts"]
        click.echo(
            f"  {one['as_of']}  {counts['CONFORMS']} conform, {counts['DEVIATES']} deviate, {counts['UNKNOWN']} unknown"
        )
    click.echo(f"\nSQL\n{check['sql']}")


def _control(found: dict[str, Any], everything: bool) -> None:
    click.secho(found["statement"], bold=True)
    click.echo(
        f"{found['id']} · {found['domain']} · owner {found['owner']} · {found['control_kind']} · criteria {', '.join(found['criteria'])}\n"
    )
    click.echo(f"Evidence for Type I: {found['type1']}\nEvidence for Type II: {found['type2']}")
    for one in found["parameters"]:
        click.echo(f"Parameter {one['name']}: {one['value']}")
    click.echo(f"Checks: {', '.join(found['checks']) or 'none; all of it rests on evidence by hand'}")
    for framework, ids in found["crosswalk"].items():
        click.echo(f"{framework}: {', '.join(ids)}")


def _criterion(found: dict[str, Any], everything: bool) -> None:
    click.secho(f"{found['id']}  {found['gist']}", bold=True)
    click.echo(f"{found['category']} · {counted(len(found['points']), 'point')} of focus\n")
    for point in found["points"]:
        click.echo(f"  {point['id']:9} {point['gist']}")
    click.echo(f"\nControls: {', '.join(found['controls'])}")


def _table(found: dict[str, Any], everything: bool) -> None:
    click.secho(found["says"], bold=True)
    click.echo(f"{found['name']} · {found['source']} · {counted(found['records'], 'record')}\n")
    for column in found["columns"]:
        click.echo(f"  {column['name']:28} {column['type']:8} {column['says']}")
    click.echo(f"\nPermissions: {', '.join(found['permissions']) or 'none'}")


def _source(found: dict[str, Any], everything: bool) -> None:
    click.secho(f"{found['id']} ({found['source_kind']})", bold=True)
    click.echo(
        f"Last collected {found['ended']}, {'whole' if found['complete'] else 'with gaps'}; {counted(found['calls'], 'call')}"
        if found["ended"]
        else "Not collected yet."
    )
    for gap in found["gaps"]:
        where = " ".join(
            filter(None, (gap["table"], gap["account"], gap["region"], gap["parent"], gap["key"]))
        )
        what = "" if gap["columns"] is None else f" ({', '.join(gap['columns'])})"
        click.echo(
            f"  not seen: {where}{what}: {gap['reason']} {gap['call'] or ''} {gap['detail'] or ''}".rstrip()
        )


def _list(found: dict[str, Any], everything: bool) -> None:
    for one in found["listed"]:
        click.echo(f"{one['id']:34} {one['says']}")


_SAYS = {
    "check": _check,
    "control": _control,
    "criterion": _criterion,
    "list": _list,
    "source": _source,
    "table": _table,
}
