"""Checkpoints by mail: over TLS or not at all, to a mail server that is tried by its own certificate."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import IPv4Address
from pathlib import Path
from typing import IO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from standin_authority import NOW
from witness_world import Log, entries

from assay.publish.mailbox import MailError, MailServer, Security, checkpoint_message, send_message

NOTE = Log(entries(3)).note(3)


def letter(to: str = "chloe@firm.example") -> EmailMessage:
    return checkpoint_message(
        NOTE, company="Northwind Metrics", sender="assay@northwind.example", to=to, at=NOW
    )


@dataclass
class StandIn:
    """A mail server that takes one message; `tls` from the first byte or after STARTTLS, which it may lack."""

    context: ssl.SSLContext
    security: Security = Security.TLS
    offers_starttls: bool = True
    accepts: bool = True
    said: list[bytes] = field(default_factory=list)
    in_clear: list[bytes] = field(default_factory=list)

    def serve(self, listening: socket.socket) -> None:
        connection, _ = listening.accept()
        try:
            secure = self.security is Security.TLS
            if secure:
                connection = self.context.wrap_socket(connection, server_side=True)
            self._talk(connection, secure)
        except OSError:
            pass
        finally:
            connection.close()

    def _talk(self, connection: socket.socket, secure: bool, greet: bool = True) -> None:
        if greet:
            connection.sendall(b"220 stand-in\r\n")
        with connection.makefile("rb") as lines:
            self._answer(connection, lines, secure)

    def _answer(self, connection: socket.socket, lines: IO[bytes], secure: bool) -> None:
        while line := lines.readline():
            (self.said if secure else self.in_clear).append(line)
            word = line.split()[0].upper()
            if word == b"STARTTLS":
                connection.sendall(b"220 go on\r\n")
                with self.context.wrap_socket(connection, server_side=True) as secured:
                    self._talk(secured, True, greet=False)
                return
            if word == b"EHLO":
                extra = b"AUTH PLAIN" if secure else b"STARTTLS" if self.offers_starttls else b"HELP"
                connection.sendall(b"250-stand-in\r\n250 " + extra + b"\r\n")
            elif word == b"DATA":
                connection.sendall(b"354 go on\r\n")
                while (line := lines.readline()) not in (b".\r\n", b""):
                    self.said.append(line)
                connection.sendall(b"250 taken\r\n")
            elif word == b"AUTH":
                connection.sendall(b"235 known\r\n" if self.accepts else b"535 canary-text\r\n")
            elif word == b"QUIT":
                connection.sendall(b"221 bye\r\n")
                return
            else:
                connection.sendall(b"250 fine\r\n")


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stand-in")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW.replace(year=2020))
        .not_valid_after(NOW.replace(year=2099))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    file = tmp_path_factory.mktemp("mail") / "identity.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(secret + certificate.public_bytes(Encoding.PEM))
    return file


@contextmanager
def serving(identity: Path, **how: object) -> Iterator[tuple[StandIn, int]]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identity)
    server = StandIn(context, **how)  # type: ignore[arg-type]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.serve, args=(listening,), daemon=True)
        thread.start()
        yield server, listening.getsockname()[1]
        thread.join(timeout=30)


def trusting(identity: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(identity))


@pytest.mark.parametrize("security", list(Security))
def test_a_message_is_handed_in_under_tls_and_arrives_byte_for_byte(
    identity: Path, security: Security
) -> None:
    with serving(identity, security=security) as (server, port):
        to = MailServer("127.0.0.1", port, security, "assay", "canary-password")
        send_message(letter(), to, trusting(identity))
    data = b"".join(server.said).partition(b"data\r\n")[2]
    arrived = message_from_bytes(data, policy=default)
    (attached,) = arrived.iter_attachments()  # type: ignore[attr-defined]
    assert attached.get_payload(decode=True) == NOTE
    assert [line.split()[0] for line in server.in_clear] == (
        [] if security is Security.TLS else [b"ehlo", b"STARTTLS"]
    )


def test_nothing_goes_out_where_the_server_offers_no_encryption(identity: Path) -> None:
    with serving(identity, security=Security.STARTTLS, offers_starttls=False) as (server, port):
        with pytest.raises(MailError, match="does not offer what is needed"):
            send_message(
                letter(), MailServer("127.0.0.1", port, Security.STARTTLS, "assay", "x"), trusting(identity)
            )
    assert not any(b"AUTH" in line or b"MAIL" in line for line in server.in_clear)


def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(identity: Path) -> None:
    with serving(identity) as (server, port):
        with pytest.raises(MailError, match="certificate or encryption is not accepted"):
            send_message(letter(), MailServer("127.0.0.1", port))
    assert server.said == []


def test_a_refused_password_is_said_without_the_servers_words(identity: Path) -> None:
    with serving(identity, accepts=False) as (_, port):
        with pytest.raises(MailError, match="does not know user and password") as refused:
            send_message(
                letter(), MailServer("127.0.0.1", port, user="assay", password="x"), trusting(identity)
            )
    assert "canary-text" not in str(refused.value)


def test_the_same_checkpoint_is_the_same_message_and_can_be_read_by_anybody() -> None:
    first, second = letter(), letter()
    assert first["Message-ID"] == second["Message-ID"]
    read = message_from_bytes(first.as_bytes(), policy=default)
    assert read["Date"].datetime == NOW
    assert "Northwind Metrics: 3 entries" in read.get_body().get_content()  # type: ignore[attr-defined]
    assert NOTE.decode() in read.get_body().get_content().replace("\r\n", "\n")  # type: ignore[attr-defined]
    assert all(len(line) <= 998 for line in first.as_bytes().splitlines())


@pytest.mark.parametrize(
    "to", ["chloe", "chloe@", "chloe@firm.example\r\nBcc: eve@example.org", "a@b@c.example", ""]
)
def test_an_address_that_is_none_is_refused(to: str) -> None:
    with pytest.raises(MailError, match="Check both addresses"):
        letter(to)
