"""A client that gives up only what is never answered: the calls that the proxy holds, and no call that a busy machine merely slows down."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.httpsession import URLLib3Session

from assay.demo.aws_request import operation_of
from assay.outbound.aws_wire import BoundedSender, Bounds
from tests.fakes.aws_proxy import AwsProxy

CONNECT, READ = 60.0, 0.05


class GivesUpSilence(BoundedSender):
    """Sends as the product does, over a connection with little patience where the proxy will not answer."""

    def __init__(
        self,
        proxy: AwsProxy,
        http: Any,
        bounds: Bounds,
        steady: Callable[[], float],
        see_date: Callable[[str], None],
    ) -> None:
        super().__init__(http, bounds, steady, see_date)
        self._proxy = proxy
        self._impatient = BoundedSender(URLLib3Session(timeout=(CONNECT, READ)), bounds, steady, see_date)

    def __call__(self, request: Any, **context: object) -> Any:
        return (
            self._impatient(request, **context)
            if self._is_held(request)
            else super().__call__(request, **context)
        )

    def _is_held(self, request: Any) -> bool:
        parts = urlsplit(request.url)
        headers = {name.lower(): _text(value) for name, value in request.headers.items()}
        body = _bytes(request.body)
        asked = operation_of(
            method=request.method, path=parts.path, query=parts.query, headers=headers, body=body
        )
        return asked is not None and self._proxy.is_silent(asked, body)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _bytes(body: Any) -> bytes:
    if hasattr(body, "getvalue"):
        return bytes(body.getvalue())
    return body.encode() if isinstance(body, str) else bytes(body or b"")


def give_up_silence(monkeypatch: pytest.MonkeyPatch, proxy: AwsProxy) -> None:
    """Let clients made from now on give up the calls that `proxy` holds, and those alone."""
    monkeypatch.setattr("assay.outbound.aws.BoundedSender", partial(GivesUpSilence, proxy))
