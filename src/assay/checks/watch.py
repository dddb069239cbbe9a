"""One thread that stops queries which run too long, for all sessions of an engine: a thread for each query would cost more than most queries."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

_LOOKS = 10
"""How often the thread looks within the time that a query may take: a query is stopped at most a tenth of it late."""


class Interruptible(Protocol):
    """A session whose running query can be stopped from another thread; between queries that does nothing."""

    def interrupt(self) -> None: ...


class Watch:
    """Stops what runs longer than `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._tokens = itertools.count()
        self._due: dict[int, tuple[float, Interruptible]] = {}
        self._condition = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    @contextmanager
    def over(self, session: Interruptible) -> Iterator[None]:
        """Watch what a session runs inside of the block."""
        token = next(self._tokens)
        with self._condition:
            self._due[token] = (time.monotonic() + self.seconds, session)
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, name="assay query watch", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._condition:
                self._due.pop(token, None)

    def close(self) -> None:
        """End the thread."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    def _look(self) -> None:
        with self._condition:
            while not self._closed:
                now = time.monotonic()
                for token in [token for token, (deadline, _) in self._due.items() if deadline <= now]:
                    self._due.pop(token)[1].interrupt()
                self._condition.wait(self.seconds / _LOOKS)
