"""Judging several checks side by side: the engine works on one while Python puts together what it gave for another."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from assay.checks.errors import EvaluationError

Work = TypeVar("Work")
Answer = TypeVar("Answer")


def side_by_side(
    judge: Callable[[Work], Answer], work: Iterable[Work], workers: int
) -> Iterator[Answer | EvaluationError]:
    """Give what `judge` says of each piece of work, in order; an error stands in for its own piece alone. Few answers are held at a time."""

    def judged(one: Work) -> Answer | EvaluationError:
        try:
            return judge(one)
        except EvaluationError as error:
            return error

    with ThreadPoolExecutor(workers) as pool:
        ahead: deque[Future[Answer | EvaluationError]] = deque()
        for one in work:
            ahead.append(pool.submit(judged, one))
            if len(ahead) > workers:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
