"""`assay history`: what happened, in the order of the ledger; or how one record changed."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.setting_out import json_option, opened, write_json


@click.command("history")
@click.argument("key", required=False)
@click.option("--kind", help="Only entries of this kind, such as collection, conclusions, act, evidence.")
@click.option("--last", type=int, default=30, show_default=True, help="How many entries to show.")
@json_option
@click.pass_obj
def command(path: Path, key: str | None, kind: str | None, last: int, as_json: bool) -> None:
    """Show the ledger's last entries, or with KEY (an ARN, say) every version of that record and what changed in it."""
    from assay.home.history import entries_said, versions_of

    with opened(path) as home:
        found = entries_said(home, kind, last) if key is None else versions_of(home, key)
    if as_json:
        write_json(found)
    elif key is None:
        for one in found:
            click.echo(f"{one['entry']:5}  {one['at'][:19]}Z  {one['kind']:12} {one['says']}")
    else:
        for one in found:
            click.echo(f"{one['seen'][:19]}Z  {one['table']} {one['what']}")
            for change in one["changes"]:
                click.echo(f"    {change['column']}: {change['before']} → {change['after']}")
        if not found:
            click.echo(
                f"No record has the key “{key}”. Keys are ARNs or names as `assay show ID` lists them."
            )
