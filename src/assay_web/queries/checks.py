"""One check as its page shows it: every item, filtered and in pages, with its history and what was not seen."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from assay.checks import explain, load_checks
from assay.home.judging import HomeBook
from assay.home.personal import personal
from assay.tables import load_tables
from assay.verification.items import ItemSeen, items_of
from assay_web.home import current_home
from assay_web.memory import remembered
from assay_web.queries.past import judgements
from assay_web.queries.standing import Object, Standing

PAGE = 50
MOST_LOOKS = 60
CONCLUSIONS = ("DEVIATES", "UNKNOWN", "CONFORMS", "NOT_APPLICABLE")
"""Worst first: the order in which items are shown."""
SOMEONE = "a person"
"""What a person's record is called for those who may not see people by name."""


@dataclass(frozen=True, slots=True)
class CheckPage:
    """The check's part of the report, what the check is, what was not seen for it, and its controls."""

    report: Object
    about: Object
    history: tuple[Object, ...]
    looks: int
    gaps: tuple[Object, ...]
    controls: tuple[Object, ...]


@dataclass(frozen=True, slots=True)
class ItemPage:
    """A page of items of one check, and how many there are of each conclusion."""

    items: tuple[ItemSeen, ...]
    counts: dict[str, int]
    columns: tuple[str, ...]
    conclusion: str
    words: str
    number: int
    pages: int
    matching: int


def check_page(found: Standing, check_id: str) -> CheckPage:
    one = found.checks[check_id]
    home = current_home()
    check = load_checks(home.content, load_tables(home.content))[check_id]
    past = [
        {"as_of": look.as_of, "counts": look.counts[check_id], "entry": look.entry}
        for look in judgements()
        if check_id in look.counts
    ]
    return CheckPage(
        report=one,
        about=explain(check),
        history=tuple(reversed(past[-MOST_LOOKS:])),
        looks=len(past),
        gaps=tuple(found.gaps[name] for name in one["causes"] if name in found.gaps),
        controls=tuple(found.controls[name] for name in one["controls"] if name in found.controls),
    )


def items(found: Standing, check_id: str, *, named: bool) -> tuple[ItemSeen, ...]:
    """Give every item of a check, worst first. Unless `named`, people are not named, and nothing is said of them but the conclusion."""
    seen = _items(str(current_home().path), found.entry, check_id)
    if named or not found.checks[check_id]["personal"]:
        return seen
    return tuple(ItemSeen(one.table, None, SOMEONE, "", "", one.conclusion, one.reason, {}) for one in seen)


def item_page(
    everything: tuple[ItemSeen, ...], *, conclusion: str = "", words: str = "", number: int = 1
) -> ItemPage:
    """Filter items by conclusion and by words in name, place and reason, and give one page of them."""
    wanted = words.casefold().split()
    matching = [
        one
        for one in everything
        if (conclusion not in CONCLUSIONS or one.conclusion == conclusion)
        and all(word in _text(one) for word in wanted)
    ]
    pages = max(1, -(-len(matching) // PAGE))
    number = min(max(1, number), pages)
    shown = tuple(matching[(number - 1) * PAGE : number * PAGE])
    counts = Counter(one.conclusion for one in everything)
    return ItemPage(
        items=shown,
        counts={name: counts[name] for name in CONCLUSIONS},
        columns=tuple(sorted({name for one in shown for name in one.values})),
        conclusion=conclusion if conclusion in CONCLUSIONS else "",
        words=words,
        number=number,
        pages=pages,
        matching=len(matching),
    )


def _text(one: ItemSeen) -> str:
    return f"{one.name} {one.key or ''} {one.account} {one.region} {one.reason}".casefold()


@remembered(32)
def _items(path: str, entry: int, check_id: str) -> tuple[ItemSeen, ...]:
    """Read the items of a check once for as long as its conclusions are the newest."""
    home = current_home()
    specs = load_tables(home.content)
    check = load_checks(home.content, specs)[check_id]
    with personal(home) as people:
        book = HomeBook(home, people.sealer)
        found = items_of(book, home.ledger.entry(entry), check, specs)
    return tuple(sorted(found, key=lambda one: (CONCLUSIONS.index(one.conclusion), one.name.casefold())))
