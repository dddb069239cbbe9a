"""`assay connect github`: an organization, by a fine-grained token or by an App of your own; and what its plan gives, before anything is asked."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assay.cli.github_plans import in_short, plans_json, plans_said
from assay.cli.replacing import agreed_changes, changes_json, replace_option
from assay.cli.setting_out import by_option, instant_option, json_option, opened, wrapped, write_json

if TYPE_CHECKING:
    from assay.home.sources import Change
    from assay.tables import TableSpec

EVENTS_BACK = timedelta(days=120)


@click.command("github")
@click.argument("organization", required=False)
@click.option("--name", default="github", show_default=True, help="What this home calls the source.")
@click.option(
    "--token-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file with a fine-grained token.  [default: asked for, not shown]",
)
@click.option("--app-id", help="The number of a GitHub App of yours, instead of a token.")
@click.option("--installation-id", help="The number of its installation in the organization.")
@click.option(
    "--key-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The App's private key."
)
@instant_option(
    "--events-from",
    "events_from",
    "From when events are wanted, such as pull requests.",
    default="120 days back, or as it was",
)
@click.option(
    "--print-manifest",
    is_flag=True,
    help="Print the manifest of a GitHub App with the least rights that the tables need, and stop.",
)
@click.option(
    "--plans",
    is_flag=True,
    help="Print which tables each plan of GitHub gives, and what evidence to give for the others, and stop.",
)
@replace_option
@by_option
@json_option
@click.pass_obj
def github(path: Path, organization: str | None, name: str, token_file: Path | None, app_id: str | None, installation_id: str | None,
           key_file: Path | None, events_from: datetime | None, print_manifest: bool, plans: bool, replace: bool, by: str, as_json: bool) -> None:  # fmt: skip
    """Connect the GitHub organization ORGANIZATION, by a fine-grained token or by an App of your own."""
    from assay.errors import AssayError
    from assay.home.planning import planned
    from assay.home.sources import Source, connect_source

    specs = _tables(path)
    if plans:
        _print_plans(specs, as_json)
        return
    if organization is None:
        raise click.UsageError("Missing argument 'ORGANIZATION'.")
    if print_manifest:
        write_json(_manifest(specs, organization))
        return
    if (app_id is None) != (installation_id is None) or (app_id is None) != (key_file is None):
        raise AssayError("An App needs all three: --app-id, --installation-id and --key-file.")
    with opened(path) as home:
        settings: dict[str, Any] = {
            "events_from": _events_from(home, name, events_from),
            "organization": organization,
        }
        if key_file is not None:
            settings |= {"app_id": app_id, "installation_id": installation_id}
        source = Source(name, "github", settings)
        if not as_json:
            click.echo(in_short(specs))
        found = agreed_changes(home, source, _new_credential(home, name, key_file), replace=replace)
        secrets = {"token": _token(token_file)} if key_file is None else {"private_key": key_file.read_text()}
        entry = connect_source(home, source, secrets, by)
        calls = planned(home, source)
    if as_json:
        plan = None if calls is None else calls.to_json()
        answer = {"changes": changes_json(found), "entry": entry, "events_from": settings["events_from"]}
        write_json({**answer, "plans": plans_json(specs), "planned": plan, "source": name})
        return
    click.echo(f"Connected {name} (ledger entry {entry}).")
    click.echo(f"Events count from {settings['events_from']}; what was before is not covered.")
    if calls is not None:
        click.echo("\n" + wrapped(calls.sentence()))
    click.echo(f"Next: `assay collect {name}`.")


def _events_from(home: Any, name: str, asked: datetime | None) -> str:
    """Give from when events are wanted: as asked; otherwise as the source that is connected anew had it; otherwise some months back."""
    from assay.evidence.canonical import instant_text
    from assay.home.sources import sources

    before = {one.id: one.settings for one in sources(home)}.get(name, {})
    if asked is None and "events_from" in before:
        return str(before["events_from"])
    return instant_text(asked or home.now() - EVENTS_BACK)


def _new_credential(home: Any, name: str, key_file: Path | None) -> list[Change]:
    """Give the changes of the credentials of a source that is connected anew: whatever was there goes, and what is given now comes."""
    from assay.home.sources import Change, credentials

    given = "token" if key_file is None else "private_key"
    gone = credentials(home, name).keys() - {given}
    return [Change(one, "the one that is kept", None) for one in sorted(gone)] + [
        Change(given, "the one that is kept", "the one given now")
    ]


def _token(file: Path | None) -> str:
    """Read the token from its file, or ask for it where somebody can answer; raises AssayError where it is none."""
    from assay.errors import AssayError

    if file is None and not sys.stdin.isatty():
        raise AssayError(
            "No token was given, and nobody is there to ask. Put it into a file and name it with --token-file."
        )
    token = (
        click.prompt("Fine-grained token", hide_input=True)
        if file is None
        else file.read_text(errors="replace")
    )
    token = token.strip()
    if not token or not token.isascii() or len(token.split()) != 1:
        raise AssayError(
            f"{file or 'What was typed'} holds no token: one line of letters and digits that GitHub shows once, under Settings > Developer settings."
        )
    return token


def _tables(path: Path) -> list[TableSpec]:
    """Give the tables of GitHub, those of the home among them; no home need be there."""
    from assay.content_tree import Content
    from assay.tables import load_tables

    specs = load_tables(Content.shipped().overlaid(Content.from_folder(path / "content")))
    return [spec for spec in specs.values() if spec.source == "github"]


def _manifest(specs: list[TableSpec], organization: str) -> dict[str, Any]:
    from assay.collectors.github_plan import app_manifest

    return dict(
        app_manifest(specs, name=f"Assay for {organization}", url=f"https://github.com/{organization}")
    )


def _print_plans(specs: list[TableSpec], as_json: bool) -> None:
    if as_json:
        write_json(plans_json(specs))
    else:
        click.echo(plans_said(specs))
