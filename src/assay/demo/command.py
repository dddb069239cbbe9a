"""`assay demo`: a small company over a real API world, collected through the real path on two days, reported, packed, verified."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click


@click.command("demo")
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the home, the report and the pack in this new folder.  [default: ./demo]",
)
@click.option(
    "--days",
    type=click.IntRange(1, 365),
    help="Make instead a home with a daily history of so many days, up to a year.",
)
@click.option(
    "--size",
    type=click.Choice(["small", "large"]),
    help="Of that history: 20 people, or 500.  [default: small]",
)
@click.option("--seed", type=int, help="Of that history: what its story draws by.  [default: 1]")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="Of that history: its last day, such as 2026-11-22.  [default: yesterday]",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of text: where everything lies.")
def command(
    keep: Path | None,
    days: int | None,
    size: str | None,
    seed: int | None,
    until: datetime | None,
    as_json: bool,
) -> None:
    """Show Assay at work on Northwind Metrics, a made-up company of 20 people.

    AWS and GitHub are stand-ins on this machine; everything else is the real path. Nothing leaves the machine.
    """
    folder = keep or Path("demo")
    if days is not None:
        _make_year(folder, days, (size or "small", seed, until), as_json)
        return
    if (size, seed, until) != (None, None, None):
        raise click.UsageError("--size, --seed and --until are about a history of days. Give --days as well.")
    from assay.demo.showing import show

    if not as_json:
        show(folder, click.echo)
        return
    show(folder, partial(click.echo, err=True))
    places = {"home": "home", "pack": "pack.zip", "report": "report.html"}
    click.echo(json.dumps({name: str(folder / place) for name, place in places.items()}, indent=2))


def _make_year(
    folder: Path, days: int, story: tuple[str, int | None, datetime | None], as_json: bool
) -> None:
    """Make a home with a history, and say where it lies."""
    from assay.demo.years import make_year

    size, seed, until = story
    if until is not None and until.date() > datetime.now(UTC).date():
        raise click.UsageError(
            "--until is still to come. Give a day that is over, or leave it out for yesterday."
        )
    home = make_year(
        folder,
        days=days,
        size="large" if size == "large" else "small",
        seed=1 if seed is None else seed,
        until=until.date() if until else None,
        say=partial(click.echo, err=as_json),
    )
    if as_json:
        click.echo(json.dumps({"home": str(home), "lists": str(folder / "lists")}, indent=2))
    else:
        click.echo(f"{home}: the home; assay --home {home} show checks")
