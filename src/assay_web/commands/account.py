"""`assay account`: accounts of the workspace, from the machine that holds the home, where nobody can sign in to do it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assay.cli.setting_out import json_option, write_json

if TYPE_CHECKING:
    from assay_web.records.accounts import Account


@click.group("account")
def command() -> None:
    """List accounts, and let someone in whose password or second factor is lost.

    Who uses this holds the home, so it asks for no password. The ledger names `host` as the one who acted.
    """


@command.command("list")
@json_option
@click.pass_obj
def list_(path: Path, as_json: bool) -> None:
    """List the accounts: address, role, state, and whether a second factor is set up."""
    _ready(path)
    from assay_web.queries.accounts import listed

    found = listed()
    if as_json:
        write_json([one.to_object() for one in found])
        return
    for one in found:
        second = "second factor" if one.second_factor else "no second factor"
        click.echo(f"{one.email:36} {one.role:10} {one.state:10} {second}  {one.name}")
    if not found:
        click.echo(
            "There is no account yet. `assay serve` prints the link by which the first owner comes in."
        )


@command.command("link")
@click.argument("address")
@json_option
@click.pass_obj
def link(path: Path, address: str, as_json: bool) -> None:
    """Print a link for ADDRESS: for a lost password or second factor, or to join where the person has not come yet.

    It works once. Earlier links of the account stop working. Hand it over yourself, on a way that nobody else reads.
    """
    found = _account(path, address)
    from django.conf import settings

    from assay_web.records.accounts import State
    from assay_web.services.accounts import invite_again, recovery_link
    from assay_web.services.acting import HOST

    invited = found.state == State.INVITED
    secret = (invite_again if invited else recovery_link)(by=HOST, account=found)
    where = settings.ADDRESS.origin + secret.path
    if as_json:
        write_json(
            {
                "account": found.id,
                "for": "invitation" if invited else "recovery",
                "link": where,
                "expires": secret.expires.isoformat(),
            }
        )
        return
    click.echo(f"This link works once, until {secret.expires:%d %b %Y, %H:%M} UTC:\n  {where}")


@command.command("disable")
@click.argument("address")
@json_option
@click.pass_obj
def disable(path: Path, address: str, as_json: bool) -> None:
    """Disable the account of ADDRESS: its sessions and links end at once, its history stays."""
    found = _account(path, address)
    from assay_web.services import accounts
    from assay_web.services.acting import HOST

    accounts.disable(by=HOST, account=found)
    _say_state(found, as_json, f"{found} is disabled and signed out everywhere.")


@command.command("enable")
@click.argument("address")
@json_option
@click.pass_obj
def enable(path: Path, address: str, as_json: bool) -> None:
    """Enable the disabled account of ADDRESS again, with the password and second factor that it had."""
    found = _account(path, address)
    from assay_web.services import accounts
    from assay_web.services.acting import HOST

    accounts.enable(by=HOST, account=found)
    _say_state(found, as_json, f"{found} is enabled.")


def _ready(path: Path) -> None:
    from assay_web.serving import ready

    ready(path)


def _account(path: Path, address: str) -> Account:
    """Find the account of an address, whatever its capitals. Raises AccountError where there is none."""
    _ready(path)
    from assay_web.records.accounts import Account
    from assay_web.services.accounts import AccountError

    found = Account.objects.filter(email__iexact=address).first()
    if found is None:
        raise AccountError(
            f"There is no account for {address}. `assay account list` shows which there are; people are invited on the page Accounts."
        )
    return found


def _say_state(account: Account, as_json: bool, words: str) -> None:
    account.refresh_from_db()
    if as_json:
        write_json({"account": account.id, "state": account.state})
    else:
        click.echo(words)
