"""The demonstration's AWS as the rest of the program sees it: a server on loopback, started, used and stopped.

moto runs in a child process, so that its memory and time are not counted as Assay's and its state ends with it. It needs of moto's
dependencies flask and flask-cors beside moto itself; nothing leaves the machine: the child has no proxy and no credentials, and no
service is used that would call out.

Account 111122223333. Enabled regions: eu-central-1 and us-east-1, which the company uses, and eu-west-1, which it does not (a real
account has about seventeen more; a region that is enabled and empty shows what they would).
"""

import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime
from types import TracebackType
from typing import IO, Any, Protocol, Self

import boto3
from botocore.config import Config

from assay.errors import AssayError

ACCOUNT = "111122223333"
REGIONS = ("eu-central-1", "us-east-1", "eu-west-1")
_KEPT_ENVIRONMENT = (
    "PATH",
    "HOME",
    "LANG",
    "TMPDIR",
    "PYTHONPATH",
    "PYTHONDONTWRITEBYTECODE",
    "SYSTEMROOT",
    "VIRTUAL_ENV",
)


class AwsServerError(AssayError):
    """The demonstration's AWS did not start or did not do as it was told."""


class WorldSession(Protocol):
    """What builds a world: boto3 clients of one AWS, kept, and the settings of the world that no AWS call can make."""

    def client(self, service: str, region: str = REGIONS[0], *, key: Mapping[str, str] | None = None) -> Any:
        """A boto3 client; with `key` (`AccessKeyId`, `SecretAccessKey`) one that acts as the key's owner."""

    def set(self, what: str, **values: Any) -> None:
        """One of the settings that `assay.demo._aws_process` knows."""

    def set_clock(self, now: datetime | None) -> None:
        """Stop the world's clock at an instant; None lets it run with the machine's."""

    def set_unserved(
        self, service: str, operation: str, region: str, answer: Mapping[str, Any], *, of: str | None = None
    ) -> None:
        """The answer to an operation that moto lacks (`assay.demo._aws_unserved`)."""


class AwsSession:
    """A WorldSession that talks to a server over HTTP.

    Clients sign with made-up keys, so nothing of the machine's own configuration is read.
    """

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._host, self._port = endpoint.removeprefix("http://").split(":")
        self._session = boto3.Session(aws_access_key_id="AKIADEMONSTRATION00", aws_secret_access_key="unused")  # noqa: S106 - nobody's
        self._clients: dict[tuple[str, str, str | None], Any] = {}

    def client(self, service: str, region: str = REGIONS[0], *, key: Mapping[str, str] | None = None) -> Any:
        """A boto3 client; with `key` (`AccessKeyId`, `SecretAccessKey`) one that acts as the key's owner."""
        name = (service, region, key["AccessKeyId"] if key else None)
        if name not in self._clients:
            self._clients[name] = self._new_client(service, region, key)
        return self._clients[name]

    def set(self, what: str, **values: Any) -> None:
        """Set what no AWS call can: see `assay.demo._aws_process`."""
        connection = http.client.HTTPConnection(self._host, int(self._port), timeout=30)
        with closing(connection):
            connection.request("PUT", f"/_world/{what}", json.dumps(values))
            answer = connection.getresponse()
            if answer.status != 200:
                raise AwsServerError(
                    f"The demonstration's AWS refused to set {what}: status {answer.status}."
                )

    def set_clock(self, now: datetime | None) -> None:
        """Stop the world's clock at an instant; None lets it run with the machine's."""
        self.set("clock", now=None if now is None else now.isoformat())

    def set_unserved(
        self, service: str, operation: str, region: str, answer: Mapping[str, Any], *, of: str | None = None
    ) -> None:
        """The answer to an operation that moto lacks (`assay.demo._aws_unserved`)."""
        self.set("unserved", service=service, operation=operation, region=region, answer=answer, of=of)

    def _new_client(self, service: str, region: str, key: Mapping[str, str] | None) -> Any:
        keys = (
            {}
            if key is None
            else {
                "aws_access_key_id": key["AccessKeyId"],
                "aws_secret_access_key": key["SecretAccessKey"],
            }
        )
        config = Config(
            retries={"max_attempts": 0},
            parameter_validation=True,
            proxies={},
            ignore_configured_endpoint_urls=True,
        )
        client = self._session.client(
            service, region_name=region, endpoint_url=self.endpoint, config=config, **keys
        )
        if service == "s3control":
            client.meta.events.register("before-sign.s3-control", without_account_prefix(self.endpoint))
        return client


def without_account_prefix(endpoint: str) -> Any:
    """A handler for `before-sign.s3-control`: that API puts the account before the host name, which loopback cannot resolve."""

    def shorten(request: Any, **_: object) -> None:
        scheme_and_host = request.url.split("/v20180820/", 1)[0]
        request.url = endpoint + request.url.removeprefix(scheme_and_host)

    return shorten


class AwsServer:
    """The server's life: `with AwsServer() as aws: aws.session()…`. Each one is a world of its own.

    `build` names a function (`assay.demo.aws_world:build_day_one`) that the child calls with a WorldSession before it serves, which is about
    twice as fast as building over HTTP; `options` are its keyword arguments, as JSON has them.
    """

    def __init__(
        self,
        *,
        account: str = ACCOUNT,
        regions: Sequence[str] = REGIONS,
        build: str | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self.account = account
        self.regions = tuple(regions)
        self._asked = {
            "account": account, "regions": list(regions), "build": build, "options": dict(options or {}),
        }  # fmt: skip
        self._said: IO[str] | None = None
        self._child: subprocess.Popen[str] | None = None
        self._port = 0

    @property
    def endpoint(self) -> str:
        """`http://127.0.0.1:port`: where every service of every region answers."""
        return f"http://127.0.0.1:{self._port}"

    def session(self) -> AwsSession:
        """A new session that talks to this server only."""
        return AwsSession(self.endpoint)

    def begin(self) -> None:
        """Start the child and go on with something else; `start` then waits for it."""
        if self._child is not None:
            return
        self._said = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed by stop
        self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "assay.demo._aws_process", json.dumps(self._asked)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env=_environment(with_our_path=self._asked["build"] is not None),
            text=True,
        )

    def start(self) -> Self:
        """Start the child and wait until it serves. Raises AwsServerError with what it said where it does not."""
        self.begin()
        line = self._child.stdout.readline() if self._child and self._child.stdout else ""
        if not line.strip().isdigit():
            said = self._what_it_said()
            self.stop()
            raise AwsServerError(_why_not_started(said))
        self._port = int(line)
        return self

    def _what_it_said(self) -> str:
        if self._said is None:
            return ""
        self._said.seek(0)
        return self._said.read()

    def stop(self) -> None:
        """End the child by closing its standard input; it is killed if it does not follow within five seconds."""
        child, self._child = self._child, None
        if child is None:
            return
        for stream in (child.stdin, child.stdout, self._said):
            if stream is not None:
                stream.close()
        try:
            child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _environment(*, with_our_path: bool) -> dict[str, str]:
    """Neither credentials nor proxies of the machine, and one order of sets, so that a world comes out the same each time.

    With our path, a builder that this process can import is found by the child as well.
    """
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    if with_our_path:
        kept["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    return kept | {"PYTHONHASHSEED": "0", "AWS_EC2_METADATA_DISABLED": "true"}


def _why_not_started(said: str) -> str:
    if re.search(r"No module named '(moto|flask|flask_cors|werkzeug)\b", said):
        return "The demonstration needs moto, flask and flask-cors: install `assay[demo]` and try again."
    last = said.strip().splitlines()[-1:] or ["it said nothing"]
    return f"The demonstration's AWS did not start: {last[0]}. Run `python -m assay.demo._aws_process` to see more."
