"""A bucket in memory with the one knob that matters here, and what it was asked to hold."""

from __future__ import annotations

from dataclasses import dataclass, field

from assay.outbound.s3 import LockState, Retention


@dataclass
class MemoryBucket:
    """Keeps what is put; `locked` False is a bucket without Object Lock."""

    locked: bool = True
    objects: dict[str, bytes] = field(default_factory=dict)
    held: dict[str, Retention | None] = field(default_factory=dict)

    def lock_state(self) -> LockState:
        return LockState(self.locked, False)

    def put_once(self, name: str, content: bytes, retention: Retention | None = None) -> bool:
        if name in self.objects:
            return False
        self.replace(name, content, retention)
        return True

    def replace(self, name: str, content: bytes, retention: Retention | None = None) -> None:
        self.objects[name], self.held[name] = content, retention

    def get(self, name: str) -> bytes | None:
        return self.objects.get(name)
