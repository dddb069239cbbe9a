"""`assay hold`: what must not be deleted, until the hold is lifted."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from assay.cli.setting_out import by_option, json_option, opened, write_json

DAY = click.DateTime(["%Y-%m-%d"])


@click.group("hold")
def command() -> None:
    """Keep things from being erased or purged: over a person, a period, or everything."""


@command.command("place")
@click.option(
    "--person", help="Over what is known of this person, given as lists name them (an e-mail address)."
)
@click.option(
    "--period",
    type=(DAY, DAY),
    metavar="FIRST LAST",
    help="Over what was said and seen on these days, both included.",
)
@click.option(
    "--reason", required=True, help="Why: the proceeding, the request, the letter. Name nobody in it."
)
@by_option
@json_option
@click.pass_obj
def place(
    path: Path,
    person: str | None,
    period: tuple[datetime, datetime] | None,
    reason: str,
    by: str,
    as_json: bool,
) -> None:
    """Place a hold. Without --person and --period it is over everything."""
    from assay.home import holds

    with opened(path) as home:
        days = None if period is None else (period[0].date(), period[1].date())
        made = holds.place(home, by=by, reason=reason, person=person, period=days)
    if as_json:
        write_json({**made.to_json(), "id": made.id})
        return
    click.echo(
        f"Hold {made.id} is over {made.over}: nothing of it is erased or purged until `assay hold lift {made.id}`."
    )


@command.command("list")
@json_option
@click.pass_obj
def list_(path: Path, as_json: bool) -> None:
    """List the holds in force."""
    from assay.home import holds

    with opened(path) as home:
        found = holds.holds(home)
    if as_json:
        write_json([{**one.to_json(), "id": one.id} for one in found])
        return
    for one in found:
        click.echo(f"{one.id}  {one.over}: {one.reason} ({one.by})")
    if not found:
        click.echo("There is no hold. `assay hold place --reason …` places one.")


@command.command("lift")
@click.argument("hold")
@by_option
@json_option
@click.pass_obj
def lift(path: Path, hold: str, by: str, as_json: bool) -> None:
    """Lift the hold with the id HOLD."""
    from assay.home import holds

    with opened(path) as home:
        holds.lift(home, hold, by=by)
    if as_json:
        write_json({"lifted": hold})
        return
    click.echo(f"The hold {hold} is lifted.")
