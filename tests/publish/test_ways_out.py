"""Ways out of a checkpoint: set up as acts, sent to, failing one by one, and told by doctor, status, pack and report."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from locked_bucket import MemoryBucket
from standin_authority import NOW, ROOT, Tsa, issue
from tests.home.world import Clock, collect, conclude, new_home, seen, thing
from tests.tampering.small_home import small_pack, with_small_content
from witness_world import Given, InProcess

from assay.cli.root import assay
from assay.documents.sentences import colophon_sentences
from assay.evidence.canonical import parse
from assay.evidence.checkpoint import open_checkpoint
from assay.evidence.cosignature import Cosigner
from assay.evidence.ledger import Kind
from assay.evidence.stamped import is_stamp
from assay.evidence.timestamp import Authority
from assay.home import Home, publish, signer
from assay.home.doctor import Weight, diagnose
from assay.home.publishing import published
from assay.home.rotating import rotate_signing_key
from assay.home.sending import Outside, senders
from assay.home.ways_out import (
    Outcome,
    WayOut,
    WayOutError,
    WayOutKind,
    add_way_out,
    credentials_of,
    outcome,
    remove_way_out,
    send_everywhere,
    ways_out,
)
from assay.publish import Witness, WitnessFile
from assay.publish.mailbox import MailError, MailServer
from assay.verification import Trusted, report_again, verify_pack

PEM = ROOT.certificate.public_bytes(Encoding.PEM).decode()
STAMPS = WayOut("tsa.example", WayOutKind.TIMESTAMP, {"roots": PEM, "url": "https://tsa.example/"})
BUCKET = WayOut(
    "s3://kept-apart",
    WayOutKind.BUCKET,
    {"access_key_id": "AKIAEXAMPLE", "bucket": "kept-apart", "days": 400, "mode": "GOVERNANCE", "prefix": ""},
)
MAIL = WayOut(
    "mailto:chloe@firm.example",
    WayOutKind.MAILBOX,
    {
        "from": "assay@northwind.example",
        "server": {"host": "mail.northwind.example", "port": 465, "security": "tls", "user": "assay"},
        "to": "chloe@firm.example",
    },
)


@dataclass
class World:
    """What lies outside: one HTTP host, one bucket, one mail server; and what each was asked."""

    answer: Callable[[str, str, Any, bytes], Any] = field(default_factory=lambda: Tsa().request)
    bucket: MemoryBucket = field(default_factory=MemoryBucket)
    mail: list[tuple[EmailMessage, MailServer]] = field(default_factory=list)
    addresses: list[Any] = field(default_factory=list)
    mail_fails: str = ""
    requests: int = 0

    def request(self, method: str, url: str, headers: Any, body: bytes) -> Any:
        self.requests += 1
        return self.answer(method, url, headers, body)

    def close(self) -> None:
        pass

    def send(self, message: EmailMessage, server: MailServer) -> None:
        if self.mail_fails:
            raise MailError(self.mail_fails)
        self.mail.append((message, server))

    def senders(self) -> Any:
        return senders(
            Outside(
                lambda allowance: self,
                lambda address: self.addresses.append(address) or self.bucket,
                self.send,
            )
        )


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return with_small_content(new_home(tmp_path / "home", Clock(NOW)))


def sent(home: Home, world: World, *names: str) -> dict[str, Outcome]:
    return {one.name: one for one in send_everywhere(home, world.senders(), names)}


def test_a_way_out_is_an_act_and_its_secret_is_sealed(home: Home) -> None:
    entry = add_way_out(home, BUCKET, {"secret_access_key": "canary-secret"}, "ada")
    body = home.ledger.body(home.ledger.entry(entry))
    assert (body["act"], body["by"], body["details"]["name"]) == (
        "setting.set",
        "ada",
        "way_out.s3://kept-apart",
    )
    assert body["details"]["value"]["credentials"] == ["secret_access_key"]
    assert ways_out(home) == [BUCKET]
    assert credentials_of(home, BUCKET.name) == {"secret_access_key": "canary-secret"}
    stored = [path.read_bytes() for path in home.path.rglob("*") if path.is_file()]
    assert not any(b"canary-secret" in content for content in stored)
    remove_way_out(home, BUCKET.name, "ada")
    assert (ways_out(home), credentials_of(home, BUCKET.name)) == ([], {})
    with pytest.raises(WayOutError, match="There is: none yet"):
        remove_way_out(home, BUCKET.name, "ada")


def test_a_time_stamp_is_kept_on_the_checkpoint_and_asked_for_once(home: Home) -> None:
    add_way_out(home, STAMPS, {}, "ada")
    world = World()
    said = sent(home, world)["tsa.example"]
    assert said.said == "CN=Stand-in time-stamps stamped it at 2026-11-23 06:12:48 UTC"
    note = published(home).note  # type: ignore[union-attr]
    assert [is_stamp(line) for line in note.signatures] == [False, True]
    sent(home, world)
    assert world.requests == 1
    home.act("note.made", "ada", {})
    sent(home, world)
    assert world.requests == 2
    kept = [name.partition("-")[0] for name in home.evidence.store.names("log/witnessed")]
    assert kept == ["log/witnessed/3", "log/witnessed/4"]


def test_a_pack_proves_its_time_stamp_to_whoever_trusts_the_root(home: Home) -> None:
    collect(home, seen(thing("a")))
    conclude(home)
    add_way_out(home, STAMPS, {}, "ada")
    sent(home, World())
    files = small_pack(home)
    trusting = verify_pack(files, Trusted(authority=Authority((ROOT.certificate,))), report_again)
    assert (trusting.findings, trusting.timestamps) == ([], [("CN=Stand-in time-stamps", NOW)])
    assert trusting.report_performed
    plain = verify_pack(files, Trusted(), report_again)
    assert (plain.findings, plain.unchecked_timestamps) == ([], [("tsa.example", NOW)])
    other = Authority((issue("Another root", authority=True).certificate,))
    (finding,) = verify_pack(files, Trusted(authority=other)).findings
    assert "no time-stamp that holds under the root you gave" in finding.problem
    end = parse(files["data/report.json"])["colophon"]
    assert end["timestamps"] == [{"at": "2026-11-23T06:12:48Z", "name": "tsa.example"}]
    assert end["self_witnessed"] is False
    assert "time-stamped by tsa.example on" in colophon_sentences({"colophon": end}, UTC)[1]


def test_a_stamp_moved_to_another_checkpoint_does_not_hold(home: Home) -> None:
    add_way_out(home, STAMPS, {}, "ada")
    sent(home, World())
    (_, stamp) = published(home).note.signatures  # type: ignore[union-attr]
    home.act("note.made", "ada", {})
    later = publish(home)
    home.evidence.store.replace("log/checkpoint", later.note.signed_by(stamp).encode())
    (finding,) = verify_pack(small_pack(home), Trusted(authority=Authority((ROOT.certificate,)))).findings
    assert "another digest" in finding.problem


def test_a_bucket_gets_tiles_and_checkpoints_held_and_only_what_is_new(home: Home) -> None:
    add_way_out(home, BUCKET, {"secret_access_key": "sealed"}, "ada")
    world = World()
    assert "3 files lie in the bucket kept-apart" in sent(home, world)[BUCKET.name].said
    origin = f"assay/{home.id}"
    assert world.addresses[0].keys[1].reveal() == "sealed"
    assert sorted(world.bucket.objects) == [
        f"{origin}/checkpoint",
        f"{origin}/checkpoints/3",
        f"{origin}/tile/0/000.p/3",
        f"{origin}/tile/entries/000.p/3",
    ]
    assert {one.until.date().isoformat() for one in world.bucket.held.values() if one} == {"2027-12-28"}
    key = signer(home).key
    assert open_checkpoint(world.bucket.objects[f"{origin}/checkpoint"], key.name, [key]).checkpoint.size == 3
    home.act("note.made", "ada", {})
    sent(home, world)
    assert f"{origin}/checkpoints/4" in world.bucket.objects


def test_a_bucket_without_object_lock_is_refused_with_what_to_do(home: Home) -> None:
    add_way_out(home, BUCKET, {"secret_access_key": "sealed"}, "ada")
    world = World(bucket=MemoryBucket(locked=False))
    error = sent(home, world)[BUCKET.name].error
    assert error is not None
    assert "has no Object Lock" in error
    assert "aws s3api put-object-lock-configuration --bucket kept-apart" in error
    assert world.bucket.objects == {}


def test_a_bucket_that_holds_another_history_is_told(home: Home) -> None:
    add_way_out(home, BUCKET, {"secret_access_key": "sealed"}, "ada")
    world = World()
    world.bucket.objects[f"assay/{home.id}/tile/0/000.p/3"] = b"another history"
    assert "keeps another history of it" in (sent(home, world)[BUCKET.name].error or "")


def test_a_message_carries_the_exact_checkpoint_and_is_kept_in_the_outbox(home: Home) -> None:
    add_way_out(home, MAIL, {"password": "sealed"}, "ada")
    world = World()
    assert sent(home, world)[MAIL.name].error is None
    ((message, server),) = world.mail
    assert (server.host, server.user, server.password) == ("mail.northwind.example", "assay", "sealed")
    assert (message["To"], message["From"]) == ("chloe@firm.example", "assay@northwind.example")
    (attached,) = message.iter_attachments()
    assert attached.get_payload(decode=True) == published(home).note.encode()  # type: ignore[union-attr]
    (file,) = (home.path / "outbox").iterdir()
    assert file.name == "checkpoint-3-chloe@firm.example.eml"
    assert b"sealed" not in file.read_bytes()


def test_without_a_mail_server_the_message_is_written_and_that_is_said(home: Home) -> None:
    add_way_out(home, replace(MAIL, settings={**MAIL.settings, "server": None}), {}, "ada")
    world = World()
    assert "send that file on yourself" in sent(home, world)[MAIL.name].said
    assert world.mail == []


def test_one_that_fails_stops_neither_the_others_nor_the_ledger(home: Home) -> None:
    for way in (STAMPS, BUCKET, MAIL):
        add_way_out(home, way, {}, "ada")
    broken = World(answer=lambda *_: Given(503, {}, b""), mail_fails="The mail server is away.")
    outcomes = sent(home, broken)
    assert {name: one.error is None for name, one in outcomes.items()} == {
        "tsa.example": False,
        BUCKET.name: True,
        MAIL.name: False,
    }
    size = home.ledger.size()
    home.act("note.made", "ada", {})
    assert home.ledger.size() == size + 1
    told = {one.thing: one for one in diagnose(home)}
    assert told[MAIL.name].weight is Weight.WRONG
    assert told[MAIL.name].remedy == "The mail server is away."
    sent(home, World(), MAIL.name)
    assert outcome(home, MAIL.name).error is None  # type: ignore[union-attr]
    assert {one.thing: one for one in diagnose(home)}[MAIL.name].weight is Weight.FINE
    assert outcome(home, "tsa.example").error is not None  # type: ignore[union-attr]


def test_what_a_library_stumbles_over_is_kept_without_its_words(home: Home) -> None:
    def stumble(*_: object) -> Given:
        raise RuntimeError("canary-secret")

    for way in (STAMPS, MAIL):
        add_way_out(home, way, {}, "ada")
    outcomes = sent(home, World(answer=stumble))
    error = outcomes["tsa.example"].error
    assert (
        error == "It could not be sent (RuntimeError). Check how this way out is set up, then publish again."
    )
    assert outcomes[MAIL.name].error is None


def test_a_witness_is_a_way_out_and_its_newest_word_alone_is_kept(home: Home, tmp_path: Path) -> None:
    cosigner = Cosigner("witness.example/chloe", Ed25519PrivateKey.generate())
    memory = WitnessFile.create(tmp_path / "witness.db")
    clock = Clock(datetime(2026, 11, 24, tzinfo=UTC))
    key = signer(home).key
    witness = Witness(cosigner, {key.name: (key,)}, memory, lambda: clock.now)
    settings = {"key": cosigner.key.text(), "loopback": False, "url": "https://witness.example"}
    add_way_out(home, WayOut(cosigner.name, WayOutKind.WITNESS, settings), {}, "ada")
    world = World(answer=InProcess(witness).request)
    sent(home, world)
    clock.now = datetime(2026, 11, 25, tzinfo=UTC)
    assert "cosigned it at 2026-11-25" in sent(home, world)[cosigner.name].said
    assert [line.name for line in published(home).note.signatures] == [key.name, cosigner.name]  # type: ignore[union-attr]


def test_a_witness_follows_a_handover_once_it_is_given_the_new_key(home: Home, tmp_path: Path) -> None:
    cosigner = Cosigner("witness.example/chloe", Ed25519PrivateKey.generate())
    memory = WitnessFile.create(tmp_path / "witness.db")
    old = signer(home).key
    settings = {"key": cosigner.key.text(), "loopback": False, "url": "https://witness.example"}
    add_way_out(home, WayOut(cosigner.name, WayOutKind.WITNESS, settings), {}, "ada")
    before = Witness(cosigner, {old.name: (old,)}, memory, lambda: NOW)
    assert sent(home, World(answer=InProcess(before).request))[cosigner.name].error is None
    new = rotate_signing_key(home, "ada", "A laptop was stolen.").after
    refused = sent(home, World(answer=InProcess(before).request))[cosigner.name].error
    assert refused is not None
    assert "give its operator the new one, beside the one before (`assay keys list`)" in refused
    told = Witness(cosigner, {old.name: (old, new)}, memory, lambda: NOW)
    assert sent(home, World(answer=InProcess(told).request))[cosigner.name].error is None
    signed = published(home)
    assert signed is not None
    assert [line.key_id for line in signed.note.signatures if line.name == new.name] == [new.key_id]
    assert verify_pack(small_pack(home), Trusted(key=new, witnesses=(cosigner.key,))).findings == []


def test_without_any_way_out_a_report_says_self_witnessed_and_with_a_bucket_where_to_ask(home: Home) -> None:
    collect(home, seen(thing("a")))
    conclude(home)
    end = parse(small_pack(home)["data/report.json"])["colophon"]
    assert colophon_sentences({"colophon": end}, UTC)[1].endswith(
        "self-witnessed: nobody outside holds this head yet."
    )
    add_way_out(home, BUCKET, {}, "ada")
    conclude(home)
    files = small_pack(home)
    end = parse(files["data/report.json"])["colophon"]
    assert end["sent_to"] == [{"kind": "bucket", "name": "s3://kept-apart"}]
    assert colophon_sentences({"colophon": end}, UTC)[1].endswith(
        "self-witnessed: nobody outside has signed this head; the home is set to send its checkpoints to the bucket s3://kept-apart, which this report does not prove."
    )
    assert verify_pack(files, Trusted(), report_again).findings == []


def test_the_commands_set_up_list_publish_and_remove(tmp_path: Path) -> None:
    new_home(tmp_path / "home", Clock(NOW)).close()

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(assay, ["--home", str(tmp_path / "home"), "witness", *arguments])
        return result.exit_code, result.output

    assert "There is none" in run("list")[1]
    assert "did not leave this host (self-witnessed)" in run("publish")[1]
    code, said = run(
        "add", "mailbox", "chloe@firm.example", "--from", "assay@northwind.example", "--by", "ada"
    )
    assert (code, "Added mailto:chloe@firm.example" in said) == (0, True)
    (listed,) = json.loads(run("list", "--json")[1])
    assert (listed["kind"], listed["last"]) == ("mailbox", None)
    code, said = run("publish", "--json")
    assert (code, json.loads(said)["ways_out"][0]["error"]) == (0, None)
    (file,) = (tmp_path / "home" / "outbox").glob("*.eml")
    assert b"Subject: Checkpoint of assay/" in file.read_bytes()
    assert run("remove", "mailto:chloe@firm.example", "--by", "ada")[0] == 0
    assert run("remove", "mailto:chloe@firm.example", "--by", "ada")[0] == 1
    (tmp_path / "root.pem").write_text("not a certificate")
    code, said = run("add", "timestamp", "https://tsa.example/", "--root", str(tmp_path / "root.pem"))
    assert (code, "holds no certificate in PEM" in said) == (1, True)
    code, said = run("add", "timestamp", "http://tsa.example/", "--root", str(tmp_path / "root.pem"))
    assert (code, "is not https" in said) == (1, True)
    assert run("add", "bucket", "kept-apart", "--access-key-id", "AKIAEXAMPLE")[0] == 2


def test_a_delivery_is_no_entry(home: Home) -> None:
    """Otherwise the ledger would never be whole under its newest checkpoint."""
    add_way_out(home, MAIL, {"password": "sealed"}, "ada")
    size = home.ledger.size()
    sent(home, World())
    assert home.ledger.size() == size
    assert published(home).checkpoint.size == size  # type: ignore[union-attr]
    assert home.ledger.last(Kind.ACT).ordinal == size - 1  # type: ignore[union-attr]
