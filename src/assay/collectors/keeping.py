"""From an answer to what is kept of it: the allow-list, the tags that a parameter names, and no noise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assay.collectors.policies import policy_paths, without_remarks
from assay.collectors.safe import UnsafeAnswerError, safe
from assay.evidence.canonical import Json, encode
from assay.tables import Call, TableSpec

_NAMES = (("Key", "Value"), ("TagKey", "TagValue"), ("key", "value"))


def tag_keys(parameters: Mapping[str, str]) -> frozenset[str]:
    """Give the keys of the tags that the company's parameters name (`confidential_tag`: `data-class:confidential`)."""
    return frozenset(
        value.partition(":")[0] for name, value in parameters.items() if name.endswith("_tag") and value
    )


def keep(spec: TableSpec, call: Call, answer: Json, tags: frozenset[str]) -> Json:
    """Give what is kept of one answer, safe for canonical JSON; raises UnsafeAnswerError where the answer cannot be kept."""
    if not isinstance(answer, Mapping):
        raise UnsafeAnswerError("an answer is no object")
    kept = safe(call.keep.project(answer))
    if spec.tags is not None and spec.tags.of == call.part:
        _put(kept, spec.tags.path, _tags(answer, spec.tags.path, tags))
    for policy in policy_paths(spec, call.part):
        without_remarks(kept, policy)
    for path in spec.volatile:
        _drop(kept, path.replace("[]", "").split("."))
    for path in spec.unordered:
        _sort(kept, path.replace("[]", "").split("."))
    return kept


def _tags(answer: Json, path: Iterable[str], keys: frozenset[str]) -> dict[str, str]:
    """Only the tags asked for: what else people write into tags never reaches the disk."""
    for step in path:
        answer = _below(answer, step)
    pairs = answer.items() if isinstance(answer, Mapping) else [_pair(member) for member in answer or []]
    return {name: safe(value or "") for name, value in pairs if name in keys and isinstance(value or "", str)}


def _pair(member: Json) -> tuple[str, Json]:
    for name, value in _NAMES:
        if isinstance(member, Mapping) and isinstance(member.get(name), str):
            return member[name], member.get(value)
    raise UnsafeAnswerError("a tag has no key")


def _below(answer: Json, step: str) -> Json:
    """The member of that name; `TagDescriptions[0]` is the first of a list."""
    name, first, _ = step.partition("[0]")
    value = answer.get(name) if isinstance(answer, Mapping) else None
    if not first:
        return value
    return value[0] if isinstance(value, list) and value else None


def _put(kept: Json, path: tuple[str, ...], value: Json) -> None:
    for step in path[:-1]:
        name, first, _ = step.partition("[0]")
        kept = kept.setdefault(name, [] if first else {})
        if first:
            if not kept:
                kept.append({})
            kept = kept[0]
    kept[path[-1]] = value


def _drop(value: Json, steps: list[str]) -> None:
    if isinstance(value, list):
        for member in value:
            _drop(member, steps)
    elif isinstance(value, dict) and len(steps) == 1:
        value.pop(steps[0], None)
    elif isinstance(value, dict):
        _drop(value.get(steps[0]), steps[1:])


def _sort(value: Json, steps: list[str]) -> None:
    if isinstance(value, list):
        for member in value:
            _sort(member, steps)
    elif isinstance(value, dict) and len(steps) > 1:
        _sort(value.get(steps[0]), steps[1:])
    elif isinstance(value, dict) and isinstance(value.get(steps[0]), list):
        value[steps[0]].sort(key=encode)
