"""The connected sources: what each is, when it was last seen, what it left out, and how many calls the next run will make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assay.content_tree import Content
from assay.home.planning import planned
from assay.home.sources import Source, sources
from assay.tables import TableSpec, load_tables
from assay.tables.permissions import cloudformation, least_privilege, terraform
from assay_web.home import current_home
from assay_web.queries.past import collections
from assay_web.queries.people import names_of

KINDS = {"aws": "AWS", "file": "A list", "github": "GitHub"}
DOING = {
    "aws": "Reads settings by a role with the least rights; never data or secrets.",
    "github": "Reads repositories, reviews, members and alerts.",
    "file": "An export of any system: people, accounts, devices, tickets, training and so on.",
}


@dataclass(frozen=True, slots=True)
class Connected:
    """A source as its row shows it."""

    id: str
    kind: str
    about: str
    seen: str | None
    gaps: int
    plan: str


def connected() -> list[Connected]:
    """Give every connected source, by name."""
    home = current_home()
    newest = {one.source: one for one in collections()}
    found = sources(home)
    names = names_of({str(one.settings.get("exported", {}).get("by", "")) for one in found})
    return [
        Connected(
            one.id,
            KINDS[one.kind],
            _about(one, names),
            newest[one.id].ended if one.id in newest else None,
            newest[one.id].gaps if one.id in newest else 0,
            plan.sentence().partition(": ")[2] if (plan := planned(home, one)) else "",
        )
        for one in found
    ]


def _about(one: Source, names: dict[str, str]) -> str:
    settings: dict[str, Any] = one.settings
    match one.kind:
        case "aws":
            where = settings.get("role_arn") or settings.get("profile") or "the credentials of this machine"
            return f"{where}, {', '.join(settings.get('regions', [])) or 'all regions'}"
        case "github":
            return str(settings["organization"])
        case _:
            exported = settings["exported"]
            by = names.get(exported["by"], exported["by"])
            return f"{settings['mapping']['table'].replace('_', ' ')}, exported from {exported['system']} by {by}"


def lists() -> list[tuple[str, str]]:
    """Give the tables that a list can fill, with their words."""
    specs = load_tables(current_home().content).values()
    return [(one.name, one.says.rstrip(".")) for one in specs if one.source == "file"]


def role_template(form: str, principal: str | None, external_id: str) -> str:
    """Give the role with the least rights as CloudFormation or Terraform."""
    policy = least_privilege(_aws(current_home().content))
    if form == "terraform" and principal:
        return terraform(policy, principal_arn=principal, external_id=external_id)
    return cloudformation(policy, principal_arn=principal, external_id=external_id)


def _aws(content: Content) -> list[TableSpec]:
    return [one for one in load_tables(content).values() if one.source == "aws" and one.needs is None]
