"""What the engine needs of a source: to ask one call, and to follow its pages. Each kind of source has an adapter of this shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from assay.errors import AssayError
from assay.evidence.canonical import Json
from assay.evidence.gaps import Reason


class CallError(AssayError):
    """A call that gave no usable answer. `code` is the source's own word for it (or ours), never a piece of an answer."""

    def __init__(self, call: str, reason: Reason, code: str) -> None:
        super().__init__(
            f"{call} gave no usable answer ({reason}: {code}). What was seen before stays; collect again once it is mended."
        )
        self.call, self.reason, self.code = call, reason, code


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: a call of a spec, its arguments with their templates filled, and the place that it is asked at."""

    call: str
    arguments: Mapping[str, Json]
    account: str
    region: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, parsed. It may still hold values that canonical JSON cannot (instants, fractions).

    `asked` is false where another answer had said it already, and no request was made.
    """

    body: Json = field(repr=False)
    request_id: str | None = None
    asked: bool = True


class Source(Protocol):
    """A source that can be asked. Both raise CallError; both may be called from several threads."""

    def one(self, ask: Ask) -> Answer:
        """Give the answer to one call."""
        ...

    def pages(self, ask: Ask) -> Iterator[Answer]:
        """Give every page of a call's answer, in order."""
        ...
