"""What this process holds in memory of the home, and forgets when something in it is erased, by whichever process."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from threading import Lock
from typing import TypeVar, cast

from django.conf import settings

from assay.home.forgetting import erasure_mark

_Held = TypeVar("_Held", bound=Callable[..., object])
_lock = Lock()
_known: list[tuple[str, tuple[int, int]]] = []
_held: list[Callable[[], None]] = []


def remembered(most: int) -> Callable[[_Held], _Held]:
    """Remember the answers to the last `most` different calls of a function, until something is erased."""

    def mark(function: _Held) -> _Held:
        cached = lru_cache(maxsize=most)(function)
        _held.append(cached.cache_clear)

        @wraps(function)
        def answer(*arguments: object) -> object:
            _forget_after_erasures()
            return cached(*arguments)

        return cast("_Held", answer)

    return mark


def _forget_after_erasures() -> None:
    home = Path(settings.ASSAY_HOME)
    now = (str(home), erasure_mark(home))
    if _known != [now]:
        with _lock:
            for forget in _held:
                forget()
            _known[:] = [now]
