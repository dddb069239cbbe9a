"""`assay content`: the shipped and own catalogue, tables and checks, proved."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.exit_codes import DOES_NOT_HOLD, DONE
from assay.cli.setting_out import json_option, write_json


@click.group("content")
def command() -> None:
    """Prove the catalogue, tables and checks: those that are shipped, and the home's own."""


@command.command("test")
@json_option
@click.pass_obj
def test(path: Path, as_json: bool) -> None:
    """Prove every check by its own cases, resolve every id, and print the counts."""
    from assay.catalogue import load_catalogue, load_help, load_interview, load_setup
    from assay.catalogue.questionnaires import load_questionnaires
    from assay.checks import load_checks, owed, prove
    from assay.content_tree import Content
    from assay.home.content import cross_reference, unasked
    from assay.tables import load_tables

    shipped = Content.shipped()
    content = shipped.overlaid(Content.from_folder(path / "content"))
    catalogue, tables = load_catalogue(content), load_tables(content)
    checks = load_checks(content, tables)
    interview, topics = load_interview(content), load_help(content).topics
    load_setup(content)
    load_questionnaires(content)
    problems = [
        *cross_reference(catalogue, checks),
        *unasked(catalogue, interview, load_catalogue(shipped).controls),
        *(str(failure) for check in checks.values() for failure in prove(check, tables)),
        *(
            str(failure)
            for check in checks.values()
            if shipped.files.get(check.path) == content.files[check.path]
            for failure in owed(check)
        ),
    ]
    counts = {
        "cases": sum(len(check.cases) for check in checks.values()),
        "checks": len(checks),
        "controls": len(catalogue.controls),
        "criteria": len(catalogue.criteria),
        "failed": len(problems),
        "help_topics": len(topics),
        "parameters": len(catalogue.parameters),
        "points_of_focus": len(catalogue.points),
        "questions": len(interview.questions),
        "tables": len(tables),
    }
    if as_json:
        write_json(counts)
    else:
        for problem in problems:
            click.echo(problem)
        click.echo(", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items()))
    raise SystemExit(DOES_NOT_HOLD if problems else DONE)
