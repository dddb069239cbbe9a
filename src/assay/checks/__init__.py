"""Checks: parse, lint, evaluate in a sealed DuckDB, conclude item by item. Nothing is fetched here, and no clock is read."""

from assay.checks.authoring import explain, template
from assay.checks.cases import CaseFailure, case_gaps, case_inputs, case_moment, compare, prove
from assay.checks.check import Case, Check, Kind, Link, Plan, Remedy, Severity
from assay.checks.conclusion import Conclusion
from assay.checks.conclusion_set import ConclusionSet, Items, Note
from assay.checks.errors import BoundError, CheckError, DialectError, EvaluationError, RefusedError
from assay.checks.evaluate import Evaluator, Judged, Moment
from assay.checks.loaded import TableInput
from assay.checks.parse import load_checks, parse_check
from assay.checks.shipping import owed

__all__ = [
    "BoundError",
    "Case",
    "CaseFailure",
    "Check",
    "CheckError",
    "Conclusion",
    "ConclusionSet",
    "DialectError",
    "EvaluationError",
    "Evaluator",
    "Items",
    "Judged",
    "Kind",
    "Link",
    "Moment",
    "Note",
    "Plan",
    "RefusedError",
    "Remedy",
    "Severity",
    "TableInput",
    "case_gaps",
    "case_inputs",
    "case_moment",
    "compare",
    "explain",
    "load_checks",
    "owed",
    "parse_check",
    "prove",
    "template",
]
