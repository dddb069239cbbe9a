"""`assay parameter`: the values that policies, controls and checks share."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from assay.cli.completing import of_content, parameters
from assay.cli.setting_out import by_option, instant_option, json_option, opened, write_json


@click.group("parameter")
def command() -> None:
    """Show and set parameters: the values that a control states and its checks apply."""


@command.command("list")
@json_option
@click.pass_obj
def list_(path: Path, as_json: bool) -> None:
    """List every parameter with its value in force."""
    from assay.catalogue import load_catalogue
    from assay.home.judging import parameters_at

    with opened(path) as home:
        catalogue = load_catalogue(home.content)
        values = parameters_at(home, catalogue, home.now())
    if as_json:
        write_json(values)
        return
    for name, parameter in sorted(catalogue.parameters.items()):
        click.echo(f"{name:34} {parameter.say(parameter.checked(values[name]))}")


@command.command("show")
@click.argument("name", shell_complete=of_content(parameters))
@json_option
@click.pass_obj
def show(path: Path, name: str, as_json: bool) -> None:
    """Show one parameter: what it means, what it may be, who states it, and every value it had."""
    from assay.home.judging import PARAMETER
    from assay.home.settings import history

    with opened(path) as home:
        parameter = _parameter(home, name)
        changes = history(home, PARAMETER + name)
    if as_json:
        listed = [{"effective": one.effective, "entry": one.entry, "value": one.value} for one in changes]
        write_json(
            {
                "changes": listed,
                "controls": list(parameter.controls),
                "name": name,
                "says": parameter.says,
                "takes": parameter.takes,
            }
        )
        return
    click.echo(f"{name}: {parameter.says}\nIt may be {parameter.takes}. {parameter.reason}")
    click.echo(f"Stated by {', '.join(parameter.controls)}.\nDefault: {parameter.say(parameter.default)}")
    for one in changes:
        click.echo(
            f"From {one.effective}: {parameter.say(parameter.checked(one.value))} (ledger entry {one.entry})"
        )


@command.command("set")
@click.argument("name", shell_complete=of_content(parameters))
@click.argument("value")
@instant_option(
    "--from", "effective", "The instant from which the value holds; earlier instants keep the earlier one."
)
@by_option
@json_option
@click.pass_obj
def set_(path: Path, name: str, value: str, effective: datetime | None, by: str, as_json: bool) -> None:
    """Set NAME to VALUE from an instant on. The change is an act in the ledger."""
    from assay.errors import AssayError
    from assay.evidence.canonical import instant_text
    from assay.home.judging import PARAMETER
    from assay.home.settings import set_setting

    with opened(path) as home:
        parameter = _parameter(home, name)
        parsed = parameter.parse(value)
        now = home.now()
        if effective is not None and effective < now:
            raise AssayError(
                f"{name} cannot change from {instant_text(effective)}: what was judged by the earlier value stays so. Give an instant from now on."
            )
        since = effective or now
        entry = set_setting(home, PARAMETER + name, parameter.plain(parsed), since, by)
    if as_json:
        write_json(
            {"effective": instant_text(since), "entry": entry, "name": name, "value": parameter.plain(parsed)}
        )
    else:
        click.echo(
            f"{name} is {parameter.say(parsed)} from {instant_text(since)} (ledger entry {entry}). Run `assay check` to judge by it."
        )


def _parameter(home, name: str):  # type: ignore[no-untyped-def]
    from assay.catalogue import load_catalogue
    from assay.errors import AssayError

    parameters = load_catalogue(home.content).parameters
    if name not in parameters:
        import difflib

        near = difflib.get_close_matches(name, parameters, n=3)
        hint = f" Did you mean {' or '.join(near)}?" if near else " `assay parameter list` shows all."
        raise AssayError(f"There is no parameter “{name}”.{hint}")
    return parameters[name]
