"""Answers of AWS that were recorded, or written by hand, played through the real collector: no server, no socket.

A recording is one file, tests/recordings/aws/SERVICE/NAME.yaml; a check names it as `aws/SERVICE/NAME`:

    account: "111122223333"
    regions: [eu-west-1]
    answers:
      iam.ListAccessKeys:                  # service and operation, as AWS names it
        - when: {UserName: ben}            # optional: arguments that the request must have
          region: eu-west-1                # optional
          answer: {AccessKeyMetadata: [...]}
        - error: {code: AccessDenied, status: 403}

The first entry that fits is given; entries without `when` fit every request. Every answer is checked against the shape that botocore has
for the operation, so that no recording says what AWS cannot say. What a recording does not answer is refused with status 501.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import botocore.client
import botocore.exceptions
import botocore.validate
import yaml

RECORDINGS = Path(__file__).parents[1] / "recordings"


class NotAnAnswerError(AssertionError):
    """A recording holds what the operation cannot answer."""


class Answers:
    """Recorded answers by operation; `asked` lists what was asked, in the order of the calls."""

    def __init__(self, recording: Mapping[str, Any]) -> None:
        self.account: str = recording.get("account", "111122223333")
        self.regions: tuple[str, ...] = tuple(recording.get("regions", ["eu-west-1"]))
        self._answers: Mapping[str, list[Mapping[str, Any]]] = recording["answers"]
        self.asked: list[tuple[str, str]] = []

    @classmethod
    def of(cls, name: str) -> Answers:
        """Read the recording `name`, such as `aws/iam/two-users-three-keys`."""
        return cls(yaml.safe_load((RECORDINGS / f"{name}.yaml").read_text()))

    def answer(self, client: Any, operation: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Give the parsed answer, or raise the ClientError, that a client would."""
        call, region = f"{client.meta.service_model.service_name}.{operation}", client.meta.region_name
        self.asked.append((call, region))
        for entry in self._answers.get(call, [_standard(self, call)]):
            if entry.get("region", region) == region and _fits(entry.get("when", {}), asked):
                return _given(client, operation, entry)
        return _given(client, operation, {"error": {"code": "NotRecorded", "status": 501}})

    @contextmanager
    def playing(self) -> Iterator[Answers]:
        """Let every boto3 client of the process answer from the recording for the length of a block."""
        real = botocore.client.BaseClient._make_api_call
        recorded = self

        def play(client: Any, operation: str, asked: Mapping[str, Any]) -> dict[str, Any]:
            return recorded.answer(client, operation, asked)

        botocore.client.BaseClient._make_api_call = play
        try:
            yield self
        finally:
            botocore.client.BaseClient._make_api_call = real


def _standard(answers: Answers, call: str) -> Mapping[str, Any]:
    """Every run asks these; a recording need not say them."""
    if call == "sts.GetCallerIdentity":
        arn = f"arn:aws:sts::{answers.account}:assumed-role/AssayReadOnly/assay-recorded"
        return {"answer": {"Account": answers.account, "Arn": arn, "UserId": "AROAEXAMPLE"}}
    if call == "ec2.DescribeRegions":
        return {"answer": {"Regions": [{"RegionName": region} for region in answers.regions]}}
    return {"error": {"code": "NotRecorded", "status": 501}}


def _fits(when: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    return all(asked.get(name) == value for name, value in when.items())


def _given(client: Any, operation: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    metadata = {"HTTPHeaders": {}, "RequestId": "recorded", "RetryAttempts": 0}
    if "error" in entry:
        error, status = entry["error"], entry["error"].get("status", 400)
        said = {
            "Error": {"Code": error["code"], "Message": "recorded"},
            "ResponseMetadata": {**metadata, "HTTPStatusCode": status},
        }
        raise botocore.exceptions.ClientError(said, operation)
    return {
        **checked(client, operation, entry["answer"]),
        "ResponseMetadata": {**metadata, "HTTPStatusCode": 200},
    }


def checked(client: Any, operation: str, answer: Mapping[str, Any]) -> dict[str, Any]:
    """Give `answer` with its texts that are instants read as such; raises NotAnAnswerError where botocore's output shape has none like it."""
    shape = client.meta.service_model.operation_model(operation).output_shape
    read = _read(answer, shape, operation)
    report = botocore.validate.ParamValidator().validate(read, shape)
    if report.has_errors():
        raise NotAnAnswerError(f"{operation} cannot answer so: {report.generate_report()}")
    return read  # type: ignore[no-any-return]


def _read(value: Any, shape: Any, path: str) -> Any:
    """Instants from text; a member that the shape lacks is refused, which botocore's own validator lets pass."""
    match shape.type_name:
        case "structure" if isinstance(value, Mapping):
            unknown = value.keys() - shape.members.keys()
            if unknown:
                raise NotAnAnswerError(f"{path} has no {', '.join(sorted(unknown))}.")
            return {
                name: _read(member, shape.members[name], f"{path}.{name}") for name, member in value.items()
            }
        case "list" if isinstance(value, list):
            return [_read(member, shape.member, f"{path}[]") for member in value]
        case "map" if isinstance(value, Mapping):
            return {name: _read(member, shape.value, f"{path}.{name}") for name, member in value.items()}
        case "timestamp" if isinstance(value, str):
            return datetime.fromisoformat(value)
        case "blob" if isinstance(value, str):
            return value.encode()
        case _:
            return value
