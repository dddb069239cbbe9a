"""Connecting and disconnecting sources: the verbs of the home, in whose acts the settings are and the credentials are not."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from assay.errors import AssayError
from assay.evidence.canonical import instant_text
from assay.home.sources import Source, connect_source, disconnect_source, external_id, sources
from assay_web.home import current_home
from assay_web.records.accounts import Account
from assay_web.services.uploads import keep_upload

ROLE = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[!-~]{1,576}")
EVENTS_BACK = timedelta(days=120)


class ConnectingError(AssayError):
    """A source cannot be connected as asked."""


def connect_aws(
    *, by: Account, name: str, role_arn: str, regions: list[str], secret_patterns: bool, replace: bool
) -> int:
    """Connect an account by a role and the external id that is kept for it; gives the act's index."""
    if not ROLE.fullmatch(role_arn):
        raise ConnectingError(
            f"“{role_arn}” is no role's ARN. Write it as arn:aws:iam::111122223333:role/AssayReadOnly, as IAM, Roles shows it."
        )
    settings: dict[str, Any] = {"role_arn": role_arn}
    settings |= {"regions": sorted(regions)} if regions else {}
    settings |= {"opt_in": ["secret_patterns"]} if secret_patterns else {}
    with transaction.atomic():
        _refuse_taken(name, replace=replace)
        home = current_home()
        return connect_source(
            home, Source(name, "aws", settings), {"external_id": external_id(home, name)}, by.actor
        )


def external_id_of(name: str) -> str:
    """Give the external id that a role's trust policy must require: made once for a source and kept."""
    return external_id(current_home(), name)


def connect_github(*, by: Account, name: str, organization: str, token: str, replace: bool) -> int:
    """Connect an organization by a fine-grained token; gives the act's index. From when events are wanted stays as it was."""
    token = token.strip()
    if not token or not token.isascii() or len(token.split()) != 1:
        raise ConnectingError("This is no token: one line of letters and digits, which GitHub shows once.")
    home = current_home()
    before = {one.id: one.settings for one in sources(home)}.get(name, {})
    events_from = before.get("events_from") or instant_text(home.now() - EVENTS_BACK)
    settings = {"events_from": events_from, "organization": organization}
    with transaction.atomic():
        _refuse_taken(name, replace=replace)
        return connect_source(home, Source(name, "github", settings), {"token": token}, by.actor)


def connect_list(
    *,
    by: Account,
    name: str,
    file_name: str,
    content: bytes,
    mapping: dict[str, Any],
    system: str,
    exported_at: datetime,
    query: str,
    rows: int | None,
) -> int:
    """Connect an exported list by a mapping that was confirmed, or a newer export under the same name; gives the act's index."""
    home = current_home()
    path = keep_upload(home, name, file_name, content)
    exported = {
        "at": instant_text(exported_at),
        "by": by.actor,
        "query": query or None,
        "rows": rows,
        "system": system,
    }
    source = Source(name, "file", {"exported": exported, "mapping": mapping, "path": str(path)})
    with transaction.atomic():
        taken = {one.id: one for one in sources(home)}.get(name)
        if taken is not None and (
            taken.kind != "file" or taken.settings["mapping"]["table"] != mapping["table"]
        ):
            raise ConnectingError(f"“{name}” is the name of another source. Give this list another name.")
        return connect_source(home, source, {}, by.actor)


def disconnect(*, by: Account, name: str) -> int:
    """Disconnect a source: its credentials are deleted, its evidence stays. Gives the act's index."""
    with transaction.atomic():
        return disconnect_source(current_home(), name, by.actor)


def _refuse_taken(name: str, *, replace: bool) -> None:
    if not replace and name in {one.id for one in sources(current_home())}:
        raise ConnectingError(
            f"“{name}” is connected already. Give another name, or say below that this takes its place; its evidence stays either way."
        )
