"""Thirty ways to be throttled: every run ends, in bounded time, with at most half as many calls again as it needed."""

from __future__ import annotations

from email.utils import formatdate

import pytest
from http_loopback import FakeTime, answer, client, serving

from assay.outbound.http import HttpError, Patience, ThrottledError
from assay.outbound.patience import is_throttled, told_wait

WALL = 1_795_500_000
NEEDED = 40

GOOD = answer()
PATTERNS: dict[str, dict[int, bytes]] = {
    # call number (from 1) -> answer instead of a good one; 0 means every call.
    "429 alone": {3: answer("429 Too Many Requests")},
    "429 twice": {3: answer("429 Too Many Requests"), 4: answer("429 Too Many Requests")},
    "429, Retry-After 7": {3: answer("429 Too Many Requests", retry_after="7")},
    "429, Retry-After 0": {3: answer("429 Too Many Requests", retry_after="0")},
    "429, Retry-After a date": {
        3: answer("429 Too Many Requests", retry_after=formatdate(WALL + 30, usegmt=True))
    },
    "429, Retry-After a past date": {
        3: answer("429 Too Many Requests", retry_after=formatdate(WALL - 30, usegmt=True))
    },
    "429, Retry-After negative": {3: answer("429 Too Many Requests", retry_after="-5")},
    "429, Retry-After a fraction": {3: answer("429 Too Many Requests", retry_after="1.5")},
    "429, Retry-After nonsense": {3: answer("429 Too Many Requests", retry_after="soon")},
    "429, Retry-After huge": {3: answer("429 Too Many Requests", retry_after="9" * 40)},
    "429, Retry-After a year": {3: answer("429 Too Many Requests", retry_after="31536000")},
    "429, Retry-After empty": {3: answer("429 Too Many Requests", retry_after="")},
    "429, Retry-After infinity": {3: answer("429 Too Many Requests", retry_after="inf")},
    "429, HTML body": {3: answer("429 Too Many Requests", b"<html>", content_type="text/html")},
    "403 primary limit": {
        3: answer("403 Forbidden", x_ratelimit_remaining="0", x_ratelimit_reset=str(WALL + 600))
    },
    "403 primary limit, reset past": {
        3: answer("403 Forbidden", x_ratelimit_remaining="0", x_ratelimit_reset=str(WALL - 600))
    },
    "403 primary limit, reset nonsense": {
        3: answer("403 Forbidden", x_ratelimit_remaining="0", x_ratelimit_reset="x")
    },
    "403 primary limit, reset in a year": {
        3: answer("403 Forbidden", x_ratelimit_remaining="0", x_ratelimit_reset=str(WALL + 31536000))
    },
    "403 secondary limit": {3: answer("403 Forbidden", retry_after="60")},
    "403 secondary limit three times": {n: answer("403 Forbidden", retry_after="60") for n in (3, 4, 5)},
    "nothing remains after a good answer": {
        3: answer(x_ratelimit_remaining="0", x_ratelimit_reset=str(WALL + 900))
    },
    "503 with Retry-After": {3: answer("503 Service Unavailable", retry_after="5")},
    "503 alone": {3: answer("503 Service Unavailable")},
    "502 four times": {n: answer("502 Bad Gateway") for n in (3, 4, 5, 6)},
    "every fifth call": {n: answer("429 Too Many Requests", retry_after="3") for n in range(5, 200, 5)},
    "every third call": {n: answer("429 Too Many Requests", retry_after="3") for n in range(3, 200, 3)},
    "every second call": {n: answer("429 Too Many Requests", retry_after="3") for n in range(2, 200, 2)},
    "every second call, no hint": {n: answer("429 Too Many Requests") for n in range(2, 200, 2)},
    "a burst of ten": {n: answer("429 Too Many Requests", retry_after="1") for n in range(10, 20)},
    "from the tenth call on": {n: answer("429 Too Many Requests") for n in range(10, 400)},
    "from the tenth call on, an hour each": {
        n: answer("429 Too Many Requests", retry_after="3600") for n in range(10, 400)
    },
    "always": {n: answer("429 Too Many Requests", retry_after="1") for n in range(1, 400)},
}


def test_there_are_at_least_thirty_patterns() -> None:
    assert len(PATTERNS) >= 30


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_throttled_run_ends_within_its_waits_and_calls(pattern: str) -> None:
    script = [PATTERNS[pattern].get(number, GOOD) for number in range(1, 2 * NEEDED)]
    time, patience = FakeTime(WALL), Patience()
    got, unseen = 0, 0
    with serving(*script) as server, client(server, time, patience=patience) as http:
        for number in range(NEEDED):
            try:
                got += http.request("GET", f"{server.origin}/{number}").status == 200
            except ThrottledError:
                unseen += 1
        sent = len(server.requests)
    assert got + unseen == NEEDED
    assert sent <= 1.5 * NEEDED
    assert sum(time.slept) <= patience.in_all
    assert all(0 < pause <= patience.longest_told for pause in time.slept)


@pytest.mark.parametrize(
    ("pattern", "slept"),
    [
        ("429 alone", [0.5]),
        ("429 twice", [0.5, 1.0]),
        ("429, Retry-After 7", [7.0]),
        ("429, Retry-After 0", []),
        ("429, Retry-After a date", [30.0]),
        ("403 primary limit", [601.0]),
        ("403 secondary limit three times", [60.0, 60.0, 60.0]),
        ("nothing remains after a good answer", [901.0]),
        ("429, Retry-After nonsense", [0.5]),
    ],
)
def test_the_wait_is_the_one_that_was_told_or_else_a_growing_guess(pattern: str, slept: list[float]) -> None:
    script = [PATTERNS[pattern].get(number, GOOD) for number in range(1, 12)]
    time = FakeTime(WALL)
    with serving(*script) as server, client(server, time) as http:
        statuses = [http.request("GET", f"{server.origin}/{number}").status for number in range(5)]
    assert statuses == [200] * 5
    assert time.slept == slept


def test_a_wait_longer_than_patience_is_not_begun() -> None:
    time = FakeTime(WALL)
    with (
        serving(answer("429 Too Many Requests", retry_after="31536000")) as server,
        client(server, time) as http,
    ):
        with pytest.raises(ThrottledError):
            http.request("GET", server.origin + "/")
        assert len(server.requests) == 1
    assert time.slept == []


def test_a_request_that_changes_something_is_not_repeated_after_5xx() -> None:
    with serving(answer("502 Bad Gateway")) as server, client(server) as http:
        assert http.request("POST", server.origin + "/", body=b"{}").status == 502
        assert len(server.requests) == 1


def test_a_reset_connection_is_tried_again_for_reads_only() -> None:
    with serving(None, answer()) as server, client(server) as http:
        assert http.request("GET", server.origin + "/").attempts == 2
    with serving(None, answer()) as server, client(server) as http:
        with pytest.raises(HttpError):
            http.request("POST", server.origin + "/", body=b"{}")
        assert len(server.requests) == 1


def test_waits_are_reckoned_by_the_servers_own_date() -> None:
    headers = {
        "date": formatdate(WALL + 5_000, usegmt=True),
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": str(WALL + 5_060),
    }
    assert told_wait(headers, WALL) == 61.0


def test_an_ordinary_403_is_not_throttling() -> None:
    assert not is_throttled(403, {"x-ratelimit-remaining": "4999"})
    assert not is_throttled(403, {})
    assert not is_throttled(503, {})
