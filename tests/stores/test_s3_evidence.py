"""Evidence in a bucket with Object Lock: the same home, what is locked and what can be erased, moves by backup, and what interruptions leave."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assay.evidence.ledger import Kind, ledger_root
from assay.home import Home, Surroundings, open_home, publish
from assay.home.backup import back_up
from assay.home.doctor import Weight, diagnose
from assay.home.erasure import erase, erase_objects
from assay.home.fsck import examine, mend
from assay.home.restore import restore
from assay.outbound.s3 import LockMode, Retention, S3Address, S3Bucket, S3Error
from assay.publish import TileFile
from assay.publish.bucket import BucketError, deposit
from assay.stores import EvidenceUrl, FolderStore, S3Store, StoreError
from assay.verification import Trusted, report_again, verify_pack
from tests.durability.ingest import child, damage, ingesting, lost, opened, unreadable
from tests.home.world import Clock, again, collect, conclude, new_home, person, seen, thing
from tests.stores.conftest import GREEDY, LOCKED, PLAIN, Buckets
from tests.tampering.small_home import small_pack, with_small_content


def now() -> Clock:
    return Clock(datetime.now(UTC))


def home_in(buckets: Buckets, folder: Path, options: str = "") -> Home:
    return with_small_content(new_home(folder, now(), {"EVIDENCE_URL": buckets.url(options=options)}))


def filled(home: Home) -> Home:
    collect(home, seen(thing("a"), thing("b", locked=False)), seen(person("ada@northwind.example"), region="", table="aws_person"))  # fmt: skip
    conclude(home)
    publish(home)
    return home


def store_of(home: Home) -> S3Store:
    assert isinstance(home.evidence.store, S3Store)
    return home.evidence.store


def objects_of(home: Home, kind: Kind) -> set[str]:
    from assay.home.fsck import needed_objects

    found = {
        digest
        for entry in home.ledger.entries(kind=kind)
        for digest, _ in needed_objects(home.ledger.body(entry), kind)
    }
    return {f"objects/{digest[:2]}/{digest}" for digest in found}


def test_a_home_in_a_bucket_is_whole_and_its_pack_is_performed_again(
    buckets: Buckets, tmp_path: Path
) -> None:
    home = filled(home_in(buckets, tmp_path / "home"))
    assert list(examine(home)) == []
    result = verify_pack(small_pack(home), Trusted(), report_again)
    assert (result.findings, result.report_performed) == ([], True)
    assert not (tmp_path / "home" / "evidence").exists()
    reopened = again(home, now())
    assert isinstance(reopened.evidence.store, S3Store)
    assert ledger_root(reopened.ledger) == publish(reopened).checkpoint.root


def test_what_holds_nothing_personal_is_locked_and_the_rest_can_be_erased(
    buckets: Buckets, tmp_path: Path
) -> None:
    home = filled(home_in(buckets, tmp_path / "home", "&days=30"))
    store = store_of(home)
    held = {name for name in store.names("") if store.retention(name) is not None}
    assert held == set(store.names("log")) | objects_of(home, Kind.CONCLUSIONS)
    assert held >= {"log/checkpoint"}
    retention = store.retention("log/checkpoint")
    assert retention is not None
    assert retention.mode is LockMode.GOVERNANCE
    assert timedelta(days=29) < retention.until - datetime.now(UTC) < timedelta(days=31)


def test_an_erasure_takes_every_version_out_of_the_bucket(buckets: Buckets, tmp_path: Path) -> None:
    home = filled(home_in(buckets, tmp_path / "home"))
    (calls,) = [
        home.ledger.body(entry)["calls"]["object"] for entry in home.ledger.entries(kind=Kind.COLLECTION)
    ]
    name = f"objects/{calls[:2]}/{calls}"
    assert buckets.versions(name) == [name]
    erase_objects(home, [calls], "ada", "no longer needed")
    assert buckets.versions(name) == []
    erase(home, ["ada@northwind.example"], "ada", "asked for")
    publish(home)
    assert damage(home) == []
    assert verify_pack(small_pack(home), Trusted()).findings == []


@pytest.mark.parametrize(
    ("bucket", "says"),
    [
        (PLAIN, "has no Object Lock.*aws s3api put-object-lock-configuration --bucket evidence-plain"),
        (GREEDY, "could then not be erased"),
        ("evidence-nowhere", "NoSuchBucket"),
    ],
)
def test_a_bucket_that_is_not_fit_is_refused_before_anything_is_made(buckets: Buckets, tmp_path: Path, bucket: str, says: str) -> None:  # fmt: skip
    with pytest.raises((StoreError, S3Error), match=says):
        new_home(tmp_path / "home", now(), {"EVIDENCE_URL": buckets.url(bucket)})
    assert not (tmp_path / "home" / "assay.db").exists()


def test_without_object_lock_only_where_that_is_said(buckets: Buckets, tmp_path: Path) -> None:
    url = buckets.url(PLAIN, options="&lock=off")
    home = filled(with_small_content(new_home(tmp_path / "home", now(), {"EVIDENCE_URL": url})))
    assert list(examine(home)) == []
    assert store_of(home).retention("log/checkpoint") is None


def test_two_homes_never_share_a_prefix(buckets: Buckets, tmp_path: Path) -> None:
    home_in(buckets, tmp_path / "first")
    with pytest.raises(StoreError, match="Name another prefix"):
        home_in(buckets, tmp_path / "second")


def test_the_home_remembers_where_its_evidence_is(buckets: Buckets, tmp_path: Path) -> None:
    filled(home_in(buckets, tmp_path / "home")).close()
    elsewhere = {"EVIDENCE_URL": buckets.url(prefix="elsewhere")}
    home = open_home(tmp_path / "home", Surroundings(now(), lambda count: bytes(count), elsewhere))
    assert damage(home) == []
    told = [one for one in diagnose(home) if one.thing == "evidence"]
    assert [one.weight for one in told] == [Weight.WARNING, Weight.FINE]
    assert "make a backup and restore it" in told[0].found
    assert f"kept in s3://{LOCKED}/{buckets.prefix}, locked for 400 days" in told[1].found


def test_evidence_moves_from_a_folder_to_a_bucket_and_back(buckets: Buckets, tmp_path: Path) -> None:
    home = filled(with_small_content(new_home(tmp_path / "home", now())))
    head = back_up(home, tmp_path / "one.tar")
    environment = {"EVIDENCE_URL": buckets.url()}
    keys = tmp_path / "home" / "keys"
    moved = restore(
        tmp_path / "one.tar",
        tmp_path / "moved",
        keys,
        Surroundings(now(), lambda count: bytes(count), environment),
    ).home
    assert isinstance(moved.evidence.store, S3Store)
    assert ledger_root(moved.ledger).hex() == head.root
    assert damage(moved) == []
    assert unreadable(moved) == []
    store = store_of(moved)
    assert {name for name in store.names("objects") if store.retention(name)} == objects_of(
        moved, Kind.CONCLUSIONS
    )
    assert back_up(moved, tmp_path / "two.tar") == head
    back = restore(
        tmp_path / "two.tar", tmp_path / "back", keys, Surroundings(now(), lambda count: bytes(count), {})
    ).home
    assert isinstance(back.evidence.store, FolderStore)
    assert damage(back) == []
    assert verify_pack(small_pack(with_small_content(back)), Trusted(), report_again).findings == []


def test_an_old_backup_opens_its_epoch_in_a_bucket_too(buckets: Buckets, tmp_path: Path) -> None:
    from assay.home.restore import known_of

    home = filled(with_small_content(new_home(tmp_path / "home", now())))
    back_up(home, tmp_path / "one.tar")
    home.act("note.made", "ada", {})
    surroundings = Surroundings(now(), lambda count: bytes(count), {"EVIDENCE_URL": buckets.url()})
    moved = restore(
        tmp_path / "one.tar", tmp_path / "moved", tmp_path / "home" / "keys", surroundings, known_of(home)
    ).home
    assert publish(moved).checkpoint.origin == f"assay/{home.id}/1"
    assert damage(moved) == []


def test_a_put_that_fails_at_any_place_acknowledges_nothing_and_leaves_an_orphan_at_worst(
    buckets: Buckets, tmp_path: Path
) -> None:
    """Every put of a collection and its conclusions fails once, before or after S3 had it."""
    home = home_in(buckets, tmp_path / "home")
    store = store_of(home)
    put = store._bucket.put_once
    failed = 0
    for after in (False, True):
        for number in range(3):
            made = 0

            def failing(
                name: str,
                content: bytes,
                retention: Retention | None = None,
                number: int = number,
                after: bool = after,
            ) -> bool:
                nonlocal made, failed
                made += 1
                if made - 1 != number:
                    return put(name, content, retention)
                if after:
                    put(name, content, retention)
                failed += 1
                raise S3Error("PutObject", LOCKED, "EndpointConnectionError")

            size, root = home.ledger.size(), ledger_root(home.ledger)
            store._bucket.put_once = failing  # type: ignore[method-assign]
            with pytest.raises(S3Error, match="EndpointConnectionError"):
                collect(home, seen(thing(f"{after}-{number}")))
            store._bucket.put_once = put  # type: ignore[method-assign]
            assert (home.ledger.size(), ledger_root(home.ledger)) == (size, root)
            assert [one for one in examine(home) if not one.mendable] == []
    collect(home, seen(thing("a")))
    assert failed == 6
    mend(home, timedelta(seconds=-60))
    assert list(examine(home)) == []


def test_a_killed_ingest_loses_nothing_that_was_acknowledged(buckets: Buckets, tmp_path: Path) -> None:
    new_home(tmp_path / "home", now(), {"EVIDENCE_URL": buckets.url()}).close()
    for acknowledgements in (2, 5, 9):
        with child(ingesting(tmp_path / "home", 100)) as worker:
            worker.go_on()
            worker.until(acknowledgements)
            worker.kill()
            acknowledged = worker.ended().acknowledged
        home = opened(tmp_path / "home")
        assert len(acknowledged) >= acknowledgements
        assert lost(home, acknowledged) == []
        assert [one for one in examine(home) if not one.mendable] == []
        home.close()


def test_an_orphan_under_lock_is_left_and_that_is_said(buckets: Buckets, tmp_path: Path) -> None:
    home = filled(home_in(buckets, tmp_path / "home"))
    home.evidence.put_object(b"an orphan", lasting=False)
    home.evidence.put_object(b"a locked orphan", lasting=True)
    said = mend(home, timedelta(seconds=-60))
    assert "Removed 1 stored thing that no entry needs." in said
    assert "Left 1 stored thing that no entry needs, under Object Lock." in said


def test_what_was_put_over_evidence_or_marks_it_deleted_is_found_and_taken_away(
    buckets: Buckets, tmp_path: Path
) -> None:
    home = filled(home_in(buckets, tmp_path / "home"))
    first, second = sorted(objects_of(home, Kind.CONCLUSIONS))[:2]
    buckets.client.put_object(Bucket=LOCKED, Key=f"{buckets.prefix}/{first}", Body=b"another verdict")
    buckets.client.delete_object(Bucket=LOCKED, Key=f"{buckets.prefix}/{second}")
    home = again(home, now())
    assert len(damage(home)) == 2
    assert "2 objects put over what is written once, or marking it as deleted" in [
        one.problem for one in examine(home)
    ]
    assert "Took away 2 things that lay over what is written once." in mend(home)
    assert list(examine(home)) == []


def test_a_collection_asks_s3_for_little(buckets: Buckets, tmp_path: Path) -> None:
    """One put for each record file, one for the call log, one for the body; one get for each body that was not read before."""
    home = filled(home_in(buckets, tmp_path / "home"))
    asked: list[str] = []
    store_of(home)._bucket._client.meta.events.register(
        "before-call.s3", lambda model, **_: asked.append(model.name)
    )
    collect(
        home,
        seen(thing("a"), thing("c")),
        seen(person("ada@northwind.example"), region="", table="aws_person"),
    )
    assert sorted(set(asked)) == ["PutObject"]
    assert asked.count("PutObject") == 3


@pytest.mark.parametrize(
    "text",
    [
        "https://bucket/prefix",
        "s3:///prefix",
        "s3://key:secret@bucket/prefix",
        "s3://bucket/prefix?lock=perhaps",
        "s3://bucket/prefix?days=0",
        "s3://bucket/prefix?days=1&days=2",
        "s3://bucket/prefix?unknown=1",
        "s3://bucket/prefix#part",
    ],
)
def test_an_address_that_is_not_plain_is_refused_with_how_it_is_written(text: str) -> None:
    with pytest.raises(StoreError, match="EVIDENCE_URL is written s3://BUCKET/PREFIX"):
        EvidenceUrl.parse(text)


def test_an_address_says_bucket_prefix_region_mode_and_days() -> None:
    url = EvidenceUrl.parse("s3://bucket/a/b/?region=eu-central-1&lock=compliance&days=2555")
    assert (url.address.bucket, url.address.prefix, url.address.region) == ("bucket", "a/b", "eu-central-1")
    assert (url.mode, url.days) == (LockMode.COMPLIANCE, 2555)
    assert EvidenceUrl.parse("s3://bucket").mode is LockMode.GOVERNANCE


def test_a_deposit_of_checkpoints_holds_over_the_wire(buckets: Buckets, tmp_path: Path) -> None:
    home = filled(with_small_content(new_home(tmp_path / "home", now())))
    note = publish(home).note.encode()
    retention = Retention(LockMode.GOVERNANCE, datetime.now(UTC).replace(microsecond=0) + timedelta(days=2))
    bucket = S3Bucket(S3Address(LOCKED, buckets.prefix, endpoint=buckets.endpoint))
    done = deposit(bucket, LOCKED, [TileFile("tile/0/000.p/1", b"a tile")], note, retention)
    assert (done.written, done.there) == (2, 0)
    again_done = deposit(bucket, LOCKED, [TileFile("tile/0/000.p/1", b"a tile")], note, retention)
    assert (again_done.written, again_done.there) == (0, 2)
    assert bucket.retention(f"assay/{home.id}/checkpoint") == retention
    plain = S3Bucket(S3Address(PLAIN, endpoint=buckets.endpoint))
    with pytest.raises(BucketError, match="has no Object Lock"):
        deposit(plain, PLAIN, [], note, retention)
