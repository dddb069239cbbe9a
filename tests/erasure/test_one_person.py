"""One person is erased from a home with a workspace: twelve canaries, each planted where a person can stand, are found nowhere afterwards, and every proof holds."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.evidence.ledger import Kind
from assay.home import Home, Surroundings, open_home, publish, signer
from assay.home.backup import back_up, read_backup
from assay.home.erasure_list import erasures_of
from assay.home.fsck import examine
from assay.home.further_rows import opened_rows
from assay.home.packing import pack_files
from assay.home.person_erasure import PersonErased, erase_person
from assay.home.person_search import Found, PersonError, find_person
from assay.home.restore import known_of, restore
from assay.verification import Trusted, report_again, verify_pack
from tests.erasure.test_erasure import everything
from tests.home.world import collect, conclude, person, seen, thing
from tests.tampering.small_home import small_home, with_small_content

EMAIL = "canary.quillfeather@northwind.example"
NAME, LOGIN, BADGE = "Ottilie Quillfeather", "otti-q-gh", "OQ-note-2203"
ALSO = (NAME, LOGIN, BADGE)
CANARIES = [word.lower() for word in (EMAIL, *ALSO)]
STAYING = "ada@northwind.example"


@dataclass
class Erasure:
    folder: Path
    home: Home
    found: Found
    done: PersonErased
    checkpoint: bytes
    older_pack: dict[str, bytes]


@pytest.fixture(scope="module")
def erasure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Erasure]:
    """A home in which the person stands in a sealed record, a record's key, a record's text, a gap's neighbour, evidence, its file, tasks, an acceptance-like
    text, a draft, an account with sessions and factors, a register's line and a message that waits; backed up, then they are erased."""
    folder = tmp_path_factory.mktemp("one")
    home = small_home(folder / "home")
    for locked in (False, True):
        people = seen(person(EMAIL, trained=locked), person(STAYING), region="", table="aws_person")
        collect(home, people, seen(thing("a"), thing(LOGIN, locked=locked), thing("z")))
        conclude(home)
    home.close()
    _fill(folder / "home")
    home = with_small_content(open_home(folder / "home", Surroundings.real()))
    (home.path / "outbox").mkdir(exist_ok=True)
    (home.path / "outbox" / "1.eml").write_text(f"To: {EMAIL}\n\nA checkpoint.")
    checkpoint = publish(home).note.encode()
    older = pack_files(home, None)
    back_up(home, folder / "before.tar")
    shutil.copytree(home.path / "keys", folder / "old-keys")
    found = find_person(home, EMAIL, ALSO)
    done = erase_person(home, found, by="ada", basis=f"{NAME} asked for it (Article 17 GDPR).")
    conclude(home)
    yield Erasure(folder, home, found, done, checkpoint, older)
    home.close()


def _fill(path: Path) -> None:
    """Plant the person in the workspace, by its services."""
    from tests.web.homes import _first_home, serve_instead

    _first_home()
    serve_instead(path)
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    call_command("migrate", verbosity=0, interactive=False)
    from allauth.mfa.models import Authenticator

    from assay.evidence.manual import Attachment, How, ManualEvidence, Method
    from assay.home.manual import add_evidence
    from assay_web.home import current_home
    from assay_web.records.accounts import Account, Role
    from assay_web.services.accounts import make_account, recovery_link
    from assay_web.services.drafts import keep_draft
    from assay_web.services.tasks import Wanted, comment, make_tasks

    owner = make_account(by="host", name="Olga Example", email="olga@northwind.example", role=Role.OWNER)
    gone = make_account(by=owner, name=NAME, email=EMAIL, role=Role.ENGINEER, needs_second_factor=False)
    Authenticator.objects.create(user_id=gone.pk, type="totp", data={"secret": "ab", "name": LOGIN})
    recovery_link(by=owner, account=gone)
    Client(headers={"host": "localhost:8321"}).force_login(gone)
    (task,) = make_tasks(
        [Wanted(what=f"Ask {NAME} for the key", why=f"{EMAIL} has it", owner=gone)], by=owner
    )
    comment(task, f"Spoke with {NAME.upper()} about it.", by=owner)
    keep_draft("start", "people", {"lead": EMAIL, "others": ["nobody", NAME]}, by=owner)
    home = current_home()
    file = f"worker,done\n{EMAIL},yes\n".encode()
    evidence = ManualEvidence(
        by=owner.actor,
        control="GOV-03",
        shows=f"{NAME} was trained.",
        observed=datetime.now(UTC),
        captured_by=NAME,
        how=How(Method.OBSERVATION),
        note=f"Badge {BADGE}, seen with {LOGIN}.",
        attachment=Attachment(home.evidence.put_object(file), f"{LOGIN}.csv", len(file)),
    )
    add_evidence(home, evidence)
    assert Account.objects.count() == 2
    connection.close()


def readable(home: Home) -> str:
    """Give everything in the home's folder that can be read, compressed things unpacked, texts in lower case."""
    return everything(home.path).decode("utf-8", "replace").lower()


def test_the_preview_says_where_the_person_stands_and_names_nobody(erasure: Erasure) -> None:
    said = erasure.found.to_json()
    assert (said["subjects"], said["accounts"], said["messages"]) == (1, 1, 1)
    assert {one["what"] for one in said["files"]} == {"attachment"}
    assert [(one["table"], one["keys"]) for one in said["records"]] == [("aws_thing", 1)]
    assert {"records_account", "records_task", "records_taskevent", "records_draft"} <= said["rows"].keys()
    assert {one["kind"] for one in said["entries"]} == {"act", "evidence"}
    assert [canary for canary in CANARIES if canary in json.dumps(said).lower()] == []


def test_the_canaries_were_there(erasure: Erasure) -> None:
    """What is looked for below would have been found before."""
    with_everything = restore(
        erasure.folder / "before.tar",
        erasure.folder / "there",
        erasure.folder / "old-keys",
        Surroundings.real(),
    ).home
    held = readable(with_everything)
    assert [canary for canary in CANARIES if canary not in held] == []
    with_everything.close()


def test_no_canary_is_in_any_file_of_the_home(erasure: Erasure) -> None:
    held = readable(erasure.home)
    assert [canary for canary in CANARIES if canary in held] == []
    assert STAYING not in held  # sealed
    assert "olga@northwind.example" in held


def test_no_canary_is_in_any_row(erasure: Erasure) -> None:
    from assay.home.database.columns import further_tables
    from assay.home.further_rows import rows_of

    for table in further_tables(erasure.home.database):
        rows = rows_of(erasure.home.database, table).decode().lower()
        assert [canary for canary in CANARIES if canary in rows] == [], table.name


def test_the_account_lets_nobody_in_any_more(erasure: Erasure) -> None:
    database = erasure.home.database
    ((state, password),) = database.rows(
        "select state, password from records_account where email <> 'olga@northwind.example'"
    )
    assert (state, password, erasure.done.accounts) == ("disabled", "!", 1)
    for table in ("django_session", "usersessions_usersession", "mfa_authenticator", "records_onetimelink"):
        assert database.rows(f"select count(*) from {table}") == [(0,)], table


def test_no_canary_is_in_a_later_pack_and_all_proofs_hold(erasure: Erasure) -> None:
    files = pack_files(erasure.home, None)
    packed = b"\n".join(files.values()).decode("utf-8", "replace").lower()
    assert [canary for canary in CANARIES if canary in packed] == []
    result = verify_pack(files, Trusted(signer(erasure.home).key, erasure.checkpoint), report_again)
    assert result.findings == []
    assert result.older_checkpoint is not None
    assert any("nothing proves what stands in their place" in one for one in result.not_performed)
    assert [one for one in examine(erasure.home) if not one.mendable] == []


def test_the_pack_from_before_still_verifies(erasure: Erasure) -> None:
    assert verify_pack(erasure.older_pack, Trusted(signer(erasure.home).key)).findings == []


def test_a_backup_made_afterwards_holds_no_canary(erasure: Erasure) -> None:
    back_up(erasure.home, erasure.folder / "after.tar")
    for name, content in read_backup(erasure.folder / "after.tar").members():
        table = name.removeprefix("sealed/")
        opened = opened_rows(erasure.home, table, content) if table != name else content
        text = opened.decode("utf-8", "replace").lower()
        assert [canary for canary in CANARIES if canary in text] == [], name


def test_an_older_backup_restored_with_older_keys_is_erased_again(erasure: Erasure) -> None:
    home = open_home(erasure.home.path, Surroundings.real())
    done = restore(
        erasure.folder / "before.tar",
        erasure.folder / "again",
        erasure.folder / "old-keys",
        Surroundings.real(),
        known_of(home),
        erasures_of(home),
    )
    home.close()
    held = readable(done.home)
    assert [canary for canary in CANARIES if canary in held] == []
    assert done.carried == 1
    assert [one for one in examine(with_small_content(done.home)) if one.thing == "erasure"] == []
    assert verify_pack(pack_files(done.home, None), Trusted()).findings == []
    done.home.close()


def test_the_entry_says_what_went_and_names_nobody(erasure: Erasure) -> None:
    body = erasure.home.ledger.body(erasure.home.ledger.entry(erasure.done.entry))
    said = json.dumps(body).lower()
    assert [canary for canary in CANARIES if canary in said] == []
    assert body["basis"] == f"[erased {body['mark']}] asked for it (Article 17 GDPR)."


def test_a_second_search_finds_nobody(erasure: Erasure) -> None:
    with pytest.raises(PersonError, match="nowhere in the home"):
        find_person(erasure.home, EMAIL, ALSO)


def test_what_the_ledger_says_of_evidence_stays_but_for_the_words(erasure: Erasure) -> None:
    entry = next(iter(erasure.home.ledger.entries(kind=Kind.EVIDENCE)))
    body = erasure.home.ledger.body(entry)
    assert body["shows"] == f"[erased {erasure.found.words.mark}] was trained."
    assert body["control"] == "GOV-03"


def test_conclusions_of_the_record_whose_key_named_them_read_unknown(erasure: Erasure) -> None:
    assert conclude(erasure.home)["aws.thing.locked"]["UNKNOWN"] == 1
