"""Parts of the system that sources showed: accounts, projects, repositories, databases, interfaces, and where access is managed."""

from __future__ import annotations

from dataclasses import dataclass

from assay.catalogue import Part
from assay.evidence.ledger import Kind
from assay.evidence.records import Whole
from assay.home.populations import Located, current_lines, newest
from assay.home.sources import sources
from assay_web.home import current_home
from assay_web.memory import remembered

_PARTS = {
    "aws_account": Part.ACCOUNT,
    "aws_cloudfront": Part.INTERFACE,
    "aws_dynamodb_table": Part.DATABASE,
    "aws_iam_identity_provider": Part.ACCESS,
    "aws_identity_center_instance": Part.ACCESS,
    "aws_lb": Part.INTERFACE,
    "aws_rds_cluster": Part.DATABASE,
    "aws_rds_instance": Part.DATABASE,
    "github_org": Part.PROJECT,
    "github_repo": Part.REPOSITORY,
}
_ORDER = list(Part)


@dataclass(frozen=True, slots=True)
class Found:
    """A part that a source showed. `key` names its record for good: the table and the record's key."""

    part: Part
    key: str
    name: str
    source: str


def found_parts() -> tuple[Found, ...]:
    """Give every part that the newest collections of connected sources showed, in the order of kinds and names."""
    home = current_home()
    last = home.ledger.last(Kind.COLLECTION)
    connected = frozenset(one.id for one in sources(home))
    return () if last is None else _found(home.id, str(home.path), last.ordinal, connected)


@remembered(4)
def _found(home_id: str, path: str, ordinal: int, connected: frozenset[str]) -> tuple[Found, ...]:
    home = current_home()
    shown = {
        one.key: one
        for located in newest(home)
        if located.place.table in _PARTS and located.source in connected
        for line in current_lines(home, located)
        if isinstance(line, Whole)
        for one in [_part(located, line.key)]
    }
    return tuple(
        sorted(shown.values(), key=lambda one: (_ORDER.index(one.part), one.name.casefold(), one.key))
    )


def _part(located: Located, key: str) -> Found:
    table = located.place.table
    return Found(_PARTS[table], f"{table} {key}", _name(table, located.place.account, key), located.source)


def _name(table: str, account: str, key: str) -> str:
    if table == "aws_account":
        return account
    pieces = key.split("/")
    if table == "aws_lb" and len(pieces) > 2:
        return pieces[-2]
    return (pieces[-1] or key).rsplit(":", 1)[-1]
