"""The home's ledger on its own database: what happened, in order, never changed (formats.md, section 7).

An entry is acknowledged when `append` returns: its body is durable in the store, then the entry is, in one transaction with what it records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from assay.evidence.book import Entry, erasure_of, erasure_of_body
from assay.evidence.canonical import Json, decode, instant_text
from assay.evidence.ledger import Envelope, Kind, LedgerError
from assay.evidence.times import Times
from assay.home.database import Database
from assay.stores import Evidence, MissingObjectError

FORMAT = 1
STEP_BACK = timedelta(seconds=2)


class Ledger:
    """Appends to and reads the ledger of one home."""

    def __init__(
        self,
        database: Database,
        evidence: Evidence,
        clock: Callable[[], datetime],
        random: Callable[[int], bytes],
    ) -> None:
        self._database = database
        self._evidence = evidence
        self._clock = clock
        self._random = random
        self._times: tuple[int, Times] | None = None

    def append(self, kind: Kind, body: Json, record: Callable[[Database, int], None] | None = None) -> int:
        """Append an entry and give its index.

        1. The body becomes durable. 2. The write lock is taken. 3. `record` writes what belongs to the entry, given its index.
        4. The entry is the last statement. 5. The transaction is durable.
        """
        salt = self._random(16)
        commitment = self._evidence.put_body(body, salt)  # 1
        self.note_clock()
        with self._database.transaction() as transaction:  # 2, 5
            ordinal = self.size()
            if record is not None:
                record(transaction, ordinal)  # 3
            self._insert(transaction, ordinal, kind, commitment, self._clock())  # 4
        return ordinal

    def size(self) -> int:
        """Give the number of entries."""
        (size,) = self._database.one("select coalesce(max(ordinal) + 1, 0) from ledger_entry") or (0,)
        return int(size)

    def entries(self, start: int = 0, kind: Kind | None = None) -> Iterator[Entry]:
        """Give entries from index `start` on, of one kind or all, in order."""
        if kind is None:
            rows = self._database.rows(
                "select ordinal, envelope from ledger_entry where ordinal >= ? order by ordinal", (start,)
            )
        else:
            ends = f'"kind":"{kind}"}}'.encode()  # the last member of an envelope
            rows = self._database.rows(
                "select ordinal, envelope from ledger_entry where ordinal >= ? and substr(envelope, length(envelope) - ? + 1) = ? order by ordinal",
                (start, len(ends), ends),
            )
        for ordinal, envelope in rows:
            yield Entry(ordinal, Envelope.decode(envelope))

    def entry(self, ordinal: int) -> Entry:
        """Give one entry; raises LedgerError when there is none."""
        row = self._database.one("select envelope from ledger_entry where ordinal = ?", (ordinal,))
        if row is None:
            raise LedgerError(f"The ledger has no entry {ordinal}; it ends at {self.size() - 1}.")
        return Entry(ordinal, Envelope.decode(row[0]))

    def last(self, kind: Kind) -> Entry | None:
        """Give the newest entry of a kind, or None."""
        ends = f'"kind":"{kind}"}}'.encode()  # the last member of an envelope
        row = self._database.one(
            "select ordinal, envelope from ledger_entry where substr(envelope, length(envelope) - ? + 1) = ? order by ordinal desc limit 1",
            (len(ends), ends),
        )
        return None if row is None else Entry(row[0], Envelope.decode(row[1]))

    def body(self, entry: Entry) -> Json:
        """Give the body of an entry, or what an erasure left of it."""
        try:
            return self._evidence.body(entry.body)
        except MissingObjectError:
            erased = erasure_of_body(self, entry)
            if erased is None or erased.replacement is None:
                raise
            return decode(self._evidence.object(erased.replacement))

    def object(self, digest: str) -> bytes:
        """Give an object of the store, or what was put in its place when something in it was erased. This makes the ledger a `Book`."""
        try:
            return self._evidence.object(digest)
        except MissingObjectError:
            erased = erasure_of(self, digest)
            if erased is None or erased.replacement is None:
                raise
            return self.object(erased.replacement)

    def leaf_hashes(self, start: int, end: int) -> list[bytes]:
        """Give the leaf hashes of entries `start` to `end`, exclusive."""
        rows = self._database.rows(
            "select leaf_hash from ledger_entry where ordinal >= ? and ordinal < ? order by ordinal",
            (start, end),
        )
        return [row[0] for row in rows]

    def envelopes(self, start: int, end: int) -> list[bytes]:
        """Give the envelopes of entries `start` to `end`, exclusive."""
        rows = self._database.rows(
            "select envelope from ledger_entry where ordinal >= ? and ordinal < ? order by ordinal",
            (start, end),
        )
        return [row[0] for row in rows]

    def times(self) -> Times:
        """Give what the ledger as it is now knows of time."""
        size = self.size()
        if self._times is None or self._times[0] != size:
            self._times = (size, Times.of(self))
        return self._times[1]

    def note_clock(self, told: datetime | None = None) -> None:
        """When the wall clock stepped back by more than two seconds behind the last entry, or behind what it `told` since, say so in an entry of its own, first."""
        size = self.size()
        if size == 0:
            return
        last, now = self.entry(size - 1).at, self._clock()
        previous = last if told is None else max(last, told)
        if previous - now <= STEP_BACK:
            return
        body = {"format": FORMAT, "now": instant_text(now), "previous": instant_text(previous)}
        salt = self._random(16)
        commitment = self._evidence.put_body(body, salt)
        with self._database.transaction() as transaction:
            self._insert(transaction, self.size(), Kind.CLOCK, commitment, now)

    def _insert(
        self, transaction: Database, ordinal: int, kind: Kind, commitment: bytes, at: datetime
    ) -> None:
        envelope = Envelope(at, commitment, kind)
        transaction.execute(
            "insert into ledger_entry (ordinal, envelope, leaf_hash) values (?, ?, ?)",
            (ordinal, envelope.encode(), envelope.leaf_hash()),
        )
