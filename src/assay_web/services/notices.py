"""Verbs on whom Assay tells: what is switched on is an act; the addresses and the key behind it are sealed and in no act."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone

from assay.home.keys import open_credential, seal_credential
from assay_web.home import current_home
from assay_web.records.accounts import Account
from assay_web.records.notices import Notices, OptOut, SealedSecret, Told
from assay_web.services.planning import keep
from assay_web.services.registers import Says

PLACE = "notices"
WEBHOOK, KEY, DEAD_MAN = "webhook", "webhook_key", "dead_man"
SINCE = (WEBHOOK, DEAD_MAN)


def set_notices(says: Says, secrets: Mapping[str, str], *, version: int, by: Account) -> Notices:
    """Keep what is told, and the secrets that are new. Raises LineMovedError where someone was faster."""
    now = timezone.now()
    since = {f"{field}_since": now for field in SINCE if field in secrets}
    with transaction.atomic():
        _seal(secrets)
        return keep(Notices, {**says, **since}, version=version, by=by)


def _seal(secrets: Mapping[str, str]) -> None:
    """Keep secrets in the place of those that were there."""
    home = current_home()
    keys = home.keys
    for field, secret in secrets.items():
        sealed = seal_credential(keys, home.id, PLACE, field, secret, home.surroundings.random)
        SealedSecret.objects.update_or_create(place=PLACE, field=field, defaults={"sealed": sealed})


def secret_of(field: str) -> str | None:
    """Open a secret; None where there is none. Raises KeyProblemError where the master key is another."""
    found = SealedSecret.objects.filter(place=PLACE, field=field).first()
    home = current_home()
    return None if found is None else open_credential(home.keys, home.id, PLACE, field, found.sealed)


def want_digest(account: Account, wants: bool) -> None:
    """Keep whether somebody wants the weekly digest: their own wish, no act of the programme."""
    if wants:
        OptOut.objects.filter(account=account).delete()
    else:
        OptOut.objects.get_or_create(account=account)


def to_tell(kind: str, slot: str, to: str = "") -> Told | None:
    """Give the row of something to tell; None where it was told already. A try that did not work is made again."""
    try:
        with transaction.atomic():
            return Told.objects.create(kind=kind, slot=slot, to=to, problem="not sent yet")
    except IntegrityError:
        return Told.objects.filter(kind=kind, slot=slot, to=to).exclude(problem="").first()


def told(row: Told, problem: str = "") -> None:
    """Keep that something was told, or what did not work."""
    row.at, row.problem = timezone.now(), problem[:400]
    row.save(force_update=True)
