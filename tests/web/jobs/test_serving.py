"""One worker is supervised by `assay serve`: started again where it dies, ended with it, and never left over."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.web.jobs.processes import answers, children, command, free_port, lives, running, until


def _serving(path: Path, port: int) -> list[str]:
    return command(path, "serve", "--port", str(port))


def test_a_worker_that_is_killed_is_started_again_and_both_end_by_sigterm(home: Path, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    with running(_serving(home, port), log) as serve:
        until(lambda: answers(port) and children(serve.pid) != [], "the workspace and its worker")
        (first,) = children(serve.pid)
        os.kill(first, signal.SIGKILL)
        until(lambda: children(serve.pid) not in ([], [first]), "another worker")
        (second,) = children(serve.pid)
        assert "The worker ended by itself (signal 9). It is started again in 1 s." in log.read_text()
        serve.terminate()
        assert serve.wait(90) == 0
        assert not lives(second)
        assert not answers(port)


def test_a_worker_whose_supervisor_was_killed_ends(home: Path, tmp_path: Path) -> None:
    port = free_port()
    with running(_serving(home, port), tmp_path / "log") as serve:
        until(lambda: children(serve.pid) != [], "the worker")
        (worker,) = children(serve.pid)
        serve.kill()
        serve.wait()
        until(lambda: not lives(worker), "the end of the worker")


def test_the_pause_before_a_start_grows_while_workers_end_soon() -> None:
    from assay_web.serving import restart_pause

    assert [restart_pause(failures) for failures in (0, 1, 2, 3, 6, 7, 20)] == [1, 1, 2, 4, 32, 60, 60]


def test_each_end_is_said_with_its_reason_and_its_pause(caplog: pytest.LogCaptureFixture) -> None:
    """A worker that cannot stay: its exit code is said, and the pause doubles."""
    from assay_web.serving import _supervise

    class ThreeTimes:
        """Waits no time, and has ended after three pauses between starts."""

        def __init__(self) -> None:
            self.pauses: list[float] = []

        def is_set(self) -> bool:
            return len(self.pauses) >= 3

        def wait(self, seconds: float) -> bool:
            self.pauses.extend([seconds] if seconds >= 1 else [])
            return False

    ended = ThreeTimes()
    with caplog.at_level(logging.WARNING):
        _supervise([sys.executable, "-c", "raise SystemExit(3)"], ended)  # type: ignore[arg-type]
    assert ended.pauses == [1, 2, 4]
    assert caplog.messages == [
        f"The worker ended by itself (exit code 3). It is started again in {pause} s." for pause in (1, 2, 4)
    ]


def test_a_worker_that_takes_too_long_to_stop_is_ended() -> None:
    """Told to stop in the midst of a step that does not end, it ends as a killed one does."""
    script = (
        "import os, signal, time\n"
        "from assay_web import stopping\n"
        "stopping.GRACE_SECONDS = 0.1\n"
        "stopping.stop_by_signal()\n"
        "stopping.end_in_time(None)\n"
        "os.kill(os.getpid(), signal.SIGTERM)\n"
        "while True: time.sleep(60)\n"
    )
    assert subprocess.run([sys.executable, "-c", script], timeout=90, check=False).returncode == 1
