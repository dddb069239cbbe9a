"""Where the guided start stands: its draft over the scope in force."""

from __future__ import annotations

from dataclasses import dataclass

from assay.catalogue import Scope
from assay.home.settings import Setting
from assay_web.queries.drafts import draft_of
from assay_web.queries.scoping import scope_in_force
from assay_web.records.drafts import Draft

PURPOSE = "scope"


@dataclass(frozen=True, slots=True)
class Start:
    """The draft, if there is one, and the scope in force, if there is one."""

    draft: Draft | None
    setting: Setting | None
    scope: Scope | None

    @property
    def entry(self) -> int | None:
        """The act of the version in force."""
        return self.setting.entry if self.setting else None

    def typed(self, slug: str) -> dict[str, list[str]] | None:
        """Give what was typed on a page; None where it was never left."""
        return self.draft.parts.get(slug) if self.draft else None


def start_as_it_is() -> Start:
    """Give the start as the home holds it now."""
    setting = scope_in_force()
    return Start(draft_of(PURPOSE), setting, Scope.from_object(setting.value) if setting else None)
