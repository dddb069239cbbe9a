"""`assay check`: judge what was collected; write and try checks of your own."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from assay.cli.exit_codes import of_counts
from assay.cli.setting_out import counted, instant_option, json_option, opened, write_json


@click.group("check", invoke_without_command=True)
@instant_option("--as-of", "as_of", "Judge as of this instant.")
@click.option(
    "--period",
    nargs=2,
    metavar="FROM TO",
    help="For events: the days of the period, both included.  [default: the 90 days before]",
)
@json_option
@click.pass_context
def command(
    ctx: click.Context, as_of: datetime | None, period: tuple[str, str] | None, as_json: bool
) -> None:
    """Judge every check over the stored evidence. Nothing is fetched.

    The exit code says what was concluded: 0, 4 (something deviates), 8 (something is unknown), 12 (both).
    """
    if ctx.invoked_subcommand is not None:
        return
    from assay.home.judging import basis_of, judge, period_of
    from assay.home.personal import personal
    from assay.home.publishing import publish

    with opened(ctx.obj) as home, personal(home) as people:
        instant = as_of or home.now()
        basis = basis_of(home, instant, None if period is None else period_of(home, *period, as_of=instant))
        entry = judge(home, basis, people.sealer)
        publish(home)
        body = home.ledger.body(home.ledger.entry(entry))
    total = {
        name: sum(one["counts"][name] for one in body["sets"])
        for name in ("CONFORMS", "DEVIATES", "NOT_APPLICABLE", "UNKNOWN")
    }
    if as_json:
        write_json({"as_of": body["as_of"], "counts": total, "entry": entry, "sets": body["sets"]})
    else:
        click.echo(
            f"Judged {counted(len(body['sets']), 'check')} as of {body['as_of']} (ledger entry {entry})."
        )
        click.echo(
            f"{total['CONFORMS']:,} items conform, {total['DEVIATES']:,} deviate, {total['UNKNOWN']:,} are unknown, {total['NOT_APPLICABLE']:,} are not applicable."
        )
        click.echo("See `assay report`, or one check with `assay show ID`.")
    raise SystemExit(of_counts(total["DEVIATES"], total["UNKNOWN"]))


@command.command("new")
@click.argument("check_id", metavar="ID")
@click.option("--table", required=True, help="The table whose records it judges.")
@click.pass_obj
def new(path: Path, check_id: str, table: str) -> None:
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
        raise AssayError(f"{file} is already there.")
    text = template(check_id, table, specs[table])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
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
