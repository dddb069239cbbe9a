"""`assay scope`: what the company sells, which categories it wants, what rests with others."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.setting_out import by_option, counted, json_option, opened, write_json


@click.group("scope")
def command() -> None:
    """Show and set the scope that controls are tailored to."""


@command.command("template")
@json_option
def template(as_json: bool) -> None:
    """Write a scope file to fill in, with every field explained. With --json it has no explanations; `assay scope set` takes it as well."""
    from assay.catalogue import Category, Scope, System, Trait

    usual = (Trait.USES_CLOUD, Trait.DEVELOPS_SOFTWARE, Trait.REMOTE_ONLY)
    if as_json:
        sells = "A product analytics service for online shops, sold by subscription"
        write_json(
            Scope(
                "Northwind Metrics", sells, System.SAAS, 20, "Europe/Berlin", traits=frozenset(usual)
            ).to_object()
        )
        return
    click.echo("# The scope of the examination. Fill it in, then: assay scope set scope.yaml")
    click.echo(
        "company: Northwind Metrics\nsells: A product analytics service for online shops, sold by subscription"
    )
    click.echo(f"system: {System.SAAS.value}            # {', '.join(one.value for one in System)}")
    click.echo("people: 20              # everybody who works for it, contractors included")
    click.echo("zone: Europe/Berlin     # IANA name of the company's time zone")
    click.echo("categories:             # security always; add what customers depend on")
    click.echo("  - security")
    click.echo("".join(f"#  - {one.value}\n" for one in Category if one is not Category.SECURITY), nl=False)
    click.echo("traits:                 # keep what is true")
    for one in Trait:
        kept = one in usual
        click.echo(f"{'' if kept else '#'}  - {one.value}")
    click.echo(
        "carve_outs: []          # providers whose controls are theirs: provider, services, criteria, expected, monitoring"
    )
    click.echo(
        "not_relevant: {}        # criterion: why it does not bear on the system (never a common criterion)"
    )


@command.command("set")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@by_option
@json_option
@click.pass_obj
def set_(path: Path, file: Path, by: str, as_json: bool) -> None:
    """Set the scope from FILE (YAML or JSON). Each version is kept, with the instant from which it holds."""
    from assay.catalogue import Scope, load_catalogue, require_scope, tailor
    from assay.home.judging import SCOPE
    from assay.home.settings import set_setting
    from assay.strict_yaml import read_strict_yaml

    with opened(path) as home:
        catalogue = load_catalogue(home.content)
        scope = Scope.from_object(read_strict_yaml(file.read_bytes(), file.name))
        require_scope(catalogue, scope)
        tailoring = tailor(catalogue, scope)
        entry = set_setting(home, SCOPE, scope.to_object(), home.now(), by)
    if as_json:
        write_json(
            {"controls": len(tailoring.recommended), "criteria": len(tailoring.in_scope), "entry": entry}
        )
    else:
        click.echo(
            f"The scope holds from now on (ledger entry {entry}): {counted(len(tailoring.in_scope), 'criterion', 'criteria')}, {counted(len(tailoring.recommended), 'control')} to start with."
        )


@command.command("show")
@json_option
@click.pass_obj
def show(path: Path, as_json: bool) -> None:
    """Show the scope in force, and each criterion and control as it stands in it."""
    from assay.catalogue import Scope, load_catalogue, tailor
    from assay.errors import AssayError
    from assay.home.judging import SCOPE
    from assay.home.settings import setting_at

    with opened(path) as home:
        setting = setting_at(home, SCOPE, home.now())
        if setting is None:
            raise AssayError(
                "No scope is set yet. Write one with `assay scope template > scope.yaml`, fill it in, then `assay scope set scope.yaml`."
            )
        catalogue = load_catalogue(home.content)
        scope = Scope.from_object(setting.value)
        tailoring = tailor(catalogue, scope)
    if as_json:
        write_json({"scope": setting.value, "tailoring": tailoring.to_object()})
        return
    click.echo(
        f"{scope.company}: {scope.sells}\n{scope.people} people, {scope.zone}, in force since {setting.effective}\n"
    )
    for id_ in tailoring.in_scope:
        criterion = tailoring.criteria[id_]
        click.echo(f"{id_:6} {catalogue.criteria[id_].title}\n       {', '.join(criterion.controls)}")
