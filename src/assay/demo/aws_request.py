"""Which operation of which AWS service an HTTP request asks for.

Works for all five AWS protocols: from the form's `Action` (query, ec2), the `X-Amz-Target` header (json), the path of Smithy RPC,
and for the REST protocols from the service description that botocore ships.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote

import botocore.exceptions
import botocore.loaders

_SIGNING_NAMES = {
    "sso": "sso-admin",
    "access-analyzer": "accessanalyzer",
    "monitoring": "cloudwatch",
    "elasticloadbalancing": "elbv2",
    "elasticfilesystem": "efs",
}
_SCOPE = re.compile(r"Credential=[^/]+/\d{8}/([^/]+)/([^/]+)/aws4_request")
_RPC = re.compile(r"^/service/[^/]+/operation/([A-Za-z0-9]+)$")


@dataclass(frozen=True, slots=True)
class Operation:
    """One request in AWS's words: boto3's name of the service, the operation (`GetBucketEncryption`), the region it is signed for,
    and what the path and query name (`{"Bucket": "acme-logs"}`)."""

    service: str
    name: str
    region: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Route:
    name: str
    method: str
    path: re.Pattern[str]
    query: tuple[tuple[str, str], ...]
    headers: tuple[str, ...]
    weight: tuple[int, int]

    def match(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]
    ) -> dict[str, str] | None:
        if method != self.method or any(query.get(key) != value for key, value in self.query):
            return None
        if any(name not in headers for name in self.headers):
            return None
        found = self.path.match(path)
        return None if found is None else {key: unquote(value) for key, value in found.groupdict().items()}


def operation_of(
    *, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
) -> Operation | None:
    """The operation of one request, or None where it is not one of AWS's.

    `headers` has lower-case names; `path` is still percent-encoded, `query` has no question mark.
    """
    authorization = headers.get("authorization", "")
    scope, service = _SCOPE.search(authorization), service_signed_for(authorization)
    if scope is None:
        return None
    region = scope[1]
    if service == "s3" and path.startswith("/v20180820/"):
        service = "s3control"
    asked = dict(parse_qsl(query, keep_blank_values=True))
    named = _by_envelope(path, headers, body)
    if named is not None:
        return Operation(service, named, region, asked)
    for route in _routes(service):
        names = route.match(method, path, asked, headers)
        if names is not None:
            return Operation(service, route.name, region, asked | names)
    return None


def service_signed_for(authorization: str) -> str:
    """The service, by boto3's name, for which an `Authorization` header is signed; empty where it is none of AWS's."""
    scope = _SCOPE.search(authorization)
    return "" if scope is None else _SIGNING_NAMES.get(scope[2], scope[2])


def _by_envelope(path: str, headers: Mapping[str, str], body: bytes) -> str | None:
    target = headers.get("x-amz-target")
    if target:
        return target.rsplit(".", 1)[-1]
    rpc = _RPC.match(path)
    if rpc:
        return rpc[1]
    if headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(body.decode("utf-8", "replace"))).get("Action")
    return None


@cache
def _routes(service: str) -> tuple[_Route, ...]:
    """The operations of a REST service, the most particular first."""
    try:
        model = botocore.loaders.Loader().load_service_model(service, "service-2")
    except botocore.exceptions.UnknownServiceError:
        return ()
    routes = [
        _route(name, operation, _headers(model["shapes"].get(operation.get("input", {}).get("shape"), {})))
        for name, operation in model["operations"].items()
    ]
    return tuple(sorted(routes, key=lambda route: route.weight, reverse=True))


def _headers(shape: Mapping[str, Any]) -> tuple[str, ...]:
    """The headers that an operation cannot do without: by `x-amz-copy-source` copying an object differs from putting one."""
    members = (shape["members"][name] for name in shape.get("required", ()))
    return tuple(member["locationName"].lower() for member in members if member.get("location") == "header")


def _route(name: str, operation: Mapping[str, Any], headers: tuple[str, ...]) -> _Route:
    uri, _, query = operation["http"]["requestUri"].partition("?")
    pattern = re.sub(r"\\\{([A-Za-z0-9_]+)(\\\+)?\\\}", _placeholder, re.escape(uri))
    literal = len(re.sub(r"\{[^}]*\}", "", uri))
    needed = tuple(parse_qsl(query, keep_blank_values=True))
    weight = (len(needed) + len(headers), literal)
    return _Route(name, operation["http"]["method"], re.compile(f"^{pattern}/?$"), needed, headers, weight)


def _placeholder(found: re.Match[str]) -> str:
    return f"(?P<{found[1]}>.+)" if found[2] else f"(?P<{found[1]}>[^/]+)"
