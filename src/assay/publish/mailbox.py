"""A checkpoint by mail: a message (RFC 5322) that anybody can keep, and its way to a mail server by SMTP under TLS (RFC 3207, RFC 8314)."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum

from assay.errors import AssayError
from assay.evidence.checkpoint import parse_checkpoint
from assay.evidence.note import parse_note

TIMEOUT = 30.0
ATTACHMENT = "checkpoint.txt"
_LETTER = """\
This is the head of the evidence ledger of {company}: {size} entries, signed by the home {origin}.

Keep this message. Whoever holds it can show later that nothing in these entries was changed: save the attachment {attachment} and run
    assay verify PACK --checkpoint {attachment}
The same text follows.

{checkpoint}"""


class MailError(AssayError):
    """A message could not be made, or the mail server did not take it."""


class Security(StrEnum):
    """How the connection to the mail server is encrypted: from the first byte, or after STARTTLS."""

    TLS = "tls"
    STARTTLS = "starttls"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in; `password` goes with `user`."""

    host: str
    port: int
    security: Security = Security.TLS
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def checkpoint_message(
    checkpoint: bytes, *, company: str, sender: str, to: str, at: datetime
) -> EmailMessage:
    """Write the message that carries a signed checkpoint, in its text and as an attachment that holds its exact bytes.

    Its Message-ID follows from log, size and receiver, so the same checkpoint sent twice is the same message. Raises MailError for an address that is none.
    """
    head = parse_checkpoint(parse_note(checkpoint).text)
    message = EmailMessage(policy=SMTP)
    try:
        message["From"], message["To"] = _address(sender), _address(to)
        domain = _address(sender).domain
        message["Date"] = format_datetime(at)
        message["Message-ID"] = (
            f"<{head.origin.replace('/', '.')}.{head.size}.{head.root.hex()[:16]}@{domain}>"
        )
        message["Subject"] = f"Checkpoint of {head.origin} over {head.size} entries"
        message.set_content(
            _LETTER.format(
                company=company,
                size=head.size,
                origin=head.origin,
                attachment=ATTACHMENT,
                checkpoint=checkpoint.decode(),
            ),
            cte="quoted-printable",
        )
        message.add_attachment(checkpoint, maintype="text", subtype="plain", filename=ATTACHMENT)
    except (MessageError, ValueError, IndexError) as error:
        raise MailError(
            f"No message to “{to[:200]}” can be written: {error}. Check both addresses."
        ) from error
    return message


def send_message(message: EmailMessage, server: MailServer, tls: ssl.SSLContext | None = None) -> None:
    """Hand a message in; it returns when the server has taken it. The server's certificate is checked; raises MailError, and nothing goes out unencrypted."""
    try:
        with _connected(server, tls or ssl.create_default_context()) as connection:
            if server.user is not None:
                connection.login(server.user, server.password or "")
            if connection.send_message(message):
                raise MailError(f"The mail server {server.host} took the message for some receivers only.")
    except (smtplib.SMTPException, OSError) as error:
        raise MailError(
            f"The mail server {server.host} did not take the message ({_plain(error)}). Check its name, port, user and password, then publish again."
        ) from None


@contextmanager
def _connected(server: MailServer, tls: ssl.SSLContext) -> Iterator[smtplib.SMTP]:
    if server.security is Security.TLS:
        with smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=tls) as connection:
            yield connection
        return
    with smtplib.SMTP(server.host, server.port, timeout=TIMEOUT) as connection:
        connection.starttls(context=tls)
        yield connection


def _address(text: str) -> Address:
    """Read one address; raises MessageError, ValueError or IndexError for what is none."""
    address = Address(addr_spec=text)
    if not address.username or "." not in address.domain or not text.isascii():
        raise ValueError("an address has the form name@host.example")
    return address


def _plain(error: Exception) -> str:
    """Name what went wrong without any text that the server could have put there."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return "it does not know user and password"
        case smtplib.SMTPNotSupportedError():
            return "it does not offer what is needed, such as STARTTLS"
        case smtplib.SMTPResponseException():
            return f"status {error.smtp_code}"
        case ssl.SSLError():
            return "its certificate or encryption is not accepted"
        case _:
            return type(error).__name__
