"""`assay history`: what happened, in the order of the ledger; or how one record changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from assay.cli.setting_out import counted, json_option, opened, write_json

KINDS = ("home", "epoch", "act", "evidence", "collection", "conclusions", "episodes", "erasure", "clock")


@click.command("history")
@click.argument("key", required=False)
@click.option("--kind", type=click.Choice(KINDS), help="Only entries of this kind.")
@click.option(
    "--last", type=click.IntRange(min=1), default=30, show_default=True, help="How many entries to show."
)
@json_option
@click.pass_obj
def command(path: Path, key: str | None, kind: str | None, last: int, as_json: bool) -> None:
    """Show the ledger's last entries, or with KEY (an ARN, say) every version of that record and what changed in it.

    With the id of a check as KEY: each time in which an item did not conform, as `assay check --throughout` found it.
    """
    from assay.errors import AssayError
    from assay.home.history import entries_said, versions_of
    from assay.home.judging_over_time import episodes_of, is_check

    with opened(path) as home:
        if key is not None and is_check(home, key):
            _episodes(episodes_of(home, key), as_json)
            return
        found = entries_said(home, kind, last) if key is None else versions_of(home, key)
    if key is not None and not found:
        raise AssayError(
            f"No record has the key “{key}”. Keys are ARNs or names; `assay show ID` lists those of a check's items."
        )
    if as_json:
        write_json(found)
    elif key is None:
        if not found:
            click.echo(f"The ledger has no entry of the kind {kind} yet.")
        for one in found:
            click.echo(f"{one['entry']:5}  {one['at'][:19]}Z  {one['kind']:12} {one['says']}")
    else:
        for one in found:
            click.echo(f"{one['seen'][:19]}Z  {one['table']} {one['what']}")
            for change in one["changes"]:
                click.echo(f"    {change['column']}: {change['before']} → {change['after']}")


def _episodes(said: dict[str, Any], as_json: bool) -> None:
    """Say a check's episodes, one a line."""
    if as_json:
        write_json(said)
        return
    counts, period = said["counts"], said["period"]
    click.echo(f"{said['check']}, from {period['start']} to {period['end']} (ledger entry {said['entry']}):")
    click.echo(
        f"{said['items']:,} items were seen. {counts['CONFORMS']:,} conformed as long as they were seen, {counts['DEVIATES']:,} deviated at some time, "
        f"{counts['UNKNOWN'] - said['unseen']:,} were unknown at some time, {counts['NOT_APPLICABLE']:,} were not applicable at some time."
    )
    if said["unseen"]:
        click.echo(
            f"Beside them, {counted(said['unseen'], 'place')} or records of which nothing was seen for a time."
        )
    for one in said["episodes"]:
        named = one["item"] or " ".join(filter(None, (one["table"], one["account"], one["region"])))
        click.echo(
            f"{one['from'][:19]}Z  to  {one['until'][:19]}Z  {one['conclusion']:14} {named}: {one['reason']}"
        )
