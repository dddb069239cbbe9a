"""Connecting under a name that is taken: what would change is said, and nothing is changed unless somebody agrees."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from assay.cli.setting_out import Function

if TYPE_CHECKING:
    from assay.home.sources import Change, Source


def replace_option(function: Function) -> Function:
    """Add `--replace`: the answer to the question that is asked when the name is taken."""
    return click.option(
        "--replace", is_flag=True, help="Connect anew under a name that is taken, without asking."
    )(function)


def agreed_changes(
    home: Any, after: Source, secrets: Iterable[Change] = (), *, replace: bool
) -> list[Change] | None:
    """Give what connecting `after` changes once somebody agreed to it; None where the name is free, an empty list where nothing changes.

    `secrets` are changes of what no setting holds. 1. What changes is said, on standard error. 2. `replace` agrees, or who sits at the
    terminal. Raises AssayError where nobody does; nothing was changed then.
    """
    from assay.errors import AssayError
    from assay.home.sources import changes, sources

    before = {one.id: one for one in sources(home)}.get(after.id)
    if before is None:
        return None
    found = [*changes(before, after), *secrets]
    if not found:
        return []
    say_changes(after.id, found)  # 1
    click.echo("Its evidence stays. To keep both, give the new one another --name.", err=True)
    if replace:  # 2
        return found
    if not sys.stdin.isatty():
        raise AssayError(
            f"{after.id} is connected already, and nothing was changed. Run it again with --replace to change it as shown, or give another --name."
        )
    if not click.confirm("Change it?", default=False, err=True):
        raise AssayError(f"Nothing was changed: {after.id} stays connected as it was.")
    return found


def say_changes(source: str, found: Iterable[Change]) -> None:
    """Say what would change, old and new, on standard error, so that standard output stays the answer alone."""
    click.echo(f"{source} is connected already. This changes:", err=True)
    for one in found:
        click.echo(f"  {one.setting}: {_said(one.old)} → {_said(one.new)}", err=True)


def changes_json(found: Iterable[Change] | None) -> list[dict[str, Any]]:
    """Give the member object of `--json`."""
    return [{"new": one.new, "old": one.old, "setting": one.setting} for one in found or ()]


def _said(value: Any) -> str:
    if value is None or value == []:
        return "none"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
