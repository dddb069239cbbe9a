"""What a parameter was at any instant. A change is an act with an effective instant; a later change never rewrites an earlier instant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from assay.catalogue.parameters import Parameter, ParameterError, Value


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """One change: the value, from when it is asked for, when the act was recorded, and the policies that must be approved anew first.

    `printed_by` are the approved policies that print the parameter; `approved` gives the instant at which each was approved with
    the new value. All instants are aware and UTC.
    """

    value: Value
    asked_from: datetime
    recorded: datetime
    printed_by: frozenset[str] = frozenset()
    approved: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def waits_for(self) -> frozenset[str]:
        """The policies whose approval is still missing."""
        return self.printed_by - self.approved.keys()

    @property
    def effective(self) -> datetime | None:
        """The latest of the asked instant and the approvals; None while an approval is missing (DESIGN, section 9)."""
        return None if self.waits_for else max([self.asked_from, *self.approved.values()])


@dataclass(frozen=True, slots=True)
class ParameterHistory:
    """The changes of one parameter in the order in which they were recorded. Before the first effective one its default holds."""

    parameter: Parameter
    changes: tuple[ParameterChange, ...] = ()

    def changed(
        self, value: Value, *, asked_from: datetime, recorded: datetime, printed_by: Iterable[str] = ()
    ) -> ParameterHistory:
        """Give the history with one more change. Raises ParameterError where the value does not fit or would hold before it was recorded."""
        _refuse_naive(asked_from, recorded)
        taken = self.parameter.checked(value)
        if asked_from < recorded:
            raise ParameterError(
                f"{self.parameter.name} cannot change from {asked_from.isoformat()}, which lies before the change is recorded "
                f"({recorded.isoformat()}): what was judged by the earlier value stays so. Give an instant from now on."
            )
        self._refuse_step_back(recorded)
        change = ParameterChange(taken, asked_from, recorded, frozenset(printed_by))
        return replace(self, changes=(*self.changes, change))

    def approved(self, policy: str, at: datetime) -> ParameterHistory:
        """Give the history once `policy` was approved at `at` with the newest value that waits for it; older waiting changes are overtaken.

        The hook for documents: what a policy prints takes effect when the policy does.
        """
        _refuse_naive(at)
        waiting = [number for number, change in enumerate(self.changes) if policy in change.waits_for]
        if not waiting:
            return self
        newest = waiting[-1]
        change = self.changes[newest]
        if at < change.recorded:
            raise ParameterError(
                f"{policy} was approved at {at.isoformat()}, before {self.parameter.name} was changed "
                f"({change.recorded.isoformat()}): it cannot print the new value. Approve it anew."
            )
        marked = replace(change, approved=MappingProxyType({**change.approved, policy: at}))
        kept = [one for number, one in enumerate(self.changes) if number not in waiting]
        kept.insert(newest - len(waiting) + 1, marked)
        return replace(self, changes=tuple(kept))

    def value_at(self, instant: datetime) -> Value:
        """Give the value in force at an instant: that of the change which took effect last, the later recorded one where two coincide."""
        _refuse_naive(instant)
        value, since = self.parameter.default, None
        for change in self.changes:
            effective = change.effective
            if effective is not None and effective <= instant and (since is None or effective >= since):
                value, since = change.value, effective
        return value

    def steps(self) -> tuple[tuple[datetime, Value], ...]:
        """Give the instants at which the value changed, each with the value from then on, in their order."""
        instants = sorted({change.effective for change in self.changes if change.effective is not None})
        return tuple((instant, self.value_at(instant)) for instant in instants)

    def waiting(self) -> tuple[ParameterChange, ...]:
        """Give the changes that wait for a policy to be approved."""
        return tuple(change for change in self.changes if change.waits_for)

    def _refuse_step_back(self, recorded: datetime) -> None:
        if self.changes and recorded < self.changes[-1].recorded:
            raise ParameterError(
                f"A change of {self.parameter.name} recorded at {recorded.isoformat()} cannot follow one recorded at "
                f"{self.changes[-1].recorded.isoformat()}. Give the changes in the order in which they were recorded."
            )


def values_in_force(
    parameters: Mapping[str, Parameter], histories: Mapping[str, ParameterHistory], instant: datetime
) -> dict[str, Value]:
    """Give the value of every parameter at an instant, by name; a parameter without a history has its default."""
    return {
        name: histories.get(name, ParameterHistory(one)).value_at(instant) for name, one in parameters.items()
    }


def _refuse_naive(*instants: datetime) -> None:
    for instant in instants:
        if instant.utcoffset() != timedelta(0):
            raise ParameterError(
                f"{instant.isoformat()} is no instant in UTC. Give it with its zone, in UTC."
            )
