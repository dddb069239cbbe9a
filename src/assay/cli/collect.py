"""`assay collect`: see what is there, and keep it as evidence."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assay.cli.completing import of_content, sources
from assay.cli.completing import tables as named_tables
from assay.cli.exit_codes import DONE, UNKNOWN
from assay.cli.setting_out import by_option, counted, json_option, opened, wrapped, write_json

if TYPE_CHECKING:
    from assay.home.planning import Planned


@click.command("collect")
@click.argument("source_ids", metavar="[SOURCE]...", nargs=-1, shell_complete=sources)
@click.option(
    "--table",
    "tables",
    multiple=True,
    shell_complete=of_content(named_tables),
    help="Only this table; may be given again.",
)
@by_option
@json_option
@click.pass_obj
def command(path: Path, source_ids: tuple[str, ...], tables: tuple[str, ...], by: str, as_json: bool) -> None:
    """Collect from the connected sources, all of them or those named. Nothing is judged.

    An interrupted collection goes on where it stopped when you run this again. The exit code is 8 when something could not be seen.
    """
    from assay.errors import AssayError
    from assay.home.collect_source import collect_from
    from assay.home.planning import planned
    from assay.home.sources import source
    from assay.home.sources import sources as connected

    collected: list[dict[str, Any]] = []
    with opened(path) as home:
        wanted = [source(home, one) for one in source_ids] or connected(home)
        if not wanted:
            raise AssayError(
                "Nothing is connected yet. Begin with `assay connect aws`, `assay connect github` or `assay connect file`."
            )
        plans = {one.id: planned(home, one, tables) for one in wanted}
        if not as_json:
            _say_planned(plans.values())
        for one in wanted:
            with Progressing(one.id, quiet=as_json) as progress:
                entry = collect_from(home, one, asked_by=by, tables=tables, on_progress=progress)
            body = home.ledger.body(home.ledger.entry(entry))
            collected.append({"body": body, "entry": entry, "planned": plans[one.id], "source": one.id})
    if as_json:
        write_json([_summary(done) for done in collected])
    else:
        for done in collected:
            say_collected(done["entry"], done["body"])
    raise SystemExit(UNKNOWN if any(done["body"]["gaps"] for done in collected) else DONE)


def _say_planned(plans: Iterable[Planned | None]) -> None:
    """Say, before anything is asked, how many calls each source will take; a file is read, and nobody asked."""
    for one in plans:
        if one is not None:
            click.echo(wrapped(one.sentence()))


def say_collected(entry: int, body: dict[str, Any]) -> None:
    """Say what a collection saw and what it did not."""
    records = sum(one["size"] for one in body["populations"])
    changed = sum(one["added"] + one["changed"] + one["removed"] for one in body["populations"])
    click.echo(
        f"{body['source']['id']}: {counted(records, 'record')} in {counted(len(body['populations']), 'population')}, "
        f"{changed:,} changed, {counted(body['calls']['count'], 'call')} (ledger entry {entry})."
    )
    gaps = body["gaps"]
    for gap in gaps[:8]:
        where = " ".join(
            filter(None, (gap["table"], gap["account"], gap["region"], gap["parent"], gap["key"]))
        )
        click.echo(
            f"  not seen: {where}: {gap['reason']}"
            + (f" ({gap['call']}: {gap['detail']})" if gap["call"] else "")
        )
    if len(gaps) > 8:
        click.echo(f"  … and {len(gaps) - 8} more; `assay show {body['source']['id']}` lists all.")


class Progressing:
    """Shows how far a collection is: one line that is rewritten on a terminal, nothing where it would only fill a log."""

    def __init__(self, source: str, *, quiet: bool) -> None:
        self._source = source
        self._shown = sys.stderr.isatty() and not quiet

    def __enter__(self) -> Progressing:
        return self

    def __call__(self, progress: Any) -> None:
        if self._shown:
            place = " ".join(filter(None, (progress.account, progress.region)))
            text = f"{self._source}: {progress.done} of {progress.of}, {progress.table} {place}"
            click.echo(f"\r\x1b[K{text[:100]}", nl=False, err=True)

    def __exit__(self, *_: object) -> None:
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)


def _summary(one: dict[str, Any]) -> dict[str, Any]:
    body = one["body"]
    return {
        "calls": body["calls"]["count"],
        "complete": body["complete"],
        "entry": one["entry"],
        "gaps": body["gaps"],
        "planned": None if one["planned"] is None else one["planned"].to_json(),
        "records": sum(population["size"] for population in body["populations"]),
        "source": one["source"],
    }
