"""The witness over HTTP (C2SP tlog-witness): `POST /add-checkpoint`, `GET /<origin hash>/checkpoint`. A WSGI application."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from assay.errors import AssayError
from assay.publish.witness import OutOfStepError, RefusedError, Witness

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

LARGEST_REQUEST = 256 * 1024
"""A proof of 63 lines and a note with 16 post-quantum signatures fit in half of it."""

TEXT = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"
_CHECKPOINT_PATH = re.compile(r"/([0-9a-f]{64})/checkpoint", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Reply:
    status: HTTPStatus
    body: bytes
    kind: str = TEXT
    headers: tuple[tuple[str, str], ...] = ()


def witness_app(witness: Witness) -> WSGIApplication:
    """Give the WSGI application of a witness. A failure of its own answers 500 and cosigns nothing."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        reply = _answer(witness, environ)
        length = ("Content-Length", str(len(reply.body)))
        start_response(
            f"{reply.status.value} {reply.status.phrase}",
            [("Content-Type", reply.kind), length, *reply.headers],
        )
        return [reply.body]

    return app


def _answer(witness: Witness, environ: WSGIEnvironment) -> _Reply:
    path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "")
    try:
        if path == "/add-checkpoint":
            return _only("POST", method, lambda: _add_checkpoint(witness, environ))
        if match := _CHECKPOINT_PATH.fullmatch(path):
            return _only("GET", method, lambda: _checkpoint(witness, match[1]))
    except OutOfStepError as error:
        return _Reply(error.status, b"%d\n" % error.size, SIZE)
    except RefusedError as error:
        return _Reply(error.status, f"{error}\n".encode())
    except AssayError:
        return _Reply(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            b"The witness could not keep what it saw, so it cosigned nothing.\n",
        )
    return _Reply(HTTPStatus.NOT_FOUND, b"There is nothing here.\n")


def _only(allowed: str, method: str, act: Callable[[], _Reply]) -> _Reply:
    if method == allowed:
        return act()
    return _Reply(HTTPStatus.METHOD_NOT_ALLOWED, f"Use {allowed}.\n".encode(), headers=(("Allow", allowed),))


def _add_checkpoint(witness: Witness, environ: WSGIEnvironment) -> _Reply:
    return _Reply(HTTPStatus.OK, witness.add_checkpoint(_body(environ)).encode().encode())


def _checkpoint(witness: Witness, origin_digest: str) -> _Reply:
    note = witness.checkpoint_of(origin_digest)
    if note is None:
        return _Reply(HTTPStatus.NOT_FOUND, b"No checkpoint of that log was cosigned.\n")
    return _Reply(HTTPStatus.OK, note, headers=(("Cache-Control", "no-cache"),))


def _body(environ: WSGIEnvironment) -> bytes:
    """Read as many bytes as the request says it has; raises RefusedError when it does not say, says too many, or sends fewer."""
    stated = environ.get("CONTENT_LENGTH", "")
    if not (stated.isascii() and stated.isdigit()):
        raise RefusedError(HTTPStatus.LENGTH_REQUIRED, "The request must say how long its body is.")
    if len(stated) > len(str(LARGEST_REQUEST)) or int(stated) > LARGEST_REQUEST:
        raise RefusedError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The request may have at most {LARGEST_REQUEST} bytes."
        )
    try:
        body: bytes = environ["wsgi.input"].read(int(stated))
    except OSError as error:
        raise RefusedError(HTTPStatus.REQUEST_TIMEOUT, "The request did not arrive whole.") from error
    if len(body) != int(stated):
        raise RefusedError(HTTPStatus.BAD_REQUEST, "The request was cut off.")
    return body
