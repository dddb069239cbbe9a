"""How many calls may be under way at once, for each account, region and service apart."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager


class Budget:
    """Let at most `at_once` calls of one name through; the others wait. Shared by all threads of a run."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._gates: dict[Hashable, threading.BoundedSemaphore] = {}
        self._lock = threading.Lock()

    @contextmanager
    def of(self, *name: Hashable) -> Iterator[None]:
        """Hold one place of the budget called `name` for the length of a block."""
        with self._gate(name):
            yield

    def _gate(self, name: Hashable) -> threading.BoundedSemaphore:
        with self._lock:
            return self._gates.setdefault(name, threading.BoundedSemaphore(self._at_once))
