"""The subcommands that installed packages offer, read from their entry-point files alone: `importlib.metadata` costs more than the rest of `assay --help`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator

GROUP = "assay.commands"


def subcommands(path: Iterable[str] | None = None) -> dict[str, str]:
    """Give each subcommand's name with its object reference, such as `assay.cli.check:command`.

    Reads `*.dist-info/entry_points.txt` of every folder on `path`, by default `sys.path` (PyPA entry points specification, file format);
    the earlier folder wins, as it does for imports. What is no folder, such as a zip, is asked through `importlib.metadata`.
    """
    found: dict[str, str] = {}
    for place in sys.path if path is None else path:
        for name, reference in _offered(place or os.curdir):
            found.setdefault(name, reference)
    return found


def _offered(place: str) -> Iterator[tuple[str, str]]:
    if os.path.isfile(place):
        yield from _offered_by_archive(place)
        return
    try:
        folders = sorted(name for name in os.listdir(place) if name.endswith(".dist-info"))
    except OSError:
        return
    for folder in folders:
        try:
            with open(os.path.join(place, folder, "entry_points.txt"), encoding="utf-8") as file:
                text = file.read()
        except OSError:
            continue
        if GROUP in text:
            yield from _of_group(text)


def _of_group(text: str) -> Iterator[tuple[str, str]]:
    inside = False
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            inside = line == f"[{GROUP}]"
        elif inside and line and line[0] not in "#;":
            name, _, reference = line.partition("=")
            yield name.strip(), reference.strip()


def _offered_by_archive(place: str) -> Iterator[tuple[str, str]]:
    from importlib.metadata import distributions

    for distribution in distributions(path=[place]):
        for point in distribution.entry_points.select(group=GROUP):
            yield point.name, point.value
