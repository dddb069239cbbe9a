"""`python -m assay.cli.reference FOLDER`: the generated pages of docs/reference, out of the commands and the content themselves."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click


def pages() -> dict[str, str]:
    """Give every generated page by its file name."""
    from assay.catalogue import load_catalogue
    from assay.checks import load_checks
    from assay.content_tree import Content
    from assay.tables import load_tables

    content = Content.shipped()
    catalogue, tables = load_catalogue(content), load_tables(content)
    checks = load_checks(content, tables)
    return {
        "checks.md": _table(
            "Checks",
            ("check", "conforms when", "controls", "severity", "tables", "does not show"),
            (
                (
                    one.id,
                    one.title,
                    ", ".join(one.controls),
                    str(one.severity),
                    ", ".join(one.tables),
                    one.does_not_show,
                )
                for one in checks.values()
            ),
        ),
        "commands.md": _commands(),
        "parameters.md": _table(
            "Parameters",
            ("parameter", "says", "default", "may be", "stated by"),
            (
                (one.name, one.says, one.say(one.default), one.takes, ", ".join(one.controls))
                for one in sorted(catalogue.parameters.values(), key=lambda one: one.name)
            ),
        ),
        "tables.md": _table(
            "Tables",
            ("table", "what it is", "columns", "permissions"),
            (
                (one.name, one.says, ", ".join(one.columns), ", ".join(one.permissions))
                for one in tables.values()
            ),
        ),
    }


def _table(title: str, heads: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [
        f"# {title}",
        "",
        "Made by `make docs` out of the content.",
        "",
        _row(heads),
        _row(("---",) * len(heads)),
    ]
    return "\n".join([*lines, *(_row(row) for row in rows)]) + "\n"


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _commands() -> str:
    from assay.cli.root import assay

    parts = ["# Commands\n\nMade by `make docs` out of the commands' own help.\n"]
    for path, command in _walk("assay", assay):
        context = click.Context(
            command,
            info_name=path,
            max_content_width=110,
            terminal_width=110,
            help_option_names=assay.context_settings["help_option_names"],
        )
        parts.append(f"## {path}\n\n```\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


def _walk(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None and not below.hidden:
                yield from _walk(f"{path} {name}", below)


def main(folder: Path) -> None:
    """Write every generated page into `folder`."""
    for name, text in pages().items():
        (folder / name).write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
