"""What the first page says, out of the readiness report: one sentence, the steps, what moved, the sources, the areas."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from assay.wording import counted
from assay_web.queries.standing import Object, Standing

MOST_MOVES = 6
_WORSE, _BETTER = "deviates now", "mended"
COUNTED = ("in place", "partly", "missing", "unknown")


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do, where it is done, and whose it is."""

    do: str
    why: str
    owner: str
    address: str


@dataclass(frozen=True, slots=True)
class Move:
    """Items of one check that changed since the last look, all in the same way."""

    says: str
    conclusion: str
    items: str
    address: str


@dataclass(frozen=True, slots=True)
class Area:
    """The controls of one domain, counted by state."""

    name: str
    counts: dict[str, int]
    open: str

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Front:
    """The first page. `worse` counts checks that deviate since the last look, None before a second one; `unseen` what could not be seen."""

    counts: dict[str, int]
    total: int
    left_out: int
    worse: int | None
    unseen: int
    steps: tuple[Step, ...]
    more: int
    moves: tuple[Move, ...]
    more_moves: int
    before: str | None
    sources: tuple[Object, ...]
    areas: tuple[Area, ...]


def front(found: Standing) -> Front:
    report = found.report
    counts = {name: int(report["counts"][name]) for name in COUNTED}
    moves = _moves(report)
    return Front(
        counts=counts,
        total=sum(counts.values()),
        left_out=int(report["counts"]["not relevant"]),
        worse=sum(one.conclusion == "DEVIATES" for one in moves) if report["drift"] else None,
        unseen=len(report["gaps"]),
        steps=tuple(_step(one) for one in report["next_steps"]),
        more=int(report["next_steps_more"]),
        moves=tuple(moves[:MOST_MOVES]),
        more_moves=max(0, len(moves) - MOST_MOVES),
        before=report["drift"] and report["drift"]["before"],
        sources=tuple(report["sources"]),
        areas=tuple(_areas(report["controls"])),
    )


def _step(one: Object) -> Step:
    """1. Deviations lead to their check. 2. What was not seen, to the gap. 3. Evidence by hand, to the control."""
    address = {
        "fix": lambda: reverse("check", args=[one["about"]]),
        "mend": lambda: reverse("gaps") + "#" + anchor(one["about"]),
    }.get(one["kind"], lambda: reverse("control", args=[one["about"]]))()
    items = ", ".join(one["items"])
    more = f" and {one['more']:,} more" if one["more"] else ""
    why = f"{one['why']} {items}{more}." if items else one["why"]
    return Step(one["do"], why, one["owner"], address)


def anchor(text: str) -> str:
    """Make an id of a page out of an id of the report."""
    return "".join(one if one.isalnum() else "-" for one in text)


def _moves(report: Object) -> list[Move]:
    if not report["drift"]:
        return []
    grouped: dict[tuple[str, str], list[Object]] = {}
    for change in report["drift"]["changes"]:
        grouped.setdefault((change["check"], change["after"]), []).append(change)
    order = {"deviates": 0, "unknown": 1, "conforms": 2}
    ranked = sorted(grouped.items(), key=lambda one: (order.get(one[0][1], 3), -len(one[1])))
    return [_move(check, after, changes) for (check, after), changes in ranked if after in order]


def _move(check: str, after: str, changes: list[Object]) -> Move:
    names = [one["name"] for one in changes[:2] if one["name"]]
    rest = len(changes) - len(names)
    items = ", ".join(names) + (
        f" and {rest} more" if names and rest else "" if names else counted(rest, "item")
    )
    return Move(changes[0]["title"], after.upper(), items, reverse("check", args=[check]))


def _areas(controls: list[Object]) -> list[Area]:
    found: dict[str, dict[str, int]] = {}
    for control in controls:
        if control["state"] in COUNTED:
            counts = found.setdefault(control["domain"], dict.fromkeys(COUNTED, 0))
            counts[control["state"]] += 1
    return [Area(name, counts, _open(counts)) for name, counts in found.items()]


def _open(counts: dict[str, int]) -> str:
    return ", ".join(f"{counts[name]} {name}" for name in ("partly", "missing", "unknown") if counts[name])
