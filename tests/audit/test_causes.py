"""Causes of not knowing: which gaps one act mends together, which checks wait for it, and what to do."""

from __future__ import annotations

from facts import check, concluded, gap, note

from assay.audit import GapFacts, SourceFacts, TableFacts
from assay.audit.causes import Cause, find_causes, what_was_not_seen

TABLES = {
    one.name: one
    for one in (
        TableFacts("aws_s3_bucket", "aws"),
        TableFacts("aws_kms_key", "aws"),
        TableFacts("device", "file"),
    )
}
AWS = SourceFacts("aws-main", "aws", "AWS", places={"111122223333": "prod"})
ENCRYPTED = check("aws.s3.encrypted", "DAT-01")
DENIED = concluded(3, note("UNKNOWN", "arn:aws:s3:::logs", "denied"))


def found(gaps: list[dict[str, object]], sets: dict[str, object], **actions: str) -> list[Cause]:
    facts = [GapFacts(one, "2026-11-23T06:00:00Z", "2026-11-22T06:00:00Z") for one in gaps]
    return find_causes(facts, [ENCRYPTED], sets, TABLES, [AWS], actions)


def test_one_refusal_over_many_records_is_one_cause() -> None:
    gaps = [
        gap(
            "aws_s3_bucket",
            "denied",
            account="111122223333",
            key=f"arn:aws:s3:::{name}",
            columns=["encryption"],
            call="s3.get_bucket_encryption",
        )
        for name in ("logs", "press-kit")
    ]
    (cause,) = found(
        gaps, {"aws.s3.encrypted": DENIED}, **{"s3.get_bucket_encryption": "s3:GetEncryptionConfiguration"}
    )
    assert cause.id == "aws/111122223333/denied"
    assert cause.title == "AWS in prod: S3 buckets"
    assert cause.checks == ("aws.s3.encrypted",)
    assert cause.mend == "Allow s3:GetEncryptionConfiguration to the reading role, then collect again."
    assert (cause.since, cause.last_seen) == ("2026-11-23T06:00:00Z", "2026-11-22T06:00:00Z")
    assert (
        what_was_not_seen(cause, frozenset())
        == "Not seen: two single records (logs and press-kit); of these, only encryption."
    )
    assert "logs" not in what_was_not_seen(cause, frozenset({"aws_s3_bucket"}))


def test_a_gap_over_columns_that_no_check_reads_holds_nothing_up() -> None:
    (cause,) = found(
        [gap("aws_s3_bucket", "denied", account="111122223333", columns=["tags"])],
        {"aws.s3.encrypted": DENIED},
    )
    assert cause.checks == ()


def test_a_gap_holds_up_only_checks_with_unknown_items() -> None:
    (cause,) = found(
        [gap("aws_s3_bucket", "denied", account="111122223333")], {"aws.s3.encrypted": concluded(4)}
    )
    assert cause.checks == ()


def test_what_nobody_asked_for_is_not_connected() -> None:
    (cause,) = find_causes(
        [],
        [check("cross.device", "END-01", reads={"device": frozenset({"disk"})}, items=("device",))],
        {},
        TABLES,
        [],
        {},
    )
    assert (cause.id, cause.title, cause.checks) == (
        "file/device/not_connected",
        "Device list",
        ("cross.device",),
    )
    assert cause.mend == "Import the device list: `assay connect file`. Or answer by evidence."


def test_an_evaluation_that_says_not_connected_is_believed_without_a_gap() -> None:
    sets = {"aws.s3.encrypted": concluded(0, note("UNKNOWN", None, "not_connected"))}
    (cause,) = find_causes([], [ENCRYPTED], sets, TABLES, [], {})
    assert (cause.id, cause.answerable) == ("aws/not_connected", True)


def test_a_list_never_imported_beside_others_is_not_time_that_is_lost() -> None:
    device = check("cross.device", "END-01", reads={"device": frozenset({"disk"})}, items=("device",))
    staff = SourceFacts("people", "file", "Staff list")
    sets = {"cross.device": concluded(0, note("UNKNOWN", None, "not_covered"))}
    (cause,) = find_causes([GapFacts(gap("device", "not_covered"))], [device], sets, TABLES, [staff], {})
    assert (cause.id, cause.title, cause.checks) == (
        "file/device/not_asked",
        "Device list",
        ("cross.device",),
    )
    assert cause.mend == "Import the device list: `assay connect file`. Or answer by evidence."


def test_a_table_new_since_the_last_collection_asks_to_collect_again() -> None:
    sets = {"aws.s3.encrypted": concluded(0, note("UNKNOWN", None, "not_covered"))}
    (cause,) = found([gap("aws_s3_bucket", "not_covered")], sets)
    assert (cause.reason, cause.happened) == ("not_asked", "Nobody has asked for it yet.")
    assert cause.mend == "Run `assay collect`. Or answer by evidence."
