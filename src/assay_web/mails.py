"""The one place that sends mail: plain text, to one address at a time, encrypted or not at all. Without a mail server nothing is sent, and pages say so."""

from __future__ import annotations

import hashlib
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.conf import settings
from django.utils import timezone

from assay.errors import AssayError
from assay.publish.mailbox import MailError, send_message

MOST_SUBJECT = 200


class NoMailError(AssayError):
    """Mail was to be sent and no mail server is set up."""

    def __init__(self) -> None:
        super().__init__(
            "No mail server is set up, so nothing was sent. Whoever runs Assay sets ASSAY_MAIL_URL and ASSAY_MAIL_FROM."
        )


def mail_is_set_up() -> bool:
    """Tell whether mail can be sent."""
    return settings.MAIL is not None


def send_mail(to: str, subject: str, text: str) -> None:
    """Send one plain text to one address. Raises NoMailError without a mail server, MailError where it was not taken."""
    if settings.MAIL is None:
        raise NoMailError
    server, sender = settings.MAIL
    send_message(message(sender, to, subject, text), server)


def message(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    """Write the message. A line break in the subject is a space; raises MailError for an address that is none."""
    found = EmailMessage(policy=SMTP)
    now = timezone.now()
    try:
        found["From"], found["To"] = Address(addr_spec=sender), Address(addr_spec=to)
        mark = hashlib.sha256(f"{now.isoformat()} {to} {subject}".encode()).hexdigest()[:24]
        found["Message-ID"] = f"<{mark}@{Address(addr_spec=sender).domain}>"
    except (MessageError, ValueError, IndexError) as error:
        raise MailError(
            "No message can be written to this address. Correct the account's e-mail address."
        ) from error
    found["Date"] = format_datetime(now)
    found["Subject"] = " ".join(subject.split())[:MOST_SUBJECT]
    found["Auto-Submitted"] = "auto-generated"  # RFC 3834, section 5: nobody's absence answers it
    found.set_content(text, cte="quoted-printable")
    return found
