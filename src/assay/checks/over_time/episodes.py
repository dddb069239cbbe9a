"""What a check concluded over a period: for each item the times in which it did not conform, and the object that is stored of it (formats.md, section 9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from json.encoder import encode_basestring
from typing import NamedTuple

from assay.checks.conclusion import Conclusion
from assay.checks.conclusion_set import written
from assay.evidence.canonical import Json

FORMAT = 1


class Item(NamedTuple):
    """One item, by its place. `key` None: something is unknown where no item is known."""

    table: str
    key: str | None
    account: str | None
    region: str | None

    def order(self) -> tuple[str, ...]:
        """Sort key: table, key, account, region; what has no key comes first."""
        return (self.table, "" if self.key is None else f"={self.key}", self.account or "", self.region or "")


class Episode(NamedTuple):
    """A time in which an item did not conform: from an instant (included) until another (excluded), UTC without zone."""

    start: datetime
    end: datetime
    conclusion: Conclusion
    reason: str
    saw: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class EpisodeSet:
    """The conclusions of one check over a period.

    `episodes`: every item that did not conform throughout, its episodes in order of time, none overlapping another. `items` counts everything
    that was there at some time, `judged` the versions and instants that were judged. What is not in an episode conformed while it was there.
    """

    check: str
    items: int
    judged: int
    episodes: Mapping[Item, tuple[Episode, ...]]
    stand_ins: frozenset[Item] = frozenset()

    @property
    def counts(self) -> dict[str, int]:
        """Items with an episode of each conclusion; an item can have several. `CONFORMS` counts those that conformed as long as they were there.

        `UNKNOWN` counts also what stands in for items that nobody saw: a place, or a record that no answer ever gave.
        """
        known = [item for item in self.episodes if item.key is not None and not self._stands_in(item)]
        with_one = {
            str(conclusion): sum(
                any(episode.conclusion is conclusion for episode in episodes)
                for episodes in self.episodes.values()
            )
            for conclusion in (Conclusion.DEVIATES, Conclusion.NOT_APPLICABLE, Conclusion.UNKNOWN)
        }
        return {"CONFORMS": max(self.items - len(known), 0), **with_one}

    @property
    def unseen(self) -> int:
        """How many places and records are unknown of which nothing was ever seen."""
        return sum(item.key is None or self._stands_in(item) for item in self.episodes)

    def _stands_in(self, item: Item) -> bool:
        return item in self.stand_ins

    def encoded(self, *, saw: bool = True) -> bytes:
        """Give the canonical bytes of the object that is stored, put together directly: there may be many episodes. `saw` False keeps no observed value."""
        said: list[str] = []
        for item in sorted(self.episodes, key=Item.order):
            _write(item, self.episodes[item], saw, said)
        text = (
            f'{{"check":"{self.check}","episodes":[{",".join(said)}],"format":{FORMAT},"items":{self.items},'
            f'"judged":{self.judged},"unseen":{self.unseen}}}'
        )
        return text.encode()


def joined(found: Iterable[tuple[Item, Episode]]) -> dict[Item, list[Episode]]:
    """Put episodes together that follow each other without a change. They come in order of time for each item."""
    episodes: dict[Item, list[Episode]] = {}
    for item, episode in found:
        before = episodes.setdefault(item, [])
        if before and before[-1].end == episode.start and before[-1][2:] == episode[2:]:
            before[-1] = before[-1]._replace(end=episode.end)
        else:
            before.append(episode)
    return episodes


def overlaid(below: list[Episode], above: list[Episode]) -> tuple[Episode, ...]:
    """Put what is unknown over what was concluded: it wins for as long as it stands. Both are in order and free of overlaps."""
    kept = [piece for episode in below for piece in _outside(episode, above)]
    return tuple(sorted([*kept, *above], key=lambda one: one.start))


def without_overlaps(spans: Iterable[Episode]) -> list[Episode]:
    """Give spans of one item without overlaps; where two overlap the one that came first stays."""
    taken: list[Episode] = []
    for span in spans:
        taken += _outside(span, sorted(taken, key=lambda one: one.start))
    return [
        one
        for several in joined((_ANY, one) for one in sorted(taken, key=lambda one: one.start)).values()
        for one in several
    ]


_ANY = Item("", None, None, None)


def _outside(episode: Episode, above: list[Episode]) -> Iterator[Episode]:
    start = episode.start
    for one in above:
        if one.end <= start or one.start >= episode.end:
            continue
        if one.start > start:
            yield episode._replace(start=start, end=one.start)
        start = max(start, one.end)
    if start < episode.end:
        yield episode._replace(start=start)


def _write(item: Item, episodes: Iterable[Episode], saw: bool, said: list[str]) -> None:
    """Write the canonical JSON of an item's episodes, the members of each in order."""
    account, region, key = _known(item.account), _known(item.region), _text(item.key)
    to_reason, to_saw, to_until = (
        f'"item":{key},"reason":',
        f',"region":{region},"saw":{{',
        f'}},"table":"{item.table}","until":',
    )
    for start, end, conclusion, reason, values in episodes:
        seen = ",".join([f'"{name}":{written(value)}' for name, value in values.items()]) if saw else ""
        said.append(
            f'{{"account":{account},"conclusion":"{_NAMES[conclusion]}","from":{_instant(start)},{to_reason}{_known(reason)}{to_saw}{seen}{to_until}{_instant(end)}}}'
        )


_NAMES = {conclusion: conclusion.value for conclusion in Conclusion}


def _text(value: str | None) -> str:
    return "null" if value is None else encode_basestring(value)


_known = lru_cache(maxsize=4096)(_text)
"""Accounts, regions and reasons are few and recur; so do the instants at which anything changes."""


@lru_cache(maxsize=65_536)
def _instant(value: datetime) -> str:
    return f'"{value.isoformat()}Z"'
