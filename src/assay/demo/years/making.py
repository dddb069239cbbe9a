"""A demo year: a home of Northwind Metrics with a daily history, collected day by day through the real evidence path, judged and published.

The stand-ins do not run. What they answered is on record (`recording`), the story changes it (`storyline`), and each day's answers go through the
verbs of a real run (`replaying`). While a year is made nothing is synced to the disk: a year that is cut off is thrown away and made anew.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Literal, get_args

from assay.collectors.files import load_headings, propose, read_sheet
from assay.content_tree import Content
from assay.demo.by_hand import LISTS
from assay.demo.github_standin import ORGANIZATION
from assay.demo.northwind import COMPANY
from assay.demo.showing import BY, DemoFolderError, Say, scope
from assay.demo.years import cloud, code_host, large, people
from assay.demo.years.company import Company, company_on_first_day, let_a_day_pass
from assay.demo.years.recording import ACCOUNT, REGION
from assay.demo.years.replaying import STAGING, STAGING_ACCOUNT, Replayer, file_of
from assay.demo.years.storyline import DAYS, HOUR, ByHand, Event, by_hand, events
from assay.errors import AssayError
from assay.evidence.canonical import instant_text
from assay.evidence.manual import Attachment, Covers, How, ManualEvidence, Method, Recurs
from assay.home import Home, Surroundings, create_home
from assay.home.judging import PARAMETER, SCOPE, basis_of, judge
from assay.home.judging_over_time import judge_over, period_basis_of
from assay.home.ledger import Ledger
from assay.home.manual import add_evidence
from assay.home.personal import personal
from assay.home.publishing import publish
from assay.home.settings import set_setting
from assay.home.sources import Source, connect_source, sources
from assay.stores import Disk, Evidence, FolderStore
from assay.tables import load_tables
from assay.wording import counted

Size = Literal["small", "large"]
SAID_EVERY = 10


class DemoYearError(AssayError):
    """A demo year cannot be made as asked; the text says what to ask for."""


@dataclass(frozen=True, slots=True)
class Judged:
    """On which days every check is judged: each `every` days counted from the end, and the `last` days; `throughout`: once over the whole period."""

    every: int = 91
    last: int = 3
    throughout: bool = True

    def on(self, left: int) -> bool:
        """Say whether a day with so many days left after it is judged."""
        return left < self.last or left % self.every == 0


JUDGED: dict[Size, Judged] = {"small": Judged(), "large": Judged(last=1, throughout=False)}
"""When a year of each size is judged unless it is asked for otherwise."""


class YearClock:
    """A clock that is set to an instant, and moves a millisecond at each look."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def set(self, now: datetime) -> None:
        self._now = max(now, self._now)

    def __call__(self) -> datetime:
        self._now += timedelta(milliseconds=1)
        return self._now


class Unsynced(Disk):
    """A disk that is asked for no sync, for what can be made again."""

    def sync(self, descriptor: int, path: Path) -> None:
        """Leave it to the system when the content is written."""

    def sync_folder(self, folder: Path) -> None:
        """Leave it to the system when the names are written."""


def make_year(
    folder: Path,
    *,
    days: int = DAYS,
    size: Size = "small",
    seed: int = 1,
    until: date | None = None,
    say: Say = lambda _: None,
    random: Callable[[int], bytes] = secrets.token_bytes,
    judged: Judged | None = None,
    last: int = DAYS - 1,
    content: Content | None = None,
) -> Path:
    """Make a demo year in `folder`, which must be new, and give the path of its home.

    `days` of the story are lived, the final one on the day `until` (by default yesterday, UTC); `last` is which day of the story that is.
    `seed` decides what is drawn in the story; `random` gives keys, salts and ids: with the same of both, the same ledger. `content` takes the
    place of what is shipped while the year is made. Raises DemoFolderError for a folder that is there, DemoYearError for what cannot be made.
    """
    _refuse(folder, days, size, last)
    final = until or datetime.now(UTC).date() - timedelta(days=1)
    first = last - days + 1
    company = company_on_first_day(final - timedelta(days=last))
    clock = YearClock(company.at(first, HOUR))
    home = _unsynced(create_home(folder / "home", COMPANY, Surroundings(clock, random, {})))
    if content is not None:
        vars(home)["content"] = content
    with personal(home) as opened:
        making = _Making(home, company, clock, Replayer(home, opened.sealer, company), Random(seed), size)  # noqa: S311 — a story, no secret
        making.begin(first, folder / "lists")
        when = judged or JUDGED[size]
        for day in range(first, last + 1):
            making.live(day)
            if when.on(last - day):
                judge(home, basis_of(home, home.now()), opened.sealer)
            publish(home)
            if (day - first + 1) % SAID_EVERY == 0 or day == last:
                say(
                    f"{company.at(day).date()}: {counted(day - first + 1, 'day')} of {days}, {home.ledger.size():,} ledger entries"
                )
        if when.throughout:
            say("Every check is judged over the whole time.")
            judge_over(home, period_basis_of(home, (company.at(first, HOUR + 1), home.now())), opened.sealer)
            publish(home)
    making.keep_lists(folder / "lists")
    home.close()
    os.sync()
    return home.path


def _refuse(folder: Path, days: int, size: str, last: int) -> None:
    if folder.exists():
        raise DemoFolderError(f"{folder} is already there. Remove it, or name another folder with --keep.")
    if size not in get_args(Size):
        raise DemoYearError(f"There is no size “{size}”; there are {' and '.join(get_args(Size))}.")
    if not 0 <= last < DAYS or not 1 <= days <= last + 1:
        raise DemoYearError(
            f"A demo year has 1 to {min(max(last, 0) + 1, DAYS)} days, not {days}. Give another number with --days."
        )


def _unsynced(home: Home) -> Home:
    """Give the home with a store and a database that do not wait for the disk."""
    home.database.rows("pragma synchronous = off")
    store = home.evidence.store
    if not isinstance(store, FolderStore):
        raise DemoYearError("A demo year is kept in a folder. Take EVIDENCE_URL out of the environment.")
    evidence = Evidence(FolderStore(store.folder, Unsynced(home.path)))
    ledger = Ledger(home.database, evidence, home.surroundings.clock, home.surroundings.random)
    return replace(home, evidence=evidence, ledger=ledger)


@dataclass
class _Making:
    """A year being made."""

    home: Home
    company: Company
    clock: YearClock
    replayer: Replayer
    draw: Random
    size: Size

    def begin(self, first: int, lists: Path) -> None:
        """Bring the company to the eve of the first day, connect its sources, and add what was already on paper."""
        if self.size == "large":
            large.grow(self.company)
        set_setting(
            self.home, SCOPE, scope(len(self.company.lists["hr_person"])).to_object(), self.home.now(), BY
        )
        for day in range(first):
            self._world(day)
            for event in events():
                if event.day == day:
                    self._happen(event)
        self._connect(lists)
        for piece in by_hand():
            if piece.day < first:
                self._add(piece)

    def live(self, day: int) -> None:
        """Live one day: what happened by the morning, the collecting, what happens later, and what is added by hand."""
        self.clock.set(self.company.at(day, HOUR))
        self._world(day)
        today = [event for event in events() if event.day == day]
        for event in today:
            if event.hour < HOUR:
                self._happen(event, now=True)
        for source in sources(self.home):
            if source.id not in self.company.unasked:
                self.replayer.collect(source, BY)
        for event in today:
            if event.hour >= HOUR:
                self.clock.set(self.company.at(day, event.hour, 10))
                self._happen(event, now=True)
                self.replayer.collect(self._aws("aws-main", ACCOUNT), "ben-achterberg")
        self.clock.set(self.company.at(day, HOUR + 6))
        for piece in by_hand():
            if piece.day == day:
                self._add(piece)

    def keep_lists(self, folder: Path) -> None:
        """Leave every list as its file, so that the home can collect from it again."""
        for table, _ in LISTS.values():
            (folder / file_of(table)).write_bytes(self.company.csv(table))

    def _world(self, day: int) -> None:
        let_a_day_pass(self.company, day)
        people.training_on(self.company, day)
        code_host.pull_request_of_the_day(self.company, day, self.draw)
        if self.size == "large":
            large.replace_some(self.company, day, self.draw)

    def _happen(self, event: Event, *, now: bool = False) -> None:
        """Let an event happen; `now` says that the home is there to see it, otherwise it is part of how the home begins."""
        if event.what == "parameter":
            set_setting(self.home, PARAMETER + event.about, int(event.more), self.home.now(), BY)
        elif event.what == "scope":
            changed = replace(scope(len(self.company.lists["hr_person"])), sells=event.more)
            set_setting(self.home, SCOPE, changed.to_object(), self.home.now(), BY)
        else:
            _VERBS[event.what](self.company, event)
        if now and event.what == "account-connected":
            connect_source(
                self.home, self._aws(STAGING, STAGING_ACCOUNT), {"secret_access_key": "unused"}, BY
            )

    def _connect(self, lists: Path) -> None:
        lists.mkdir(parents=True)
        connect_source(self.home, self._aws("aws-main", ACCOUNT), {"secret_access_key": "unused"}, BY)
        if self.company.staging:
            connect_source(
                self.home, self._aws(STAGING, STAGING_ACCOUNT), {"secret_access_key": "unused"}, BY
            )
        events_from = instant_text(self.company.at(-28))
        settings = {"events_from": events_from, "organization": ORGANIZATION}
        connect_source(self.home, Source("github", "github", settings), {"token": "unused"}, BY)
        specs, headings = load_tables(self.home.content), load_headings(self.home.content)
        for table, system in LISTS.values():
            sheet = read_sheet(self.company.csv(table))
            mapping = propose(specs[table], sheet, headings, "Europe/Berlin").mapping
            exported = {
                "at": instant_text(self.home.now()), "by": BY, "query": None, "rows": None, "system": system,
            }  # fmt: skip
            path = f"lists/{file_of(table)}"  # from where the home lies; an absolute one would make the ledger depend on it
            settings = {"exported": exported, "mapping": mapping.to_json(), "path": path}  # type: ignore[dict-item]
            connect_source(self.home, Source(table.replace("_", "-"), "file", settings), {}, BY)

    def _aws(self, name: str, account: str) -> Source:
        return Source(
            name, "aws", {"access_key_id": "AKIADEMONSTRATION00", "account": account, "regions": [REGION]}
        )

    def _add(self, piece: ByHand) -> None:
        """Add a piece of manual evidence with its file, observed as many days before its day as it says."""
        observed = self.company.at(piece.day - piece.before, HOUR + 3)
        text = f"{COMPANY}\n\n{piece.shows}\n{piece.file}\nCaptured by {piece.captured_by}\n".encode()
        covers = (
            Covers(observed.date() - timedelta(days=piece.covers), observed.date()) if piece.covers else None
        )
        add_evidence(
            self.home,
            ManualEvidence(
                by=piece.by,
                control=piece.control,
                shows=piece.shows,
                observed=observed,
                captured_by=piece.captured_by,
                how=How(
                    Method(piece.method),
                    piece.system,
                    piece.query or None,
                    int(piece.count) if piece.count else None,
                ),
                covers=covers,
                recurs=Recurs(piece.every) if piece.every else None,
                attachment=Attachment(self.home.evidence.put_object(text), piece.file, len(text)),
            ),
        )


_VERBS = people.VERBS | cloud.VERBS | code_host.VERBS
