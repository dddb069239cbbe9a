"""Answers to the calls that Assay makes and moto lacks, in AWS's own wire formats.

Each starts as an empty, truthful answer (no analyzers, no findings); the builder of the world fills in what the company has.
The words go through botocore's description of the service, so an answer has exactly the shape that the service documents.
"""

import json
from collections.abc import Mapping
from typing import Any

from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model

from assay.demo.aws_errors import denied_code, error_answer
from assay.demo.aws_request import Operation, service_signed_for

Answer = Mapping[str, Any]

LACKING: Mapping[tuple[str, str], Answer] = {
    ("accessanalyzer", "ListAnalyzers"): {"analyzers": []},
    ("backup", "ListProtectedResources"): {"Results": []},
    ("ec2", "GetInstanceMetadataDefaults"): {"AccountLevel": {}},
    ("ec2", "GetSnapshotBlockPublicAccessState"): {"State": "unblocked", "ManagedBy": "account"},
    ("ec2", "GetImageBlockPublicAccessState"): {
        "ImageBlockPublicAccessState": "unblocked",
        "ManagedBy": "account",
    },
    ("guardduty", "ListFindings"): {"FindingIds": []},
    ("guardduty", "GetFindings"): {"Findings": []},
    ("inspector2", "ListCoverage"): {"coveredResources": []},
    ("lambda", "ListFunctionUrlConfigs"): {"FunctionUrlConfigs": []},
    ("rds", "DescribeDBEngineVersions"): {"DBEngineVersions": []},
    ("rds", "DescribeDBMajorEngineVersions"): {"DBMajorEngineVersions": []},
    ("securityhub", "GetEnabledStandards"): {"StandardsSubscriptions": []},
    ("ssm", "DescribeInstanceInformation"): {"InstanceInformationList": []},
    ("ssm", "ListResourceComplianceSummaries"): {"ResourceComplianceSummaryItems": []},
    ("wafv2", "ListResourcesForWebACL"): {"ResourceArns": []},
}
Sent = tuple[int, dict[str, str], bytes]


class Unserved:
    """Holds the answers by operation and region; `of` narrows one to requests that name a certain thing. Refusals stand here too."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str, str], list[tuple[str | None, Answer]]] = {}
        self._denied: set[tuple[str, str]] = set()
        self._watched = {service for service, _ in LACKING}

    def may_answer(self, authorization: str) -> bool:
        """Whether a request signed so can be for one of the services here: a cheap look before the careful one."""
        return service_signed_for(authorization) in self._watched

    def set(self, service: str, operation: str, region: str, answer: Answer, of: str | None = None) -> None:
        """From now on answer so; a later answer for the same operation, region and thing replaces the earlier."""
        kept = [
            (thing, known)
            for thing, known in self._answers.get((service, operation, region), [])
            if thing != of
        ]
        self._answers[service, operation, region] = [*kept, (of, answer)]

    def deny(self, service: str, operation: str) -> None:
        """From now on refuse the operation, as if its permission had been taken away."""
        self._denied.add((service, operation))
        self._watched.add(service)

    def answer(self, operation: Operation, body: bytes) -> Sent | None:
        """Status, headers and body; None where moto is to answer."""
        if (operation.service, operation.name) in self._denied:
            return _refused(operation)
        empty = LACKING.get((operation.service, operation.name))
        if empty is None:
            return None
        known = self._answers.get((operation.service, operation.name, operation.region), [])
        said = [answer for thing, answer in known if thing is None or _names(operation, body, thing)]
        return _serialized(operation, said[-1] if said else empty)


def _refused(operation: Operation) -> Sent:
    message = f"The caller is not authorized to perform: {operation.service}:{operation.name}"
    headers, body = error_answer(operation.service, denied_code(operation.service), message)
    return 400 if "json" in headers["content-type"] else 403, headers, body


def _names(operation: Operation, body: bytes, thing: str) -> bool:
    return thing in operation.names.values() or json.dumps(thing).encode() in body


def _serialized(operation: Operation, answer: Answer) -> Sent:
    model = get_service_model(operation.service)
    kind = get_serializer_class(operation.service, model.protocol)
    serialized = kind(model.operation_model(operation.name)).serialize(answer)
    body = serialized["body"]
    headers = {name: str(value) for name, value in serialized["headers"].items()}
    return int(serialized["status_code"]), headers, body.encode() if isinstance(body, str) else body
