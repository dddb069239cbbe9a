"""The ledger as people read it: newest first, a sentence an entry, with who did it."""

from __future__ import annotations

import re
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
_LINE = re.compile(r"[A-Z]{1,3}-[0-9]+")
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
    "account.linked": "Signed in by the identity provider for the first time",
    "account.unlinked": "Unlinked an account from the identity provider",
    "provider.added": "Set up signing in by an identity provider",
    "provider.changed": "Changed signing in by the identity provider",
    "provider.secret_set": "Set the client secret of the identity provider",
    "assetassignment.added": "Said whose assets are",
    "assetassignment.changed": "Said anew whose assets are",
    "assetassignment.ended": "Took back whose assets are",
    "assessment.approved": "Approved a risk assessment",
    "assessment.prepared": "Sent a risk assessment for approval",
    "assessment.sent_back": "Sent a risk assessment back",
    "nilstatement.added": "Stated that a period had no incident",
    "nilstatement.withdrawn": "Withdrew that a period had no incident",
    "recoveryobjective.added": "Added recovery objectives",
    "recoveryobjective.changed": "Changed recovery objectives",
    "recoveryobjective.retired": "Retired recovery objectives",
    "risk.accepted": "Accepted what is left of a risk",
    "risks.imported": "Added several risks",
    "setting.set": "Set",
    "source.connected": "Connected the source",
    "review.decided": "Decided lines of an access review",
    "review.delegated": "Gave lines of an access review to another reviewer",
    "review.due_changed": "Gave an access review another due day",
    "review.ended": "Called an access review off",
    "review.removal_back": "Saw again what was removed after an access review",
    "review.removal_shown": "Saw that what an access review asked for was done",
    "review.removal_still_there": "Saw what an access review asked to remove, still there",
    "review.removal_unseen": "Could not see what an access review asked to remove",
    "review.signed": "Signed an access review off",
    "review.started": "Started an access review",
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
    "not_vendor.added": "Said that something is no vendor",
    "vendor.exit_begun": "Began to leave a vendor",
    "vendor.exit_stopped": "Stayed with a vendor after all",
    "vendor.reviewed": "Reviewed a vendor",
    "vendor.step_done": "Did a step of leaving a vendor",
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


def _act_words(act: str) -> str:
    """Give an act in words; those of registers are made of the deed and the register: “Changed: commitment”."""
    if not act:
        return "An erased act"
    thing, _, deed = act.partition(".")
    return _WORDS.get(act) or f"{deed.replace('_', ' ').capitalize()}: {thing.replace('_', ' ')}"


def _line(details: dict[str, Any]) -> str:
    """Give the line of a register that an act is about, such as “C-4”."""
    return next((one for one in details.values() if isinstance(one, str) and _LINE.fullmatch(one)), "")


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
            named = (details.get("name"), details.get("source"), names.get(actor), details.get("account"))
            about = next((one for one in named if one and isinstance(one, str)), "")
            return _act_words(body.get("act", "")), str(about or _line(details))
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
