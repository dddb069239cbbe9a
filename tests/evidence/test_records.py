"""Record files and populations: what is written is read back, what was not seen is not lost, an unchanged world adds nothing."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.evidence.book import apply, in_order
from assay.evidence.carrying import with_carried
from assay.evidence.gaps import Gap, Reason
from assay.evidence.merkle import root_of_data
from assay.evidence.population import DuplicateKeyError, Seen, advance, commitment_of
from assay.evidence.records import (
    BadRecordFileError,
    Line,
    Patched,
    Place,
    Removed,
    Whole,
    difference,
    patched,
    read_records,
    write_records,
)

PLACE = Place("aws_s3_bucket", "111122223333", "")
scalars = st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3)
names = st.sampled_from(["Name", "Rules", "a", "é", ""])
objects = st.recursive(
    st.dictionaries(names, scalars, max_size=4),
    lambda inner: st.dictionaries(names, inner | st.lists(scalars, max_size=3), max_size=4),
    max_leaves=12,
)


def salts() -> Callable[[], bytes]:
    numbers = count()
    return lambda: next(numbers).to_bytes(16, "big")


def state_after(*files: bytes) -> dict[bytes, Line]:
    state: dict[bytes, Line] = {}
    for file in files:
        apply(state, read_records(file)[1])
    return state


def test_an_unchanged_world_adds_no_line_and_keeps_its_root() -> None:
    seen = [Seen("b", {"list": {"Name": "b"}}), Seen("a", {"list": {"Name": "a"}})]
    fresh = salts()
    first = advance([], seen, PLACE, fresh)
    second = advance(first.current, seen, PLACE, fresh)
    assert (first.added, len(first.changes)) == (2, 2)
    assert second.changes == ()
    assert second.commitments == first.commitments


def test_a_changed_field_is_stored_as_a_change_and_gets_a_new_salt() -> None:
    fresh = salts()
    first = advance([], [Seen("a", {"list": {"Name": "a" * 200, "Versioning": "Off"}})], PLACE, fresh)
    second = advance(
        first.current, [Seen("a", {"list": {"Name": "a" * 200, "Versioning": "On"}})], PLACE, fresh
    )
    (line,) = second.changes
    assert isinstance(line, Patched)
    assert line.patch == {"set": [[["list", "Versioning"], "On"]], "unset": []}
    assert line.salt == (1).to_bytes(16, "big")


def test_what_a_complete_answer_no_longer_holds_is_removed() -> None:
    fresh = salts()
    first = advance([], [Seen("a", {}), Seen("b", {})], PLACE, fresh)
    second = advance(first.current, [Seen("b", {})], PLACE, fresh)
    assert second.changes == (Removed("a"),)
    assert second.removed == 1


def test_two_records_with_one_key_are_refused() -> None:
    with pytest.raises(DuplicateKeyError, match="“a”"):
        advance([], [Seen("a", {}), Seen("a", {"x": 1})], PLACE, salts())


@given(st.lists(st.dictionaries(st.text(max_size=3), objects, max_size=5), min_size=1, max_size=5))
def test_replayed_record_files_give_every_population_its_root(days: list[dict[str, object]]) -> None:
    fresh = salts()
    current: tuple[Line, ...] = ()
    files: list[bytes] = []
    for day in days:
        step = advance(current, [Seen(key, record) for key, record in day.items()], PLACE, fresh)
        files.append(write_records(PLACE, step.changes))
        again = in_order(state_after(*files))
        assert root_of_data([commitment_of(line) for line in again]) == root_of_data(step.commitments)
        current = step.current


@given(objects, objects)
def test_a_difference_makes_the_one_record_into_the_other(before: object, after: object) -> None:
    assert patched(before, difference(before, after)) == after


def test_true_and_one_are_different_inside_a_list() -> None:
    assert difference({"a": [True]}, {"a": [1]}) == {"set": [[["a"], [1]]], "unset": []}


@given(st.integers(0, 10_000), st.integers(0, 7))
def test_a_changed_bit_of_a_record_file_is_refused_or_changes_the_root(position: int, bit: int) -> None:
    step = advance([], [Seen(name, {"list": {"Name": name, "Size": 3}}) for name in "abc"], PLACE, salts())
    file = bytearray(write_records(PLACE, step.changes))
    file[position % len(file)] ^= 1 << bit
    try:
        place, lines = read_records(bytes(file))
        state: dict[bytes, Line] = {}
        apply(state, lines)
    except BadRecordFileError:
        return
    same = root_of_data([commitment_of(line) for line in in_order(state)]) == root_of_data(step.commitments)
    assert place != PLACE or not same


@pytest.mark.parametrize(
    "line",
    [
        b'{"key":"a","record":{},"salt":"00"}',
        b'{"key":"a","record":{},"salt":"0000000000000000000000000000000G"}',
        b'{"key":"a","removed":false}',
        b'{"key":"a","record":{},"salt":"00000000000000000000000000000000","extra":1}',
        b'{"record":{},"key":"a","salt":"00000000000000000000000000000000"}',
        b"",
        b"[]",
    ],
)
def test_a_line_that_is_no_record_is_named_by_its_number(line: bytes) -> None:
    with pytest.raises(BadRecordFileError, match="Line 2"):
        read_records(PLACE.header() + b"\n" + line + b"\n")


def test_a_patch_without_the_record_before_it_is_refused() -> None:
    with pytest.raises(BadRecordFileError, match="no version of it came before"):
        state_after(write_records(PLACE, [Patched("a", {"set": [], "unset": []}, bytes(16))]))


def test_a_file_of_a_newer_format_says_so() -> None:
    header = PLACE.header().replace(b'"format":1', b'"format":2')
    with pytest.raises(BadRecordFileError, match="newer"):
        read_records(header + b"\n")


def test_a_denied_part_keeps_what_was_last_seen() -> None:
    gap = Gap("aws_s3_bucket", Reason.DENIED, "111122223333", "", key="a", columns=frozenset({"encryption"}))
    known = {
        "a": {"list": {"Name": "a"}, "get_bucket_encryption": {"Rules": ["AES256"]}},
        "b": {"list": {}, "get_bucket_encryption": None},
    }
    seen = {"a": {"list": {"Name": "a", "Size": 2}}, "b": {"list": {}}}
    assert with_carried(seen, known, [gap]) == {
        "a": {"list": {"Name": "a", "Size": 2}, "get_bucket_encryption": {"Rules": ["AES256"]}},
        "b": {"list": {}},
    }


def test_records_of_a_parent_that_could_not_be_listed_stay() -> None:
    gap = Gap("aws_iam_access_key", Reason.DENIED, "111122223333", "", parent="ben")
    known = {"K1": {"parent": "ben", "list": {}}, "K2": {"parent": "ada", "list": {}}}
    assert with_carried({}, known, [gap]) == {"K1": {"parent": "ben", "list": {}}}


def test_an_answer_always_wins_over_what_was_known() -> None:
    gap = Gap("t", Reason.DENIED, "a", "", columns=frozenset({"x"}))
    assert with_carried({"k": {"list": {"v": 2}}}, {"k": {"list": {"v": 1}, "more": {}}}, [gap]) == {
        "k": {"list": {"v": 2}, "more": {}}
    }


def test_a_whole_line_commits_to_key_and_record() -> None:
    assert Whole("a", b"{}", bytes(16)).commitment() != Whole("b", b"{}", bytes(16)).commitment()
    assert Whole("a", b"{}", bytes(16)).commitment() != Whole("a", b"{}", bytes(15) + b"\1").commitment()
