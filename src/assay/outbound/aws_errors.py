"""What an error of AWS means for the one who collects: which kind of gap it is, and whether asking again may help.

Codes are those of AWS's "Common errors" pages and of the services' own references; nothing of an answer's text is kept.
"""

from __future__ import annotations

import re

from assay.errors import AssayError
from assay.evidence.gaps import Reason

THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequests",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
DENIED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthFailure",
        "AuthorizationError",
        "AuthorizationErrorException",
        "ExpiredToken",
        "ExpiredTokenException",
        "Forbidden",
        "ForbiddenException",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "MissingAuthenticationToken",
        "NotAuthorized",
        "NotAuthorizedException",
        "SignatureDoesNotMatch",
        "UnauthorizedException",
        "UnauthorizedOperation",
        "UnrecognizedClientException",
    }
)
UNAVAILABLE = frozenset(
    {
        "InvalidAction",
        "NotSupportedException",
        "OperationNotSupportedException",
        "OptInRequired",
        "SubscriptionRequiredException",
        "UnknownOperationException",
        "UnsupportedOperation",
        "UnsupportedOperationException",
    }
)
TIMED_OUT = frozenset({"RequestTimeout", "RequestTimeoutException"})
PASSING = frozenset(
    {
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "InternalServerException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
    }
)
_CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$")


class AwsCallError(AssayError):
    """A call to AWS that gave no usable answer. `reason` is the gap it makes, `code` AWS's own word for it; no part of an answer."""

    def __init__(
        self, call: str, reason: Reason, code: str, status: int | None = None, request_id: str | None = None
    ) -> None:
        super().__init__(
            f"{call} gave no usable answer ({reason}: {code}). {_REMEDIES.get(reason, _ASK_AGAIN)}"
        )
        self.reason, self.code, self.status, self.request_id = reason, code, status, request_id


_ASK_AGAIN = "Collect again later; what was seen before stays."
_REMEDIES = {
    Reason.DENIED: "Add the action to the role that Assay uses: `assay connect aws --print-policy` shows the whole policy.",
    Reason.UNAVAILABLE: "The region or the account's plan does not offer it.",
}


def reason_of(code: str, status: int | None) -> Reason:
    """Give the gap's reason for an error code and HTTP status; codes are compared without a `Client.` or `Server.` before them."""
    bare = code.removeprefix("Client.").removeprefix("Server.")
    if bare in THROTTLED or status == 429:
        return Reason.THROTTLED
    if bare in DENIED or bare.startswith("AccessDenied"):
        return Reason.DENIED
    if bare in UNAVAILABLE or status == 501:
        return Reason.UNAVAILABLE
    if bare in TIMED_OUT:
        return Reason.TIMEOUT
    return Reason.DENIED if status in (401, 403) else Reason.FAILED


def may_pass(code: str, status: int | None) -> bool:
    """Say whether the same call may well succeed a little later."""
    bare = code.removeprefix("Client.").removeprefix("Server.")
    return (
        reason_of(code, status) is Reason.THROTTLED
        or bare in TIMED_OUT | PASSING
        or status in (500, 502, 503, 504)
    )


def readable_code(code: object) -> str:
    """Give an error code if it looks like one: an answer's free text never enters a gap, a log or a message."""
    return code if isinstance(code, str) and _CODE.match(code) else "unreadable"
