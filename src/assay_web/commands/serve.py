"""`assay serve`: the workspace in the browser, on this machine."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("serve")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="The port to listen on.  [default: that of ASSAY_URL, or 8321]",
)
@click.option("--bind", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--demonstration",
    is_flag=True,
    help="Run the demonstration in ./demo and serve its home, with log-ins printed; where it was run before, serve that.",
)
@click.pass_obj
def command(path: Path, port: int | None, bind: str, demonstration: bool) -> None:
    """Serve the workspace until it is stopped with Ctrl-C.

    Where nobody can sign in yet, it prints a link that works once. Without a home, one is made in the folder.
    """
    from assay_web.serving import Served, serve, serve_demonstration

    served = Served(bind, port, click.echo)
    if demonstration:
        serve_demonstration(Path("demo"), served)
    else:
        serve(path, served)
