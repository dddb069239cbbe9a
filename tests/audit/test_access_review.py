"""What a look shows of a removal, what a gap lies over, and which records are somebody's access: arithmetic, without a database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assay.audit.access_review import LookedAt, Removal, hides, removal_after
from assay.audit.grants import gives_access, grants_of, hides_rights, is_dormant, load_grants
from assay.catalogue.reading import CatalogueError
from assay.content_tree import Content
from assay.evidence.gaps import Gap, Reason
from assay.tables import load_tables

GONE, SAME, OTHER, UNSEEN = LookedAt(True), LookedAt(True, "owner"), LookedAt(True, "sales"), LookedAt(False)


def _day(day: int) -> datetime:
    """Give a day of August as rows hold it: in UTC, without saying so."""
    return datetime(2026, 8, day, tzinfo=UTC).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("before", "look", "asked", "after"),
    [
        ("asked", GONE, "remove", "shown"),
        ("asked", SAME, "remove", "still"),
        ("asked", OTHER, "remove", "still"),
        ("asked", UNSEEN, "remove", "unseen"),
        ("still", UNSEEN, "remove", "unseen"),
        ("unseen", SAME, "remove", "still"),
        ("shown", UNSEEN, "remove", "shown"),
        ("shown", SAME, "remove", "back"),
        ("back", UNSEEN, "remove", "back"),
        ("back", GONE, "remove", "shown"),
        ("asked", OTHER, "change", "shown"),
        ("asked", SAME, "change", "still"),
        ("asked", GONE, "change", "shown"),
    ],
)
def test_only_a_look_that_saw_it_speaks(before: str, look: LookedAt, asked: str, after: str) -> None:
    assert removal_after(Removal(before), look, asked=asked, right="owner") == after


@pytest.mark.parametrize(
    ("gap", "hidden"),
    [
        (Gap("t", Reason.DENIED), True),
        (Gap("t", Reason.DENIED, "1", "eu"), True),
        (Gap("t", Reason.DENIED, "2", "eu"), False),
        (Gap("t", Reason.DENIED, "1", "us"), False),
        (Gap("t", Reason.DENIED, "1", "eu", key="k"), True),
        (Gap("t", Reason.DENIED, "1", "eu", key="other"), False),
        (Gap("t", Reason.DENIED, "1", "eu", parent="p"), True),
        (Gap("t", Reason.DENIED, "1", "eu", parent="other"), False),
    ],
)
def test_a_gap_lies_over_what_it_could_hide_and_no_more(gap: Gap, hidden: bool) -> None:
    assert hides(gap, account="1", region="eu", parent="p", key="k") is hidden


def test_a_gap_over_one_sealed_record_could_be_any() -> None:
    assert hides(Gap("t", Reason.DENIED, "1", "", key="c"), account="1", region="", parent=None, key=None)


def test_the_shipped_descriptions_name_tables_and_columns_that_are_there() -> None:
    content = Content.shipped()
    assert sorted(load_grants(content, load_tables(content))) == [
        "account",
        "aws_iam_policy_attachment",
        "aws_iam_principal",
        "aws_identity_center_assignment",
        "github_org_member",
        "github_outside_collaborator",
        "github_repo_collaborator",
        "github_team_member",
    ]


def test_a_user_of_iam_has_a_line_for_itself_and_each_group() -> None:
    content = Content.shipped()
    spec = load_grants(content, load_tables(content))["aws_iam_principal"]
    row = {"kind": "user", "name": "ada", "groups": ["platform-admins", "staff"]}
    assert [(one.right, one.privileged) for one in grants_of(spec, row)] == [
        ("User of IAM", False),
        ("Member of group platform-admins", True),
        ("Member of group staff", False),
    ]
    assert gives_access(spec, {**row, "kind": "role"}) is False
    assert gives_access(spec, {"name": "ada"}) is None


def test_what_was_not_seen_is_neither_unprivileged_nor_unused() -> None:
    content = Content.shipped()
    spec = load_grants(content, load_tables(content))["account"]
    now = datetime(2026, 11, 24, tzinfo=UTC)
    [unseen] = grants_of(spec, {"system": "crm", "user": "ada", "role": "sales"})
    assert (unseen.privileged, is_dormant(unseen, 90, now)) == (None, False)
    [old] = grants_of(spec, {"system": "crm", "user": "ada", "last_login": _day(26)})
    [new] = grants_of(spec, {"system": "crm", "user": "ada", "last_login": _day(27)})
    assert (is_dormant(old, 90, now), is_dormant(new, 90, now)) == (True, False)
    assert hides_rights(spec, None)
    assert hides_rights(spec, frozenset({"state"}))
    assert not hides_rights(spec, frozenset({"mfa"}))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("account: user", "account: nobody"),
        ("[last_login]", "[last_seen]"),
        ("{email: email}", "{shoe_size: email}"),
    ],
)
def test_a_description_of_what_is_not_there_is_refused(change: str, says: str) -> None:
    shipped = Content.shipped()
    text = shipped["reviews/account.yaml"].decode()
    assert change in text
    wrong = shipped.overlaid(Content({"reviews/account.yaml": text.replace(change, says).encode()}))
    with pytest.raises(CatalogueError):
        load_grants(wrong, load_tables(wrong))
