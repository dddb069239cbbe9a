"""How Assay is let in at GitHub: a fine-grained token, or an App whose installation tokens are narrowed to the tables of the run.

An App signs a JSON Web Token (RS256, RFC 7519) with its own key and gets a token for an hour; neither is ever written down.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from assay.errors import AssayError
from assay.outbound.http import Allowance, Http, HttpError, Secret, read_json

_MARGIN = 300.0


class GithubAuthError(AssayError):
    """GitHub did not let us in, or the key that we were given is none."""


def token_access(token: Secret) -> Callable[[], Secret]:
    """Give the credential of a fine-grained token; raises GithubAuthError for a text that can be no token."""
    text = token.reveal().strip()
    if not text or not text.isascii() or any(character.isspace() for character in text):
        raise GithubAuthError(
            "The GitHub token is empty or holds blanks. Paste the token alone, as GitHub showed it."
        )
    return lambda: Secret(f"Bearer {text}")


@dataclass
class AppAccess:
    """The credential of an App's installation, made anew five minutes before it ends. Safe to share between threads.

    `permissions` are those of the run's tables: the token can do no more, whatever the App was granted. `http` must hold no credential.
    """

    app_id: str
    installation_id: str
    private_key: Secret
    permissions: Mapping[str, str]
    root: str = "https://api.github.com"
    allowance: Allowance = field(default_factory=Allowance)
    wall: Callable[[], float] = time.time
    _token: Secret | None = field(default=None, repr=False)
    _ends: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        for name in (self.app_id, self.installation_id):
            if not name.isascii() or not name.isdigit():
                raise GithubAuthError(
                    f"“{name}” is not the number of an App or installation. Copy it from the App's page."
                )
        self._key = read_key(self.private_key)

    def __call__(self) -> Secret:
        """Give the Authorization header's value; raises GithubAuthError, or the HttpError of the request."""
        with self._lock:
            if self._token is None or self.wall() > self._ends - _MARGIN:
                self._token, self._ends = self._mint()
            return Secret(f"Bearer {self._token.reveal()}")

    def _mint(self) -> tuple[Secret, float]:
        now = int(self.wall())
        jwt = Secret(f"Bearer {sign_jwt(self._key, self.app_id, now).reveal()}")
        http = Http(credentials={self.root: lambda: jwt}, allowance=self.allowance)
        try:
            url = f"{self.root}/app/installations/{self.installation_id}/access_tokens"
            body = json.dumps({"permissions": dict(self.permissions)}).encode()
            headers = {"Accept": "application/vnd.github+json", "Content-Type": "application/json"}
            response = http.request("POST", url, headers, body)
        finally:
            http.close()
        if response.status != 201:
            raise GithubAuthError(_refused(response.status))
        try:
            answer = read_json(response)
            ends = datetime.fromisoformat(answer["expires_at"]).timestamp()
            return Secret(str(answer["token"])), ends
        except (HttpError, KeyError, TypeError, ValueError):
            raise GithubAuthError("GitHub's answer holds no installation token. Try again later.") from None


def _refused(status: int) -> str:
    cause = {
        401: "the App's key or this machine's clock is not right. Check the clock, or make a new key on the App's page",
        403: "the installation is suspended. An owner can lift that in the organization's settings",
        404: "this App has no such installation. Install it in the organization, then connect again",
        422: "the installation was not granted all permissions of these tables. An owner can accept them in its settings",
    }
    return f"GitHub gave no token for the installation: {cause.get(status, f'it answered {status}. Try again later')}."


def read_key(pem: Secret) -> rsa.RSAPrivateKey:
    """Read an App's private key as GitHub gives it out (PEM); raises GithubAuthError."""
    try:
        key = serialization.load_pem_private_key(pem.reveal().encode(), password=None)
    except (ValueError, TypeError):
        raise GithubAuthError(
            "The App's private key cannot be read. Give the whole .pem file that GitHub made."
        ) from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise GithubAuthError("The App's private key is no RSA key. Give the .pem file that GitHub made.")
    return key


def sign_jwt(key: rsa.RSAPrivateKey, app_id: str, now: int) -> Secret:
    """Sign the token by which an App speaks for itself: valid from a minute ago, for nine minutes in all (GitHub allows ten)."""
    header, claims = {"alg": "RS256", "typ": "JWT"}, {"iat": now - 60, "exp": now + 480, "iss": app_id}
    signed = f"{_base64(json.dumps(header).encode())}.{_base64(json.dumps(claims).encode())}"
    signature = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return Secret(f"{signed}.{_base64(signature)}")


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
