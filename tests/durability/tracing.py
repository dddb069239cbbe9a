"""Watches a process's file calls through strace, or makes one of them fail."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

CALLS = "openat,mkdir,write,pwrite64,fsync,fdatasync,ftruncate,rename,unlink"
"""Every call by which the ingest path changes a file."""

needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")


@contextmanager
def traced(process: int, *options: str, log: Path) -> Iterator[None]:
    """Attach strace to a stopped process for the block, writing to `log`; waits for the tracer, and for its end."""
    tracer = subprocess.Popen(
        ["strace", "-p", str(process), "-o", str(log), *options], stderr=subprocess.PIPE
    )
    try:
        assert tracer.stderr is not None
        tracer.stderr.readline()  # “Process … attached”
        yield
    finally:
        tracer.wait(timeout=60)
        assert tracer.stderr is not None
        tracer.stderr.close()


@dataclass(frozen=True, slots=True)
class Call:
    """One system call that succeeded: its name, its arguments as strace wrote them, and what it gave."""

    name: str
    arguments: tuple[str, ...]
    result: int

    def number(self, at: int) -> int:
        return int(self.arguments[at])

    def data(self, at: int) -> bytes:
        return _bytes(self.arguments[at])

    def path(self, at: int) -> str:
        return self.data(at).decode()


def calls_of(log: Path) -> Iterator[Call]:
    """Read a log written with `-xx`; calls that failed are left out."""
    for line in log.read_text().splitlines():
        match = re.fullmatch(r"(\w+)\((.*)\)\s+= (\d+).*", line)
        if match:
            yield Call(
                match[1], tuple(re.findall(r'"[^"]*"(?:\.\.\.)?|[^,\s\[\]{}]+', match[2])), int(match[3])
            )


def calls_inside(folder: Path, log: Path) -> Iterator[tuple[str, int, str]]:
    """Read a log written with `-y`: give each call that touched something below `folder`: its name, its number among all calls of that name, the line."""
    counted: Counter[str] = Counter()
    for line in log.read_text().splitlines():
        if match := re.match(r"(\w+)\(", line):
            counted[match[1]] += 1
            if str(folder) in line:
                yield match[1], counted[match[1]], line


def _bytes(quoted: str) -> bytes:
    text = re.search(r'"([^"]*)"$', quoted)
    assert text is not None, f"strace cut {quoted[:40]}"
    return bytes.fromhex(text[1].replace("\\x", ""))
