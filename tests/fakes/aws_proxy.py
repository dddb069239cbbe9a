"""A proxy on loopback in front of an AWS stand-in, which makes chosen operations go wrong and counts every call.

    with AwsServer() as aws, AwsProxy(aws.endpoint) as proxy:
        proxy.deny("s3", "GetBucketEncryption").throttle("rds", "*", times=2)
        …  # a session whose endpoint is proxy.endpoint
        assert proxy.count("s3", "GetBucketEncryption") == 12

Services are boto3's names, operations AWS's (`DescribeDBInstances`), `*` is any. A fault can be narrowed to a region, to requests that
name a thing (`of="northwind-logs"`), and to some of the matching calls: `after=3` spares the first three, `times=2` spoils two.
It keeps counts only: no address, header or body.
"""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import botocore.loaders

from assay.demo.aws_errors import denied_code, error_answer, protocol, service_model, throttled_code
from assay.demo.aws_request import Operation, operation_of

NINE_DENIALS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "bucket encryption": (("s3", "GetBucketEncryption"),),
    "bucket versioning": (("s3", "GetBucketVersioning"),),
    "DB instances": (("rds", "DescribeDBInstances"),),
    "credential report": (("iam", "GenerateCredentialReport"), ("iam", "GetCredentialReport")),
    "password policy": (("iam", "GetAccountPasswordPolicy"),),
    "MFA devices": (("iam", "ListMFADevices"), ("iam", "ListVirtualMFADevices")),
    "trails": (("cloudtrail", "DescribeTrails"),),
    "security groups": (("ec2", "DescribeSecurityGroups"),),
    "key rotation": (("kms", "GetKeyRotationStatus"),),
}
HTML = b"<!doctype html><html><head><title>Sign in</title></head><body>Please sign in to the network.</body></html>"
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host", "proxy-connection"}


@dataclass(frozen=True)
class Reply:
    """What goes back: `sent` limits the bytes of the body that really leave, while its full length is announced."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    sent: int | None = None


@dataclass(frozen=True)
class Call:
    """One request on its way: which operation it is, and how to have it answered by the target."""

    operation: Operation
    forward: Callable[[], Reply]
    body: bytes


Act = Callable[[Call], Reply | None]
"""What a fault does: a reply, or None to close the connection without one."""


@dataclass
class Fault:
    service: str
    operation: str
    act: Act
    region: str | None = None
    of: str | None = None
    after: int = 0
    times: int | None = None
    silent: bool = False
    met: int = field(default=0, init=False)

    def strikes(self, call: Call) -> bool:
        """Whether this call is spoilt; each matching call counts towards `after` and `times`."""
        if not self.matches(call.operation, call.body):
            return False
        self.met += 1
        return self.met > self.after and (self.times is None or self.met <= self.after + self.times)

    def matches(self, asked: Operation, body: bytes) -> bool:
        """Whether this fault is about such a call."""
        return (
            self.service in ("*", asked.service)
            and self.operation in ("*", asked.name)
            and self.region in (None, asked.region)
            and (self.of is None or self.of in asked.names.values() or self.of.encode() in body)
        )


class AwsProxy:
    """The proxy's life, its faults and its counts. Each fault method gives the proxy back; the newest fault that strikes wins."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self.calls: Counter[tuple[str, str, str]] = Counter()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def count(self, service: str = "*", operation: str = "*", region: str = "*") -> int:
        """How many calls came in, the spoilt ones included."""
        wanted = (service, operation, region)
        with self._lock:
            return sum(
                number
                for key, number in self.calls.items()
                if all(want in ("*", got) for want, got in zip(wanted, key, strict=True))
            )

    def table(self) -> list[tuple[str, str, int]]:
        """(service, operation, calls), in order of the names."""
        sums: Counter[tuple[str, str]] = Counter()
        with self._lock:
            for (service, operation, _), number in self.calls.items():
                sums[service, operation] += number
        return [(service, operation, number) for (service, operation), number in sorted(sums.items())]

    def forget(self) -> Self:
        """Start counting anew."""
        with self._lock:
            self.calls.clear()
        return self

    def mend(self) -> Self:
        """Take all faults away."""
        with self._lock:
            self._faults.clear()
        return self

    def spoil(self, service: str, operation: str, act: Act, **when: Any) -> Self:
        """Any fault: `act` replies in the target's place. `when` is region, of, after, times."""
        with self._lock:
            self._faults.insert(0, Fault(service, operation, act, **when))
        return self

    def deny(self, service: str, operation: str, **when: Any) -> Self:
        """The permission is missing, in the service's own words."""
        return self.spoil(service, operation, _refuse, **when)

    def deny_after(self, calls: int) -> Self:
        """All permissions are lost once so many calls were answered."""
        return self.deny("*", "*", after=calls)

    def throttle(self, service: str, operation: str, **when: Any) -> Self:
        """Asked too often, in the service's own words."""
        return self.spoil(service, operation, _throttle, **when)

    def break_down(self, service: str, operation: str, *, status: int = 503, **when: Any) -> Self:
        """An answer from some broken machine on the way."""
        return self.spoil(
            service, operation, lambda _: Reply(status, {"content-type": "text/plain"}, b"broken"), **when
        )

    def time_out(
        self, service: str, operation: str, *, region: str | None = None, of: str | None = None
    ) -> Self:
        """No answer until the proxy stops; then the connection closes. `fakes.silence` gives such a call up soon, and no other."""

        def wait(_: Call) -> None:
            self._stopping.wait()

        return self.spoil(service, operation, wait, region=region, of=of, silent=True)

    def is_silent(self, asked: Operation, body: bytes) -> bool:
        """Whether such a call gets no answer."""
        with self._lock:
            about = [fault for fault in self._faults if fault.matches(asked, body)]
        return bool(about) and about[0].silent

    def drop(self, service: str, operation: str, **when: Any) -> Self:
        """The connection closes without an answer."""
        return self.spoil(service, operation, lambda _: None, **when)

    def truncate(self, service: str, operation: str, **when: Any) -> Self:
        """Half of the true answer, announced at its full length."""
        return self.spoil(service, operation, lambda call: _halved(call.forward()), **when)

    def cut_short(self, service: str, operation: str, **when: Any) -> Self:
        """Half of the true answer, announced as if that were all."""
        return self.spoil(
            service, operation, lambda call: _changed(call, lambda body: body[: len(body) // 2]), **when
        )

    def html(self, service: str, operation: str, *, status: int = 200, **when: Any) -> Self:
        """A sign-in page of some network in the way."""
        return self.spoil(
            service, operation, lambda _: Reply(status, {"content-type": "text/html"}, HTML), **when
        )

    def empty(self, service: str, operation: str, **when: Any) -> Self:
        """The true status, and nothing in the body."""
        return self.spoil(service, operation, lambda call: _changed(call, lambda _: b""), **when)

    def corrupt(self, service: str, operation: str, change: Callable[[bytes], bytes], **when: Any) -> Self:
        """The true answer, its body changed."""
        return self.spoil(service, operation, lambda call: _changed(call, change), **when)

    def wrong_types(self, service: str, operation: str, **when: Any) -> Self:
        """The true answer with lists, booleans and numbers turned into words."""
        return self.corrupt(service, operation, with_wrong_types, **when)

    def loop_pages(self, service: str, operation: str, **when: Any) -> Self:
        """The true answer, always with one and the same token for a next page."""
        first: dict[tuple[str, str, str], Reply] = {}

        def repeat(call: Call) -> Reply:
            asked = (call.operation.service, call.operation.name, call.operation.region)
            if asked not in first:
                first[asked] = _looped(call)
            return first[asked]

        return self.spoil(service, operation, repeat, **when)

    def answer(self, call: Call) -> Reply | None:
        """Count a call, and answer it by the newest fault that strikes, or by the target."""
        with self._lock:
            asked = call.operation
            self.calls[asked.service, asked.name, asked.region] += 1
            struck = [fault for fault in self._faults if fault.strikes(call)]
        return struck[0].act(call) if struck else call.forward()

    def forward(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """The target's own answer."""
        connection = http.client.HTTPConnection(*self._target, timeout=60)
        try:
            kept = {name: value for name, value in headers.items() if name.lower() not in _HOP_BY_HOP}
            connection.request(method, path, body=body, headers=kept | {"Content-Length": str(len(body))})
            got = connection.getresponse()
            said = {name: value for name, value in got.getheaders() if name.lower() not in _HOP_BY_HOP}
            return Reply(got.status, said, got.read())
        finally:
            connection.close()


def _handler(proxy: AwsProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            """As the base class, but one method answers all verbs."""
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            if self.headers.get("Expect", "").lower() == "100-continue":
                self.send_response_only(100)
                self.end_headers()
            self._serve()
            self.wfile.flush()

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = dict(self.headers.items())
            path, _, query = self.path.partition("?")
            lower = {name.lower(): value for name, value in headers.items()}
            operation = operation_of(method=self.command, path=path, query=query, headers=lower, body=body)

            def forward() -> Reply:
                return proxy.forward(self.command, self.path, headers, body)

            known = operation or Operation("?", "?", "", {})
            reply = proxy.answer(Call(known, forward, body))
            if reply is None:
                self.close_connection = True
            else:
                self._send(reply)

        def _send(self, reply: Reply) -> None:
            self.send_response_only(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(reply.body[: reply.sent])
            if reply.sent is not None:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Nothing is kept."""

    return Handler


def _refuse(call: Call) -> Reply:
    asked = call.operation
    message = f"The caller is not authorized to perform: {asked.service}:{asked.name}"
    headers, body = error_answer(asked.service, denied_code(asked.service), message)
    return Reply(_status(asked.service, 403), headers, body)


def _throttle(call: Call) -> Reply:
    service = call.operation.service
    headers, body = error_answer(service, throttled_code(service), "Rate exceeded")
    return Reply(_status(service, 503), headers, body)


def _status(service: str, of_xml: int) -> int:
    return of_xml if protocol(service) in ("query", "ec2", "rest-xml") else 400


def _halved(reply: Reply) -> Reply:
    return Reply(reply.status, reply.headers, reply.body, sent=len(reply.body) // 2)


def _changed(call: Call, change: Callable[[bytes], bytes]) -> Reply:
    reply = call.forward()
    return Reply(reply.status, reply.headers, change(reply.body))


def with_wrong_types(body: bytes) -> bytes:
    """JSON: lists, booleans and numbers become words. XML: so do the texts that were booleans and numbers."""
    try:
        said = json.loads(body)
    except ValueError:
        return re.sub(rb">(true|false|\d+)<", rb">perhaps<", body)
    return json.dumps(_worded(said)).encode()


def _worded(value: Any) -> Any:
    match value:
        case dict():
            return {key: _worded(held) for key, held in value.items()}
        case list() | bool() | int() | float():
            return "perhaps"
        case _:
            return value


def _looped(call: Call) -> Reply:
    """The answer with the members that say "there is more, from here" set, as botocore's paginator looks for them."""
    asked = call.operation
    reply = call.forward()
    members = paging_members(asked.service, asked.name)
    if reply.body.lstrip().startswith(b"{"):
        said = json.loads(reply.body) | members
        return Reply(reply.status, reply.headers, json.dumps(said).encode())
    text = reply.body.decode()
    for name in members:
        text = re.sub(rf"<{name}>[^<]*</{name}>|<{name}/>", "", text)
    inner = "".join(f"<{name}>{json.dumps(value).strip(chr(34))}</{name}>" for name, value in members.items())
    endings = [f"</{asked.name}Result>", re.findall(r"</[A-Za-z0-9]+>", text)[-1]]
    at = next(text.rindex(end) for end in endings if end in text)
    return Reply(reply.status, reply.headers, (text[:at] + inner + text[at:]).encode())


@cache
def paging_members(service: str, operation: str) -> dict[str, Any]:
    """The output members, by their names on the wire, by which an operation says that more pages follow."""
    pages = botocore.loaders.Loader().load_service_model(service, "paginators-1")["pagination"][operation]
    tokens = pages["output_token"]
    paths = tokens if isinstance(tokens, list) else [tokens]
    said: dict[str, Any] = {_on_the_wire(service, operation, path): "the-same-page-again" for path in paths}
    if "more_results" in pages:
        said[_on_the_wire(service, operation, pages["more_results"])] = True
    return said


def _on_the_wire(service: str, operation: str, path: str) -> str:
    """The last step of a path such as `DistributionList.NextMarker`, as it is written in the answer."""
    shape, name = service_model(service).operation_model(operation).output_shape, path
    for step in path.split(" || ")[0].split("."):
        member = shape.members[step]
        name, shape = member.serialization.get("name", step), member
    return name
