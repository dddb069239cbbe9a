"""The job that tells: the alarm where collecting has gone quiet, the sign of life while it has not, the weekly digest, a test. Each once for its slot.

A try that did not work is made again by the next hour's job. A process that is killed between sending and noting it may send once more: told twice is
better than never.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import date, datetime, time

from django.utils import timezone

from assay.errors import AssayError
from assay.home.sources import sources
from assay.outbound.http import Http, Limits, Patience
from assay_web.home import current_home
from assay_web.jobs.holding import Tell
from assay_web.mails import mail_is_set_up, send_mail
from assay_web.queries.digest import alarm_text, lead_digest, leads, notices, own_digest, readers
from assay_web.queries.standing import company_zone
from assay_web.queries.watch import quiet_now
from assay_web.records.accounts import Account
from assay_web.records.jobs import Job, JobStep
from assay_web.records.notices import Notices
from assay_web.services.notices import DEAD_MAN, KEY, WEBHOOK, secret_of, to_tell, told

TEST = "test"
DIGEST_AT = time(7, 0)
_LIMITS = Limits(bytes=65_536, seconds=20.0, connect_seconds=5.0)
_PATIENCE = Patience(attempts=2, in_all=20.0, longest_told=5.0)


def new_client() -> Http:
    """Give the client: public addresses alone, no redirects, small answers."""
    return Http(limits=_LIMITS, patience=_PATIENCE, connections=1)


def tell_all(job: Job, tell: Tell, now: datetime | None = None) -> list[str]:
    """Tell what is due; gives what did not work, a sentence each. 1. A test. 2. The alarm, or the sign of life. 3. The digest."""
    instant = now or timezone.now()
    zone = company_zone()
    kept = notices()
    problems: list[str] = []
    if kept is None:
        return problems

    def once(kind: str, slot: str, send: Callable[[], None], to: str = "") -> None:
        row = to_tell(kind, slot, to)
        if row is None:
            return
        tell(JobStep.TELLING, 0, 0, kind)
        try:
            send()
        except AssayError as error:
            told(row, str(error))
            problems.append(f"{kind}: {error}")
        else:
            told(row)

    local = instant.astimezone(zone)
    with timezone.override(zone):
        if TEST in job.sources:  # 1
            _test(kept, job, once)
            return problems
        _watch(kept, instant, local.date(), once)  # 2
        if local.weekday() == kept.digest_day and local.time() >= DIGEST_AT:  # 3
            _digest(kept, local.date(), once)
    return problems


Once = Callable[..., None]


def _test(kept: Notices, job: Job, once: Once) -> None:
    text = f"{current_home().name}: a test. Whoever set up notices asked for it; there is nothing to do.\n"
    account = Account.objects.filter(pk=job.asked_by.removeprefix("account:")).first()
    if account is not None and (kept.mail_alarm or kept.mail_digest) and mail_is_set_up():
        once("test by mail", job.pk, lambda: send_mail(account.email, "Assay: a test", text))
    if kept.webhook:
        once("test to the chat", job.pk, lambda: post(text))
    if kept.dead_man:
        once("test of the sign of life", job.pk, ping)


def _watch(kept: Notices, now: datetime, today: date, once: Once) -> None:
    quiet = quiet_now(now)
    if not quiet:
        if kept.dead_man and sources(current_home()):
            once("sign of life", f"{now:%Y-%m-%d %H}", ping)
        return
    text, subject = alarm_text(quiet), f"{current_home().name}: no complete collection for 26 hours"
    if kept.mail_alarm and mail_is_set_up():
        for account in leads():
            once("alarm", str(today), _mail(account, subject, text), account.pk)
    if kept.webhook:
        once("alarm to the chat", str(today), lambda: post(text))


def _digest(kept: Notices, today: date, once: Once) -> None:
    year, week, _ = today.isocalendar()
    slot = f"{year}-W{week:02}"
    if kept.mail_digest and mail_is_set_up():
        for account in readers():
            text = own_digest(account, today)
            if text is not None:
                once("digest", slot, _mail(account, f"{current_home().name}: your week", text), account.pk)
    if kept.webhook:
        once("digest to the chat", slot, lambda: post(lead_digest()))


def _mail(account: Account, subject: str, text: str) -> Callable[[], None]:
    return lambda: send_mail(account.email, subject, text)


class NotTakenError(AssayError):
    """An address did not take what it was sent."""


def post(text: str) -> None:
    """Send a text to the chat's webhook: `{"text": …}`, signed over timestamp and body by the key that the lead was shown. Raises NotTakenError or an error of the client."""
    url, key = secret_of(WEBHOOK), secret_of(KEY)
    if url is None or key is None:
        raise NotTakenError("No webhook address is kept. Enter it again.")
    body = json.dumps({"text": text}, ensure_ascii=False).encode()
    stamp = str(int(timezone.now().timestamp()))
    _ask("POST", url, {"Content-Type": "application/json", **signature(key, stamp, body)}, body)


def signature(key: str, stamp: str, body: bytes) -> dict[str, str]:
    """Give the headers by which a receiver tells that it was us: HMAC-SHA-256 (RFC 2104) over the timestamp, a full stop and the body."""
    signed = hmac.new(key.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"Assay-Timestamp": stamp, "Assay-Signature": f"v1={signed}"}


def ping() -> None:
    """Ask for the dead-man address: while it is asked, it stays quiet. Raises as `post` does."""
    url = secret_of(DEAD_MAN)
    if url is None:
        raise NotTakenError("No dead-man address is kept. Enter it again.")
    _ask("GET", url, {}, b"")


def _ask(method: str, url: str, headers: dict[str, str], body: bytes) -> None:
    client = new_client()
    try:
        answer = client.request(method, url, headers, body)
    finally:
        client.close()
    if not 200 <= answer.status < 300:
        raise NotTakenError(f"The address answered {answer.status}. Check that it is still the right one.")
