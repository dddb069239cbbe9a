"""How this package reaches others: through a transport that is passed in. The real one is `assay.outbound`'s HTTP client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Answer(Protocol):
    """An HTTP answer, read whole."""

    @property
    def status(self) -> int:
        """The status code."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, by lower-case name."""
        ...

    @property
    def body(self) -> bytes:
        """The body; its transport has bounded it."""
        ...


class Transport(Protocol):
    """Sends one HTTP request and gives the answer, whatever its status; follows no redirect."""

    def request(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Ask once; raises an AssayError when no whole answer came."""
        ...


def content_type(answer: Answer) -> str:
    """Give the answer's media type, without parameters, in lower case."""
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower()
