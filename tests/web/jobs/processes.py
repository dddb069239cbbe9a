"""Processes of the product for tests: started, waited for by what they do, and ended with the test."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

LONGEST_SECONDS = 90.0
"""When to call something that does not come a failure. Nothing is measured by it."""


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for something to hold."""
    end = time.monotonic() + LONGEST_SECONDS
    while not holds():
        assert time.monotonic() < end, f"{what} did not come"
        time.sleep(0.05)


def command(path: Path, *arguments: str) -> list[str]:
    """Give the command line of the product for a home."""
    return [sys.executable, "-m", "assay", "--home", str(path), *arguments]


@contextmanager
def running(
    arguments: list[str], log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process; what it says goes to `log`. It is killed when the block is left, with what it started."""
    variables = {**os.environ, "ASSAY_SCHEDULE": "off", **(environment or {})}
    with log.open("ab") as file:
        process = subprocess.Popen(arguments, stdout=file, stderr=file, env=variables, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def children(process: int) -> list[int]:
    """Give the processes that a process has started and that still run."""
    listed = Path(f"/proc/{process}/task").glob("*/children")
    return [int(one) for file in listed for one in file.read_text().split() if lives(int(one))]


def lives(process: int) -> bool:
    """Tell whether a process runs: a dead one that nobody has asked after does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def free_port() -> int:
    """Give a port of loopback that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def answers(port: int) -> bool:
    """Tell whether somebody listens on a port of loopback."""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Run Debian's Redis on a free port of loopback, in memory alone; gives its address."""
    program = shutil.which("redis-server")
    assert program is not None
    port = free_port()
    options = [
        "--bind",
        "127.0.0.1",
        "--port",
        str(port),
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        str(folder),
    ]
    with running([program, *options], folder / "redis.log"):
        until(lambda: answers(port), "Redis")
        yield f"redis://127.0.0.1:{port}/0"
