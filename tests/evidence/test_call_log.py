"""The call log gives back every call it was made from."""

from __future__ import annotations

from assay.evidence.call_log import call_log, calls_in

CALLS = [
    b'["s3.list_buckets","111122223333","",0,12,200,310,"K1",null]',
    b'["s3.get_bucket_policy","111122223333","",12,9,404,80,null,"NoSuchBucketPolicy"]',
]


def test_a_call_log_gives_back_its_calls_in_order() -> None:
    assert calls_in(call_log(CALLS)) == CALLS
    assert calls_in(call_log([])) == []
