"""Pieces of time in which items of one check do not conform: the engine keeps them, joins them and writes them; only text comes into Python."""

# ruff: noqa: S608 - names of tables and columns come from linted checks and loaded specs; values are always bound
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from assay.checks.canonical_sql import instant_of, json_of, lower_escapes
from assay.checks.conclusion import Conclusion
from assay.checks.conclusion_set import written
from assay.checks.observed import observed_columns
from assay.checks.over_time.episodes import EpisodeSet, Item, joined, overlaid
from assay.checks.over_time.versions import Versions
from assay.checks.specs import ORDINAL

_PIECES = "_pieces"
_ITEM = ("_table", "key", "account", "region")
_CONCLUDED = 2**31 - 1
"""The rank of what the SQL says: every gap comes before it."""

_BETWEEN = ", ',', "


class Pieces:
    """What does not conform, in any order, and what is unknown over it; nothing to begin with. `saw` False keeps no observed value.

    Each thread works on one check at a time, and keeps its pieces to itself.
    """

    def __init__(self, versions: Versions, *, saw: bool) -> None:
        self._versions = versions
        self._saw = saw
        self._any = self._unseen = False

    def conclude(self, sql: str, kinds: Mapping[str, str], values: Mapping[str, Any]) -> None:
        """Add rows of (_table, key, account, region, _item, _from, _until, conclusion, reason, ordinal, saw …); `kinds` gives the SQL type of each `saw`."""
        members = [
            f"""'"{name.removeprefix("saw_")}":', {json_of(f'"{name}"', kind) or self._in_python(name, sql, values)}"""
            for name, kind in sorted(kinds.items())
        ]
        saw = f"concat({_BETWEEN.join(members)})" if members else "''"
        self._put(
            f"SELECT *, {_CONCLUDED} AS _rank, {saw} AS saw, false AS stands_in FROM ({sql}) AS f", values
        )

    def _in_python(self, name: str, sql: str, values: Mapping[str, Any]) -> str:
        """SQL for observed values that the engine cannot write as Python does: they are written here and given back by ordinal."""
        rows = self._versions.select(f'SELECT {ORDINAL}, "{name}" FROM ({sql})', values)
        ordinals = [row[0] for row in rows.rows]
        observed = observed_columns(rows.types[1:], [[row[1] for row in rows.rows]])[0]
        self._versions.keep(
            f"_{name}",
            f"SELECT unnest(CAST($_ordinals AS INTEGER[])) AS {ORDINAL}, unnest($_texts) AS text",
            {"_ordinals": ordinals, "_texts": [written(value) for value in observed]},
        )
        return f'(SELECT text FROM "_{name}" AS o WHERE o.{ORDINAL} = f.{ORDINAL})'

    def cover(self, rank: int, reason: str, table: str, sql: str, values: Mapping[str, Any]) -> int:
        """Put UNKNOWN over the items that `sql` gives as (key, account, region, _from, _until); the lowest rank wins. Gives how many there were."""
        return self._cover(
            f"SELECT '{table}' AS _table, *, false AS stands_in FROM ({sql})", rank, reason, values
        )

    def stand_in(self, rank: int, reason: str, item: Item, start: datetime, end: datetime) -> None:
        """Say that something is unknown, at a place or under a name, of which nothing was seen."""
        named = ", ".join(f"CAST(${name} AS VARCHAR) AS {name}" for name in _ITEM)
        times = "CAST($_start AS TIMESTAMP) AS _from, CAST($_end AS TIMESTAMP) AS _until"
        values = {**dict(zip(_ITEM, item, strict=True)), "_start": start, "_end": end}
        self._cover(f"SELECT {named}, {times}, true AS stands_in", rank, reason, values)

    def _cover(self, sql: str, rank: int, reason: str, values: Mapping[str, Any]) -> int:
        unknown = f"CAST(0 AS BIGINT) AS _item, '{Conclusion.UNKNOWN}' AS conclusion, CAST($_reason AS VARCHAR) AS reason, {rank} AS _rank, '' AS saw"
        covered = self._put(f"SELECT *, {unknown} FROM ({sql})", {**values, "_reason": reason})
        self._unseen = self._unseen or covered > 0
        return covered

    def _put(self, sql: str, values: Mapping[str, Any]) -> int:
        """Keep pieces with the text before their start (`head`), and the text between start and end (`said`)."""
        account, key, reason, region = (
            json_of(name, "VARCHAR") for name in ("account", "key", "reason", "region")
        )
        saw = "saw" if self._saw else "''"
        pieces = (
            f"SELECT {', '.join(_ITEM)}, _item, _rank, _from, _until, stands_in, conclusion,"
            f""" concat('{{"account":', {account}, ',"conclusion":"', conclusion, '","from":"') AS head,"""
            f""" concat('Z","item":', {key}, ',"reason":', {reason}, ',"region":', {region}, ',"saw":{{', {saw}, '}},"table":"', _table, '","until":"') AS said FROM ({sql})"""
        )
        put = self._versions.add if self._any else self._versions.keep
        self._any = True
        return put(_PIECES, pieces, values)

    def told(self, check: str, items: int, judged: int) -> EpisodeSet:
        """Give the set of episodes: pieces joined where nothing differs, UNKNOWN over what was concluded."""
        pieces, apart = self._read()
        whole = joined(overlaid(joined(pieces)) if self._unseen else pieces)
        with_one = {
            conclusion: len({piece[2] for piece in whole if piece[4] == conclusion})
            for conclusion in ("DEVIATES", "NOT_APPLICABLE", "UNKNOWN")
        }
        known = len({piece[2] for piece in whole} - apart)
        text = ",".join([f'{head}{start}{said}{end}Z"}}' for start, end, _, _, _, head, said in whole])
        return EpisodeSet(
            check=check,
            items=items,
            judged=judged,
            unseen=len(apart),
            counts={"CONFORMS": max(items - known, 0), **with_one},
            length=len(whole),
            text=lower_escapes(text),
        )

    def _read(self) -> tuple[list[Any], set[int]]:
        """The pieces in the order of items, rank and time; and the items of which nothing was ever seen."""
        if not self._any:
            return [], set()
        pieces = f'SELECT * FROM "{_PIECES}"'
        if self._unseen:
            order = ", ".join(f"{column} NULLS FIRST" for column in _ITEM)
            pieces = f'SELECT * REPLACE (dense_rank() OVER (ORDER BY {order}) AS _item) FROM "{_PIECES}"'
        rows = self._versions.select(
            f"SELECT {instant_of('_from')}, {instant_of('_until')}, _item, _rank < {_CONCLUDED}, conclusion, head, said"
            f" FROM ({pieces}) ORDER BY _item, _rank, _from",
            {},
        ).rows
        stands_in = f"SELECT DISTINCT _item FROM ({pieces}) WHERE key IS NULL OR stands_in"
        apart = self._versions.select(stands_in, {}).rows if self._unseen else ()
        return rows, {row[0] for row in apart}
