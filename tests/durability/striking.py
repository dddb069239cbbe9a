"""Makes the nth call of one name fail, or kill its process, while a child ingests into a copy of a prepared home."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.durability.ingest import Acknowledge, Ended, child
from tests.durability.tracing import traced

MOST_TRIES = 10


def struck(
    folder: Path, work: Callable[[Path], Callable[[Acknowledge], None]], call: str, nth: int, fault: str
) -> Ended:
    """Do `work` in `folder`/home, a fresh copy of `folder`/prepared, with strace's `fault` at the `nth` call of that name.

    Salts are drawn, and with them the folders that objects go to: two objects in one folder are one call less. Where the last call never comes,
    the work is done again.
    """
    home_folder, log = folder / "home", folder / "trace"
    for _ in range(MOST_TRIES):
        shutil.rmtree(home_folder, ignore_errors=True)
        shutil.copytree(folder / "prepared", home_folder)
        inject = f"inject={call}:{fault}:when={nth}"
        with (
            child(work(home_folder)) as worker,
            traced(worker.process, "-e", f"trace={call}", "-e", inject, log=log),
        ):
            worker.go_on()
            ended = worker.ended()
        if ended.status < 0 or "(INJECTED)" in log.read_text():
            return ended
    raise AssertionError(f"Call {nth} of {call} never came.")
