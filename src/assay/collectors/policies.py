"""What is kept of an IAM policy document: what it allows and to whom, but not what people write beside it, nor what they use as a password in it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from assay.evidence.canonical import Json
from assay.tables import TableSpec

NOT_KEPT = "(not kept)"
_REMARKS = frozenset({"Id", "Sid"})
_SHARED_SECRETS = frozenset({"aws:referer", "aws:useragent", "lambda:eventsourcetoken", "sts:externalid"})
"""Condition keys whose values are known to the two sides alone (IAM User Guide: external id; “aws:Referer”). Tags' values are free text."""
_TAGS = ("aws:principaltag/", "aws:requesttag/", "aws:resourcetag/")
_FOR_EVERYBODY = "*"


def policy_paths(spec: TableSpec, part: str) -> frozenset[tuple[str, ...]]:
    """Give the paths of a part's policy documents: those that its columns read by a function of `policy`."""
    return frozenset(
        tuple(column.path.split("."))
        for column in spec.columns.values()
        if (column.derive or "").startswith("policy.") and column.of == part
    )


def without_remarks(kept: Json, path: Iterable[str]) -> None:
    """Put a stripped copy in the place of the policy at `path`, as an object or as JSON text, whichever it was."""
    *above, name = path
    for step in above:
        kept = kept.get(step) if isinstance(kept, dict) else None
    if isinstance(kept, dict) and kept.get(name) is not None:
        kept[name] = stripped(kept[name])


def stripped(document: Json) -> Json:
    """Give a policy without statement ids, and with values of secrets and tags left out of its conditions. What is no policy stays as it is."""
    if isinstance(document, str):
        try:
            read = json.loads(document)
        except (ValueError, RecursionError):
            return document
        return json.dumps(stripped(read), separators=(",", ":")) if isinstance(read, dict) else document
    if not isinstance(document, dict):
        return document
    rest = {name: value for name, value in document.items() if name not in _REMARKS}
    statements = rest.get("Statement")
    if isinstance(statements, list):
        rest["Statement"] = [_statement(one) for one in statements]
    elif statements is not None:
        rest["Statement"] = _statement(statements)
    return rest


def _statement(statement: Json) -> Json:
    if not isinstance(statement, dict):
        return statement
    rest = {name: value for name, value in statement.items() if name not in _REMARKS}
    condition = rest.get("Condition")
    if isinstance(condition, dict):
        rest["Condition"] = {operator: _keys(keys) for operator, keys in condition.items()}
    return rest


def _keys(keys: Json) -> Json:
    if not isinstance(keys, dict):
        return keys
    return {name: _values(value) if _is_secret(name) else value for name, value in keys.items()}


def _values(value: Json) -> Json:
    """A value that everybody has is no secret, and that everybody has it matters."""
    if isinstance(value, list):
        return [_values(member) for member in value]
    return value if value == _FOR_EVERYBODY else NOT_KEPT


def _is_secret(name: str) -> bool:
    return name.lower() in _SHARED_SECRETS or name.lower().startswith(_TAGS)
