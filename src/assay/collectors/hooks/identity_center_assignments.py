"""Who reaches which account through which permission set of IAM Identity Center, groups expanded to their members (IAM Identity Center API, Identity Store API)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from assay.collectors.asking import Ask, CallError
from assay.collectors.work import Run, Tally
from assay.evidence.canonical import Json
from assay.evidence.gaps import Reason

_ACCOUNTS = "sso-admin.list_accounts_for_provisioned_permission_set"
_ASSIGNMENTS = "sso-admin.list_account_assignments"
_MEMBERS = "identitystore.list_group_memberships"


def listing(run: Run, ask: Ask, tally: Tally) -> list[Json]:
    """Give one answer `{"Assignments": [...]}`: one for each user whom an assignment reaches, by `UserId`, with `GroupId` where it is through a group.

    1. The permission sets. 2. For each, the accounts that it is provisioned to, so that no other account is asked about. 3. For each of these pairs, the assignments.
    4. Each group among them once, for its members. A group without members gives nothing: nobody reaches anything through it. Raises CallError when any of these calls
    gives no answer, since nobody knows what it hides. `ask` holds the instance, and the identity store, which is for step 4 alone.
    """
    center = _Center(run, ask, tally)
    return [{"Assignments": list(center.assignments())}]


@dataclass
class _Center:
    """One instance as it is being listed; `members` holds the users of each group that was met."""

    run: Run
    ask: Ask
    tally: Tally
    members: dict[str, list[str]] = field(default_factory=dict)

    def assignments(self) -> Iterator[Json]:
        instance = {"InstanceArn": self.ask.arguments["InstanceArn"]}
        for permission_set in self._listed(self.ask.call, instance, "PermissionSets", str):  # 1
            named = {**instance, "PermissionSetArn": permission_set}
            for account in self._listed(_ACCOUNTS, named, "AccountIds", str):  # 2
                pair = {**named, "AccountId": account}
                for one in self._listed(_ASSIGNMENTS, pair, "AccountAssignments", dict):  # 3
                    yield from self._reached(one)

    def _reached(self, one: dict[str, Any]) -> Iterator[Json]:
        kind, principal = one.get("PrincipalType"), one.get("PrincipalId")
        if not isinstance(principal, str) or kind not in ("USER", "GROUP"):
            raise CallError(_ASSIGNMENTS, Reason.MALFORMED, "NoPrincipal")
        if kind == "USER":
            yield {**one, "UserId": principal}
            return
        for user in self._members(principal):
            yield {**one, "GroupId": principal, "UserId": user}

    def _members(self, group: str) -> list[str]:
        if group not in self.members:
            asked = {"IdentityStoreId": self.ask.arguments["IdentityStoreId"], "GroupId": group}
            self.members[group] = [
                _user(membership) for membership in self._listed(_MEMBERS, asked, "GroupMemberships", dict)
            ]  # 4
        return self.members[group]

    def _listed(self, call: str, arguments: dict[str, Json], member: str, kind: type) -> Iterator[Any]:
        for answer in self.run.source.pages(replace(self.ask, call=call, arguments=arguments)):
            self.tally.count(answer, page=True)
            listed = answer.body.get(member)
            if not isinstance(listed, list) or not all(isinstance(one, kind) for one in listed):
                raise CallError(call, Reason.MALFORMED, "NoList")
            yield from listed


def _user(membership: dict[str, Any]) -> str:
    user = (membership.get("MemberId") or {}).get("UserId")
    if not isinstance(user, str):
        raise CallError(_MEMBERS, Reason.MALFORMED, "NoMember")
    return user
