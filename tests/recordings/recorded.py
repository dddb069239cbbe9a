"""Makes the recordings of a format version: a home with an entry of every kind, and a pack of it.

`python -m tests.recordings.recorded VERSION` writes home-VERSION and pack-VERSION beside this file. Recordings of a released version are never
made anew: they are what later versions must read.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from assay.evidence.manual import Attachment, Covers, How, ManualEvidence, Method
from assay.home import Home, Surroundings, create_home, publish, signer
from assay.home.backup import back_up
from assay.home.erasure import erase
from assay.home.judging_over_time import judge_over, period_basis_of
from assay.home.manual import add_evidence
from assay.home.packing import pack_files, write_pack
from assay.home.personal import personal
from assay.home.restore import known_of, restore
from assay.home.rotating import rotate_master_key, rotate_signing_key
from assay.home.settings import set_setting
from assay.home.sources import Source, connect_source
from tests.home.world import (
    ACCOUNT,
    START,
    Clock,
    collect,
    conclude,
    denied,
    lock_unseen,
    person,
    seen,
    thing,
)
from tests.tampering.small_home import with_small_content

HERE = Path(__file__).parent
PEOPLE = ["ada@northwind.example", "ben@northwind.example"]


def drawn_from(seed: bytes) -> Callable[[int], bytes]:
    """Give randomness that is the same in each run, and another for each seed."""
    drawn = 0

    def draw(length: int) -> bytes:
        nonlocal drawn
        drawn += 1
        return hashlib.shake_256(seed + drawn.to_bytes(8, "big")).digest(length)

    return draw


def record(folder: Path) -> tuple[Path, dict[str, bytes], bytes]:
    """Make a home below `folder`; gives where it is, a pack of it, and its first checkpoint, as somebody outside would have kept it."""
    clock = Clock(START)
    home = with_small_content(
        create_home(folder / "first", "Northwind Metrics", Surroundings(clock, drawn_from(b"first"), {}))
    )
    connect_source(
        home, Source("aws-main", "aws", {"account": ACCOUNT}), {"secret_access_key": "not a secret"}, "ada"
    )
    people = [person(PEOPLE[0]), person(PEOPLE[1], trained=False)]
    collect(home, seen(thing("a"), thing("b", locked=False)), seen(*people, region="", table="aws_person"))
    conclude(home)
    back_up(home, folder / "backup.tar")
    home.act("note.made", "ada", {"note": "lost with the first home"})
    restored = Surroundings(clock, drawn_from(b"second"), {})
    home = with_small_content(
        restore(
            folder / "backup.tar", folder / "home", folder / "first" / "keys", restored, known_of(home)
        ).home
    )
    kept = publish(home).note.encode()
    clock.now += timedelta(days=1)
    _second_day(home)
    rotate_signing_key(home, "ada", "The machine it lay on was sold.")
    rotate_master_key(home, "ada", "The machine it lay on was sold.")
    clock.now -= timedelta(hours=1)
    home.act("note.made", "ada", {"note": "by a clock that was set back"})
    conclude(home)
    with personal(home) as keys:
        judge_over(home, period_basis_of(home, (START, START + timedelta(days=1))), keys.sealer)
        files = pack_files(home, keys.keys)
    home.close()
    return folder / "home", files, kept


def _second_day(home: Home) -> None:
    set_setting(home, "parameter.longest_name", 4, START + timedelta(hours=2), "ada")
    attachment = home.evidence.put_object(b"Minutes of the review.\n")
    add_evidence(
        home,
        ManualEvidence(
            by="ada",
            control="NET-01",
            shows="The locks were reviewed.",
            observed=datetime(2026, 3, 3, 7, 0, tzinfo=UTC),
            captured_by="ben",
            how=How(Method.DOCUMENT),
            covers=Covers(date(2026, 3, 1), date(2026, 3, 2)),
            attachment=Attachment(attachment, "minutes.txt", 23),
        ),
    )
    collect(
        home,
        seen(thing("b"), thing("c", locked=None), gaps=[lock_unseen("c")]),
        denied("us-east-1"),
        seen(person(PEOPLE[0]), person(PEOPLE[1]), region="", table="aws_person"),
    )
    erase(home, PEOPLE[1:], "ada", "asked for by ben")


def write(version: str) -> None:
    """Write home, pack, and what was known outside, beside this file."""
    for name in (f"home-{version}", f"pack-{version}"):
        shutil.rmtree(HERE / name, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        home_folder, files, kept = record(Path(folder))
        ignored = shutil.ignore_patterns("cache", "*.lock", "*-wal", "*-shm", "content")
        shutil.copytree(home_folder, HERE / f"home-{version}", ignore=ignored)
    write_pack(files, HERE / f"pack-{version}")
    (HERE / f"home-{version}" / "kept-outside.checkpoint").write_bytes(kept)


if __name__ == "__main__":
    write(sys.argv[1])

__all__ = ["record", "signer", "write"]
