"""Whom the ledger means: it names accounts by their ids, so that it holds no name."""

from __future__ import annotations

from collections.abc import Iterable

from assay_web.records.accounts import Account

_PREFIX = "account:"


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """Give the names of those actors that are accounts; the command line's and Assay's own speak for themselves."""
    ids = [one.removeprefix(_PREFIX) for one in actors if one.startswith(_PREFIX)]
    return {one.actor: str(one) for one in Account.objects.filter(pk__in=ids)} if ids else {}
