"""URLs that Assay asks, and the next-page links it follows: one spelling only, and never away from where the credential belongs."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from assay.errors import AssayError
from assay.outbound.addresses import NO_ALLOWANCE, Allowance

_URL = re.compile(r"(https?)://(\[[0-9a-fA-F:.]+\]|[^/?#\[\]@:]+)(?::([0-9]{1,5}))?(/[^?#]*)?(?:\?([^#]*))?")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?")
_NOT_IN_A_URL = re.compile(r"[^\x21-\x7e]|[\\<>\"{}|^`]")
_LINK = re.compile(r'\s*<([^<>]*)>((?:\s*;\s*[a-zA-Z-]+\s*=\s*(?:"[^"]*"|[^\s;,"]+))*)\s*(?:,|$)')
_REL = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))', re.IGNORECASE)
LONGEST_URL = 8_000
LONGEST_LINK_HEADER = 32_000
_DEFAULT_PORTS = {"https": 443, "http": 80}


class RefusedUrlError(AssayError):
    """A URL that Assay does not ask: not https, an unusual spelling, or away from its source."""


@dataclass(frozen=True, slots=True)
class Url:
    """A URL in its one accepted spelling. `host` is a lower-case name or a canonical address without brackets."""

    scheme: str
    host: str
    port: int
    path: str
    query: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: what a credential belongs to."""
        return (self.scheme, self.host, self.port)

    @property
    def target(self) -> str:
        """Path and query as sent."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def authority(self) -> str:
        """Host, in brackets where it is IPv6, and the port where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def parse_url(text: str, allowance: Allowance = NO_ALLOWANCE) -> Url:
    """Read a URL, refusing every spelling but the plain one.

    1. ASCII without blanks, control characters, backslash or fragment; no user name or password.
    2. https, or http to an allowed loopback port.
    3. The host is a dotted name (internationalized ones in their xn-- form) or an address in canonical form; nothing that some
       resolver would read as a number (octal, hexadecimal, dotless, shortened).
    4. No dot segments in the path, encoded or not.

    Raises RefusedUrlError.
    """
    if len(text) > LONGEST_URL:
        raise RefusedUrlError(f"The URL is longer than {LONGEST_URL} characters.")
    match = None if _NOT_IN_A_URL.search(text) else _URL.fullmatch(text)
    if match is None:
        raise RefusedUrlError(
            "The URL is not plain: write https://host/path in ASCII, without user name, fragment or blanks."
        )
    scheme, host_text, port_text, path, query = match.groups()
    host = _host(host_text)
    port = int(port_text) if port_text else _DEFAULT_PORTS[scheme]
    if not 0 < port < 65536:
        raise RefusedUrlError(f"{port} is not a port.")
    if scheme != "https" and not allowance.covers(host, port):
        raise RefusedUrlError(f"The URL of “{host}” is not https. Use https.")
    if _has_dot_segments(path or "/"):
        raise RefusedUrlError("The path of the URL climbs with “..” or “.”. Write it without.")
    return Url(scheme, host, port, path or "/", query or "")


def _host(text: str) -> str:
    if text.startswith("["):
        return _address(text[1:-1], 6)
    host = text.lower()
    labels = host.split(".")
    if _is_numeric(labels[-1]):
        return _address(host, 4)
    plain = len(host) <= 253 and len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
    if not plain:
        raise RefusedUrlError("The host of the URL is not a plain dotted name such as api.github.com.")
    return host


def _is_numeric(label: str) -> bool:
    """Say whether a resolver may take a host ending so for a number (URL Standard, “ends in a number”)."""
    return label == "" or (
        label[0].isdigit() and (label.isdigit() or re.fullmatch(r"0x[0-9a-f]*", label) is not None)
    )


def _address(text: str, version: int) -> str:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        raise RefusedUrlError(
            "The host of the URL is a number in an unusual spelling. Write it as a name."
        ) from None
    if str(address) != text or address.version != version:
        raise RefusedUrlError("The host of the URL is an address in an unusual spelling. Write it as a name.")
    return text


def _has_dot_segments(path: str) -> bool:
    decoded = unquote(unquote(path)).replace("\\", "/")
    return any(segment in (".", "..") for segment in decoded.split("/"))


def next_link(header: str | None) -> str | None:
    """Give the URL of the link whose relation is `next` in a Link header (RFC 8288), or None where there is none.

    Raises RefusedUrlError for a header that is too long, is not a list of links, or names two different next pages.
    """
    if header is None:
        return None
    found = {url for url, relations in _links(header) if "next" in relations}
    if len(found) > 1:
        raise RefusedUrlError("The answer names more than one next page.")
    return found.pop() if found else None


def _links(header: str) -> Iterator[tuple[str, list[str]]]:
    if len(header) > LONGEST_LINK_HEADER:
        raise RefusedUrlError(f"The Link header is longer than {LONGEST_LINK_HEADER} characters.")
    at = 0
    while at < len(header):
        match = _LINK.match(header, at)
        if match is None:
            raise RefusedUrlError("The Link header is not a list of links.")
        relation = _REL.search(match.group(2))
        yield (
            match.group(1),
            ((relation.group(1) or relation.group(2) or "").lower().split() if relation else []),
        )
        at = match.end()


def follow(link: str, root: Url, allowance: Allowance = NO_ALLOWANCE) -> Url:
    """Read a next-page link that an answer gave: it must have the scheme, host and port of `root` and lie below its path.

    Raises RefusedUrlError; the caller records what was not seen as a gap.
    """
    url = parse_url(link, allowance)
    if url.origin != root.origin:
        raise RefusedUrlError(f"The next page lies on another host than “{root.host}”, so it was not asked.")
    if not url.path.startswith(root.path.rstrip("/") + "/"):
        raise RefusedUrlError(f"The next page lies outside “{root.path}”, so it was not asked.")
    return url
