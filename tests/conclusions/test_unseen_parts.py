"""What a record lacks is unknown: what a gap covers by the gap's reason, and the rest because nobody asked for it."""

from __future__ import annotations

from collections.abc import Iterable

from assay.conclusions.inputs import table_input
from assay.conclusions.observed import ObservedTable, Population
from assay.content_tree import Content
from assay.evidence.canonical import encode
from assay.evidence.gaps import Gap, Reason
from assay.evidence.records import Line, Place, Sealed, Whole
from assay.tables import columns_of, load_tables

RULESET = load_tables(Content.shipped())["github_ruleset"]
BUCKET = load_tables(Content.shipped())["aws_s3_bucket"]
ENCRYPTION = columns_of(BUCKET, "get_bucket_encryption")
VERSIONING = columns_of(BUCKET, "get_bucket_versioning")


class Lines:
    """Gives the same whole lines for every population."""

    def __init__(self, *lines: Whole) -> None:
        self._lines = lines

    def lines(self, population: Population) -> Iterable[Line]:
        return self._lines

    def open(self, population: Population, line: Sealed) -> Whole | None:
        raise AssertionError("nothing here is sealed")


def gaps_over(spec: object, key: str, record: object, *known: Gap) -> list[Gap]:
    place = Place(spec.name, "acme", "")  # type: ignore[attr-defined]
    table = ObservedTable((Population("main", place, 3, {}),), known)
    _, gaps = table_input(spec, table, Lines(Whole(key, encode(record), b"salt")))  # type: ignore[arg-type]
    return [gap for gap in gaps if gap not in known]


def bucket_without(*parts: str) -> dict[str, object]:
    """A bucket of which every part but some was answered, as empty as AWS may answer it."""
    kept = {call.part for call in BUCKET.each} | {call.part for call in BUCKET.once}
    record: dict[str, object] = dict.fromkeys(kept - set(parts))
    return {**record, BUCKET.part: {"Name": "logs", "BucketArn": "arn:aws:s3:::logs"}}


def test_a_gap_over_one_part_of_a_record_does_not_explain_another_part_that_it_lacks() -> None:
    """A denial hides the encryption; the versioning was never asked for (the table had no such call then). Neither may be judged."""
    denied = Gap("aws_s3_bucket", Reason.DENIED, "acme", "", key="logs", columns=ENCRYPTION)
    record = bucket_without("get_bucket_encryption", "get_bucket_versioning")
    found = gaps_over(BUCKET, "logs", record, denied)
    covered = frozenset().union(*(gap.columns or frozenset() for gap in found))
    assert {gap.reason for gap in found} == {Reason.NOT_COVERED}
    assert covered >= VERSIONING
    assert not covered & ENCRYPTION


def test_a_gap_over_a_whole_record_explains_all_that_it_lacks() -> None:
    hidden = Gap("aws_s3_bucket", Reason.DENIED, "acme", "", key="logs")
    assert gaps_over(BUCKET, "logs", bucket_without("get_bucket_versioning"), hidden) == []


def test_what_nobody_asked_for_is_told_with_what_the_record_belongs_to() -> None:
    rules = {"type": "deletion", "ruleset_id": 7, "full_name": "acme/web", "name": "web"}
    (gap,) = gaps_over(RULESET, "acme/web/7/deletion", {"parent": "acme/web", "rules": rules})
    assert (gap.reason, gap.parent, gap.key) == (Reason.NOT_COVERED, "acme/web", "acme/web/7/deletion")
    assert gap.columns == columns_of(RULESET, "ruleset")
