"""Exit codes. Scripts may rely on them; docs/reference/exit-codes.md says the same."""

DONE = 0
ERROR = 1
USAGE = 2
DEVIATES = 4
UNKNOWN = 8
DOES_NOT_HOLD = 16
"""A verification found something that does not hold, or fsck found damage. 4 and 8 add up: 12 means both."""


def of_counts(deviates: int, unknown: int) -> int:
    """Give the exit code of conclusions: 0, 4 (something deviates), 8 (something is unknown) or 12 (both)."""
    return (DEVIATES if deviates else 0) | (UNKNOWN if unknown else 0)
