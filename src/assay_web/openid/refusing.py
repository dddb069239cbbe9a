"""Why an answer of an identity provider is not believed."""

from __future__ import annotations

from assay.errors import AssayError


class ProviderError(AssayError):
    """An identity provider's answer is refused, or there is none. `check` names what failed, for the log: no word of it comes from the answer.

    The text is for whoever set the provider up.
    """

    def __init__(self, check: str, says: str = "") -> None:
        super().__init__(says or f"What the provider answered was not accepted: {check}.")
        self.check = check


class BeginAgainError(ProviderError):
    """Nothing is wrong with the provider. The text is for the person who wanted to sign in."""
