"""A disk that keeps only what was synced: traced writes are replayed on it, and the power is cut wherever one likes.

Two rules. Strict: a file's content survives as of its last sync, a name as of the last sync of its folder. Ext4: syncing a file makes its
name durable too. Nothing else survives; that is the worst a file system may do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tests.durability.tracing import Call

Rule = Literal["strict", "ext4"]


@dataclass(eq=False)
class File:
    """A file: its bytes as processes see them, and as they are on the platter."""

    now: bytearray = field(default_factory=bytearray)
    safe: bytes = b""


@dataclass(eq=False)
class Folder:
    """A folder: its names as processes see them, and as they are on the platter."""

    now: dict[str, File | Folder] = field(default_factory=dict)
    safe: dict[str, File | Folder] = field(default_factory=dict)


@dataclass(eq=False)
class _Open:
    node: File | Folder
    path: str
    at: int = 0


class Disk:
    """The folder `root` as it was, and everything replayed on it since."""

    def __init__(self, root: Path, rule: Rule) -> None:
        self.root = root
        self._rule = rule
        self._top = _read(root)
        self._open: dict[int, _Open] = {}

    def replay(self, calls: Iterable[Call]) -> Iterator[str]:
        """Replay calls; gives each acknowledgement when it comes, so that the power can be cut there."""
        for call in calls:
            if call.name == "writev":
                yield call.data(1).decode().strip()
            else:
                getattr(self, f"_{call.name}")(call)

    def cut(self, target: Path) -> None:
        """Write what survives a power cut now."""
        _write(self._top, target)

    def _openat(self, call: Call) -> None:
        path = call.path(1)
        if not path.startswith(f"{self.root}/") and path != str(self.root):
            self._open.pop(call.result, None)
            return
        parent, name = self._parent(path)
        node = self._top if path == str(self.root) else parent.now.get(name)
        if node is None:
            assert "O_CREAT" in call.arguments[2], call
            node = parent.now[name] = File()
        if "O_TRUNC" in call.arguments[2] and isinstance(node, File):
            node.now.clear()
        self._open[call.result] = _Open(node, path)

    def _write(self, call: Call) -> None:
        if (opened := self._open.get(call.number(0))) is not None:
            _put(opened.node, opened.at, call.data(1)[: call.result])
            opened.at += call.result

    def _pwrite64(self, call: Call) -> None:
        if (opened := self._open.get(call.number(0))) is not None:
            _put(opened.node, call.number(3), call.data(1)[: call.result])

    def _ftruncate(self, call: Call) -> None:
        if (opened := self._open.get(call.number(0))) is not None and isinstance(opened.node, File):
            size = call.number(1)
            del opened.node.now[size:]
            opened.node.now.extend(bytes(size - len(opened.node.now)))

    def _fsync(self, call: Call) -> None:
        opened = self._open.get(call.number(0))
        if opened is None:
            return
        if isinstance(opened.node, Folder):
            opened.node.safe = dict(opened.node.now)
            return
        opened.node.safe = bytes(opened.node.now)
        if self._rule == "ext4":
            for path in (opened.path, *map(str, Path(opened.path).parents)):
                if path.startswith(f"{self.root}/"):
                    parent, name = self._parent(path)
                    if name in parent.now:
                        parent.safe[name] = parent.now[name]

    _fdatasync = _fsync

    def _rename(self, call: Call) -> None:
        (old, old_name), (new, new_name) = self._parent(call.path(0)), self._parent(call.path(1))
        new.now[new_name] = old.now.pop(old_name)

    def _unlink(self, call: Call) -> None:
        parent, name = self._parent(call.path(0))
        del parent.now[name]

    def _mkdir(self, call: Call) -> None:
        parent, name = self._parent(call.path(0))
        parent.now[name] = Folder()

    def _close(self, call: Call) -> None:
        self._open.pop(call.number(0), None)

    def _parent(self, path: str) -> tuple[Folder, str]:
        *steps, name = Path(path).relative_to(self.root).parts or ("",)
        node: File | Folder = self._top
        for step in steps:
            assert isinstance(node, Folder)
            node = node.now[step]
        assert isinstance(node, Folder)
        return node, name


def _put(node: File | Folder, at: int, data: bytes) -> None:
    assert isinstance(node, File)
    node.now.extend(bytes(max(0, at - len(node.now))))
    node.now[at : at + len(data)] = data


def _read(folder: Path) -> Folder:
    members: dict[str, File | Folder] = {}
    for path in folder.iterdir():
        content = b"" if path.is_dir() else path.read_bytes()
        members[path.name] = _read(path) if path.is_dir() else File(bytearray(content), content)
    return Folder(dict(members), members)


def _write(folder: Folder, target: Path) -> None:
    target.mkdir()
    for name, node in folder.safe.items():
        if isinstance(node, Folder):
            _write(node, target / name)
        elif not name.endswith("-shm"):  # shared memory, made anew at each start
            (target / name).write_bytes(node.safe)
