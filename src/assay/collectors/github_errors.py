"""GitHub's refusals as codes: what a status and message mean, so that “there is none” is told apart from “you may not see it”."""

from __future__ import annotations

import re

from assay.collectors.asking import CallError
from assay.evidence.gaps import Reason
from assay.outbound.answers import HttpError, Response, parse_json
from assay.outbound.patience import is_throttled

_MEANINGS: tuple[tuple[int, str, str, Reason], ...] = (
    (404, r"branch not protected", "BranchNotProtected", Reason.FAILED),
    (404, r"branch not found", "BranchNotFound", Reason.FAILED),
    (404, r"alerts are disabled|scanning is disabled|no analysis found", "NotEnabled", Reason.NOT_ENABLED),
    (
        403,
        r"must be enabled for this|are disabled for this|is not enabled for this",
        "NotEnabled",
        Reason.NOT_ENABLED,
    ),
    (403, r"not available for archived", "Archived", Reason.NOT_ENABLED),
    (403, r"upgrade to github", "PlanLacksFeature", Reason.UNAVAILABLE),
    (403, r"suspended", "InstallationSuspended", Reason.DENIED),
    (403, r"saml", "SingleSignOnNeeded", Reason.DENIED),
    (403, r"", "Forbidden", Reason.DENIED),
    (401, r"", "BadCredentials", Reason.DENIED),
    (404, r"", "NotFound", Reason.DENIED),
    (409, r"empty", "EmptyRepository", Reason.FAILED),
    (410, r"", "Gone", Reason.NOT_COVERED),
    (422, r"", "NotAccepted", Reason.FAILED),
    (451, r"", "TakenDown", Reason.NOT_COVERED),
)


def refusal(call: str, response: Response) -> CallError:
    """Give the error that an answer other than 2xx stands for; its code is one of ours, never GitHub's text.

    GitHub answers 404 for what a token may not see, so an unexplained 404 is `denied`.
    """
    message = message_of(response)
    for status, pattern, code, reason in _MEANINGS:
        if status == response.status and re.search(pattern, message):
            return CallError(call, reason, code)
    if 300 <= response.status < 400:
        return CallError(call, Reason.NOT_COVERED, "Moved")
    return CallError(call, Reason.FAILED, f"Status{response.status}")


def no_answer(call: str, error: HttpError) -> CallError:
    """Give the error for a call that had no usable answer at all."""
    return CallError(call, error.reason, type(error).__name__.removesuffix("Error"))


def throttled(response: Response) -> bool:
    """Say whether GitHub asks for fewer calls; a secondary limit may tell so by its message alone."""
    if is_throttled(response.status, response.headers):
        return True
    return response.status == 403 and "rate limit" in message_of(response)


def message_of(response: Response) -> str:
    """Give GitHub's message in small letters, empty where there is none."""
    try:
        body = parse_json(response.body)
    except HttpError:
        return ""
    message = body.get("message") if isinstance(body, dict) else None
    return message.lower() if isinstance(message, str) else ""
