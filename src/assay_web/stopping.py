"""Whether this process is to stop: told by a signal, or left alone by the process that supervises it."""

from __future__ import annotations

import os
import signal
import threading

from assay.errors import AssayError

STOPPING = threading.Event()
"""Set once this process is to stop. What takes long looks at it between its steps."""
LOOK_SECONDS = 0.5
GRACE_SECONDS = 10.0
"""How long a step may still take. Then the process ends as a killed one does: whoever comes next goes on with its job."""


class StoppingError(AssayError):
    """Work is left to another process, because this one stops."""

    def __init__(self) -> None:
        super().__init__("This process stops. The next one goes on with its work.")


def stop_by_signal() -> None:
    """Let SIGTERM and SIGINT stop this process between two steps."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: STOPPING.set())


def end_in_time(supervisor: int | None) -> None:
    """Watch beside the work: once the `supervisor` has gone, stop as by a signal; once stopping takes too long, end at once."""

    def watch() -> None:
        while not STOPPING.wait(LOOK_SECONDS):
            if supervisor is not None and os.getppid() != supervisor:
                os.kill(os.getpid(), signal.SIGTERM)
                break
        threading.Event().wait(GRACE_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="end-in-time").start()
