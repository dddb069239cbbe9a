"""Asks a time-stamp authority (RFC 3161, section 3.4) to stamp a digest, and believes nothing that it cannot verify."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from assay.evidence.timestamp import (
    Authority,
    Timestamp,
    TimestampError,
    timestamp_request,
    token_in_answer,
    verify_timestamp,
)
from assay.publish.transport import Transport, content_type

NONCE_BYTES = 8
TOLERANCE = timedelta(minutes=5)
"""How far the authority's clock and ours may differ."""


def request_timestamp(
    transport: Transport,
    url: str,
    digest: bytes,
    authority: Authority,
    *,
    random: Callable[[int], bytes],
    clock: Callable[[], datetime],
    policy: str | None = None,
) -> Timestamp:
    """Have an authority stamp a SHA-256 digest and give the verified time-stamp, its token inside.

    Raises TimestampError when it refuses, or when digest, nonce, policy, certificate or time do not hold.
    """
    nonce = int.from_bytes(random(NONCE_BYTES), "big")
    sent = clock()
    answer = transport.request(
        "POST", url, {"content-type": "application/timestamp-query"}, timestamp_request(digest, nonce, policy)
    )
    if answer.status != 200 or content_type(answer) != "application/timestamp-reply":
        raise TimestampError(
            f"The time-stamp authority answered with status {answer.status} and no time-stamp. Check its address."
        )
    wanted = authority if policy is None else Authority(authority.roots, frozenset({policy}))
    return verify_timestamp(
        token_in_answer(answer.body),
        digest,
        wanted,
        nonce=nonce,
        earliest=sent - TOLERANCE,
        latest=clock() + TOLERANCE,
    )
