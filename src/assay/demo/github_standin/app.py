"""The stand-in as a WSGI application: tokens, permissions, pages, rate limits, and the faults that a test asks for."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qsl, urlencode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from assay.demo.github_standin import answers
from assay.demo.github_standin.routes import ROUTES, Asked, Paged, Refused, canonical_path, numeric_path
from assay.demo.github_standin.world import World, number_of, sha_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

READ_ALL = dict.fromkeys(
    (
        "metadata",
        "administration",
        "members",
        "organization_administration",
        "organization_hooks",
        "contents",
        "pull_requests",
        "deployments",
        "actions",
        "vulnerability_alerts",
        "security_events",
        "secret_scanning_alerts",
    ),
    "read",
)
Kind = Literal[
    "deny",
    "missing",
    "throttle",
    "secondary",
    "error",
    "html",
    "half",
    "wrong",
    "body",
    "drop",
    "elsewhere",
    "loop",
]


@dataclass(slots=True)
class Fault:
    """What goes wrong for paths that match, `times` times (None: always), after `after` good answers.

    `body` is answered as it stands by the kind of that name; `to` is where the next page lies by the kind `elsewhere`.
    """

    path: str
    kind: Kind
    times: int | None = None
    after: int = 0
    body: bytes = b""
    to: str = "https://evil.example.com/steal"


@dataclass(slots=True)
class Reply:
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def _reply(status: int, value: Any, **headers: str) -> Reply:
    return Reply(status, b"" if value is None else json.dumps(value).encode(), headers)


def _refusal(status: int, message: str, **headers: str) -> Reply:
    page = "https://docs.github.com/rest"
    return _reply(status, {"message": message, "documentation_url": page, "status": str(status)}, **headers)


class GithubStandin:
    """One organization behind GitHub's API.

    `tokens` maps a token to the permissions that it holds. `app_keys` maps an App's id to its public key; the App may then ask for
    installation tokens, narrowed as it asks. `calls` counts requests by path, for tests. `clock` gives the time of its Date header.
    """

    def __init__(
        self,
        world: World,
        tokens: dict[str, dict[str, str]] | None = None,
        app_keys: dict[str, RSAPublicKey] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        limit: int = 5_000,
    ) -> None:
        self.world = world
        self.tokens = {} if tokens is None else tokens
        self.app_keys = {} if app_keys is None else app_keys
        self.clock = clock
        self.limit = limit
        self.faults: list[Fault] = []
        self.calls: list[str] = []
        self.used_permissions: set[str] = set()
        self._used = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        reply = self._answer(environ)
        now = self.clock()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Date": format_datetime(now.astimezone(UTC), usegmt=True),
            "X-GitHub-Request-Id": f"{number_of('request', len(self.calls)):X}",
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.limit - self._used)),
            "X-RateLimit-Reset": str(int(now.timestamp()) + 3_600),
            "X-RateLimit-Resource": "core",
            **reply.headers,
            "Content-Length": str(len(reply.body)),
        }
        start_response(f"{reply.status} Answer", list(headers.items()))
        return [reply.body]

    def _answer(self, environ: WSGIEnvironment) -> Reply:
        path = environ.get("PATH_INFO", "")
        self.calls.append(f"{environ['REQUEST_METHOD']} {path}")
        base = f"http://{environ['HTTP_HOST']}"
        fault = self._fault(path)
        if fault is not None and fault.kind not in ("elsewhere", "loop"):
            return self._faulty(fault)
        try:
            if environ["REQUEST_METHOD"] == "POST":
                return self._token(path, environ)
            granted = self._granted(environ)
            return self._get(path, base, dict(parse_qsl(environ.get("QUERY_STRING", ""))), granted, fault)
        except Refused as refused:
            return _refusal(refused.status, refused.message)

    def _granted(self, environ: WSGIEnvironment) -> dict[str, str]:
        scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme != "Bearer" or token not in self.tokens:
            raise Refused(401, "Bad credentials" if token else "Requires authentication")
        self._used += 1
        if self._used > self.limit:
            raise Refused(403, "API rate limit exceeded")
        return self.tokens[token]

    def _get(
        self, path: str, base: str, query: dict[str, str], granted: dict[str, str], fault: Fault | None
    ) -> Reply:
        named = canonical_path(self.world, path)
        for pattern, permission, handler in ROUTES:
            match = pattern.match(named or "")
            if match is None:
                continue
            self.used_permissions.add(permission)
            if permission not in granted:
                raise Refused(403, "Resource not accessible by integration")
            given = handler(Asked(self.world, base, query, granted), **match.groupdict())
            if isinstance(given, Paged):
                return _page(given, base + numeric_path(self.world, named or ""), query, fault)
            return _reply(204 if given is None else 200, given)
        raise Refused(404, "Not Found")

    def _fault(self, path: str) -> Fault | None:
        for fault in self.faults:
            if re.search(fault.path, path) and fault.times != 0:
                if fault.after > 0:
                    fault.after -= 1
                    continue
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None

    def _faulty(self, fault: Fault) -> Reply:
        match fault.kind:
            case "deny":
                return _refusal(403, "Resource not accessible by integration")
            case "missing":
                return _refusal(404, "Not Found")
            case "throttle":
                reset = str(int(self.clock().timestamp()) + 30)
                headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
                return Reply(403, _refusal(403, "API rate limit exceeded for installation").body, headers)
            case "secondary":
                return _refusal(
                    403,
                    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
                )
            case "html":
                return Reply(200, b"<!doctype html><title>Unicorn!</title>", {"Content-Type": "text/html"})
            case "half":
                return Reply(200, b'[{"id": 1, "name"')
            case "body":
                return Reply(200, fault.body)
            case "drop":
                raise ConnectionAbortedError
            case "wrong":
                return _reply(200, {"id": "not a list", "workflow_runs": 7})
            case _:
                return _refusal(502, "Server Error")

    def _token(self, path: str, environ: WSGIEnvironment) -> Reply:
        found = re.fullmatch(r"/app/installations/(\d+)/access_tokens", path)
        issuer = self._issuer(environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer "))
        ours = [
            one
            for one in self.world.installations
            if str(number_of("installation", one.slug)) == (found and found[1])
        ]
        if not ours or str(number_of("app", ours[0].slug)) != issuer:
            raise Refused(404, "Not Found")
        length = int(environ.get("CONTENT_LENGTH") or 0)
        asked = json.loads(environ["wsgi.input"].read(length) or b"{}")
        wanted = asked.get("permissions", ours[0].permissions)
        if any(ours[0].permissions.get(name) not in (level, "write") for name, level in wanted.items()):
            raise Refused(422, "The permissions requested are not granted to this installation.")
        token = f"ghs_{sha_of('token', len(self.tokens), ours[0].slug)}"
        self.tokens[token] = dict(wanted)
        expires = answers.at(self.clock() + timedelta(hours=1))
        return _reply(
            201,
            {
                "token": token,
                "expires_at": expires,
                "permissions": wanted,
                "repository_selection": ours[0].selection,
            },
        )

    def _issuer(self, jwt: str) -> str:
        """Give the App id of a JSON Web Token signed by that App's key, within its ten minutes; refuse any other."""
        try:
            signed, _, signature = jwt.rpartition(".")
            header, claims = (json.loads(_unbase64(part)) for part in signed.split("."))
            key = self.app_keys[str(claims["iss"])]
            key.verify(_unbase64(signature), signed.encode(), padding.PKCS1v15(), hashes.SHA256())
            in_time = claims["iat"] <= self.clock().timestamp() < claims["exp"] <= claims["iat"] + 600
        except (ValueError, KeyError, TypeError, InvalidSignature):
            in_time, header = False, {}
        if not in_time or header["alg"] != "RS256":
            raise Refused(401, "A JSON web token could not be decoded")
        return str(claims["iss"])


def _unbase64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _page(given: Paged, url: str, query: dict[str, str], fault: Fault | None) -> Reply:
    size = max(1, min(100, int(query.get("per_page", "30"))))
    name, number = (
        ("after", _position(query.get("after", "")))
        if given.cursor
        else ("page", int(query.get("page", "1")) - 1)
    )
    start = number * size
    cut = given.items[start : start + size]
    value = cut if given.wrap is None else {"total_count": len(given.items), given.wrap: cut}
    following = number + 1 if start + size < len(given.items) else None
    if fault is not None:
        url, following = (fault.to, 1) if fault.kind == "elsewhere" else (url, number)
    if following is None:
        return _reply(200, value)
    mark = _cursor(following) if given.cursor else str(following + 1)
    link = f'<{url}?{urlencode({**query, name: mark})}>; rel="next"'
    return _reply(200, value, Link=link)


def _cursor(number: int) -> str:
    return base64.urlsafe_b64encode(f"page:{number}".encode()).decode()


def _position(cursor: str) -> int:
    return int(base64.urlsafe_b64decode(cursor).decode().partition(":")[2]) if cursor else 0
