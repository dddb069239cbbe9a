"""Commitments: the formula of formats.md, section 1."""

from __future__ import annotations

import hashlib

import pytest

from assay.evidence.canonical import NotCanonicalError
from assay.evidence.commitment import BadSaltError, commit, new_salt

SALT = bytes(range(16))


def test_a_commitment_is_over_a_zero_the_salt_and_the_canonical_value() -> None:
    assert commit(SALT, {"b": 1, "a": None}) == hashlib.sha256(b"\x00" + SALT + b'{"a":null,"b":1}').digest()


def test_another_salt_or_value_gives_another_commitment() -> None:
    made = {commit(salt, value) for salt in (SALT, bytes(16)) for value in (0, False, None, "", "0", [], {})}

    assert len(made) == 14


def test_a_value_without_a_canonical_form_is_not_committed_to() -> None:
    with pytest.raises(NotCanonicalError):
        commit(SALT, 0.5)


@pytest.mark.parametrize("length", [0, 15, 17])
def test_a_salt_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(BadSaltError, match=f"has {length}"):
        commit(bytes(length), None)


def test_a_salt_is_sixteen_bytes_from_the_source_that_is_passed_in() -> None:
    asked: list[int] = []

    assert new_salt(lambda count: asked.append(count) or b"r" * count) == b"r" * 16
    assert asked == [16]


def test_a_source_that_gives_less_is_refused() -> None:
    with pytest.raises(BadSaltError):
        new_salt(lambda count: b"r")
