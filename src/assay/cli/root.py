"""The root of the command line: which home, how output is written, and how an error is said."""

from __future__ import annotations

import importlib.metadata
import os
import sys
from pathlib import Path
from typing import Any

import click

from assay import __version__
from assay.cli.exit_codes import ERROR
from assay.errors import AssayError

GROUP = "assay.commands"


class LazyGroup(click.Group):
    """A group whose subcommands are entry points, so that a plug-in adds one and `assay` imports only what is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(importlib.metadata.entry_points(group=GROUP).names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for point in importlib.metadata.entry_points(group=GROUP, name=cmd_name):
            command = point.load()
            return command if isinstance(command, click.Command) else None
        return None

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except AssayError as error:
            if os.environ.get("ASSAY_DEBUG"):
                raise
            click.echo(f"assay: {error}", err=True)
            sys.exit(ERROR)
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(0)


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="ASSAY_HOME",
    default=Path("home"),
    show_default="./home",
    help="The folder that holds the company's evidence, database and keys.",
)
@click.version_option(__version__, prog_name="assay")
@click.pass_context
def assay(ctx: click.Context, home: Path) -> None:
    """SOC 2 readiness and evidence: every conclusion can be performed again, offline, by someone else.

    Begin with `assay init`, then `assay connect aws`, `assay collect`, `assay check` and `assay report`.
    """
    ctx.obj = home
