"""How requests to AWS are sent: answers read within bounds of bytes and of time, a cut-off one told from a whole one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol

import urllib3.exceptions
from botocore.exceptions import ConnectionClosedError, HTTPClientError, ReadTimeoutError

from assay.outbound.large import LARGE, Gate, has_too_many_things

_PIECE = 65_536
GATE = Gate()
"""One for the whole process. Entered where a large answer comes in, and left by the session once it is read (`AwsSession`)."""


class AnswerTooLargeError(HTTPClientError):  # type: ignore[misc]  # botocore ships no types
    """The answer is larger than the bound."""

    fmt = "The answer is larger than the bound."


class AnswerCutOffError(HTTPClientError):  # type: ignore[misc]  # botocore ships no types
    """The answer is shorter than it said it would be."""

    fmt = "The answer was cut off."


class AnswerUnreadableError(HTTPClientError):  # type: ignore[misc]  # botocore ships no types
    """The answer is a web page where data is due, or JSON that two programs would read differently."""

    fmt = "The answer is not what was asked for."


class ServerBrokeError(HTTPClientError):  # type: ignore[misc]  # botocore ships no types
    """A machine on the way broke down: a 5xx answer in no language of AWS."""

    fmt = "The server broke down."


class Bounds(Protocol):
    """What limits one answer: seconds in all, and bytes."""

    @property
    def whole(self) -> float: ...
    @property
    def most_bytes(self) -> int: ...


class BoundedSender:
    """A handler of botocore's `before-send` that sends the request itself, and reads the answer only as far as the bounds allow."""

    def __init__(
        self, http: Any, bounds: Bounds, steady: Callable[[], float], see_date: Callable[[str], None]
    ) -> None:
        self._http, self._bounds, self._steady, self._see_date = http, bounds, steady, see_date

    def __call__(self, request: Any, **_: object) -> Any:
        until = self._steady() + self._bounds.whole
        if len(request.url) + len(request.body or b"") > LARGE:
            raise AnswerUnreadableError()  # what we ask is short: a page's token that makes it long is none
        request.stream_output = True
        response = self._http.send(request)
        try:
            body = self._body(response, request.url, until)
        except urllib3.exceptions.ReadTimeoutError as error:
            raise ReadTimeoutError(endpoint_url=request.url, error=error) from None
        except urllib3.exceptions.HTTPError as error:
            raise ConnectionClosedError(endpoint_url=request.url, request=request, error=error) from None
        self._check_length(response, request, len(body))
        if has_too_many_things(body):
            raise AnswerTooLargeError()
        if (
            response.status_code >= 500
            and body
            and not body.lstrip().startswith((b"<?xml", b"<Error", b"<Response", b"{"))
        ):
            raise ServerBrokeError()
        _refuse_strange(body)
        response._content = body
        if "Date" in response.headers:
            self._see_date(response.headers["Date"])
        return response

    def _body(self, response: Any, url: str, until: float) -> bytes:
        body = bytearray()
        read = response.raw.read1 if hasattr(response.raw, "read1") else response.raw.read
        while piece := read(_PIECE):
            body += piece
            if len(body) > LARGE:
                GATE.enter()
            if len(body) > self._bounds.most_bytes:
                response.raw.close()
                raise AnswerTooLargeError()
            if self._steady() > until:
                response.raw.close()
                raise ReadTimeoutError(endpoint_url=url)
        response.raw.release_conn()
        return bytes(body)

    def _check_length(self, response: Any, request: Any, size: int) -> None:
        told = response.headers.get("Content-Length", "")
        if request.method != "HEAD" and told.isdigit() and int(told) != size:
            raise AnswerCutOffError()


def _refuse_strange(body: bytes) -> None:
    """Refuse HTML, which a lenient XML reader takes for an empty answer, and JSON in which a key occurs twice."""
    start = body[:512].lstrip().lower()
    if start.startswith((b"<!doctype", b"<html")):
        raise AnswerUnreadableError()
    if start.startswith((b"{", b"[")):
        try:
            json.loads(body, object_pairs_hook=_unique)
        except (ValueError, RecursionError):
            raise AnswerUnreadableError() from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key occurs twice")
    return members


def without_account_prefix(endpoint: str) -> Callable[..., None]:
    """Give a handler for `before-sign.s3-control`: that API puts the account before the host name, which loopback cannot resolve."""

    def shorten(request: Any, **_: object) -> None:
        host = request.url.split("/v20180820/", 1)[0]
        request.url = endpoint + request.url.removeprefix(host)

    return shorten
