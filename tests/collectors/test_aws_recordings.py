"""Recorded answers go through the real collector, and a recording cannot say what AWS cannot."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from aws_answers import Answers, NotAnAnswerError
from aws_small_world import Collected, collected


def played(answers: Answers, *tables: str) -> Collected:
    with answers.playing():
        return collected("http://127.0.0.1:9", *tables, regions=None)


def test_a_recording_becomes_records() -> None:
    answers = Answers.of("aws/iam/two-users-three-keys")
    found = played(answers, "aws_iam_principal", "aws_iam_access_key")
    assert found.gaps() == []
    assert [
        (one["key_id"], one["active"], one["created"], one["last_used"])
        for one in found.rows("aws_iam_access_key")
    ] == [
        ("AKIAEXAMPLEADA0001", True, datetime(2025, 3, 1, 9), None),  # noqa: DTZ001 — as DuckDB wants it
        ("AKIAEXAMPLEBEN0001", True, datetime(2026, 2, 1, 9), datetime(2026, 4, 1, 7, 30)),  # noqa: DTZ001
        ("AKIAEXAMPLEBEN0002", False, datetime(2025, 2, 1, 9), None),  # noqa: DTZ001
    ]
    asked = [call for call, _ in answers.asked]
    assert asked[:3] == ["sts.GetCallerIdentity", "ec2.DescribeRegions", "iam.GetAccountAuthorizationDetails"]
    assert sorted(asked[3:]) == ["iam.GetAccessKeyLastUsed"] * 2 + ["iam.ListAccessKeys"] * 2


def recording(answer: Any, **more: Any) -> Answers:
    return Answers({"answers": {"ec2.DescribeVolumes": [{"answer": answer, **more}]}})


def test_an_error_of_a_recording_is_a_gap() -> None:
    answers = Answers(
        {"answers": {"ec2.DescribeVolumes": [{"error": {"code": "UnauthorizedOperation", "status": 403}}]}}
    )
    assert played(answers, "aws_ebs_volume").not_seen() == [("aws_ebs_volume", "eu-west-1", "denied")]


def test_what_a_recording_does_not_answer_is_a_gap() -> None:
    assert played(Answers({"answers": {}}), "aws_ebs_volume").not_seen() == [
        ("aws_ebs_volume", "eu-west-1", "unavailable")
    ]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"Volume": []}, "has no Volume"),
        ({"Volumes": [{"Encrypt": True}]}, "has no Encrypt"),
        ({"Volumes": [{"Encrypted": "yes"}]}, "cannot answer so"),
        ({"Volumes": {"VolumeId": "vol-1"}}, "cannot answer so"),
    ],
)
def test_a_recording_keeps_to_the_shape_of_the_operation(answer: Any, said: str) -> None:
    with pytest.raises(NotAnAnswerError, match=said):
        played(recording(answer), "aws_ebs_volume")


def test_a_recording_can_answer_by_region() -> None:
    answers = Answers(
        {
            "regions": ["eu-west-1", "us-east-1"],
            "answers": {
                "ec2.DescribeVolumes": [
                    {"region": "us-east-1", "answer": {"Volumes": []}},
                    {"answer": {"Volumes": [{"VolumeId": "vol-1", "Encrypted": True}]}},
                ]
            },
        }
    )
    found = played(answers, "aws_ebs_volume")
    assert [len(found.rows("aws_ebs_volume", region)) for region in ("eu-west-1", "us-east-1")] == [1, 0]
