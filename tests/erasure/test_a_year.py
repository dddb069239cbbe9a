"""The person of the demonstration year is erased: its twelve canaries, each in another place under words found nowhere else, are gone, and every proof holds.

A few days of the year are lived in `make test`, all of it in `make soak`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import pytest

from assay.content_tree import Content
from assay.demo.years import CANARIES, Judged, make_year
from assay.demo.years.canaries import CANARY_EMAIL
from assay.home import Surroundings, open_home, publish, signer
from assay.home.backup import back_up
from assay.home.fsck import examine
from assay.home.packing import pack_files
from assay.home.person_erasure import erase_person
from assay.home.person_search import find_person
from assay.verification import Trusted, report_again, verify_pack
from tests.erasure.test_erasure import everything

UNTIL = date(2026, 11, 22)
LAST = 349
CHECKS = ("aws/iam/user_mfa_console", "file/account/leaver", "github/branch/force")
WORDS = tuple(one.text.removeprefix("for ") for one in CANARIES)


def _content() -> Content:
    """What is shipped, with these few checks alone, so that judging takes little."""
    kept = {f"checks/{name}.sql" for name in CHECKS}
    shipped = Content.shipped().files
    return Content(
        {path: text for path, text in shipped.items() if not path.startswith("checks/") or path in kept}
    )


@pytest.mark.parametrize("days", [2, pytest.param(350, marks=pytest.mark.soak)])
def test_twelve_canaries_are_gone_and_every_proof_holds(tmp_path: Path, days: int) -> None:
    """1. They are there. 2. Erased, they are in no file, unpacked or not, and in no later pack or backup. 3. Proofs from before and after hold. 4. A second look finds nobody."""
    make_year(
        tmp_path / "demo", days=days, last=LAST, until=UNTIL, random=Random(1).randbytes, content=_content(),
        judged=Judged(every=100, last=1),
    )  # fmt: skip
    end = datetime(2026, 11, 23, 12, tzinfo=UTC)
    home = open_home(tmp_path / "demo" / "home", Surroundings(lambda: end, Random(9).randbytes, {}))
    vars(home)["content"] = _content()
    checkpoint = publish(home).note.encode()
    before = pack_files(home, None)
    found = find_person(home, CANARY_EMAIL, WORDS)
    assert (len(found.subjects), found.by_hand) == (1, [])  # 1
    assert {place.table for _, place in found.records} >= {
        "aws_iam_principal",
        "github_org_member",
        "incident",
    }
    erase_person(home, found, by="ada", basis="asked")  # 2
    held = everything(home.path).decode("utf-8", "replace").lower()
    assert [word for word in (CANARY_EMAIL, *WORDS) if word.lower() in held] == []
    after = pack_files(home, None, report_again)
    packed = b"\n".join(after.values()).decode("utf-8", "replace").lower()
    assert [word for word in (CANARY_EMAIL, *WORDS) if word.lower() in packed] == []
    back_up(home, tmp_path / "after.tar")
    for pack in (before, after):  # 3
        result = verify_pack(pack, Trusted(signer(home).key, checkpoint), report_again)
        assert (result.findings, result.older_checkpoint is not None) == ([], True)
    assert [one for one in examine(home) if not one.mendable] == []
    with pytest.raises(Exception, match="nowhere in the home"):  # 4
        find_person(home, CANARY_EMAIL, WORDS)
    home.close()
