"""A witness that is told the truth, what it remembers, and what happens when two tell it at once or its disk does not hold."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from witness_world import CHLOE, LOG_KEY, NOW, ORIGIN, OTHER_KEY, Log, ask, entries, submit, witness_in

from assay.evidence.checkpoint import open_checkpoint
from assay.evidence.cosignature import cosignatures
from assay.evidence.note import Note, parse_note, parse_signatures
from assay.publish import Seen, Witness, WitnessFile, WitnessFileError

HONEST = Log(entries(40))


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return witness_in(tmp_path)


def test_a_log_that_grows_is_cosigned_step_by_step(witness: Witness) -> None:
    for old, new in ((0, 1), (1, 7), (7, 7), (7, 8), (8, 40)):
        answer = submit(witness, HONEST.request(old, new))
        assert answer.status == 200
        lines = parse_signatures(answer.body.decode())
        (cosigned,) = cosignatures(Note(HONEST.head(new).text(), lines), [CHLOE.key])
        assert cosigned.at == NOW


def test_further_signatures_on_the_checkpoint_do_no_harm(witness: Witness) -> None:
    body = HONEST.request(0, 5) + Log(entries(40), OTHER_KEY).note(5).split(b"\n\n")[1]

    assert submit(witness, body).status == 200


def test_either_of_two_trusted_keys_will_do(witness: Witness) -> None:
    both = replace(witness, logs={ORIGIN: (LOG_KEY.key, OTHER_KEY.key)})

    assert submit(both, HONEST.request(0, 5)).status == 200
    assert submit(both, Log(entries(40), OTHER_KEY).request(5, 9)).status == 200


def test_the_newest_cosigned_checkpoint_can_be_read_by_anyone(witness: Witness) -> None:
    path = f"/{hashlib.sha256(ORIGIN.encode()).hexdigest()}/checkpoint"
    assert ask(witness, "GET", path).status == 404
    submit(witness, HONEST.request(0, 5))
    submit(witness, HONEST.request(5, 9))

    answer = ask(witness, "GET", path)

    opened = open_checkpoint(answer.body, ORIGIN, [LOG_KEY.key])
    assert opened.checkpoint == HONEST.head(9)
    assert [each.witness for each in cosignatures(opened.note, [CHLOE.key])] == [CHLOE.name]


def test_signatures_by_strangers_are_not_passed_on(witness: Witness) -> None:
    submit(witness, HONEST.request(0, 5) + Log(entries(40), OTHER_KEY).note(5).split(b"\n\n")[1])

    seen = witness.state.latest(ORIGIN)

    assert seen is not None
    assert [line.key_id for line in parse_note(seen.note).signatures] == [
        LOG_KEY.key.key_id,
        CHLOE.key.key_id,
    ]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/add-checkpoint", 405),
        ("PUT", "/add-checkpoint", 405),
        ("POST", f"/{'0' * 64}/checkpoint", 405),
        ("GET", f"/{'0' * 64}/checkpoint", 404),
        ("GET", f"/{'A' * 64}/checkpoint", 404),
        ("GET", "/../witness.db", 404),
        ("GET", "/", 404),
        ("POST", "/add-checkpoint/", 404),
        ("POST", "", 404),
    ],
)
def test_other_methods_and_paths_are_refused(witness: Witness, method: str, path: str, status: int) -> None:
    assert ask(witness, method, path, HONEST.request(0, 5)).status == status
    assert witness.state.latest(ORIGIN) is None


@pytest.mark.parametrize("length", ["", "-1", "1e3", " 5", "٥"])
def test_a_request_that_does_not_say_its_length_is_refused(witness: Witness, length: str) -> None:
    assert ask(witness, "POST", "/add-checkpoint", HONEST.request(0, 5), CONTENT_LENGTH=length).status == 411


def test_a_request_that_is_shorter_than_it_says_is_refused(witness: Witness) -> None:
    body = HONEST.request(0, 5)

    assert ask(witness, "POST", "/add-checkpoint", body, CONTENT_LENGTH=str(len(body) + 1)).status == 400


def test_a_witness_that_starts_again_remembers(tmp_path: Path) -> None:
    submit(witness_in(tmp_path), HONEST.request(0, 20))

    again = Witness(CHLOE, {ORIGIN: (LOG_KEY.key,)}, WitnessFile.open(tmp_path / "witness.db"), lambda: NOW)

    assert submit(again, Log(entries(40, "other")).request(0, 30)).body == b"20\n"
    assert submit(again, HONEST.request(20, 30)).status == 200


def test_a_lost_memory_is_not_taken_for_a_new_witness(tmp_path: Path) -> None:
    with pytest.raises(WitnessFileError, match="There is no witness file"):
        WitnessFile.open(tmp_path / "witness.db")
    assert list(tmp_path.iterdir()) == []


def test_a_memory_is_not_begun_over_another(tmp_path: Path) -> None:
    submit(witness_in(tmp_path), HONEST.request(0, 20))

    with pytest.raises(WitnessFileError, match="exists"):
        WitnessFile.create(tmp_path / "witness.db")
    assert WitnessFile.open(tmp_path / "witness.db").latest(ORIGIN) is not None


def test_a_file_that_is_no_memory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "witness.db").write_bytes(b"not a database, but long enough to be looked at as one" * 20)

    with pytest.raises(WitnessFileError, match="cannot be used"):
        WitnessFile.open(tmp_path / "witness.db")


def test_a_memory_that_cannot_be_written_cosigns_nothing(tmp_path: Path, witness: Witness) -> None:
    submit(witness, HONEST.request(0, 5))
    with sqlite3.connect(tmp_path / "witness.db") as spoiler:
        spoiler.execute(
            "create trigger full before insert on seen begin select raise(abort, 'disk full'); end"
        )
    spoiler.close()

    answer = submit(witness, HONEST.request(5, 9))

    assert answer.status == 500
    assert "—".encode() not in answer.body
    seen = witness.state.latest(ORIGIN)
    assert seen is not None
    assert seen.size == 5


@dataclass
class Overtaken:
    """A memory in which another request is always faster."""

    inner: WitnessFile
    faster: Seen

    def latest(self, origin: str) -> Seen | None:
        return self.inner.latest(origin)

    def advance(self, origin: str, before: Seen | None, after: Seen) -> bool:
        self.inner.advance(origin, before, self.faster)
        return self.inner.advance(origin, before, after)


def test_a_request_that_was_overtaken_does_not_roll_back(witness: Witness) -> None:
    assert isinstance(witness.state, WitnessFile)
    faster = Seen(30, HONEST.head(30).root, HONEST.note(30))
    raced = replace(witness, state=Overtaken(witness.state, faster))

    answer = submit(raced, HONEST.request(0, 20))

    assert (answer.status, answer.body) == (409, b"30\n")
    assert witness.state.latest(ORIGIN) == faster


def test_of_many_requests_at_once_one_is_first_and_the_others_are_told(witness: Witness) -> None:
    statuses: list[int] = []
    bodies = [HONEST.request(0, size) for size in range(1, 9)]
    threads = [
        threading.Thread(target=lambda body=body: statuses.append(submit(witness, body).status))
        for body in bodies
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [200, *[409] * 7]
