"""What could not be asked again stays as it was last seen, under a gap: a denial never erases and never removes (formats.md, section 3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assay.evidence.canonical import Json
from assay.evidence.gaps import Gap

PARENT = "parent"


def with_carried(seen: Mapping[str, Json], known: Mapping[str, Json], gaps: Iterable[Gap]) -> dict[str, Json]:
    """Give the records of a place, key to record, after an answer that has gaps inside.

    `seen` is what was answered, `known` what the population held before. A record under a gap keeps the parts that were not answered; a
    record that a gap hides altogether (its own, or its parent's) stays as it was. What was answered always wins.
    """
    covered = _Covered(gaps)
    records = {
        key: _filled(record, known.get(key)) if covered.some_columns(key, record) else record
        for key, record in seen.items()
    }
    hidden = {key: record for key, record in known.items() if key not in seen and covered.hides(key, record)}
    return {**records, **hidden}


class _Covered:
    def __init__(self, gaps: Iterable[Gap]) -> None:
        gaps = list(gaps)
        self._keys = {gap.key for gap in gaps if gap.key is not None}
        self._parents = {gap.parent for gap in gaps if gap.key is None and gap.parent is not None}
        self._everything = any(gap.key is None and gap.parent is None for gap in gaps)

    def some_columns(self, key: str, record: Json) -> bool:
        return self._everything or key in self._keys or record.get(PARENT) in self._parents

    def hides(self, key: str, record: Json) -> bool:
        return key in self._keys or record.get(PARENT) in self._parents


def _filled(record: Json, before: Json | None) -> Json:
    return (
        record
        if before is None
        else {**{part: answer for part, answer in before.items() if part not in record}, **record}
    )
