"""Reads what the workspace is told by environment variables. An unknown value fails at the start, with a sentence."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from assay.errors import AssayError
from assay.home.keys import read_keys
from assay.publish.mailbox import MailServer, Security

DEFAULT_PORT = 8321
ENGINES = {
    "worker": "assay_web.jobs.backend.Polled",
    "celery": "assay_web.jobs.celery_backend.Celery",
}
"""What does background work, by the names that ASSAY_TASKS takes."""
DEFAULT_URL = f"http://localhost:{DEFAULT_PORT}"


class BadSettingError(AssayError):
    """An environment variable holds something that cannot be used."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where people reach the workspace: the origin that their browsers show."""

    scheme: str
    host: str
    port: int | None

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.host}" + ("" if self.port is None else f":{self.port}")

    @property
    def is_secure(self) -> bool:
        return self.scheme == "https"

    @property
    def is_loopback(self) -> bool:
        """True where only this machine can open it."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address means this machine alone."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def read_address() -> Address:
    """Read ASSAY_URL, by default `http://localhost:8321`. Plain HTTP is for this machine alone. Raises BadSettingError."""
    text = os.environ.get("ASSAY_URL", DEFAULT_URL)
    wanted = "Write the address that people open, such as https://assay.example.com."
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise BadSettingError(f"ASSAY_URL is “{text}”, which is no address. {wanted}") from error
    if parts.scheme not in {"http", "https"} or not host or parts.path.strip("/") or parts.query:
        raise BadSettingError(f"ASSAY_URL is “{text}”, which is no address of a site. {wanted}")
    address = Address(parts.scheme, f"[{host}]" if ":" in host else host, port)
    if not address.is_secure and not address.is_loopback:
        raise BadSettingError(
            f"ASSAY_URL is “{text}”. Passwords and sessions do not travel unencrypted: use https for any name but localhost."
        )
    return address


def read_home() -> Path:
    """Read ASSAY_HOME: the folder of the one home that this process serves."""
    return Path(os.environ.get("ASSAY_HOME", "home")).absolute()


def read_secret_keys(home: Path) -> list[str]:
    """Give what signs cookies and forms, newest first: derived from the home's master keys, so there is one secret less to keep.

    Where there is no home yet (lint, documentation) nothing that is signed has to outlive the process.
    """
    if not (home / "keys").is_dir():
        return [secrets.token_hex(32)]
    masters = read_keys(home / "keys", os.environ).masters
    return [hmac.digest(one, b"assay web secret 1", hashlib.sha256).hex() for one in masters]


def cookie_prefix(home: Path, address: Address) -> str:
    """Begin the names of cookies, so that two homes on one machine never read each other's (browsers tell ports apart for nothing)."""
    own = f"assay-{hashlib.sha256(str(home).encode()).hexdigest()[:8]}"
    return f"__Host-{own}" if address.is_secure else own


def read_engine() -> str:
    """Read ASSAY_TASKS: `worker` or `celery`; gives its place in the code. Raises BadSettingError."""
    name = os.environ.get("ASSAY_TASKS", "worker")
    if name not in ENGINES:
        raise BadSettingError(f"ASSAY_TASKS is “{name}”. Write {' or '.join(ENGINES)}.")
    return ENGINES[name]


def read_mail_server() -> tuple[MailServer, str] | None:
    """Read ASSAY_MAIL_URL (or the file that ASSAY_MAIL_URL_FILE names) and ASSAY_MAIL_FROM: where mail is handed in, and the sender's address.

    `smtps://user:password@host` is TLS from the first byte (port 465), `smtp://…` asks for STARTTLS (port 587); nothing goes out unencrypted. None where
    no mail server is named. Raises BadSettingError.
    """
    text = _secret("ASSAY_MAIL_URL")
    if not text:
        return None
    wanted = "Write smtps://USER:PASSWORD@HOST or smtp://USER:PASSWORD@HOST:PORT."
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise BadSettingError(f"ASSAY_MAIL_URL is no address. {wanted}") from error
    if parts.scheme not in _MAIL or not parts.hostname:
        raise BadSettingError(f"ASSAY_MAIL_URL is no address of a mail server. {wanted}")
    sender = os.environ.get("ASSAY_MAIL_FROM", "")
    if "@" not in sender:
        raise BadSettingError(
            "ASSAY_MAIL_FROM is missing or no e-mail address. Write the address that mail is sent from."
        )
    security, usual = _MAIL[parts.scheme]
    user, password = (unquote(one) if one else None for one in (parts.username, parts.password))
    return MailServer(parts.hostname, port or usual, security, user, password), sender


_MAIL = {"smtps": (Security.TLS, 465), "smtp": (Security.STARTTLS, 587)}


def _secret(name: str) -> str:
    """Read a secret from the variable, or from the file that `NAME_FILE` names."""
    file = os.environ.get(f"{name}_FILE")
    if file is None:
        return os.environ.get(name, "").strip()
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettingError(f"{name}_FILE names a file that cannot be read.") from error


def read_count(name: str, default: int, *, least: int = 0, most: int = 1_000_000) -> int:
    """Read a whole number; raises BadSettingError."""
    text = os.environ.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise BadSettingError(f"{name} is “{text}”. Write a whole number from {least} to {most}.")
    return int(text)


def read_flag(name: str, *, default: bool) -> bool:
    """Read `on` or `off`; raises BadSettingError."""
    text = os.environ.get(name, "on" if default else "off")
    if text not in {"on", "off"}:
        raise BadSettingError(f"{name} is “{text}”. Write on or off.")
    return text == "on"
