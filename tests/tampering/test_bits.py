"""Any changed bit of a pack is found before anything is read out of it, and the file that lies is named."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping

import pytest

from assay.evidence.bag import ContainerError, read_zip, zip_bytes
from assay.home.packing import pack_files
from assay.verification import Trusted, Verification, verify_pack
from tests.home.world import collect, conclude, seen, thing
from tests.tampering.small_home import concluded_home, small_home, small_pack

SEED = 20260302


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Give a pack of about 16 kB: one collection, judged once."""
    home = small_home(tmp_path_factory.mktemp("small") / "home")
    collect(home, seen(thing("a"), thing("b", locked=False)))
    conclude(home)
    files = pack_files(home, None)
    assert 12_000 < sum(map(len, files.values())) < 20_000
    assert verify_pack(files, Trusted()).findings == []
    return files


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Give a pack of over a megabyte, with the report."""
    home = concluded_home(tmp_path_factory.mktemp("larger") / "home")
    for day in range(3):
        collect(
            home, seen(*(thing(f"thing-{number}", locked=bool((number + day) % 7)) for number in range(2500)))
        )
        conclude(home)
    files = small_pack(home)
    assert sum(map(len, files.values())) > 1_000_000
    return files


def test_4000_flipped_bits_of_a_small_pack_are_found_in_their_files(small: dict[str, bytes]) -> None:
    _flip_each(small, random.Random(SEED).sample(list(_bits(small)), 4000))


@pytest.mark.soak
def test_every_flipped_bit_of_a_small_pack_is_found_in_its_file(small: dict[str, bytes]) -> None:
    _flip_each(small, _bits(small))


def test_10000_flipped_bits_of_a_larger_pack_are_found_in_their_files(larger: dict[str, bytes]) -> None:
    _flip_each(larger, _drawn(larger, 10_000))


def test_1000_flipped_bits_of_a_zip_are_found(small: dict[str, bytes]) -> None:
    content = zip_bytes(small)
    _flip_zip(small, content, random.Random(SEED).sample(range(8 * len(content)), 1000))


@pytest.mark.soak
def test_every_flipped_bit_of_a_zip_is_found(small: dict[str, bytes]) -> None:
    content = zip_bytes(small)
    _flip_zip(small, content, range(8 * len(content)))


def test_bytes_appended_to_any_file_or_to_the_zip_are_found(small: dict[str, bytes]) -> None:
    for path in small:
        assert _named({**small, path: small[path] + b"\n"}) == path
    content = zip_bytes(small)
    with pytest.raises(ContainerError):
        _read_back("pack.zip", content + b"\0" * 16)


def _bits(files: Mapping[str, bytes]) -> Iterable[tuple[str, int]]:
    return ((path, bit) for path in sorted(files) for bit in range(8 * len(files[path])))


def _drawn(files: Mapping[str, bytes], count: int) -> list[tuple[str, int]]:
    """Draw bits by file first, so that small files are drawn as often as large ones."""
    chance, paths = random.Random(SEED), sorted(files)
    drawn = (chance.choice(paths) for _ in range(count))
    return [(path, chance.randrange(8 * len(files[path]))) for path in drawn]


def _flip_each(files: dict[str, bytes], bits: Iterable[tuple[str, int]]) -> None:
    for path, bit in bits:
        assert _named({**files, path: _flipped(files[path], bit)}) == path, (path, bit)


def _flip_zip(files: dict[str, bytes], content: bytes, bits: Iterable[int]) -> None:
    """A flip is found while the zip is read; it is named by its member, or by the zip where it hits what is between members."""
    members = {path: content.index(path.encode() + files[path]) + len(path) for path in files}
    for bit in bits:
        with pytest.raises(ContainerError) as caught:
            _read_back("pack.zip", _flipped(content, bit))
        at = bit // 8
        inside = [path for path, start in members.items() if start <= at < start + len(files[path])]
        if inside:
            assert caught.value.file == inside[0], bit


def _read_back(name: str, content: bytes) -> dict[str, bytes]:
    """Read a zip as `read_container` does."""
    files = read_zip(name, content)
    if zip_bytes(files) != content:
        raise ContainerError(name, "is not the zip that its members make")
    return files


def _flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def _named(files: dict[str, bytes]) -> str:
    result: Verification = verify_pack(files, Trusted())
    assert len(result.findings) == 1
    return result.findings[0].file
