"""Verbs on the register of people: whose an account is, and workers entered by hand. No act names a worker in the clear."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from assay.collectors.files import Mapping as FileMapping
from assay.errors import AssayError
from assay.evidence.canonical import instant_text
from assay.home.sources import Source, connect_source
from assay.tables import load_tables
from assay_web.home import current_home
from assay_web.jobs import ask_for
from assay_web.queries.standing import company_zone
from assay_web.queries.workers import Held, register_now
from assay_web.records.accounts import Account
from assay_web.records.jobs import JobKind
from assay_web.records.people import AccountMatch, HandWorker, MatchKind, WorkerKind
from assay_web.services.acting import acting, person
from assay_web.services.uploads import keep_upload

SOURCE = "workers-by-hand"
"""The name of the list that is made of the workers entered by hand."""
TABLE = "hr_person"
_WORDS = {
    "kind": {one: one for one in WorkerKind.values},
    "state": {one: one for one in ("active", "left")},
}


class PeopleError(AssayError):
    """Something cannot be done to the register; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What is said of a worker by hand."""

    email: str
    kind: str
    title: str
    department: str
    manager: str
    started: date
    ended: date | None
    github_login: str
    aws_user_name: str


def match_account(held: Held, *, kind: MatchKind, email: str, reason: str, by: Account) -> AccountMatch:
    """Say whose an account is: a worker's own, or a service's or shared one for which a worker answers, with a reason.

    Raises PeopleError where no list names the worker, the reason is missing, or somebody said something of the account before.
    """
    email = email.lower()
    if register_now().by_email(email) is None:
        raise PeopleError(f"No list of workers names {email}. Choose somebody who is on the list.")
    if kind != MatchKind.PERSON and not reason.strip():
        raise PeopleError("Say why the account is no single person’s: what it does, and for whom.")
    match = AccountMatch(
        system=held.system, name=held.name, kind=kind, email=email, reason=reason, made_by=by
    )
    try:
        with transaction.atomic():
            with acting("account_match.made", by, kind=str(kind), system=held.system) as act:
                match.save(force_insert=True)
                act.details["match"] = match.pk
                act.details["account"] = person(act.home, email, account=held.name, reason=reason)
            AccountMatch.objects.filter(pk=match.pk).update(entry=act.entry)
    except IntegrityError as error:
        raise PeopleError(
            "Somebody said whose this account is just before. Look at the list again."
        ) from error
    return match


def undo_match(match: AccountMatch, *, by: Account) -> None:
    """Take back what was said of an account: from now on its address speaks again. Raises PeopleError where it was taken back before."""
    with acting("account_match.undone", by, match=match.pk, kind=match.kind, system=match.system):
        gone, _ = AccountMatch.objects.filter(pk=match.pk).delete()
        if not gone:
            raise PeopleError("This was taken back before. Nothing was changed.")


def enter_worker(entered: Entered, *, by: Account) -> HandWorker:
    """Enter a worker whom no HR list names. The act is that of the list which is made of all such workers, and which the next look reads.

    Raises PeopleError where a list has the worker already.
    """
    _refuse_listed(entered.email)
    worker = HandWorker(changed_by=by, **_fields(entered))
    try:
        with transaction.atomic():
            worker.save(force_insert=True)
            connect_source(current_home(), _source(by), {}, by.actor)
    except IntegrityError as error:
        raise PeopleError(f"{worker.email} was entered before. Change that entry.") from error
    _look_soon(by)
    return worker


def change_worker(worker: HandWorker, entered: Entered, *, version: int, by: Account) -> None:
    """Change what was said of a worker, read as `version`. Raises PeopleError where it was changed since."""
    with transaction.atomic():
        found = _unmoved(worker, version)
        if entered.email.lower() != found.email:
            raise PeopleError(
                "The address tells who the worker is, so it stays. Remove this entry and enter another."
            )
        for name, value in _fields(entered).items():
            setattr(found, name, value)
        found.version += 1
        found.changed, found.changed_by = timezone.now(), by
        found.save(force_update=True)
        connect_source(current_home(), _source(by), {}, by.actor)
    _look_soon(by)


def remove_worker(worker: HandWorker, *, version: int, by: Account) -> None:
    """Remove an entry that should not have been made; somebody who left keeps the entry, with the last day. Raises PeopleError as above."""
    with transaction.atomic():
        _unmoved(worker, version).delete()
        connect_source(current_home(), _source(by), {}, by.actor)
    _look_soon(by)


def _fields(entered: Entered) -> dict[str, Any]:
    said = asdict(entered)
    lower = {name: said[name].lower() for name in ("email", "manager", "github_login")}
    return {**said, **lower}


def _refuse_listed(email: str) -> None:
    hand = HandWorker.objects.filter(email=email.lower()).exists()
    if not hand and register_now().by_email(email) is not None:
        raise PeopleError(
            f"{email} is on a list of workers already. Change it there, and import the list again."
        )


def _source(by: Account) -> Source:
    """Give the source that the list of all workers entered by hand is, as of now. Its file is durable before the act names it."""
    home = current_home()
    rows = [_row(one) for one in HandWorker.objects.all()]
    columns = list(load_tables(home.content)[TABLE].columns)
    path = keep_upload(home, SOURCE, f"{SOURCE}.csv", _csv(columns, rows))
    mapping = FileMapping(TABLE, {one: one for one in columns}, zone=str(company_zone()), words=_WORDS)
    exported = {
        "at": instant_text(home.now().replace(microsecond=0)),
        "by": by.actor,
        "query": "every worker entered by hand",
        "rows": len(rows),
        "system": "Entered by hand in Assay",
    }
    return Source(SOURCE, "file", {"exported": exported, "mapping": mapping.to_json(), "path": str(path)})


def _row(one: HandWorker) -> dict[str, str]:
    gone = one.ended is not None and one.ended < timezone.localdate()
    return {
        "aws_user_name": one.aws_user_name,
        "department": one.department,
        "email": one.email,
        "ended": one.ended.isoformat() if one.ended else "",
        "github_login": one.github_login,
        "kind": one.kind,
        "manager_email": one.manager,
        "started": one.started.isoformat(),
        "state": "left" if gone else "active",
        "title": one.title,
    }


def _csv(columns: list[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")  # RFC 4180
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return written.getvalue().encode()


def _look_soon(by: Account) -> None:
    """Have the list read and everything judged anew, in the background."""
    transaction.on_commit(lambda: ask_for(JobKind.COLLECT, by=by.actor, sources=[SOURCE]), robust=True)


def _unmoved(worker: HandWorker, version: int) -> HandWorker:
    found = HandWorker.objects.select_for_update().filter(pk=worker.pk, version=version).first()
    if found is None:
        raise PeopleError(
            "Someone changed this entry since you opened it. Look at it again; nothing was changed."
        )
    return found
