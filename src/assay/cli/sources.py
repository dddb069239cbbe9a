"""`assay sources`: what is connected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from assay.cli.completing import sources as complete_source
from assay.cli.setting_out import by_option, json_option, opened, write_json

KINDS = {"aws": "an AWS account", "file": "an exported file", "github": "a GitHub organization"}


@click.group("sources", invoke_without_command=True)
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """List the connected sources; `assay sources show SOURCE` says how one is reached."""
    if ctx.invoked_subcommand is not None:
        return
    from assay.home.sources import sources

    with opened(ctx.obj) as home:
        listed = sources(home)
    if as_json:
        write_json([{"id": one.id, "kind": one.kind, "settings": one.settings} for one in listed])
        return
    for one in listed:
        click.echo(f"{one.id:24} {one.kind:8} {_reached(one.settings)}".rstrip())
    if not listed:
        click.echo(
            "Nothing is connected yet. Begin with `assay connect aws`, `assay connect github` or `assay connect file`."
        )


def _reached(settings: dict[str, Any]) -> str:
    """Say in a word or two which account, organization or file it is."""
    return str(settings.get("role_arn") or settings.get("organization") or settings.get("path") or "")


@command.command("show")
@click.argument("source_id", metavar="SOURCE", shell_complete=complete_source)
@json_option
@click.pass_obj
def show(path: Path, source_id: str, as_json: bool) -> None:
    """Show the settings of SOURCE, and the external id that its role on AWS must require. No credential is shown."""
    from assay.home.sources import credentials, flat, source

    with opened(path) as home:
        found = source(home, source_id)
        external_id = credentials(home, source_id).get("external_id")
    if as_json:
        answer = {"id": found.id, "kind": found.kind, "settings": found.settings}
        write_json({**answer, "external_id": external_id})
        return
    click.echo(f"{found.id}: {KINDS[found.kind]}")
    for name, value in flat(found.settings).items():
        click.echo(f"  {name}: {', '.join(map(str, value)) if isinstance(value, list) else value}")
    if external_id is not None:
        click.echo(f"  external_id: {external_id}")


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
