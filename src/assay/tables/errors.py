"""The one error of table specs."""

from __future__ import annotations

from assay.errors import AssayError


class TableSpecError(AssayError):
    """A table spec cannot be used. The text names the file, the field, and what to write instead."""
