"""Pieces of time become episodes: joined where nothing differs, what is unknown over what was concluded, the first reason before a later one."""

from __future__ import annotations

from assay.checks.over_time.episodes import Piece, joined, overlaid


def piece(start: int, end: int, reason: str, item: int = 1, gap: bool = False) -> Piece:
    return (
        f"2026-01-{start:02}",
        f"2026-01-{end:02}",
        item,
        gap,
        "UNKNOWN" if gap else "DEVIATES",
        "",
        reason,
        "",
    )


def told(pieces: list[Piece]) -> list[tuple[int, int, int, str]]:
    return [(one[2], int(one[0][-2:]), int(one[1][-2:]), one[6]) for one in pieces]


def test_pieces_that_follow_each_other_without_a_difference_are_one() -> None:
    pieces = [
        piece(1, 3, "a"),
        piece(3, 5, "a"),
        piece(5, 6, "a"),
        piece(7, 8, "a"),
        piece(8, 9, "b"),
        piece(9, 10, "b", item=2),
    ]
    assert told(joined(pieces)) == [(1, 1, 6, "a"), (1, 7, 8, "a"), (1, 8, 9, "b"), (2, 9, 10, "b")]


def test_what_a_gap_says_is_not_one_with_what_the_check_says() -> None:
    assert len(joined([piece(1, 3, "a"), piece(3, 5, "a", gap=True)])) == 2


def test_unknown_stands_over_what_was_concluded() -> None:
    pieces = [piece(4, 6, "denied", gap=True), piece(1, 10, "open"), piece(20, 22, "open")]
    assert told(list(overlaid(pieces))) == [
        (1, 1, 4, "open"),
        (1, 4, 6, "denied"),
        (1, 6, 10, "open"),
        (1, 20, 22, "open"),
    ]


def test_the_first_of_two_gaps_gives_the_reason() -> None:
    pieces = [piece(4, 6, "denied", gap=True), piece(2, 9, "throttled", gap=True), piece(1, 10, "open")]
    assert told(list(overlaid(pieces))) == [
        (1, 1, 2, "open"),
        (1, 2, 4, "throttled"),
        (1, 4, 6, "denied"),
        (1, 6, 9, "throttled"),
        (1, 9, 10, "open"),
    ]


def test_items_do_not_touch_each_other() -> None:
    pieces = [piece(1, 9, "denied", gap=True), piece(1, 10, "open", item=2)]
    assert told(list(overlaid(pieces))) == [(1, 1, 9, "denied"), (2, 1, 10, "open")]
