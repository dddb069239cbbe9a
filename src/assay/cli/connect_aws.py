"""`assay connect aws`: an account, by the credentials that are there or by a role with an external id; and the least rights, printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assay.cli.replacing import agreed_changes, changes_json, replace_option
from assay.cli.setting_out import by_option, json_option, opened, wrapped, write_json

if TYPE_CHECKING:
    from assay.home.planning import Planned
    from assay.home.sources import Change, Source

OPT_INS = ("secret_patterns",)
POLICY_FORMS = ("json", "cloudformation", "terraform")
ROLE = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[!-~]{1,576}")


@click.command("aws")
@click.option("--name", default="aws-main", show_default=True, help="What this home calls the source.")
@click.option(
    "--role", "role_arn", help="A role to take on in the account, with an external id that Assay makes."
)
@click.option(
    "--principal", help="ARN of who takes the printed role on: the user or role that Assay runs as."
)
@click.option(
    "--new-external-id",
    is_flag=True,
    help="Make another external id for the role, in place of the one that is kept.",
)
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
@replace_option
@by_option
@json_option
@click.pass_obj
def aws(path: Path, name: str, role_arn: str | None, principal: str | None, new_external_id: bool, profile: str | None, regions: tuple[str, ...],
        opt_in: tuple[str, ...], print_policy: str | None, endpoint_url: str | None, replace: bool, by: str, as_json: bool) -> None:  # fmt: skip
    """Connect an AWS account: with the credentials that are there, or by a role with an external id.

    The external id is made once, kept under every later change of the source, and shown by `assay sources show`. With --print-policy
    cloudformation or terraform the role is printed with it, for one account or, by a StackSet, for an organization.
    """
    if print_policy is not None:
        click.echo(_policy(path, print_policy, name, principal, opt_in), nl=False)
        return
    from assay.home.sources import Source

    _known_role(role_arn, new_external_id)
    settings: dict[str, Any] = {
        "endpoint_url": endpoint_url,
        "opt_in": sorted(opt_in),
        "profile": profile,
        "regions": sorted(regions),
        "role_arn": role_arn,
    }
    source = Source(name, "aws", {key: value for key, value in settings.items() if value})
    with opened(path) as home:
        connected = _connect(home, source, new_external_id, replace, by)
    if as_json:
        write_json({**connected.to_json(), "source": name})
        return
    if connected.entry is None:
        click.echo(f"{name} is connected like this already; nothing was changed.")
    else:
        click.echo(f"Connected {name} (ledger entry {connected.entry}).")
    if role_arn is not None:
        _say_external_id(name, connected.external_id, principal)
    if connected.planned is not None:
        click.echo("\n" + wrapped(connected.planned.sentence()))
    click.echo(f"Next: `assay collect {name}`.")


@dataclass(frozen=True, slots=True)
class _Connected:
    """What came of it: the act's index, None where nothing changed; what changed; the role's external id; and what a collection takes."""

    entry: int | None
    changes: list[Change] | None
    external_id: str | None
    planned: Planned | None

    def to_json(self) -> dict[str, Any]:
        plan = None if self.planned is None else self.planned.to_json()
        said = {"changes": changes_json(self.changes), "entry": self.entry, "external_id": self.external_id}
        return {**said, "planned": plan}


def _connect(home: Any, source: Source, new_external_id: bool, replace: bool, by: str) -> _Connected:
    """Connect the account. 1. Its external id, kept or new. 2. What changes is agreed to. 3. Connected; an external id that is kept stays, role or not."""
    from assay.home.planning import planned
    from assay.home.sources import connect_source, external_id

    with_role = "role_arn" in source.settings
    kept, another = _external_ids(home, source.id, new_external_id)  # 1
    found = agreed_changes(home, source, another, replace=replace)  # 2
    given = another[0].new if another else kept
    if with_role and given is None:
        given = external_id(home, source.id)
    entry = None
    if found != []:  # 3
        entry = connect_source(home, source, {} if given is None else {"external_id": given}, by)
    return _Connected(entry, found, given if with_role else None, planned(home, source))


def _known_role(arn: str | None, new_external_id: bool) -> None:
    """Refuse what is no role's ARN, before an external id is made for it, and an external id without a role."""
    from assay.errors import AssayError

    if arn is not None and not ROLE.fullmatch(arn):
        raise AssayError(
            f"“{arn}” is no role's ARN; write it as arn:aws:iam::111122223333:role/AssayReadOnly, as IAM > Roles shows it."
        )
    if new_external_id and arn is None:
        raise AssayError("An external id goes with a role. Give the role with --role, too.")


def _external_ids(home: Any, name: str, new: bool) -> tuple[str | None, list[Change]]:
    """Give the external id that is kept for a source, and its change where another one is asked for."""
    from assay.home.sources import Change, credentials, new_external_id

    kept = credentials(home, name).get("external_id")
    if not new:
        return kept, []
    return kept, [Change("external_id", kept, new_external_id(home))]


def _say_external_id(name: str, external_id: str | None, principal: str | None) -> None:
    click.echo(f"\nThe role's external id is {external_id}.")
    click.echo(
        "It is no secret, but the role's trust policy must require it: so nobody else's\n"
        "Assay can be made to take your role on. Print the role with it:"
    )
    click.echo(
        f"  assay connect aws --name {name} --print-policy cloudformation --principal {principal or 'ARN'}"
    )
    click.echo(f"`assay sources show {name}` shows it again.")


def _policy(path: Path, form: str, name: str, principal: str | None, opt_in: tuple[str, ...]) -> str:
    """Render the least rights. A role's template holds the external id that is kept for the source, made now where there is none yet."""
    from assay.content_tree import Content
    from assay.errors import AssayError
    from assay.home.sources import external_id
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
    if form == "json":
        return policy_json(policy)
    if form == "terraform" and principal is None:
        raise AssayError(
            "Terraform needs to know who takes the role on. Give it with --principal: the ARN of the user or role that Assay runs as."
        )
    with opened(path) as home:
        given = external_id(home, name)
    if principal is None or form == "cloudformation":
        return cloudformation(policy, principal_arn=principal, external_id=given)
    return terraform(policy, principal_arn=principal, external_id=given)
