"""Versioned settings, scope and parameters: each change is an act with an effective instant, and earlier instants keep their value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from assay.evidence.canonical import Json, encode, instant_text, parse, parse_instant
from assay.evidence.ledger import Kind
from assay.evidence.times import Times
from assay.home.database import Database
from assay.home.place import Home, act_body


@dataclass(frozen=True, slots=True)
class Setting:
    """One value of a setting: from when it holds, and the index of the act that set it."""

    name: str
    value: Json
    effective: str
    entry: int


def set_setting(
    home: Home,
    name: str,
    value: Json,
    effective: datetime,
    by: str,
    also: Callable[[Database], None] = lambda transaction: None,
) -> int:
    """Set `name` to `value` from `effective` on; gives the act's index. `also` writes what belongs to it in the same transaction."""
    since = instant_text(effective)

    def record(transaction: Database, ordinal: int) -> None:
        transaction.execute(
            "insert into setting (entry, name, effective, value) values (?, ?, ?, ?)",
            (ordinal, name, since, encode(value).decode()),
        )
        also(transaction)

    return home.ledger.append(
        Kind.ACT, act_body("setting.set", by, {"effective": since, "name": name, "value": value}), record
    )


def setting_at(home: Home, name: str, instant: datetime) -> Setting | None:
    """Give the value of a setting in force at an instant: the one with the latest effective instant, and of two of those the later act.

    Where the clock stepped back, an act that held at once is not overtaken by an earlier one (`Times.effective`).
    """
    return _in_force(home, name, instant, home.ledger.times())


def settings_at(home: Home, prefix: str, instant: datetime) -> dict[str, Json]:
    """Give every setting whose name begins with `prefix`, without the prefix, as in force at an instant."""
    names = home.database.rows(
        "select distinct name from setting where substr(name, 1, ?) = ? order by name", (len(prefix), prefix)
    )
    times = home.ledger.times()
    values = ((name.removeprefix(prefix), _in_force(home, name, instant, times)) for (name,) in names)
    return {name: setting.value for name, setting in values if setting is not None}


def effective_instants(home: Home, prefix: str) -> list[datetime]:
    """Give every instant from which a setting whose name begins with `prefix` was to hold, in order."""
    rows = home.database.rows(
        "select entry, effective from setting where substr(name, 1, ?) = ?", (len(prefix), prefix)
    )
    times = home.ledger.times()
    return sorted({times.effective(entry, parse_instant(effective)) for entry, effective in rows})


def _in_force(home: Home, name: str, instant: datetime, times: Times) -> Setting | None:
    acts = [
        (times.effective(one.entry, parse_instant(one.effective)), one.entry, one)
        for one in history(home, name)
    ]
    found = [one for one in acts if one[0] <= instant]
    return max(found, key=lambda one: one[:2])[2] if found else None


def history(home: Home, name: str) -> list[Setting]:
    """Give every value that was ever set, in the order of the acts."""
    rows = home.database.rows(
        "select value, effective, entry from setting where name = ? order by entry", (name,)
    )
    return [Setting(name, parse(value), effective, entry) for value, effective, entry in rows]
