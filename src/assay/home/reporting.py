"""The readiness report of the home's newest conclusions, made by the same code that performs it again from a pack."""

from __future__ import annotations

from assay.errors import AssayError
from assay.evidence.canonical import Json
from assay.evidence.ledger import Kind
from assay.home.judging import HomeBook
from assay.home.personal import personal
from assay.home.place import Home
from assay.home.publishing import publish
from assay.verification import readiness_report


class NothingConcludedError(AssayError):
    """There are no conclusions to report on."""


def newest_report(home: Home) -> Json:
    """Give the readiness report; raises NothingConcludedError before the first `assay check`."""
    newest = home.ledger.last(Kind.CONCLUSIONS)
    if newest is None:
        raise NothingConcludedError(
            "Nothing was concluded yet. Run `assay check`; it needs no connected source to say what is missing."
        )
    signed = publish(home)
    with personal(home) as people:
        return readiness_report(HomeBook(home, people.sealer), newest, signed.note.encode())
