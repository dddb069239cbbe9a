"""How long to wait for a server that asks for it, and when to give up: pure rules over headers, and one ledger for a whole client.

Over a run at most half as many retries as calls are made, so that a throttled source is never hammered.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, slots=True)
class Patience:
    """Limits of waiting, in seconds, and of retrying. `first_guess_throttled` is for sources that name a least wait. The first four retries are free; each call made earns four tenths of another."""

    attempts: int = 5
    attempts_after_timeout: int = 2
    first_guess: float = 1.0
    first_guess_throttled: float | None = None
    longest_guess: float = 60.0
    longest_told: float = 3_700.0
    in_all: float = 7_200.0
    free_retries: int = 4
    earned_by_a_call: float = 0.4

    def guess(self, attempt: int, jitter: float) -> float:
        """Give the wait after the `attempt`-th try (from 1) where the server told none; `jitter` in [0, 1) spreads it over its upper half."""
        whole = min(self.longest_guess, self.first_guess * float(2 ** min(attempt - 1, 16)))
        return whole * (0.5 + jitter / 2)

    def guess_throttled(self, attempt: int, jitter: float) -> float:
        """Give the wait after a server said “too many” and not how long: never less than its first guess, doubled with each try."""
        if self.first_guess_throttled is None:
            return self.guess(attempt, jitter)
        return self.first_guess_throttled * float(2 ** min(attempt - 1, 4)) * (1 + jitter / 2)


def told_wait(headers: Mapping[str, str], wall: float) -> float | None:
    """Give the seconds that an answer asks to wait, or None where it asks nothing that can be read.

    Retry-After counts first (seconds or a date, RFC 9110, section 10.2.3), then x-ratelimit-reset when nothing remains. Instants are
    compared with the answer's own Date where it has one, so that a skewed clock of ours does no harm. `wall` is our epoch time.
    """
    now = _date(headers.get("date")) or wall
    after = headers.get("retry-after", "").strip()
    if after.isascii() and after.isdigit() and len(after) <= 9:
        return float(after)
    moment = _date(after)
    if moment is not None:
        return max(0.0, moment - now)
    return until_reset(headers, now) if headers.get("x-ratelimit-remaining", "").strip() == "0" else None


def until_reset(headers: Mapping[str, str], now: float) -> float | None:
    """Give the seconds until the instant in x-ratelimit-reset (epoch seconds), and one more; None where it cannot be read."""
    reset = headers.get("x-ratelimit-reset", "").strip()
    if not (reset.isascii() and reset.isdigit() and len(reset) <= 12):
        return None
    return max(0.0, float(reset) - now) + 1.0


def is_throttled(status: int, headers: Mapping[str, str]) -> bool:
    """Say whether an answer means “too many calls”: 429; or 403 or 503 that tells when to come again."""
    if status == 429:
        return True
    if status == 403:
        return "retry-after" in headers or headers.get("x-ratelimit-remaining", "").strip() == "0"
    return status == 503 and "retry-after" in headers


def _date(text: str | None) -> float | None:
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text)
        return moment.timestamp() if moment.tzinfo is not None else None
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


@dataclass(slots=True)
class Restraint:
    """What one client remembers of its sources: calls, retries, time waited, and until when each host wants to be left alone.

    Shared by all threads of a client. Time is the steady clock's.
    """

    patience: Patience
    steady: Callable[[], float]
    sleep: Callable[[float], None]
    calls: int = 0
    retries: int = 0
    waited: float = 0.0
    _until: dict[tuple[str, str, int], float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def before_call(self, origin: tuple[str, str, int], *, retry: bool) -> None:
        """Wait until the host may be asked again, and count what is about to be sent."""
        with self._lock:
            self.retries += retry
            self.calls += not retry
        while (pause := self._pause(origin)) > 0:
            self.sleep(pause)

    def _pause(self, origin: tuple[str, str, int]) -> float:
        with self._lock:
            return self._until.get(origin, 0.0) - self.steady() if origin in self._until else 0.0

    def may_retry(self) -> bool:
        """Say whether another retry keeps within what the calls made so far have earned."""
        with self._lock:
            return (
                self.retries + 1 <= self.patience.free_retries + self.patience.earned_by_a_call * self.calls
            )

    def hold(self, origin: tuple[str, str, int], seconds: float) -> bool:
        """Leave a host alone for some seconds; gives False, and holds nothing, where that is longer than the limits allow."""
        with self._lock:
            now = self.steady()
            current = max(now, self._until.get(origin, now))
            added = max(0.0, now + seconds - current)
            if seconds > self.patience.longest_told or self.waited + added > self.patience.in_all:
                return False
            self.waited += added
            self._until[origin] = current + added
            return True
