"""What the shell offers when Tab is pressed: ids of checks, controls, criteria, tables, parameters and sources, by the places of their files and no more."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from assay.content_tree import Content

FINISH = (
    'Completion by Tab: eval "$(_ASSAY_COMPLETE=bash_source assay)", or zsh_source, or fish_source with | source; '
    "docs/guide/shell-completion.md says where to put it."
)

Complete = Callable[[click.Context, click.Parameter, str], "list[CompletionItem]"]
LISTS = ("checks", "controls", "criteria", "tables")


def complete_subcommand(word: str, names: Iterable[str]) -> list[str]:
    """Give up to two of `names` that `word` is nearly."""
    from difflib import get_close_matches

    return get_close_matches(word, list(names), n=2)


def checks(content: Content) -> list[str]:
    """Give the ids of the checks: checks/aws/s3/public.sql is aws.s3.public."""
    return [path[7:-4].replace("/", ".") for path in content.paths("checks/", ".sql")]


def tables(content: Content) -> list[str]:
    """Give the names of the tables: tables/aws/s3_bucket.yaml is aws_s3_bucket, tables/file/ticket.yaml is ticket."""
    return [path[7:-5].removeprefix("file/").replace("/", "_") for path in content.paths("tables/", ".yaml")]


def file_tables(content: Content) -> list[str]:
    """Give the names of the tables that an exported file can fill."""
    return [path[12:-5] for path in content.paths("tables/file/", ".yaml")]


def parameters(content: Content) -> list[str]:
    """Give the names of the parameters."""
    return [path[11:-5] for path in content.paths("parameters/", ".yaml")]


def controls(content: Content) -> list[str]:
    """Give the ids of the controls."""
    return [path[9:-5] for path in content.paths("controls/", ".yaml")]


def criteria(content: Content) -> list[str]:
    """Give the ids of the criteria, out of the frameworks."""
    from assay.catalogue import load_catalogue

    return list(load_catalogue(content).criteria)


def of_content(*kinds: Callable[[Content], list[str]]) -> Complete:
    """Complete by what the shipped content and the home's own hold."""

    def complete(ctx: click.Context, parameter: click.Parameter, word: str) -> list[CompletionItem]:
        from assay.content_tree import Content

        content = Content.shipped().overlaid(Content.from_folder(_home(ctx) / "content"))
        return _beginning(word, [name for kind in kinds for name in kind(content)])

    return complete


def sources(ctx: click.Context, parameter: click.Parameter, word: str) -> list[CompletionItem]:
    """Complete by the sources that the home has connected; without a home there are none."""
    return _beginning(word, _connected(_home(ctx)))


def things(ctx: click.Context, parameter: click.Parameter, word: str) -> list[CompletionItem]:
    """Complete what `assay show` explains; criteria only once the word can be one, for they take longest to read."""
    kinds = [checks, tables, controls, *([criteria] if word[:1].isupper() else [])]
    named = of_content(*kinds)(ctx, parameter, word)
    return [*_beginning(word, [*LISTS, *_connected(_home(ctx))]), *named]


def _connected(home: Path) -> list[str]:
    from assay.errors import AssayError
    from assay.home import Surroundings, open_home
    from assay.home.sources import sources as connected

    try:
        opened = open_home(home, Surroundings.real())
    except (AssayError, OSError):
        return []
    try:
        return [one.id for one in connected(opened)]
    finally:
        opened.close()


def _home(ctx: click.Context) -> Path:
    home = ctx.find_root().params.get("home")
    return home if isinstance(home, Path) else Path("home")


def _beginning(word: str, names: Iterable[str]) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(name) for name in sorted(set(names)) if name.startswith(word)]
