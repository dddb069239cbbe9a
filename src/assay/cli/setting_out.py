"""What every subcommand shares: opening the home, writing JSON, and saying who acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from assay.wording import counted as counted

Function = TypeVar("Function", bound=Callable[..., Any])


def json_option(function: Function) -> Function:
    """Add `--json`: the same answer for a program to read."""
    return click.option("--json", "as_json", is_flag=True, help="Write JSON instead of text.")(function)


def by_option(function: Function) -> Function:
    """Add `--by`: who acts, for the ledger; by default who is signed in to this machine."""
    return click.option(
        "--by",
        default=_whoami,
        show_default="who is signed in",
        help="Who does this, as the ledger will say.",
    )(function)


def instant_option(flag: str, name: str, says: str, default: str = "now") -> Callable[[Function], Function]:
    """Add an option that takes an instant or a day: 2026-03-31T12:00:00Z, or 2026-03-31 for its first instant in UTC.

    `default` says in words what holds without it.
    """

    def add(function: Function) -> Function:
        return click.option(
            flag, name, callback=_read_instant, metavar="INSTANT", help=f"{says}  [default: {default}]"
        )(function)

    return add


def _read_instant(ctx: click.Context, parameter: click.Parameter, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(
            f"“{text}” is not an instant; write it as 2026-03-31T12:00:00Z, or 2026-03-31."
        ) from error
    if found.tzinfo is None and len(text) > len("2026-03-31"):
        raise click.BadParameter(f"“{text}” has no zone; end it with Z for UTC.")
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def not_to_come(instant: datetime, now: datetime) -> None:
    """Refuse an instant that is still to come: nothing can have been seen by then. Raises AssayError."""
    from assay.errors import AssayError

    if instant > now:
        raise AssayError(
            f"{instant:%Y-%m-%dT%H:%M:%SZ} is still to come, and nothing can have been seen by then. Give an instant up to now."
        )


def read_checkpoint(file: Path) -> bytes:
    """Give the bytes of a checkpoint that the user kept; raises AssayError when the file is none."""
    from assay.errors import AssayError
    from assay.evidence.checkpoint import parse_checkpoint
    from assay.evidence.note import parse_note

    data = file.read_bytes()
    try:
        parse_checkpoint(parse_note(data).text)
    except AssayError as error:
        raise AssayError(
            f"{file} is no checkpoint: {error} A home keeps its own in evidence/log/checkpoint, a pack in data/checkpoint."
        ) from error
    return data


def write_json(value: Any) -> None:
    """Write a value as JSON to standard output, keys sorted."""
    import json

    click.echo(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False))


def wrapped(text: str, indent: str = "  ") -> str:
    """Break a sentence into lines of at most 80 characters, those after the first set in by `indent`; names and commands stay whole."""
    import textwrap

    return textwrap.fill(text, 80, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """Open the home for one command and close it after."""
    from assay.home import Surroundings, open_home

    home = open_home(path, Surroundings.real())
    try:
        yield home
    finally:
        home.close()


def _whoami() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
