"""Adding manual evidence: the file is kept byte for byte, the entry is the domain's, and what rests on it is judged anew soon."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from assay.errors import AssayError
from assay.evidence.manual import Attachment, Covers, How, ManualEvidence, Method, Recurs
from assay.home import Home
from assay.home.manual import add_evidence
from assay_web.home import current_home
from assay_web.records.accounts import Account
from assay_web.services.concluding import conclude_soon

LARGEST = 50 * 1024 * 1024
"""The largest file that is kept with a piece of evidence, in bytes."""


class TooLargeError(AssayError):
    """A file is larger than what is kept."""


def add(
    *, by: Account, control: str, given: Mapping[str, Any], file: UploadedFile[Any] | None
) -> tuple[int, tuple[str, ...]]:
    """Add a piece of evidence for a control; gives its entry's index and remarks for the reader. Raises BadEvidenceError and TooLargeError.

    `given` has the fields of the form: shows, observed, captured_by, method, system, query, count, covers_from, covers_to, every_days, expires, note.
    1. The file is durable first: one that no entry names is swept later. 2. The entry, in the transaction in which judging is asked for.
    """
    attachment = None if file is None else kept(current_home(), file)  # 1
    return add_kept(by=by, control=control, given=given, attachment=attachment)


def add_kept(
    *, by: Account, control: str, given: Mapping[str, Any], attachment: Attachment | None
) -> tuple[int, tuple[str, ...]]:
    """Add a piece whose file is kept already, as `add` does; for a transaction that is under way. Raises BadEvidenceError."""
    home = current_home()
    with transaction.atomic():  # 2
        entry, remarks = add_evidence(home, _evidence(by, control, given, attachment))
        conclude_soon(by=by)
    return entry, remarks


def kept(home: Home, file: UploadedFile[Any]) -> Attachment:
    """Keep a file byte for byte, before the transaction that names it. Raises TooLargeError."""
    if (file.size or 0) > LARGEST:
        raise TooLargeError(
            f"{file.name} has {(file.size or 0) / 1024 / 1024:.0f} MB; {LARGEST // 1024 // 1024} MB are the most. Split it, or say in a note where it is kept."
        )
    content = file.read()
    return Attachment(home.evidence.put_object(content), PurePath(file.name or "file").name, len(content))


def _evidence(
    by: Account, control: str, given: Mapping[str, Any], attachment: Attachment | None
) -> ManualEvidence:
    start, end = given.get("covers_from"), given.get("covers_to")
    every, expires = given.get("every_days"), given.get("expires")
    observed: datetime = given["observed"]
    return ManualEvidence(
        by=by.actor,
        control=control,
        shows=given["shows"],
        observed=observed,
        captured_by=given.get("captured_by") or by.actor,
        how=How(
            Method(given["method"]),
            given.get("system") or None,
            given.get("query") or None,
            given.get("count"),
        ),
        covers=Covers(start, end) if start and end else None,
        recurs=Recurs(every, expires) if every or expires else None,
        attachment=attachment,
        note=given.get("note") or None,
    )
