"""`assay check`: judge what was collected; write and try checks of your own."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from assay.cli.completing import of_content, tables
from assay.cli.exit_codes import of_counts
from assay.cli.setting_out import (
    counted,
    instant_option,
    json_option,
    not_to_come,
    opened,
    wrapped,
    write_json,
)


@click.group("check", invoke_without_command=True)
@instant_option("--as-of", "as_of", "Judge as of this instant.")
@click.option(
    "--period",
    nargs=2,
    metavar="FROM TO",
    help="For events: the days of the period, both included.  [default: the 90 days before]",
)
@click.option(
    "--throughout",
    nargs=2,
    metavar="FIRST LAST",
    help="Judge every version of every record over these days, both included, instead of one instant.",
)
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    as_of: datetime | None,
    period: tuple[str, str] | None,
    throughout: tuple[str, str] | None,
    as_json: bool,
) -> None:
    """Judge every check over the stored evidence. Nothing is fetched.

    The exit code says what was concluded: 0, 4 (something deviates), 8 (something is unknown), 12 (both).
    """
    if ctx.invoked_subcommand is not None:
        return
    if throughout is not None:
        if as_of is not None or period is not None:
            raise click.UsageError("--throughout names the days itself; leave --as-of and --period out.")
        _throughout(ctx.obj, throughout, as_json)
        return
    from assay.home.freshness import long_unseen
    from assay.home.judging import basis_of, judge, period_of, present, refuse_unsure
    from assay.home.personal import personal
    from assay.home.publishing import publish

    with opened(ctx.obj) as home, personal(home) as people:
        now = present(home)
        if as_of is not None:
            not_to_come(as_of, now)
            refuse_unsure(home, as_of)
        instant = as_of or now
        basis = basis_of(home, instant, None if period is None else period_of(home, *period, as_of=instant))
        entry = judge(home, basis, people.sealer)
        publish(home)
        body = home.ledger.body(home.ledger.entry(entry))
        old = long_unseen(home, basis)
    total = {
        name: sum(one["counts"][name] for one in body["sets"])
        for name in ("CONFORMS", "DEVIATES", "NOT_APPLICABLE", "UNKNOWN")
    }
    if as_json:
        said = {"as_of": body["as_of"], "counts": total, "entry": entry, "sets": body["sets"]}
        write_json({**said, "long_unseen": [one.to_json() for one in old]})
    else:
        click.echo(
            f"Judged {counted(len(body['sets']), 'check')} as of {body['as_of']} (ledger entry {entry})."
        )
        click.echo(
            f"{total['CONFORMS']:,} conclusions conform, {total['DEVIATES']:,} deviate, {total['UNKNOWN']:,} are unknown, {total['NOT_APPLICABLE']:,} are not applicable."
        )
        for one in old:
            click.echo(wrapped(one.sentence()))
        click.echo("See `assay report`, or one check with `assay show ID`.")
    raise SystemExit(of_counts(total["DEVIATES"], total["UNKNOWN"]))


def _throughout(path: Path, days: tuple[str, str], as_json: bool) -> None:
    """Judge the days, say what was concluded, and leave with the exit code that says so."""
    from assay.home.judging import period_of, present
    from assay.home.judging_over_time import judge_over, period_basis_of
    from assay.home.personal import personal
    from assay.home.publishing import publish

    with opened(path) as home, personal(home) as people:
        now = present(home)
        start, end = period_of(home, *days, as_of=now)
        not_to_come(start, now)
        entry = judge_over(home, period_basis_of(home, (start, min(end, now))), people.sealer)
        publish(home)
        body = home.ledger.body(home.ledger.entry(entry))
    total = {name: sum(one["counts"][name] for one in body["sets"]) for name in ("DEVIATES", "UNKNOWN")}
    if as_json:
        write_json({"counts": total, "entry": entry, "period": body["period"], "sets": body["sets"]})
    else:
        click.echo(
            f"Judged {counted(len(body['sets']), 'check')} from {body['period']['start']} to {body['period']['end']} (ledger entry {entry})."
        )
        click.echo(
            f"{total['DEVIATES']:,} times an item deviated from a check, {total['UNKNOWN']:,} times one was unknown to it for a while."
        )
        click.echo("See one check's episodes with `assay history CHECK`.")
    raise SystemExit(of_counts(total["DEVIATES"], total["UNKNOWN"]))


@command.command("new")
@click.argument("check_id", metavar="ID")
@click.option(
    "--table", required=True, shell_complete=of_content(tables), help="The table whose records it judges."
)
@json_option
@click.pass_obj
def new(path: Path, check_id: str, table: str, as_json: bool) -> None:
    """Write a new check into the home, ready to be tried: ID such as own.s3.owner_tag."""
    from assay.checks import template
    from assay.content_tree import Content
    from assay.errors import AssayError
    from assay.tables import load_tables

    specs = load_tables(Content.shipped().overlaid(Content.from_folder(path / "content")))
    if table not in specs:
        raise AssayError(f"There is no table “{table}”. `assay show tables` lists what there is.")
    file = path / "content" / "checks" / Path(*check_id.split(".")).with_suffix(".sql")
    if file.exists():
        raise AssayError(f"{file} is already there. Edit it, or choose another id.")
    text = template(check_id, table, specs[table])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    if as_json:
        write_json({"check": check_id, "file": str(file)})
        return
    click.echo(f"Wrote {file}. Edit it, then run `assay check try {file}`.")


@command.command("try")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@json_option
@click.pass_obj
def try_(path: Path, file: Path, as_json: bool) -> None:
    """Prove FILE by its cases, then judge it over the home's evidence, with row counts and timing. Nothing is stored."""
    from assay.checks import parse_check, prove
    from assay.home.trying import tried
    from assay.tables import load_tables

    with opened(path) as home:
        specs = load_tables(home.content)
        check = parse_check(f"own.{file.stem}", file.read_bytes(), specs)
        failures = [str(one) for one in prove(check, specs)]
        trial = tried(home, check)
    if as_json:
        write_json(
            {
                "counts": trial.counts,
                "failures": failures,
                "milliseconds": trial.milliseconds,
                "rows": trial.rows,
            }
        )
        return
    for failure in failures:
        click.echo(failure)
    click.echo(f"{counted(len(check.cases), 'case')}, {counted(len(failures), 'failure')}.")
    for table, rows in trial.rows.items():
        click.echo(f"  {table}: {counted(rows, 'record')}")
    click.echo(
        "  "
        + ", ".join(f"{number} {name.lower().replace('_', ' ')}" for name, number in trial.counts.items())
        + f" in {trial.milliseconds} ms"
    )
    for judged in trial.shown:
        click.echo(f"  {judged}")
