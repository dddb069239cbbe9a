"""`assay worker`: does the background work of the workspace. `assay serve` starts and supervises one."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("worker")
@click.option("--supervised-by", type=int, hidden=True, help="End when this process has gone.")
@click.pass_obj
def command(path: Path, supervised_by: int | None) -> None:
    """Collect and judge in the background until stopped.

    `assay serve` runs one; run more on other machines with the same database and evidence. Killing one loses nothing: the next goes on.
    """
    from assay_web.serving import work

    work(path, supervised_by)
