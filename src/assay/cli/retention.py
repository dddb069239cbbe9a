"""`assay retention`: what is kept for how long, and purging what is due."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.setting_out import by_option, counted, json_option, opened, wrapped, write_json


@click.group("retention")
def command() -> None:
    """Show for how long things are kept, and purge what is due. The days are parameters; `assay parameter set` changes them."""


@command.command("show")
@json_option
@click.pass_obj
def show(path: Path, as_json: bool) -> None:
    """Show each class of what is kept, for how many days, what of it is due, and what a hold keeps. Changes nothing."""
    from assay.home.retention import kept

    with opened(path) as home:
        found = kept(home)
    if as_json:
        write_json([one.to_json() for one in found])
        return
    for one in found:
        click.echo(
            wrapped(
                f"{one.about.what}: {counted(one.days, 'day')} from {one.about.counts_from} ({one.about.parameter})."
            )
        )
        click.echo(f"    due {len(one.due)}, held {len(one.held)}")
    click.echo("Entries, checkpoints, records and conclusions are kept for good.")


@command.command("apply")
@click.option("--dry-run", is_flag=True, help="Say what would be purged, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@by_option
@json_option
@click.pass_obj
def apply(path: Path, dry_run: bool, yes: bool, by: str, as_json: bool) -> None:
    """Purge what is due. It cannot be undone; the ledger says what went. Nothing that a hold is over goes."""
    from assay.home.retention import kept, purge

    with opened(path) as home:
        due = {one.about.parameter: len(one.due) for one in kept(home) if one.due}
        if due and not dry_run:
            if not yes and not as_json:
                click.confirm(f"Purge {_said(due)}?", abort=True)
            due = purge(home, by=by)
    if as_json:
        write_json({"dry_run": dry_run, "purged": due})
        return
    done = "Would be purged" if dry_run else "Purged"
    click.echo(f"{done}: {_said(due)}." if due else "Nothing is due.")


def _said(due: dict[str, int]) -> str:
    return ", ".join(f"{count} by {name}" for name, count in sorted(due.items()))
