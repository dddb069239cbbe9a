"""Whether sources still show the access of a vendor that is being left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assay.evidence.records import Whole
from assay.home import Home
from assay.home.populations import Located, current_lines, newest
from assay_web.home import current_home
from assay_web.records.vendors import Vendor


@dataclass(frozen=True, slots=True)
class Shown:
    """Of the things by which sources showed a vendor: those `still` there, those `gone`, and those at which nobody looked since it is being left.

    `entries` are the collections that show those gone.
    """

    still: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    entries: tuple[int, ...] = ()

    @property
    def says(self) -> str:
        """Say what sources show of what is gone; nothing where they never showed the vendor."""
        if not self.gone or self.still or self.unseen:
            return ""
        cited = ", ".join(str(one) for one in self.entries)
        return f"No longer shown, by the collection of ledger entry {cited}: {', '.join(self.gone)}."


def access_shown(vendor: Vendor) -> Shown:
    """Give what the newest collections show of a vendor's access. A thing is gone when each place of its table was seen since, without it and without a gap."""
    if not vendor.shown_by or vendor.leaving is None:
        return Shown()
    home = current_home()
    tables = {key.split(" ", 1)[0] for key in vendor.shown_by}
    places = [one for one in newest(home) if one.place.table in tables]
    still, gone, unseen, entries = [], [], [], set[int]()
    for key in vendor.shown_by:
        table, record = key.split(" ", 1)
        looked = [one for one in places if one.place.table == table]
        if any(_holds(home, one, record) for one in looked):
            still.append(key)
        elif looked and all(_since(home, one, vendor.leaving) for one in looked):
            gone.append(key)
            entries |= {one.entry for one in looked}
        else:
            unseen.append(key)
    return Shown(tuple(still), tuple(gone), tuple(unseen), tuple(sorted(entries)))


def _holds(home: Home, located: Located, record: str) -> bool:
    return any(isinstance(line, Whole) and line.key == record for line in current_lines(home, located))


def _since(home: Home, located: Located, begun: datetime) -> bool:
    """True where the place was seen whole after an instant."""
    entry = home.ledger.entry(located.entry)
    gaps = home.ledger.body(entry)["gaps"]
    return entry.at > begun and all(one["table"] != located.place.table for one in gaps)
