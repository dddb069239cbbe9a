"""Users out of identitystore.list_users, each with the one e-mail address that ties them to a worker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assay.evidence.canonical import Json

__all__ = ["users"]


def users(answer: Json) -> Iterator[dict[str, Any]]:
    """Give each user with `Email`: the primary address, else the only one, else the user's name where it is one; in lower case."""
    for user in answer["Users"]:
        email = _email(user)
        yield {**user, **({"Email": email.lower()} if email else {})}


def _email(user: Mapping[str, Any]) -> str | None:
    emails = [email for email in user.get("Emails") or [] if email.get("Value")]
    primary = [email["Value"] for email in emails if email.get("Primary")]
    if primary or len(emails) == 1:
        return str((primary or [emails[0]["Value"]])[0])
    name = user.get("UserName") or ""
    return name if "@" in name else None
