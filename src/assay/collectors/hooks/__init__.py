"""Listings that no spec can say, found by place: `hook: credential_report` is the function `listing` of `hooks/credential_report.py`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from assay.errors import AssayError

if TYPE_CHECKING:
    from assay.collectors.work import Hook


class NoSuchHookError(AssayError):
    """A table names a hook that this version of Assay does not have."""


def hook(name: str) -> Hook:
    """Give the listing function of a hook; raises NoSuchHookError."""
    try:
        listing: Hook = import_module(f"{__name__}.{name}").listing
    except ModuleNotFoundError:
        raise NoSuchHookError(
            f"The hook “{name}” does not exist in this version. Use one of those in assay/collectors/hooks."
        ) from None
    return listing
