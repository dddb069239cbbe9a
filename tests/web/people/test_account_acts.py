"""Every verb on accounts and factors leaves exactly one act of its true actor, in its own transaction; one that is refused leaves none."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from tests.web.people.conftest import PASSWORD, Person, challenge_on, confirm, secret_on, signed_in
from tests.web.people.passkey import Passkey

People = dict[str, Person]
NEW = "another long pass phrase"


@contextmanager
def acts() -> Iterator[list[tuple[str, str]]]:
    """Collect what is added to the ledger in the block: what was done, and by whom."""
    from assay_web.home import current_home

    size = current_home().ledger.size()
    added: list[tuple[str, str]] = []
    yield added
    home = current_home()
    for entry in home.ledger.entries(size):
        body: dict[str, Any] = home.ledger.body(entry) or {}
        added.append((body["act"], body["by"]))


def test_each_service_leaves_one_act_of_who_did_it(people: People) -> None:
    from assay_web.records.accounts import Role
    from assay_web.services import accounts as verbs

    olga, ada = people["olga"].account, people["ada"].account
    by_olga, by_ada = f"account:{olga.id}", f"account:{ada.id}"
    invited, secret = verbs.invite(by=ada, name="Ines", email="ines@northwind.example", role=Role.READER)
    ines = f"account:{invited.id}"
    recovery = verbs.recovery_link(by="host", account=ada)
    steps: list[tuple[Callable[[], object], tuple[str, str]]] = [
        (
            lambda: verbs.invite(by=olga, name="x", email="x@northwind.example", role=Role.OWNER),
            ("account.invited", by_olga),
        ),
        (lambda: verbs.join(secret.token, name="Ines", password=NEW), ("account.joined", ines)),
        (lambda: verbs.recovery_link(by=olga, account=invited), ("account.recovery_allowed", by_olga)),
        (lambda: verbs.recovery_link(by="host", account=olga), ("account.recovery_allowed", "host")),
        (lambda: verbs.recover(recovery.token, password=NEW), ("account.recovered", by_ada)),
        (
            lambda: verbs.change_role(by=ada, account=invited, role=Role.LEAD),
            ("account.role_changed", by_ada),
        ),
        (lambda: verbs.disable(by=ada, account=invited), ("account.disabled", by_ada)),
        (lambda: verbs.enable(by="host", account=invited), ("account.enabled", "host")),
        (
            lambda: verbs.renew_password(by=ada, account=ada, password=NEW),
            ("account.password_renewed", by_ada),
        ),
        (
            lambda: verbs.make_account(by="host", name="y", email="y@northwind.example", role=Role.READER),
            ("account.made", "host"),
        ),
    ]
    for step, wanted in steps:
        with acts() as added:
            step()
        assert added == [wanted]


def test_an_invitation_made_again_is_one_act_and_ends_the_first_link(people: People) -> None:
    from assay_web.records.accounts import Role
    from assay_web.services import accounts as verbs

    ada = people["ada"].account
    invited, first = verbs.invite(by=ada, name="Ines", email="ines@northwind.example", role=Role.READER)
    with acts() as added:
        second = verbs.invite_again(by=ada, account=invited)
    assert added == [("account.invited_again", f"account:{ada.id}")]
    assert verbs.open_link(first.token) is None
    assert verbs.open_link(second.token) is not None


def test_the_first_owner_is_one_act_of_their_own_and_there_is_no_second_start(quick: None) -> None:
    from assay_web.services import accounts as verbs

    first, second = verbs.start_link(), verbs.start_link()
    given = {"name": "Olga", "email": "olga@northwind.example", "password": NEW}
    with acts() as added:
        with pytest.raises(verbs.AccountError, match="used or has grown old"):
            verbs.make_first_owner(first.token, **given)
        owner = verbs.make_first_owner(second.token, **given)
        with pytest.raises(verbs.AccountError, match="used or has grown old"):
            verbs.make_first_owner(second.token, **given)
        with pytest.raises(verbs.AccountError, match="This home has an owner"):
            verbs.start_link()
    assert added == [("account.made", f"account:{owner.id}")]


def test_a_start_link_makes_no_second_owner_where_another_way_made_the_first(quick: None) -> None:
    from assay_web.records.accounts import Account, Role
    from assay_web.services import accounts as verbs

    link = verbs.start_link()
    verbs.make_account(by="host", name="Olga", email="olga@northwind.example", role=Role.OWNER)
    with acts() as added, pytest.raises(verbs.AccountError, match="This home has an owner"):
        verbs.make_first_owner(link.token, name="Eve", email="eve@evil.example", password=NEW)
    assert added == []
    assert Account.objects.count() == 1


def _refused(people: People) -> Iterator[tuple[str, Callable[[], object], str]]:
    from django.utils import timezone

    from assay_web.records.accounts import Account, Role
    from assay_web.services import accounts as verbs

    olga, ada, ben = (people[name].account for name in ("olga", "ada", "ben"))
    invited, gone = verbs.invite(
        by=olga, name="Ines", email="ines@northwind.example", role=Role.AUDITOR, ends=timezone.now()
    )
    recovery = verbs.recovery_link(by=olga, account=people["rosa"].account)
    yield (
        "the last owner made less",
        lambda: verbs.change_role(by="host", account=olga, role=Role.LEAD),
        "the only owner",
    )
    yield "the last owner disabled", lambda: verbs.disable(by="host", account=olga), "the only owner"
    yield (
        "oneself made less",
        lambda: verbs.change_role(by=olga, account=olga, role=Role.LEAD),
        "your own role",
    )
    yield "oneself disabled", lambda: verbs.disable(by=ada, account=ada), "your own account"
    yield (
        "an owner invited by a lead",
        lambda: verbs.invite(by=ada, name="x", email="x@x.example", role=Role.OWNER),
        "Only an owner",
    )
    yield (
        "an owner made by a lead",
        lambda: verbs.change_role(by=ada, account=ben, role=Role.OWNER),
        "Only an owner",
    )
    yield (
        "an owner made less by a lead",
        lambda: verbs.change_role(by=ada, account=olga, role=Role.READER),
        "Only an owner",
    )
    yield "an owner disabled by a lead", lambda: verbs.disable(by=ada, account=olga), "Only an owner"
    yield "an owner's recovery by a lead", lambda: verbs.recovery_link(by=ada, account=olga), "Only an owner"
    yield (
        "an address that is taken",
        lambda: verbs.invite(by=olga, name="x", email="BEN@northwind.example", role=Role.READER),
        "has an account already",
    )
    yield (
        "an account made twice",
        lambda: verbs.make_account(by="host", name="x", email=ben.email, role=Role.READER),
        "has an account already",
    )
    yield (
        "an invitation for who has joined",
        lambda: verbs.invite_again(by=olga, account=ben),
        "already joined",
    )
    yield (
        "a recovery for who has not",
        lambda: verbs.recovery_link(by=olga, account=invited),
        "nothing to recover",
    )
    yield (
        "joining when one's time is over",
        lambda: verbs.join(gone.token, name="x", password=NEW),
        "cannot join",
    )
    yield (
        "a link of another purpose",
        lambda: verbs.recover(gone.token, password=NEW),
        "used or has grown old",
    )
    yield (
        "a link that nobody made",
        lambda: verbs.join("t" * 43, name="x", password=NEW),
        "used or has grown old",
    )
    yield "enabling who is not disabled", lambda: verbs.enable(by=olga, account=ben), "is not disabled"

    def recovering_the_disabled() -> None:
        Account.objects.filter(pk=people["rosa"].account.pk).update(state="disabled")
        verbs.recover(recovery.token, password=NEW)

    yield "recovering when disabled", recovering_the_disabled, "cannot sign in now"


def test_what_is_refused_leaves_no_act_and_changes_nothing(people: People) -> None:
    from assay_web.records.accounts import Account, OneTimeLink
    from assay_web.services.accounts import AccountError

    def everything() -> list[Any]:
        rosa = people["rosa"].account.pk
        return [
            list(Account.objects.exclude(pk=rosa).order_by("pk").values()),
            list(OneTimeLink.objects.order_by("pk").values()),
        ]

    for words, step, says in _refused(people):
        before = everything()
        with acts() as added, pytest.raises(AccountError, match=says):
            step()
        assert added == [], words
        assert everything() == before, words


def test_disabling_ends_the_links_of_an_account(people: People) -> None:
    from assay_web.services import accounts as verbs

    link = verbs.recovery_link(by="host", account=people["ben"].account)
    verbs.disable(by=people["olga"].account, account=people["ben"].account)
    assert verbs.open_link(link.token) is None


def test_an_owner_whose_time_is_over_is_no_other_owner(people: People) -> None:
    from django.utils import timezone

    from assay_web.records.accounts import Account, Role
    from assay_web.services import accounts as verbs

    second = verbs.make_account(by="host", name="x", email="x@northwind.example", role=Role.OWNER)
    Account.objects.filter(pk=second.pk).update(ends=timezone.now() - timedelta(minutes=1))
    with pytest.raises(verbs.AccountError, match="the only owner"):
        verbs.disable(by="host", account=people["olga"].account)


def test_changes_of_ones_own_credentials_are_one_act_each(people: People) -> None:
    rosa = people["rosa"]
    who = f"account:{rosa.account.id}"
    client = signed_in(rosa)
    confirm(client)
    rosa.secret = secret_on(client.get("/account/app/"))
    with acts() as added:
        client.post("/account/app/", {"code": "000000"})  # refused
        client.post("/account/app/", {"code": rosa.code()})
    assert added == [("account.factor_added", who)]
    challenge = challenge_on(client.get("/account/passkeys/add/"))
    with acts() as added:
        client.post("/account/passkeys/add/", {"name": "Phone", "credential": "{}"})  # refused
    assert added == []
    challenge = challenge_on(client.get("/account/passkeys/add/"))
    sent = {"name": "Phone", "credential": Passkey().registration(challenge)}
    with acts() as added:
        client.post("/account/passkeys/add/", sent)
    assert added == [("account.factor_added", who)]
    key = rosa.account.authenticator_set.get(type="webauthn").pk
    with acts() as added:
        client.post(f"/account/passkeys/{key}/", {"name": "Old phone"})
    assert added == [("account.passkey_renamed", who)]
    with acts() as added:
        client.post("/account/recovery-codes/new/")
    assert added == [("account.codes_renewed", who)]
    with acts() as added:
        client.post(f"/account/passkeys/{key}/remove/")
        client.post("/account/app/remove/")  # the last one: refused
    assert added == [("account.factor_removed", who)]
    with acts() as added:
        given = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
        client.post("/account/password/", {**given, "password2": "x"})  # refused
        client.post("/account/password/", given)
    assert added == [("account.password_renewed", who)]


def test_signing_in_and_out_and_opening_pages_is_no_act(people: People) -> None:
    with acts() as added:
        client = signed_in(people["ada"])
        client.get("/account/")
        client.post("/account/end-sessions/")
        client.post("/sign-out/")
    assert added == []


def race(*steps: Callable[[], object]) -> list[str]:
    """Do things at the same moment, each in a thread with a connection of its own; gives "done" or what was said instead, in no order."""
    from django.db import connection

    from assay.errors import AssayError

    barrier, said = threading.Barrier(len(steps)), []

    def run(step: Callable[[], object]) -> None:
        try:
            barrier.wait()
            step()
            said.append("done")
        except AssayError as error:
            said.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


def test_two_who_use_one_link_at_once_one_comes_in(people: People) -> None:
    from assay_web.records.accounts import Role
    from assay_web.services import accounts as verbs

    invited, secret = verbs.invite(
        by=people["olga"].account, name="Ines", email="ines@northwind.example", role=Role.READER
    )
    with acts() as added:
        said = race(
            lambda: verbs.join(secret.token, name="Ines", password=NEW),
            lambda: verbs.join(secret.token, name="Eve", password="the pass phrase of Eve"),
        )
    assert said == ["This link was used or has grown old. Ask for another.", "done"]
    assert added == [("account.joined", f"account:{invited.id}")]


def test_two_owners_cannot_remove_each_other_at_once(people: People) -> None:
    from assay_web.records.accounts import Account, Role
    from assay_web.services import accounts as verbs

    olga = people["olga"].account
    other = verbs.make_account(by="host", name="Otto", email="otto@northwind.example", role=Role.OWNER)
    race(lambda: verbs.disable(by=olga, account=other), lambda: verbs.disable(by=other, account=olga))
    assert Account.objects.filter(role=Role.OWNER, state="active").count() == 1


def test_one_address_invited_twice_at_once_is_one_account(people: People) -> None:
    from assay_web.records.accounts import Account, Role
    from assay_web.services import accounts as verbs

    olga = people["olga"].account

    def invite() -> None:
        verbs.invite(by=olga, name="Ines", email="ines@northwind.example", role=Role.READER)

    said = race(invite, invite)
    assert [one.partition(" has")[2] for one in said if one != "done"] != []
    assert Account.objects.filter(email="ines@northwind.example").count() == 1


def test_one_code_used_twice_at_once_signs_in_once(people: People) -> None:
    from assay.errors import AssayError
    from assay_web.services.second_factors import spend_code

    ada = people["ada"]
    for code in (ada.code(), ada.codes[0]):

        def spend(code: str = code) -> None:
            if spend_code(ada.account, code, ada.clock.at) is None:
                raise AssayError("refused")

        assert race(spend, spend) == ["done", "refused"]
