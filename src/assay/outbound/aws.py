"""The only way to AWS: one session for each account, default credentials or a role taken on with an external id, read calls bounded.

A role is taken on with a session policy of this run's actions alone, so that a role with wider rights still cannot do more here. AWS
limits such a policy to 2,048 characters; a longer list is shared out over several role sessions, by service.
"""

from __future__ import annotations

import json
import logging
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from random import SystemRandom
from typing import Any

import boto3
import botocore.config
import botocore.exceptions
import botocore.parsers

from assay.errors import AssayError
from assay.evidence.canonical import Json
from assay.evidence.gaps import Reason
from assay.outbound.aws_errors import AwsCallError, may_pass, readable_code, reason_of
from assay.outbound.aws_shapes import is_xml, marked, refuse_strange_booleans
from assay.outbound.aws_wire import (
    GATE,
    AnswerCutOffError,
    AnswerTooLargeError,
    AnswerUnreadableError,
    BoundedSender,
    without_account_prefix,
)
from assay.outbound.budget import Budget
from assay.outbound.patience import Patience, Restraint
from assay.outbound.secret import Secret

for _name in ("boto3", "botocore", "urllib3"):
    # At debug level they log requests and answers whole: user data, variables, passwords. Nothing of an answer goes into a log.
    logging.getLogger(_name).setLevel(logging.WARNING)

LONGEST_SESSION = 3_600
LONGEST_POLICY = 2_048
MOST_PAGES = 20_000
_RENEW = timedelta(minutes=5)
_REQUEST_ID = re.compile(r"^[A-Za-z0-9+/=_:.-]{1,120}$")


class AwsSetupError(AssayError):
    """The account cannot be reached as it is set up."""


@dataclass(frozen=True, slots=True)
class AwsAccess:
    """How an account is reached.

    `role_arn` None uses the credentials that boto3 finds by itself. `actions` maps a boto3 service to the IAM actions of this run.
    `region` is where services without a region of their own are asked. `endpoint_url` is for tests and the demonstration. `keys` are an
    access key's id and secret, in place of those that boto3 finds.
    """

    run_id: str
    role_arn: str | None = None
    external_id: Secret | None = None
    actions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    region: str = "us-east-1"
    endpoint_url: str | None = None
    profile: str | None = None
    keys: tuple[str, Secret] | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one call: seconds to connect, to wait for bytes, in all; bytes of an answer; and calls at once for each budget."""

    connect: float = 10.0
    read: float = 60.0
    whole: float = 300.0
    most_bytes: int = 12 * 2**20
    at_once: int = 8
    patience: Patience = field(
        default_factory=lambda: Patience(attempts=5, first_guess=0.5, longest_guess=20.0)
    )


@dataclass(frozen=True, slots=True)
class AwsAnswer:
    """What a call answered: the parsed body without its metadata, and how it came."""

    body: dict[str, Json] = field(repr=False)
    request_id: str | None
    status: int
    bytes: int | None


@dataclass(frozen=True, slots=True)
class AwsCall:
    """One call as the log keeps it: times in seconds of the steady clock; `error` is a code."""

    call: str
    account: str
    region: str
    started: float
    took: float
    status: int | None
    bytes: int | None
    request_id: str | None
    error: str | None


@dataclass
class AwsSession:
    """Calls one account. Safe to share between threads. Time, waiting and randomness are passed in; the defaults are the machine's."""

    access: AwsAccess
    limits: Limits = field(default_factory=Limits)
    on_call: Callable[[AwsCall], None] = lambda call: None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    steady: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = field(default_factory=lambda: SystemRandom().random)
    account: str = ""
    skews: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.access.role_arn and not self.access.external_id:
            raise AwsSetupError(
                f"The role {self.access.role_arn} would be taken on without an external id. "
                "Connect the account again with `assay connect aws`, which makes one."
            )
        self._clients: dict[tuple[str, str], tuple[Any, datetime | None]] = {}
        self._roles: dict[int, tuple[boto3.Session, datetime]] = {}
        self._lock = threading.RLock()
        self._budget = Budget(self.limits.at_once)
        self._restraint = Restraint(self.limits.patience, self.steady, self.sleep)
        self._chunks = share_out(self.access.actions)
        self._base: boto3.Session | None = None

    def call(self, service: str, method: str, region: str, ask: Mapping[str, Json]) -> AwsAnswer:
        """Make one call; raises AwsCallError. `region` empty is the access's own."""
        client = self._client(service, region)
        return self._asked(client, f"{service}.{method}", region, lambda: getattr(client, method)(**ask))

    def pages(self, service: str, method: str, region: str, ask: Mapping[str, Json]) -> Iterator[AwsAnswer]:
        """Make a call and follow its pages, by botocore's paginator where there is one; raises AwsCallError, also for pages in a loop."""
        client = self._client(service, region)
        call = f"{service}.{method}"
        if not client.can_paginate(method):
            yield self._asked(client, call, region, lambda: getattr(client, method)(**ask))
            return
        seen: set[int] = set()
        steps = iter(client.get_paginator(method).paginate(**ask))
        while True:
            answer = self._next_page(client, call, region, steps)
            if answer is None:
                return
            mark = hash(repr(answer.body))
            if mark in seen or len(seen) >= MOST_PAGES:
                raise AwsCallError(call, Reason.MALFORMED, "RepeatedPage", answer.status, answer.request_id)
            seen.add(mark)
            yield answer

    def enabled_regions(self) -> tuple[str, ...]:
        """Ask which regions are enabled in the account, sorted; raises AwsCallError."""
        answer = self.call("ec2", "describe_regions", "", {})
        return tuple(sorted(region["RegionName"] for region in answer.body["Regions"]))

    def identity(self) -> tuple[str, str]:
        """Ask who we are: account id and principal's ARN; raises AwsCallError. From then on calls are counted under that account."""
        body = self.call("sts", "get_caller_identity", "", {}).body
        self.account = str(body["Account"])
        return self.account, str(body["Arn"])

    def _next_page(self, client: Any, call: str, region: str, steps: Iterator[Any]) -> AwsAnswer | None:
        ended = False

        def step() -> Any:
            nonlocal ended
            try:
                return next(steps)
            except StopIteration:
                ended = True
                return None

        answer = self._asked(client, call, region, step, ended=lambda: ended)
        return None if ended else answer

    def _asked(
        self,
        client: Any,
        call: str,
        region: str,
        ask: Callable[[], Any],
        ended: Callable[[], bool] = lambda: False,
    ) -> AwsAnswer:
        service = call.partition(".")[0]
        with self._budget.of(self.account, region, service):
            self._restraint.before_call(
                (self.account, f"{region or self.access.region}/{service}", 0), retry=False
            )
            started = self.steady()
            try:
                answer = _answer(call, ask(), client)
            except Exception as error:
                refused = _as_call_error(call, error, client)
                self._log(call, region, started, refused.status, None, refused.request_id, refused.code)
                raise refused from None
            finally:
                GATE.leave()
        if not ended():
            self._log(call, region, started, answer.status, answer.bytes, answer.request_id, None)
        return answer

    def _log(
        self,
        call: str,
        region: str,
        started: float,
        status: int | None,
        size: int | None,
        request: str | None,
        error: str | None,
    ) -> None:
        self.on_call(
            AwsCall(
                call, self.account, region, started, self.steady() - started, status, size, request, error
            )
        )

    def _client(self, service: str, region: str) -> Any:
        where = (service, region or self.access.region)
        with self._lock:
            client, until = self._clients.get(where, (None, None))
            if client is None or (until is not None and self.clock() + _RENEW > until):
                client, until = self._new_client(*where)
                self._clients[where] = client, until
            return client

    def _new_client(self, service: str, region: str) -> tuple[Any, datetime | None]:
        session, until = self._session_for(service)
        try:
            client = session.client(
                service, region_name=region, endpoint_url=self.access.endpoint_url, config=self._config()
            )
        except botocore.exceptions.BotoCoreError as error:
            raise AwsSetupError(
                f"boto3 has no client for {service} in {region}: {type(error).__name__}."
            ) from None
        # The client's own HTTP session carries its certificates, proxies and timeouts; botocore has no public name for it.
        client.meta.events.register(
            "before-send",
            BoundedSender(client._endpoint.http_session, self.limits, self.steady, self._see_date),
        )
        client.meta.events.register("before-parse", refuse_strange_booleans)
        retry = _Retry(self._restraint, self.random, (self.account, f"{region}/{service}", 0))
        client.meta.events.register_first(
            f"needs-retry.{client.meta.service_model.service_id.hyphenize()}", retry
        )
        if service == "s3control" and self.access.endpoint_url:
            client.meta.events.register(
                "before-sign.s3-control", without_account_prefix(self.access.endpoint_url)
            )
        return client, until

    def _config(self) -> Any:
        return botocore.config.Config(
            connect_timeout=self.limits.connect,
            read_timeout=self.limits.read,
            retries={"total_max_attempts": 1, "mode": "standard"},
            max_pool_connections=self.limits.at_once,
            parameter_validation=True,
            user_agent_extra="assay",
            s3={"us_east_1_regional_endpoint": "regional"},
            proxies={} if self.access.endpoint_url else None,
        )

    def _session_for(self, service: str) -> tuple[boto3.Session, datetime | None]:
        if self._base is None:
            self._base = self._new_base()
        if self.access.role_arn is None:
            return self._base, None
        chunk = next((index for index, services in enumerate(self._chunks) if service in services), 0)
        session, until = self._roles.get(chunk, (None, None))
        if session is None or until is None or self.clock() + _RENEW > until:
            session, until = self._roles[chunk] = self._take_role(chunk)
        return session, until

    def _new_base(self) -> boto3.Session:
        access = self.access
        keys = (
            {}
            if access.keys is None
            else {"aws_access_key_id": access.keys[0], "aws_secret_access_key": access.keys[1].reveal()}
        )
        try:
            return boto3.Session(profile_name=access.profile, region_name=access.region, **keys)
        except botocore.exceptions.ProfileNotFound:
            raise AwsSetupError(
                f"There is no AWS profile “{access.profile}” on this machine. Name one that `aws configure list-profiles` shows."
            ) from None

    def _take_role(self, chunk: int) -> tuple[boto3.Session, datetime]:
        assert self._base is not None  # noqa: S101 — made by the caller
        assert self.access.external_id is not None  # noqa: S101 — held since the beginning
        client = self._base.client("sts", endpoint_url=self.access.endpoint_url, config=self._config())
        asked = {
            "RoleArn": self.access.role_arn,
            "RoleSessionName": session_name(self.access.run_id),
            "ExternalId": self.access.external_id.reveal(),
            "DurationSeconds": LONGEST_SESSION,
        }
        if self._chunks:
            asked["Policy"] = session_policy(_actions(self._chunks[chunk]))
        taken: list[Any] = []

        def take() -> Any:
            taken.append(client.assume_role(**asked))
            return {"ResponseMetadata": taken[0]["ResponseMetadata"]}

        self._asked(client, "sts.assume_role", "", take)
        keys = taken[0]["Credentials"]
        session = boto3.Session(
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
            region_name=self.access.region,
        )
        return session, keys["Expiration"]

    def _see_date(self, date: str) -> None:
        try:
            skew = round((parsedate_to_datetime(date) - self.clock()).total_seconds() * 1000)
        except (ValueError, TypeError, OverflowError):
            return
        with self._lock:
            if not self.skews:
                self.skews = [skew, skew]
            self.skews = [min(self.skews[0], skew), max(self.skews[1], skew)]


class _Retry:
    """A handler of botocore's `needs-retry`: says whether to ask again after having waited by our own rules of patience."""

    def __init__(self, restraint: Restraint, random: Callable[[], float], name: tuple[str, str, int]) -> None:
        self._restraint, self._random, self._name = restraint, random, name

    def __call__(
        self, response: Any, attempts: int, caught_exception: Exception | None, **_: object
    ) -> float | None:
        patience = self._restraint.patience
        most = (
            patience.attempts_after_timeout if isinstance(caught_exception, _TIMEOUTS) else patience.attempts
        )
        if (
            attempts >= most
            or not _worth_retrying(response, caught_exception)
            or not self._restraint.may_retry()
        ):
            return None
        if not self._restraint.hold(self._name, patience.guess(attempts, self._random())):
            return None
        self._restraint.before_call(self._name, retry=True)
        return 0.0


_TIMEOUTS = (botocore.exceptions.ReadTimeoutError, botocore.exceptions.ConnectTimeoutError)


def _worth_retrying(response: Any, error: Exception | None) -> bool:
    if error is not None:
        broken = (botocore.exceptions.ConnectionError, botocore.exceptions.HTTPClientError)
        return isinstance(error, broken) and not isinstance(
            error, AnswerTooLargeError | AnswerUnreadableError
        )
    if response is None:
        return False
    return response[0].status_code >= 400 and may_pass(
        readable_code(response[1].get("Error", {}).get("Code")), response[0].status_code
    )


def _answer(call: str, answer: Any, client: Any) -> AwsAnswer:
    if answer is None:
        return AwsAnswer({}, None, 0, None)
    if not isinstance(answer, dict) or not isinstance(answer.get("ResponseMetadata"), dict):
        raise AwsCallError(call, Reason.MALFORMED, "NoAnswer")
    metadata = answer.pop("ResponseMetadata")
    body = marked(answer, _output_shape(call, client))
    size = metadata.get("HTTPHeaders", {}).get("content-length", "")
    return AwsAnswer(
        body,
        _request_id(metadata),
        metadata.get("HTTPStatusCode", 0),
        int(size) if size.isdigit() else None,
    )


def _output_shape(call: str, client: Any) -> Any:
    """What the service documents of an answer, for protocols whose readers do not hold to it themselves (those of XML do)."""
    model = client.meta.service_model
    if is_xml(model):
        return None
    return model.operation_model(client.meta.method_to_api_mapping[call.partition(".")[2]]).output_shape


def _request_id(metadata: Mapping[str, Any]) -> str | None:
    found = metadata.get("RequestId")
    return found if isinstance(found, str) and _REQUEST_ID.match(found) else None


def _as_call_error(call: str, error: Exception, client: Any) -> AwsCallError:
    """What happened, in our words: botocore's own carry addresses, arguments and pieces of answers."""
    match error:
        case AwsCallError():
            return error
        case botocore.exceptions.ClientError():
            metadata = error.response.get("ResponseMetadata", {})
            status, code = (
                metadata.get("HTTPStatusCode"),
                readable_code(error.response.get("Error", {}).get("Code")),
            )
            return AwsCallError(call, reason_of(code, status), code, status, _request_id(metadata))
        case botocore.exceptions.ReadTimeoutError() | botocore.exceptions.ConnectTimeoutError():
            return AwsCallError(call, Reason.TIMEOUT, type(error).__name__)
        case botocore.exceptions.PaginationError():
            return AwsCallError(call, Reason.MALFORMED, "RepeatedToken")
        case botocore.exceptions.NoCredentialsError() | botocore.exceptions.CredentialRetrievalError():
            return AwsCallError(call, Reason.DENIED, type(error).__name__)
        case botocore.exceptions.EndpointConnectionError():
            return AwsCallError(
                call, Reason.FAILED if _is_offered(client) else Reason.UNAVAILABLE, type(error).__name__
            )
        case botocore.exceptions.ParamValidationError():
            return AwsCallError(call, Reason.MALFORMED, "ParamValidationError")
        case (
            AnswerTooLargeError()
            | AnswerCutOffError()
            | AnswerUnreadableError()
            | botocore.parsers.ResponseParserError()
        ):
            return AwsCallError(call, Reason.MALFORMED, type(error).__name__)
        case botocore.exceptions.BotoCoreError():
            return AwsCallError(call, Reason.FAILED, type(error).__name__)
        case ValueError() | TypeError() | LookupError() | AttributeError() | RecursionError():
            # What botocore stumbles over while it reads a stranger's answer: a wrong type where it expects another.
            return AwsCallError(call, Reason.MALFORMED, "UnreadableAnswer")
        case _:
            raise error


def _is_offered(client: Any) -> bool:
    """Whether the service is known to have an address in the client's region; a name that does not resolve may mean that it has none."""
    regions = boto3.Session().get_available_regions(client.meta.service_model.service_name)
    return not regions or client.meta.region_name in regions


def session_name(run_id: str) -> str:
    """Give the name under which CloudTrail shows a run: at most 64 letters, digits and `=,.@-` (STS API reference)."""
    return ("assay-" + re.sub(r"[^A-Za-z0-9=,.@-]", "-", run_id))[:64]


def session_policy(actions: tuple[str, ...]) -> str:
    """Give the JSON of a session policy that allows these actions and nothing else."""
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))


def share_out(actions: Mapping[str, tuple[str, ...]]) -> list[dict[str, tuple[str, ...]]]:
    """Share services out over as few policies as go, in order, none longer than AWS takes; raises AwsSetupError if one service is too long."""
    chunks: list[dict[str, tuple[str, ...]]] = []
    for service, wanted in sorted(actions.items()):
        if len(session_policy(_actions({service: wanted}))) > LONGEST_POLICY:
            raise AwsSetupError(
                f"The calls to {service} need more actions than one session policy holds. Leave some of its tables out."
            )
        if not chunks or len(session_policy(_actions({**chunks[-1], service: wanted}))) > LONGEST_POLICY:
            chunks.append({})
        chunks[-1][service] = wanted
    return chunks


def _actions(services: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({action for wanted in services.values() for action in wanted}))
