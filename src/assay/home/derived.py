"""Derived files in the home's cache: made where they are not there, whole or absent, and free to be deleted at any time."""

from __future__ import annotations

import os
from collections.abc import Callable

from assay.home.place import Home


def derived(home: Home, folder: str, name: str, make: Callable[[], bytes]) -> bytes:
    """Give the bytes of cache/`folder`/`name`, made by `make` where there is no such file. Nothing is synced: what is lost is made again."""
    file = home.cache(folder) / name
    try:
        return file.read_bytes()
    except FileNotFoundError:
        content = make()
    new = file.with_name(f".{name}.{os.getpid()}-{home.surroundings.random(4).hex()}")
    new.write_bytes(content)
    new.replace(file)
    return content
