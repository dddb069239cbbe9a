"""Large answers: a process holds one at a time, and none of more things than memory can take, however many calls are under way."""

from __future__ import annotations

import threading

LARGE = 2**20
"""From how many bytes on an answer is large. Of what AWS and GitHub answer hardly anything is."""
MOST_THINGS = 1_000_000
"""How many members and elements an answer may have. One of a few bytes takes a hundred times as many once it is read."""


class Gate:
    """Lets one thread at a time have a large answer. Who entered leaves when the answer is read; to enter twice is to enter once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._mine = threading.local()

    def enter(self) -> None:
        """Wait until no other thread has a large answer."""
        if not getattr(self._mine, "inside", False):
            self._lock.acquire()
            self._mine.inside = True

    def leave(self) -> None:
        """Let the next one in, where this thread had entered."""
        if getattr(self._mine, "inside", False):
            self._mine.inside = False
            self._lock.release()


def has_too_many_things(body: bytes) -> bool:
    """Say whether an answer in JSON or XML may have more members and elements than `MOST_THINGS`: its marks are counted, those within texts too."""
    return sum(body.count(mark) for mark in (b"<", b"{", b"[", b",")) > MOST_THINGS
