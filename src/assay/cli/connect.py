"""`assay connect`: give Assay something to look at, with no more rights than its tables need."""

from __future__ import annotations

import re
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from assay.cli.completing import file_tables, of_content
from assay.cli.setting_out import by_option, counted, instant_option, json_option, opened, write_json

OPT_INS = ("secret_patterns",)
POLICY_FORMS = ("json", "cloudformation", "terraform")
EVENTS_BACK = timedelta(days=120)
ROLE = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[!-~]{1,576}")
SELF = "arn:aws:iam::ACCOUNT-OF-ASSAY:root"


@click.group("connect")
def command() -> None:
    """Connect a source: AWS, GitHub, or a file exported from any system."""


@command.command("aws")
@click.option("--name", default="aws-main", show_default=True, help="What this home calls the source.")
@click.option(
    "--role", "role_arn", help="A role to take on in the account, with an external id that Assay makes."
)
@click.option("--principal", default=SELF, help="Who takes the role on, for the printed template.")
@click.option(
    "--profile", help="A profile of your AWS configuration.  [default: the credentials that boto3 finds]"
)
@click.option(
    "--region",
    "regions",
    multiple=True,
    help="Look at this region only; may be given again.  [default: all that are enabled]",
)
@click.option(
    "--opt-in",
    "opt_in",
    multiple=True,
    type=click.Choice(OPT_INS),
    help="Also run a detector that looks at values, such as user data; may be given again.",
)
@click.option(
    "--print-policy",
    type=click.Choice(POLICY_FORMS),
    is_flag=False,
    flag_value="json",
    help="Print the least rights that the tables need, and stop.",
)
@click.option("--endpoint-url", hidden=True, help="For tests: where AWS answers.")
@by_option
@json_option
@click.pass_obj
def aws(path: Path, name: str, role_arn: str | None, principal: str, profile: str | None, regions: tuple[str, ...], opt_in: tuple[str, ...],
        print_policy: str | None, endpoint_url: str | None, by: str, as_json: bool) -> None:  # fmt: skip
    """Connect an AWS account: with the credentials that are there, or by a role with an external id."""
    if print_policy is not None:
        click.echo(_policy(path, print_policy, principal, opt_in), nl=False)
        return
    from assay.home.sources import Source, connect_source

    _known_role(role_arn)
    with opened(path) as home:
        external_id = home.surroundings.random(16).hex() if role_arn else None
        settings: dict[str, Any] = {
            "endpoint_url": endpoint_url,
            "opt_in": sorted(opt_in),
            "profile": profile,
            "regions": sorted(regions),
            "role_arn": role_arn,
        }
        kept = {key: value for key, value in settings.items() if value}
        entry = connect_source(
            home, Source(name, "aws", kept), {} if external_id is None else {"external_id": external_id}, by
        )
        calls = _fewest_calls(home, opt_in)
    if as_json:
        write_json({"entry": entry, "external_id": external_id, "fewest_calls": calls, "source": name})
        return
    click.echo(f"Connected {name} (ledger entry {entry}).")
    if external_id is not None:
        click.echo(
            f"\nThe role's external id is {external_id}. It is shown this once; put it into the role's trust policy:"
        )
        click.echo(f"  assay connect aws --print-policy cloudformation --principal {principal}")
    click.echo(
        f"\nA collection makes at least {counted(calls, 'call')} for the account and each region, and a few for each bucket, key, user and so on."
    )
    click.echo(f"Next: `assay collect {name}`.")


def _known_role(arn: str | None) -> None:
    """Refuse what is no role's ARN, before an external id is made for it."""
    from assay.errors import AssayError

    if arn is not None and not ROLE.fullmatch(arn):
        raise AssayError(
            f"“{arn}” is no role's ARN; write it as arn:aws:iam::111122223333:role/AssayReadOnly, as IAM > Roles shows it."
        )


def _policy(path: Path, form: str, principal: str, opt_in: tuple[str, ...]) -> str:
    from assay.content_tree import Content
    from assay.tables import load_tables
    from assay.tables.permissions import cloudformation, least_privilege, policy_json, terraform

    specs = load_tables(Content.shipped().overlaid(Content.from_folder(path / "content")))
    policy = least_privilege(
        [
            spec
            for spec in specs.values()
            if spec.source == "aws" and (spec.needs is None or spec.needs in opt_in)
        ]
    )
    match form:
        case "cloudformation":
            return cloudformation(policy, principal_arn=principal, external_id="PUT-THE-EXTERNAL-ID-HERE")
        case "terraform":
            return terraform(policy, principal_arn=principal, external_id="PUT-THE-EXTERNAL-ID-HERE")
        case _:
            return policy_json(policy)


def _fewest_calls(home: Any, opt_in: tuple[str, ...]) -> int:
    from assay.tables import load_tables

    specs = [
        spec
        for spec in load_tables(home.content).values()
        if spec.source == "aws" and (spec.needs is None or spec.needs in opt_in)
    ]
    return len({spec.list.call.name for spec in specs if spec.list.for_each is None})


@command.command("github")
@click.argument("organization")
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
    "From when events are wanted, such as pull requests; by default 120 days back.",
)
@click.option(
    "--print-manifest",
    is_flag=True,
    help="Print the manifest of a GitHub App with the least rights that the tables need, and stop.",
)
@by_option
@json_option
@click.pass_obj
def github(path: Path, organization: str, name: str, token_file: Path | None, app_id: str | None, installation_id: str | None, key_file: Path | None,
           events_from: datetime | None, print_manifest: bool, by: str, as_json: bool) -> None:  # fmt: skip
    """Connect the GitHub organization ORGANIZATION, by a fine-grained token or by an App of your own."""
    from assay.errors import AssayError
    from assay.evidence.canonical import instant_text
    from assay.home.sources import Source, connect_source

    if print_manifest:
        write_json(_manifest(path, organization))
        return
    if (app_id is None) != (installation_id is None) or (app_id is None) != (key_file is None):
        raise AssayError("An App needs all three: --app-id, --installation-id and --key-file.")
    with opened(path) as home:
        settings: dict[str, Any] = {
            "events_from": instant_text(events_from or home.now() - EVENTS_BACK),
            "organization": organization,
        }
        if key_file is not None:
            settings |= {"app_id": app_id, "installation_id": installation_id}
            secrets = {"private_key": key_file.read_text()}
        else:
            secrets = {"token": _token(token_file)}
        entry = connect_source(home, Source(name, "github", settings), secrets, by)
    if as_json:
        write_json({"entry": entry, "events_from": settings["events_from"], "source": name})
    else:
        click.echo(
            f"Connected {name} (ledger entry {entry}). Events count from {settings['events_from']}; what was before is not covered."
        )
        click.echo(f"Next: `assay collect {name}`.")


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


def _manifest(path: Path, organization: str) -> dict[str, Any]:
    from assay.collectors.github_plan import app_manifest
    from assay.content_tree import Content
    from assay.tables import load_tables

    specs = load_tables(Content.shipped().overlaid(Content.from_folder(path / "content")))
    wanted = [spec for spec in specs.values() if spec.source == "github"]
    return dict(
        app_manifest(wanted, name=f"Assay for {organization}", url=f"https://github.com/{organization}")
    )


@command.command("file")
@click.argument("table", shell_complete=of_content(file_tables))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--name", help="What this home calls the source.  [default: the table's name]")
@click.option("--system", required=True, help="The system that the file was exported from.")
@click.option("--exported-by", help="Who exported it.  [default: who connects it]")
@instant_option("--exported-at", "exported_at", "When it was exported.")
@click.option("--query", help="The query or filter that made it.")
@click.option("--rows", type=int, help="How many rows the system showed.")
@click.option("--yes", is_flag=True, help="Take the proposed mapping without asking.")
@by_option
@json_option
@click.pass_obj
def file(path: Path, table: str, file: Path, name: str | None, system: str, exported_by: str | None, exported_at: datetime | None,
         query: str | None, rows: int | None, yes: bool, by: str, as_json: bool) -> None:  # fmt: skip
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
        if proposal.questions and not yes:
            raise AssayError(
                "The file leaves the questions above open. Mend it, or take the mapping as it is with --yes; what cannot be read then shows as gaps."
            )
        if not yes and not click.confirm("Read it like this?", default=True):
            raise AssayError("Nothing was connected.")
        exported = {
            "at": instant_text(exported_at or home.now()),
            "by": exported_by or by,
            "query": query,
            "rows": rows,
            "system": system,
        }
        settings = {"exported": exported, "mapping": proposal.mapping.to_json(), "path": str(file.resolve())}
        source = name or table.replace("_", "-")
        entry = connect_source(home, Source(source, "file", settings), {}, by)
    if as_json:
        write_json(
            {
                "entry": entry,
                "mapping": proposal.mapping.to_json(),
                "questions": list(proposal.questions),
                "source": source,
            }
        )
    else:
        click.echo(f"Connected {source} (ledger entry {entry}). Next: `assay collect {source}`.")


def _say_proposal(proposal: Any) -> None:
    for column, heading in proposal.mapping.columns.items():
        sure = "" if str(proposal.confidence[column]) == "sure" else "   (likely; please look)"
        click.echo(f"  {column:20} ← {heading}{sure}")
    if proposal.unread:
        click.echo(f"  not read: {', '.join(proposal.unread)}")
    for question in proposal.questions:
        click.echo(f"  ? {question}")
