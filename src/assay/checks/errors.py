"""What can be wrong with a check or its run, said to its author or to whoever runs it."""

from __future__ import annotations

from assay.errors import AssayError


class CheckError(AssayError):
    """A check file that cannot be used. The text names the file, the field and what to write instead."""


class DialectError(CheckError):
    """SQL outside the restricted dialect: something undeclared, or something another engine or another day would answer otherwise."""


class EvaluationError(AssayError):
    """A check that ran and did not give one sound row for each item, or inputs that do not fit its tables."""


class RefusedError(EvaluationError):
    """A statement that the sealed engine refused: not one SELECT, or something out of its reach."""


class BoundError(EvaluationError):
    """A query that met the bound on time or memory and was stopped."""
