"""The root of the command line: which home, how output is written, and how an error is said."""

from __future__ import annotations

import errno
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

from assay import __version__
from assay.cli.completing import FINISH, complete_subcommand
from assay.cli.entry_points import subcommands
from assay.cli.exit_codes import ERROR
from assay.errors import AssayError


class LazyGroup(click.Group):
    """A group whose subcommands are entry points, so that a plug-in adds one and `assay` imports only what is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(subcommands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        reference = subcommands().get(cmd_name)
        if reference is None:
            return None
        module, _, name = reference.partition(":")
        command = getattr(import_module(module), name)
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = complete_subcommand(args[0], self.list_commands(ctx)) if args else []
            hint = f"Did you mean {' or '.join(near)}?" if near else "`assay --help` lists what there is."
            raise click.UsageError(f"There is no command “{args[0]}”. {hint}", ctx) from error

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (AssayError, OSError, KeyboardInterrupt, click.Abort) as error:
            _leave(error)
        except (click.exceptions.Exit, click.ClickException):
            raise
        except Exception as error:
            _leave(error)


def _leave(error: BaseException) -> NoReturn:
    """Say the error in a sentence on standard error and end; with ASSAY_DEBUG set, let Python show where it came from."""
    if isinstance(error, BrokenPipeError):
        sys.stderr.close()
        sys.exit(0)
    if os.environ.get("ASSAY_DEBUG"):
        raise error
    click.echo(f"assay: {sentence(error)}", err=True)
    sys.exit(ERROR)


_REMEDIES = {
    errno.ENOENT: "Look at how it is written, and make the folder first where it is one to write into.",
    errno.EACCES: "Ask for the permission, or name another place.",
    errno.EPERM: "Ask for the permission, or name another place.",
    errno.EROFS: "Name a place that can be written.",
    errno.ENOSPC: "Free space and run the command again; nothing acknowledged is lost.",
    errno.EISDIR: "It is a folder; name a file.",
    errno.ENOTDIR: "A part of it is a file and no folder; name another place.",
}


def sentence(error: BaseException) -> str:
    """Say what happened, to which thing and what to do now. What nobody foresaw is named by its kind alone: its text might hold a secret."""
    match error:
        case AssayError():
            return str(error)
        case OSError() if error.filename is not None:
            remedy = _REMEDIES.get(error.errno or 0, "Mend that and run the command again.")
            return f"{os.fsdecode(error.filename)} cannot be used: {error.strerror}. {remedy}"
        case KeyboardInterrupt():
            return "Stopped. What was stored stays; run the command again to go on. With --help it says its options."
        case click.Abort():
            return "Nobody answered, so nothing was done. Give the answer as an option; --help lists them."
        case _:
            return (
                f"Something happened that Assay did not foresee ({type(error).__name__}). What was stored stays. "
                "Run the command again with ASSAY_DEBUG=1 to see where, and report it as SECURITY.md or CONTRIBUTING.md say."
            )


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog=FINISH,
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
