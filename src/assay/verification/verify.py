"""Performs a pack again: container, signatures, ledger, bodies, populations, conclusions, report. No network, no clock, no database.

Nothing is trusted because the pack says it: each step uses only what the steps before it proved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from assay.errors import AssayError
from assay.evidence.bag import NOTE, ContainerError, check_container, check_signature, signed_container
from assay.evidence.book import Entry, origin
from assay.evidence.canonical import Json, decode
from assay.evidence.checkpoint import Checkpoint, SignedCheckpoint, open_checkpoint
from assay.evidence.cosignature import CosignerKey, cosignatures
from assay.evidence.handover import HandoverError, InForce, keys_in_force, unfounded_handovers
from assay.evidence.ledger import Kind
from assay.evidence.merkle import root_of_hashes
from assay.evidence.note import Ed25519Key, parse_note
from assay.evidence.stamped import stamps, stamps_that_hold
from assay.evidence.timestamp import Authority
from assay.verification.inventory import (
    CHECKPOINT,
    REPORT,
    list_versions,
    misdescribed,
    strangers,
    withheld,
)
from assay.verification.pack_book import LEDGER, SUBJECTS, PackBook, PackError, body_path, object_path, states
from assay.verification.performing import Performer
from assay.verification.shapes import Each, check_shape, digest

FORMAT = 1
Reporter = Callable[[PackBook, Entry, bytes], bytes]
Step = Callable[[Mapping[str, bytes], "Trusted", "Verification"], "Iterable[Finding]"]


@dataclass(frozen=True, slots=True)
class Trusted:
    """What the verifier brings from outside the pack: the home's key, an older checkpoint of its log, keys of witnesses, roots of a time-stamp authority.

    Each may be missing.
    """

    key: Ed25519Key | None = None
    checkpoint: bytes | None = None
    witnesses: tuple[CosignerKey, ...] = ()
    authority: Authority | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold: the file, the record in it where one can be named, and a sentence."""

    file: str
    problem: str
    record: str | None = None

    def __str__(self) -> str:
        where = f"{self.file}, record {self.record}" if self.record else self.file
        return f"{where}: {self.problem}"


@dataclass
class Verification:
    """What was checked, and what does not hold. `findings` empty means everything that was checked holds."""

    findings: list[Finding] = field(default_factory=list)
    home: str = ""
    entries: int = 0
    checkpoint: Checkpoint | None = None
    origin_proven: bool = False
    handed_over: int | None = None
    older_checkpoint: int | None = None
    witnesses: list[tuple[str, datetime]] = field(default_factory=list)
    timestamps: list[tuple[str, datetime]] = field(default_factory=list)
    unchecked_timestamps: list[tuple[str, datetime]] = field(default_factory=list)
    populations: int = 0
    records: int = 0
    performed: int = 0
    conclusions: int = 0
    not_performed: list[str] = field(default_factory=list)
    report_performed: bool = False

    @property
    def holds(self) -> bool:
        return not self.findings


def verify_pack(files: Mapping[str, bytes], trusted: Trusted, report: Reporter | None = None) -> Verification:
    """Perform a pack again and give what holds.

    1. The whole container. 2. Who signed it. 3. The ledger under its checkpoint, an older checkpoint, witnesses. 4. Every disclosed body and
    object, and that nothing else is there. 5. Every population's root. 6. Every conclusion. 7. The report. A step that finds a lie ends the
    verification: later steps rest on it. Whatever a pack holds, the answer is findings or none, never another error.
    """
    result = Verification()
    steps: list[Step] = [_container, _signature, _ledger, _bodies, _populations, _conclusions]
    if report is not None:
        steps.append(lambda files, trusted, result: _report(files, result, report))
    for step in steps:
        try:
            result.findings += step(files, trusted, result)
        except (ContainerError, PackError) as error:
            result.findings.append(Finding(error.file, str(error).removeprefix(f"{error.file}: ")))
        except AssayError as error:
            result.findings.append(Finding("data", str(error)))
        except Exception as error:
            # A pack is a stranger's. What its shape lets through and some step stumbles over is a finding like any other.
            result.findings.append(
                Finding("data", f"cannot be performed again ({type(error).__name__}: {str(error)[:200]})")
            )
        if result.findings:
            return result
    return result


def _container(files: Mapping[str, bytes], trusted: Trusted, result: Verification) -> Iterable[Finding]:
    check_container(files)
    return ()


def _signature(files: Mapping[str, bytes], trusted: Trusted, result: Verification) -> Iterator[Finding]:
    """The container is signed by the key in force; a key from outside is that one, or one that handed over to it."""
    signed = signed_container(files)
    book = PackBook(files)
    first = _founding(book)
    own = _own_key(book)
    result.home = first["home"]
    if signed.home != first["home"]:
        yield Finding(NOTE, "names another home than the ledger's first entry")
    elif trusted.key is not None and not _is_ours(trusted.key, book, result):
        yield Finding(
            LEDGER,
            f"neither the ledger's first entry nor a handover names the key that you gave ({trusted.key.name})",
        )
    else:
        check_signature(signed, own)
        result.origin_proven = trusted.key is not None


def _is_ours(given: Ed25519Key, book: PackBook, result: Verification) -> bool:
    """Tell whether a key signed for this log at some time; where it handed over to another, remember by which entry."""
    keys = _keys(book)
    for one, following in zip(keys, [*keys[1:], None], strict=True):
        if one.public == given.public:
            result.handed_over = None if following is None else following.since
            return True
    return False


def _own_key(book: PackBook) -> Ed25519Key:
    """Give the key in force over the whole ledger, under the log's present origin: the one that the first entry names, or the last that was handed over to."""
    return Ed25519Key(origin(_founding(book)["home"], book), _keys(book)[-1].public)


def _keys(book: PackBook) -> list[InForce]:
    try:
        return keys_in_force(book)
    except HandoverError as error:
        raise PackError(LEDGER, str(error)) from error


def _founding(book: PackBook) -> Json:
    """Give the body of the ledger's first entry, which says whose ledger it is."""
    first = book.entry(0)
    if first.kind != Kind.HOME:
        raise PackError(
            LEDGER, "does not begin with the entry that founds the home: the first was dropped or moved"
        )
    return book.body(first)


def _ledger(files: Mapping[str, bytes], trusted: Trusted, result: Verification) -> Iterator[Finding]:
    book = PackBook(files)
    key = _own_key(book)
    try:
        signed = open_checkpoint(files.get(CHECKPOINT, b""), key.name, [key])
    except AssayError as error:
        raise PackError(CHECKPOINT, str(error)) from error
    checkpoint = signed.checkpoint
    hashes = book.leaf_hashes(0, book.size())
    result.entries, result.checkpoint = len(hashes), checkpoint
    if checkpoint.size != len(hashes):
        yield Finding(
            LEDGER, f"has {len(hashes)} entries, but the checkpoint was signed over {checkpoint.size}"
        )
    elif checkpoint.root != root_of_hashes(hashes):
        yield Finding(
            LEDGER,
            "the entries do not give the root that the checkpoint was signed over: one was changed, dropped, added or moved",
        )
    elif unfounded := list(unfounded_handovers(book, hashes)):
        for ordinal, problem in unfounded:
            yield Finding(body_path(book.entry(ordinal).body), f"the handover of the signing key {problem}")
    else:
        if trusted.witnesses:
            yield from _witnessed(signed, trusted.witnesses, result)
        yield from _stamped(signed, trusted.authority, result)
        if trusted.checkpoint is not None:
            yield from _older(book, trusted.checkpoint, key, hashes, result)


def _witnessed(
    signed: SignedCheckpoint, witnesses: tuple[CosignerKey, ...], result: Verification
) -> Iterator[Finding]:
    """Each witness that the verifier names has cosigned."""
    for witness in witnesses:
        try:
            result.witnesses += [(one.witness, one.at) for one in cosignatures(signed.note, [witness])]
        except AssayError as error:
            yield Finding(CHECKPOINT, f"is not cosigned by {witness.name}: {error}")


def _stamped(
    signed: SignedCheckpoint, authority: Authority | None, result: Verification
) -> Iterator[Finding]:
    """The checkpoint carries a time-stamp by the authority that the verifier trusts; without one, what it carries is named and not believed."""
    if authority is None:
        result.unchecked_timestamps = [(one.name, one.at) for one in stamps(signed.note)]
        return
    try:
        held = stamps_that_hold(signed.note, authority)
        result.timestamps = [(one.authority, one.at) for one in held]
    except AssayError as error:
        yield Finding(CHECKPOINT, f"has no time-stamp that holds under the root you gave: {error}")


def _older(
    book: PackBook, older: bytes, key: Ed25519Key, hashes: list[bytes], result: Verification
) -> Iterator[Finding]:
    """The ledger must begin with what an older checkpoint, kept outside, was signed over; it may be of an epoch before this one."""
    before, lost = _opened_older(book, older, key)
    if lost is not None and before.size > lost[1]:
        yield Finding(
            LEDGER,
            f"lacks entries {lost[1]} to {before.size - 1} that the older checkpoint you gave was signed over: entry {lost[0]} says that a backup without them was restored",
        )
    elif before.size > len(hashes):
        yield Finding(
            LEDGER,
            f"ends at entry {len(hashes) - 1}, but the older checkpoint you gave was signed over {before.size}: entries were taken away",
        )
    elif root_of_hashes(hashes[: before.size]) != before.root:
        yield Finding(
            LEDGER,
            f"the first {before.size} entries are others than the older checkpoint you gave was signed over: the past was rewritten",
        )
    else:
        result.older_checkpoint = before.size
        result.origin_proven = True


def _opened_older(book: PackBook, older: bytes, key: Ed25519Key) -> tuple[Checkpoint, tuple[int, int] | None]:
    """Open an older checkpoint of this log under the origin it had then; gives with it the entry and the restored size of the epoch that followed."""
    home = _founding(book)["home"]
    epochs = [
        (entry.ordinal, book.body(entry)["restored_head"]["size"]) for entry in book.entries(kind=Kind.EPOCH)
    ]
    said = parse_note(older).text.partition("\n")[0]
    for number, epoch in enumerate(epochs):
        name = f"assay/{home}/{number}" if number else f"assay/{home}"
        if said == name:
            return _signed_by_us(book, older, name), epoch
    return _signed_by_us(book, older, key.name), None


def _signed_by_us(book: PackBook, checkpoint: bytes, name: str) -> Checkpoint:
    """Open a checkpoint that any key of this log signed: which was in force over it then, an epoch may have taken away since."""
    keys = [Ed25519Key(name, one.public) for one in _keys(book)]
    try:
        return open_checkpoint(checkpoint, name, keys).checkpoint
    except AssayError as error:
        raise PackError(
            LEDGER, f"is not that of the older checkpoint you gave, or its keys are others: {error}"
        ) from error


def _bodies(files: Mapping[str, bytes], trusted: Trusted, result: Verification) -> Iterator[Finding]:
    """Every body and object is what its name says and something asks for it; every collection and conclusion is disclosed; nothing is misdescribed."""
    book = PackBook(files)
    for entry in book.entries():
        if book.discloses(entry) or entry.kind in (
            Kind.COLLECTION,
            Kind.CONCLUSIONS,
            Kind.EPISODES,
            Kind.ERASURE,
            Kind.EPOCH,
            Kind.KEY,
        ):
            book.body(entry)
    for path in sorted(files):
        if path.startswith("data/objects/") and object_path(hashlib.sha256(files[path]).hexdigest()) != path:
            yield Finding(path, "holds other bytes than its name says")
    yield from (Finding(path, "is nothing that the ledger asks for") for path in strangers(book))
    yield from (Finding(path, problem) for path, problem in misdescribed(book))
    result.not_performed += withheld(book)


def _populations(files: Mapping[str, bytes], trusted: Trusted, result: Verification) -> Iterator[Finding]:
    """Every population has the root that its collection stated; where it has not, the record that lies is named if the pack lists commitments."""
    listings: dict[str, bytes] = {}
    for collection, statement, held, given in states(PackBook(files)):
        result.populations += 1
        result.records += len(held)
        list_versions(listings, collection, statement, given)
        if len(held) != statement["size"] or held.root().hex() != statement["root"]:
            file = object_path(statement["records"]) if statement["records"] else LEDGER
            record = _liar(files, collection.ordinal, statement, given)
            yield Finding(
                file,
                f"the records do not give the population of {statement['table']} that entry {collection.ordinal} states",
                record,
            )
            return
    for path, listing in listings.items():
        if files.get(path) != listing:
            yield Finding(path, "lists other commitments than the records have")


def _liar(
    files: Mapping[str, bytes], ordinal: int, statement: Json, given: list[tuple[str, bytes]]
) -> str | None:
    listing = files.get(f"data/populations/{ordinal}.jsonl", b"")
    for line in listing.splitlines():
        member = decode(line)
        if all(member[name] == statement[name] for name in ("account", "region", "table")):
            stated = set(member["commitments"])
            return next((name for name, commitment in given if commitment.hex() not in stated), None)
    return None


def _conclusions(files: Mapping[str, bytes], trusted: Trusted, result: Verification) -> Iterator[Finding]:
    book = PackBook(files, subject_keys(files))
    performer = Performer(book)
    for entry in book.entries(kind=Kind.CONCLUSIONS):
        yield from (Finding(lie.file, lie.problem, lie.check) for lie in performer.perform(entry))
        result.performed += 1
    for entry in book.entries(kind=Kind.EPISODES):
        yield from (Finding(lie.file, lie.problem, lie.check) for lie in performer.perform_over(entry))
        result.performed += 1
    result.conclusions = performer.conclusions
    result.not_performed += performer.not_performed


def _report(files: Mapping[str, bytes], result: Verification, report: Reporter) -> Iterator[Finding]:
    book = PackBook(files, subject_keys(files))
    newest = list(book.entries(kind=Kind.CONCLUSIONS))
    if REPORT not in files or not newest:
        return
    result.report_performed = True
    if report(book, newest[-1], files[CHECKPOINT]) != files[REPORT]:
        yield Finding(REPORT, "is not the report that the evidence gives when it is performed again")


def subject_keys(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Give the subject keys that the pack discloses, so that personal records can be judged again; none when they were left out."""
    if SUBJECTS not in files:
        return {}
    try:
        listed = decode(files[SUBJECTS])
        check_shape(listed, Each(digest))
    except AssayError as error:
        raise PackError(SUBJECTS, str(error)) from error
    return {subject: bytes.fromhex(key) for subject, key in listed.items()}
