"""`assay sources`: what is connected."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.completing import sources as complete_source
from assay.cli.setting_out import by_option, json_option, opened, write_json


@click.group("sources", invoke_without_command=True)
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """List the connected sources."""
    if ctx.invoked_subcommand is not None:
        return
    from assay.home.sources import sources

    with opened(ctx.obj) as home:
        listed = sources(home)
    if as_json:
        write_json([{"id": one.id, "kind": one.kind, "settings": one.settings} for one in listed])
        return
    for one in listed:
        click.echo(f"{one.id:24} {one.kind}")
    if not listed:
        click.echo(
            "Nothing is connected yet. Begin with `assay connect aws`, `assay connect github` or `assay connect file`."
        )


@command.command("disconnect")
@click.argument("source_id", metavar="SOURCE", shell_complete=complete_source)
@click.confirmation_option(prompt="Delete its credentials? Its evidence stays.")
@by_option
@json_option
@click.pass_obj
def disconnect(path: Path, source_id: str, by: str, as_json: bool) -> None:
    """Disconnect SOURCE: its credentials are deleted, its evidence stays, and it is not collected any more. It asks first; --yes answers."""
    from assay.home.sources import disconnect_source

    with opened(path) as home:
        entry = disconnect_source(home, source_id, by)
    if as_json:
        write_json({"entry": entry, "source": source_id})
        return
    click.echo(f"Disconnected {source_id} (ledger entry {entry}).")
