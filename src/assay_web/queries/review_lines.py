"""What frozen lines say, opened for those who may see it; what was erased reads so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assay.evidence.canonical import encode, parse
from assay.evidence.ledger import Kind
from assay.evidence.records import Place, Sealed, Whole
from assay.home.personal import personal
from assay_web.home import current_home
from assay_web.memory import remembered
from assay_web.queries.checks import SOMEONE
from assay_web.records.reviews import ReviewLine

TABLE = "assay_review_line"
"""The table of the place where lines are sealed; the review's id is its account. No table of a source can have this name."""
ERASED = "erased"
_ORDINARY = frozenset({"person", "user", "not seen"})
"""Kinds of account that go without saying."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a line says. `salt` lets its commitment be computed again; an erased line has neither that nor a record."""

    record: Mapping[str, Any]
    salt: str = ""
    erased: bool = False

    @property
    def account(self) -> str:
        return ERASED if self.erased else str(self.record["account"])

    @property
    def right(self) -> str:
        return ERASED if self.erased else str(self.record["right"])

    @property
    def person(self) -> str:
        return "" if self.erased else str(self.record["person"])

    @property
    def system(self) -> str:
        return "" if self.erased else str(self.record["system"])

    @property
    def kind(self) -> str:
        kind = "" if self.erased else str(self.record["kind"])
        return "" if kind.lower() in _ORDINARY else kind

    @property
    def use(self) -> str:
        """Say when the account was last used."""
        if self.erased:
            return ""
        if not self.record["used_seen"]:
            return "not seen"
        return str(self.record["used"] or "never")[:10]

    @property
    def text(self) -> str:
        return f"{self.account} {self.right} {self.person} {self.system} {self.kind}".casefold()


GONE = Said({}, erased=True)
HIDDEN = Said(
    {
        "account": SOMEONE,
        "kind": "",
        "person": "",
        "right": "not shown",
        "system": "",
        "used": None,
        "used_seen": False,
    }
)
"""What those see of a line who may not see people."""


def opened(lines: Iterable[ReviewLine]) -> list[Said]:
    """Give what lines say, in their order. A line reads erased where its own key is gone, or the evidence that it rests on was erased."""
    gone = erased_commitments()
    with personal(current_home()) as people:
        return [
            GONE if one.evidence in gone or not one.body else _opened(one, people.sealer.open)
            for one in lines
        ]


def every_line(review_id: str) -> Mapping[int, Said]:
    """Give what all lines of a review say, by number. Held in memory alone, for as long as nobody is erased."""
    last = current_home().ledger.last(Kind.ERASURE)
    return _every(str(current_home().path), review_id, -1 if last is None else last.ordinal)


@remembered(4)
def _every(path: str, review_id: str, erasure: int) -> Mapping[int, Said]:
    lines = list(
        ReviewLine.objects.filter(review=review_id).only("number", "body", "evidence", "commitment", "review")
    )
    return dict(zip([one.number for one in lines], opened(lines), strict=True))


def every_text(review_id: str) -> Mapping[int, str]:
    """Give what words are looked for in, by line; nothing of what was erased."""
    last = current_home().ledger.last(Kind.ERASURE)
    return _texts(str(current_home().path), review_id, -1 if last is None else last.ordinal)


@remembered(4)
def _texts(path: str, review_id: str, erasure: int) -> Mapping[int, str]:
    return {number: said.text for number, said in every_line(review_id).items() if not said.erased}


def erased_commitments() -> frozenset[str]:
    """Give the commitments of all records that were erased."""
    last = current_home().ledger.last(Kind.ERASURE)
    return frozenset() if last is None else _erased(str(current_home().path), last.ordinal)


@remembered(2)
def _erased(path: str, ordinal: int) -> frozenset[str]:
    home = current_home()
    return frozenset(
        one
        for entry in home.ledger.entries(kind=Kind.ERASURE)
        for one in home.ledger.body(entry)["commitments"]
    )


def _opened(line: ReviewLine, open_sealed: Any) -> Said:
    if "salt" in line.body:
        return Said(parse(line.body["record"].encode()), line.body["salt"])
    sealed = Sealed(bytes.fromhex(line.commitment), bytes.fromhex(line.body["sealed"]), line.body["subject"])
    version: Whole | None = open_sealed(Place(TABLE, line.review_id, ""), sealed)
    return GONE if version is None else Said(parse(version.record), version.salt.hex())


def leaf_of(said: Said) -> str:
    """Give what a line says as canonical JSON; nothing where it was erased."""
    return "" if said.erased else encode(dict(said.record)).decode()
