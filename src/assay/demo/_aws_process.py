"""The child process that plays AWS: moto's server on loopback, with a clock that the demonstration sets.

Started by `assay.demo.aws_server`. It writes its port to standard output, one line, and ends when its standard input closes, so that it
cannot outlive the process that wanted it. Beside AWS it answers `/_world/…`, by which the builder of the world sets what no AWS call
can set: the time, the root user, and when somebody last signed in.

What differs from moto as it comes: what `_moto_mended` lists; the root user in account summary and credential report; answers to the calls
that moto lacks (`_aws_unserved`); any other call moto lacks is refused with 501 instead of a traceback.
"""

import json
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from importlib import import_module
from io import BytesIO
from typing import Any

# moto reads these once, when it is imported.
os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"
os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
os.environ["MOTO_ACM_VALIDATION_WAIT"] = "0"
os.environ["MOTO_DISABLE_GLOBAL_CORS"] = "true"

import boto3
from moto import mock_aws
from moto.moto_api._internal import mock_random
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from assay.demo._aws_unserved import Unserved
from assay.demo._moto_mended import mend
from assay.demo.aws_errors import error_answer
from assay.demo.aws_request import Operation, operation_of, service_signed_for
from assay.demo.aws_server import REGIONS

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


class WorldClock:
    """Real time, or the instant it was set to: a set clock stands still, so that a world comes out the same each time."""

    def __init__(self) -> None:
        self._instant: datetime | None = None

    def set(self, instant: datetime | None) -> None:
        self._instant = instant

    def now(self) -> datetime:
        return self._instant or datetime.now(UTC)

    def seconds(self) -> float:
        return self.now().timestamp()


class RootUser:
    """What moto does not hold of the root user: shown in account summary and credential report."""

    def __init__(self, clock: WorldClock, account: str) -> None:
        self._account = account
        self.created = clock.now()
        self.last_used: datetime | None = None
        self.mfa = False
        self.access_key = False

    def known_to(self, backend: Any) -> None:
        """Make moto's IAM say what this object says."""
        backend.account_summary._account_mfa_enabled = int(self.mfa)
        backend.account_summary._account_access_keys_present = int(self.access_key)
        given = type(backend).get_credential_report

        def report() -> str:
            header, _, users = given(backend).partition("\n")
            return "\n".join([header, self._row(), users])

        backend.get_credential_report = report

    def _row(self) -> str:
        used = self.last_used.strftime("%Y-%m-%dT%H:%M:%S+00:00") if self.last_used else "no_information"
        made = self.created.strftime("%Y-%m-%dT%H:%M:%S+00:00")
        key = [str(self.access_key).lower(), made if self.access_key else "N/A", "N/A", "N/A", "N/A"]
        no_key, no_certificates = ["false", "N/A", "N/A", "N/A", "N/A"], ["false", "N/A", "false", "N/A"]
        who = ["<root_account>", f"arn:aws:iam::{self._account}:root", made, "not_supported", used]
        password = ["not_supported", "not_supported", str(self.mfa).lower()]
        return ",".join([*who, *password, *key, *no_key, *no_certificates])


class World:
    """The WSGI application: AWS, and the few things about it that only its builder may set."""

    def __init__(self, account: str, regions: list[str]) -> None:
        self.clock = WorldClock()
        mend(self.clock.now, account, regions)
        self._account = account
        self._aws = DomainDispatcherApplication(create_backend_app)
        self._unserved = Unserved()
        self._root = RootUser(self.clock, account)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return self._answered(environ, start_response)
        except NotImplementedError as lacking:
            return _refused(environ, start_response, HTTPStatus.NOT_IMPLEMENTED, str(lacking))
        except Exception as broken:  # what moto could not do is told to the caller, whose request it was
            said = f"{type(broken).__name__}: {broken}"
            return _refused(environ, start_response, HTTPStatus.INTERNAL_SERVER_ERROR, said)

    def _answered(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/_world/"):
            asked = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
            self.set(environ["PATH_INFO"].removeprefix("/_world/"), asked)
            return _answer(start_response, HTTPStatus.OK, b"{}")
        if self._unserved.may_answer(environ.get("HTTP_AUTHORIZATION", "")):
            answer = self._answer_ourselves(environ)
            if answer is not None:
                status, headers, body = answer
                return _answer(start_response, HTTPStatus(status), body, headers)
        answered: Iterable[bytes] = self._aws(environ, start_response)
        return answered

    def _answer_ourselves(self, environ: Environ) -> tuple[int, dict[str, str], bytes] | None:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        operation = _operation(environ, body)
        return None if operation is None else self._unserved.answer(operation, body)

    def set(self, what: str, asked: dict[str, Any]) -> None:
        """Set what no AWS call can; `what` is the last part of the path `/_world/…`."""
        match what:
            case "clock":
                self.clock.set(_instant(asked["now"]))
            case "seed":
                mock_random.seed(asked["seed"])
            case "root":
                self._set_root(asked)
            case "sign-in":
                self._iam().users[asked["user"]].password_last_used = _instant(asked["at"])
            case "unserved":
                self._unserved.set(
                    asked["service"], asked["operation"], asked["region"], asked["answer"], asked["of"]
                )
            case "deny":
                self._unserved.deny(asked["service"], asked["operation"])
            case "alias":
                self._iam().account_aliases = [asked["alias"]]

    def _set_root(self, asked: dict[str, Any]) -> None:
        self._root.mfa, self._root.access_key = asked["mfa"], asked["access_key"]
        self._root.created, self._root.last_used = _aware(asked["created"]), _instant(asked["last_used"])
        self._root.known_to(self._iam())

    def _iam(self) -> Any:
        from moto.backends import get_backend

        return get_backend("iam")[self._account]["aws"]


def _operation(environ: Environ, body: bytes) -> Operation | None:
    return operation_of(
        method=environ["REQUEST_METHOD"],
        path=str(environ.get("RAW_URI") or environ["PATH_INFO"]).partition("?")[0],
        query=environ.get("QUERY_STRING", ""),
        headers={
            "authorization": environ.get("HTTP_AUTHORIZATION", ""),
            "x-amz-target": environ.get("HTTP_X_AMZ_TARGET", ""),
            "content-type": environ.get("CONTENT_TYPE", ""),
        },
        body=body,
    )


def _instant(text: str | None) -> datetime | None:
    return None if text is None else _aware(text)


def _aware(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _answer(
    start_response: StartResponse, status: HTTPStatus, body: bytes, headers: dict[str, str] | None = None
) -> Iterable[bytes]:
    lines = (headers or {"content-type": "application/json"}) | {"content-length": str(len(body))}
    start_response(f"{status.value} {status.phrase}", list(lines.items()))
    return [body]


def _refused(
    environ: Environ, start_response: StartResponse, status: HTTPStatus, message: str
) -> Iterable[bytes]:
    """An error in the words of the service that was asked."""
    service = service_signed_for(environ.get("HTTP_AUTHORIZATION", ""))
    headers, body = error_answer(service, status.phrase.replace(" ", ""), message)
    return _answer(start_response, status, body, headers)


def _handler(clock: WorldClock) -> type[MotoRequestHandler]:
    class Quiet(MotoRequestHandler):
        """Writes no access log, and dates its answers by the clock of the world."""

        def log_request(self, *_args: object, **_keywords: object) -> None:
            return

        def date_time_string(self, timestamp: float | None = None) -> str:
            return super().date_time_string(clock.seconds() if timestamp is None else int(timestamp))

    return Quiet


class InsideSession:
    """A WorldSession (`assay.demo.aws_server`) whose clients reach moto within this process, without HTTP."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._session = boto3.Session()
        self._clients: dict[tuple[str, str, str], Any] = {}

    def client(self, service: str, region: str = REGIONS[0], *, key: Mapping[str, str] | None = None) -> Any:
        held = key or {"AccessKeyId": "AKIADEMONSTRATION00", "SecretAccessKey": "unused"}
        name = (service, region, held["AccessKeyId"])
        if name not in self._clients:
            self._clients[name] = self._session.client(
                service,
                region_name=region,
                aws_access_key_id=held["AccessKeyId"],
                aws_secret_access_key=held["SecretAccessKey"],
            )
        return self._clients[name]

    def set(self, what: str, **values: Any) -> None:
        self._world.set(what, values)

    def set_clock(self, now: datetime | None) -> None:
        self._world.clock.set(now)

    def set_unserved(
        self, service: str, operation: str, region: str, answer: Mapping[str, Any], *, of: str | None = None
    ) -> None:
        self.set("unserved", service=service, operation=operation, region=region, answer=answer, of=of)


def build(world: World, function: str, options: Mapping[str, Any]) -> None:
    """Call `module:function` with a session of this process, moto standing where boto3 would go out."""
    module, _, name = function.partition(":")
    mocked = mock_aws()
    mocked.start(reset=False)
    try:
        getattr(import_module(module), name)(InsideSession(world), **options)
    finally:
        mocked.stop(remove_data=False)


def main(arguments: list[str]) -> None:
    """Serve until standard input closes: `arguments` is one JSON object with account and regions."""
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    asked = json.loads(arguments[0])
    world = World(asked["account"], asked["regions"])
    if asked["build"]:
        build(world, asked["build"], asked["options"])
    server = make_server("127.0.0.1", 0, world, threaded=True, request_handler=_handler(world.clock))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    sys.stdin.read()
    os._exit(0)  # nothing of this world is kept, and taking it apart object by object takes seconds


if __name__ == "__main__":
    main(sys.argv[1:])
