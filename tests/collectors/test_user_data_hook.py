"""What the hook makes of user data in the forms that cloud-init takes, and of an instance that ends meanwhile."""

from __future__ import annotations

import gzip
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest

from assay.collectors.asking import Answer, Ask, CallError
from assay.collectors.hooks import user_data
from assay.collectors.work import Tally
from assay.evidence.gaps import Reason

KEY = b"-----BEGIN RSA PRIVATE KEY-----"
FOUND = {"Place": "user data", "Pattern": "private-key", "Count": 1}


class OneInstance:
    """A source with one instance, whose user data is given, or whose call fails."""

    def __init__(self, value: str | None, error: CallError | None = None, state: str = "running") -> None:
        self.source, self.value, self.error, self.state = self, value, error, state

    def pages(self, _: Ask) -> Iterator[Answer]:
        instance = {
            "InstanceId": "i-1",
            "State": {"Name": self.state},
            "Tags": [{"Key": "a", "Value": "planted"}],
        }
        yield Answer({"Reservations": [{"Instances": [instance]}]})

    def one(self, _: Ask) -> Answer:
        if self.error is not None:
            raise self.error
        return Answer({"InstanceId": "i-1", "UserData": {} if self.value is None else {"Value": self.value}})


def looked_at(source: OneInstance) -> Any:
    run: Any = source
    (page,) = user_data.listing(run, Ask("ec2.describe_instances", {}, "111122223333", "eu-west-1"), Tally())
    return page


def encoded(data: bytes) -> str:
    return b64encode(data).decode()


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (None, {"Found": []}),
        ("", {"Found": []}),
        (encoded(b"#!/bin/sh\necho"), {"Found": []}),
        (encoded(KEY), {"Found": [FOUND]}),
        (encoded(gzip.compress(KEY, mtime=0)), {"Found": [FOUND]}),
        (encoded(b"\xff\xfe" + KEY), {"Found": [FOUND]}),
        ("not base64!", {}),
        (encoded(gzip.compress(KEY, mtime=0)[:-9]), {}),
        (encoded(gzip.compress(bytes(2 << 20), mtime=0)), {}),
    ],
)
def test_what_is_found(value: str | None, found: dict[str, Any]) -> None:
    assert looked_at(OneInstance(value)) == {"Instances": [{"InstanceId": "i-1", **found}]}


def test_an_instance_that_has_ended_is_left_out() -> None:
    gone = CallError("ec2.describe_instance_attribute", Reason.FAILED, "InvalidInstanceID.NotFound")
    assert looked_at(OneInstance(None, gone)) == {"Instances": []}
    assert looked_at(OneInstance(encoded(KEY), state="terminated")) == {"Instances": []}


def test_a_denial_is_no_empty_user_data() -> None:
    denied = CallError("ec2.describe_instance_attribute", Reason.DENIED, "UnauthorizedOperation")
    with pytest.raises(CallError, match="denied"):
        looked_at(OneInstance(None, denied))
