"""The ledger as people read it: newest first, a sentence an entry, with who did it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assay.evidence.ledger import Envelope, Kind
from assay.home import Home
from assay.stores import MissingObjectError
from assay.wording import counted
from assay_web.home import current_home
from assay_web.queries.people import names_of

PAGE = 50
_WORDS = {
    "acceptance.approved": "Accepted a risk",
    "acceptance.asked": "Asked for a risk to be accepted",
    "acceptance.ended": "Ended the acceptance of a risk",
    "acceptance.refused": "Refused to accept a risk",
    "account.made": "Made an account",
    "account.invited": "Invited someone",
    "account.invited_again": "Made another invitation",
    "account.joined": "Joined",
    "account.recovery_allowed": "Allowed an account to start anew",
    "account.recovered": "Started anew by a link",
    "account.role_changed": "Changed a role",
    "account.disabled": "Disabled an account",
    "account.enabled": "Enabled an account",
    "account.password_renewed": "Set another password",
    "account.factor_added": "Added a second factor",
    "account.factor_removed": "Removed a second factor",
    "account.codes_renewed": "Made new recovery codes",
    "account.passkey_renamed": "Renamed a passkey",
    "commitment.added": "Added a commitment",
    "commitment.changed": "Changed a commitment",
    "commitment.retired": "Retired a commitment",
    "commitments.imported": "Imported commitments",
    "setting.set": "Set",
    "source.connected": "Connected the source",
    "source.disconnected": "Disconnected the source",
    "task.assigned": "Assigned tasks",
    "task.changed": "Changed a task",
    "task.closed": "Closed tasks by a look",
    "task.commented": "Wrote below a task",
    "task.done": "Said that a task is done",
    "task.dropped": "Dropped a task",
    "task.due_changed": "Changed when a task is due",
    "task.made": "Made tasks",
    "task.reopened": "Opened a task again",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One entry in words."""

    entry: int
    at: datetime
    who: str
    says: str
    about: str


def page_of_activity(before: int | None) -> tuple[list[Said], int | None]:
    """Give a page of entries before an index, newest first, and the index to go on from."""
    home = current_home()
    end = home.ledger.size() if before is None else min(before, home.ledger.size())
    start = max(0, end - PAGE)
    envelopes = [
        (start + at, Envelope.decode(one)) for at, one in enumerate(home.ledger.envelopes(start, end))
    ]
    bodies = [(ordinal, envelope, _body(home, envelope)) for ordinal, envelope in reversed(envelopes)]
    names = names_of(
        {_by(body) for *_, body in bodies} | {f"account:{_account(body)}" for *_, body in bodies}
    )
    return [_said(*one, names) for one in bodies], start or None


def _body(home: Home, envelope: Envelope) -> dict[str, Any]:
    try:
        return dict(home.evidence.body(envelope.body))
    except MissingObjectError:
        return {}


def _by(body: dict[str, Any]) -> str:
    return str(body.get("by") or (body.get("made") or {}).get("asked_by") or body.get("asked_by") or "")


def _account(body: dict[str, Any]) -> str:
    details = body.get("details")
    return str(details.get("account", "")) if isinstance(details, dict) else ""


def _said(ordinal: int, envelope: Envelope, body: dict[str, Any], names: dict[str, str]) -> Said:
    actor = _by(body)
    says, about = _words(envelope.kind, body, names)
    return Said(ordinal, envelope.at, names.get(actor, actor) or "Assay", says, about)


def _words(kind: Kind, body: dict[str, Any], names: dict[str, str]) -> tuple[str, str]:
    match kind:
        case Kind.ACT:
            details = body.get("details") or {}
            actor = f"account:{details.get('account', '')}"
            about = (
                details.get("name") or details.get("source") or names.get(actor) or details.get("account", "")
            )
            return _WORDS.get(body.get("act", ""), body.get("act", "An erased act")), str(about)
        case Kind.COLLECTION:
            return "Collected from", str((body.get("source") or {}).get("id", ""))
        case Kind.CONCLUSIONS:
            return "Judged", counted(len(body.get("sets", [])), "check")
        case Kind.EPISODES:
            return "Judged over a period", counted(len(body.get("sets", [])), "check")
        case Kind.EVIDENCE:
            return "Added evidence for", str(body.get("control", ""))
        case Kind.ERASURE:
            return "Erased", counted(len(body.get("commitments", [])) + len(body.get("objects", {})), "thing")
        case Kind.KEY:
            return "Handed over to another signing key", ""
        case Kind.CLOCK:
            return "The clock stepped back", ""
        case Kind.EPOCH:
            return "Began a new epoch after restoring a backup", ""
        case Kind.HOME:
            return "Made the home", str(body.get("name", ""))
