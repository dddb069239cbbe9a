"""The way to AWS: how its errors are read, how answers are bounded, and that a role is taken on as narrowly as it can be."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import pytest

from assay.evidence.gaps import Reason
from assay.outbound.aws import (
    LONGEST_POLICY,
    AwsAccess,
    AwsCall,
    AwsSession,
    AwsSetupError,
    Limits,
    session_name,
    session_policy,
    share_out,
)
from assay.outbound.aws_errors import AwsCallError, may_pass, readable_code, reason_of
from assay.outbound.aws_shapes import UNREADABLE, marked
from assay.outbound.patience import Patience
from assay.outbound.secret import Secret

SECRET = "planted-secret-key-1"
JSON = "application/x-amz-json-1.1"
KEYS = json.dumps(
    {"Keys": [{"KeyId": "k-1", "KeyArn": "arn:aws:kms:eu-west-1:111122223333:key/k-1"}], "Truncated": False}
).encode()


@pytest.mark.parametrize(
    ("code", "status", "reason"),
    [
        ("AccessDenied", 403, Reason.DENIED),
        ("AccessDeniedException", 400, Reason.DENIED),
        ("UnauthorizedOperation", 403, Reason.DENIED),
        ("Client.UnauthorizedOperation", 403, Reason.DENIED),
        ("AuthorizationError", 403, Reason.DENIED),
        ("ExpiredToken", 400, Reason.DENIED),
        ("SomethingNew", 403, Reason.DENIED),
        ("Throttling", 400, Reason.THROTTLED),
        ("SlowDown", 503, Reason.THROTTLED),
        ("RequestLimitExceeded", 503, Reason.THROTTLED),
        ("SomethingNew", 429, Reason.THROTTLED),
        ("OptInRequired", 401, Reason.UNAVAILABLE),
        ("UnsupportedOperation", 400, Reason.UNAVAILABLE),
        ("SomethingNew", 501, Reason.UNAVAILABLE),
        ("RequestTimeout", 400, Reason.TIMEOUT),
        ("InternalError", 500, Reason.FAILED),
        ("NoSuchBucket", 404, Reason.FAILED),
    ],
)
def test_the_reason_of_an_error(code: str, status: int, reason: Reason) -> None:
    assert reason_of(code, status) is reason


def test_what_may_pass_by_itself() -> None:
    assert [
        may_pass(code, status)
        for code, status in (("SlowDown", 503), ("InternalError", 500), ("RequestTimeout", 400))
    ] == [True] * 3
    assert [
        may_pass(code, status)
        for code, status in (("AccessDenied", 403), ("NoSuchBucket", 404), ("Odd", 400))
    ] == [False] * 3


@pytest.mark.parametrize(
    "code",
    ["", None, 5, "a b", "<html>", "x" * 101, "User: arn:aws:iam::1:user/ben is not authorized", "a\nb"],
)
def test_a_code_that_is_free_text_is_not_kept(code: Any) -> None:
    assert readable_code(code) == "unreadable"


@contextmanager
def serving(answer: Callable[[BaseHTTPRequestHandler, int], None]) -> Iterator[tuple[str, list[str]]]:
    """A server on loopback that answers each POST by `answer(handler, number)`; gives its address and the operations asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked.append(self.headers.get("X-Amz-Target", ""))
            answer(self, len(asked))

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def says(
    status: int, body: bytes, *, length: int | None = None, date: str | None = None, kind: str = JSON
) -> Callable[[BaseHTTPRequestHandler, int], None]:
    def answer(handler: BaseHTTPRequestHandler, number: int) -> None:
        handler.send_response_only(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("x-amzn-RequestId", f"request-{number}")
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        if date:
            handler.send_header("Date", date)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


class FastTime:
    """Waiting takes no time; what was waited is counted."""

    def __init__(self) -> None:
        self.slept = 0.0
        self.now = 0.0

    def steady(self) -> float:
        self.now += 0.001
        return self.now + self.slept

    def sleep(self, seconds: float) -> None:
        self.slept += seconds


def session(endpoint: str, time: FastTime | None = None, **more: Any) -> AwsSession:
    time = time or FastTime()
    access = AwsAccess("run", region="eu-west-1", endpoint_url=endpoint, keys=("AKIAEXAMPLE", Secret(SECRET)))
    return AwsSession(access, steady=time.steady, sleep=time.sleep, random=lambda: 0.5, **more)


def refusal(endpoint: str, time: FastTime | None = None, **more: Any) -> AwsCallError:
    with pytest.raises(AwsCallError) as refused:
        session(endpoint, time, **more).call("kms", "list_keys", "", {})
    return refused.value


def test_a_call_gives_the_answer_and_a_line_for_the_log() -> None:
    calls: list[AwsCall] = []
    with serving(says(200, KEYS)) as (endpoint, asked):
        answer = session(endpoint, on_call=calls.append, account="111122223333").call(
            "kms", "list_keys", "", {}
        )
    assert answer.body["Keys"][0]["KeyId"] == "k-1"
    assert (answer.request_id, answer.status, answer.bytes) == ("request-1", 200, len(KEYS))
    assert asked == ["TrentService.ListKeys"]
    (line,) = calls
    assert (line.call, line.account, line.region, line.status, line.error) == (
        "kms.list_keys",
        "111122223333",
        "",
        200,
        None,
    )


@pytest.mark.parametrize(
    ("answer", "reason", "code"),
    [
        (says(200, b"x" * 3_000), Reason.MALFORMED, "AnswerTooLargeError"),
        (says(200, KEYS[:-20], length=len(KEYS)), Reason.MALFORMED, "AnswerCutOffError"),
        (says(200, b"<!doctype html><p>Sign in"), Reason.MALFORMED, "AnswerUnreadableError"),
        (says(200, b'{"Keys": [], "Keys": [{"KeyId": "k"}]}'), Reason.MALFORMED, "AnswerUnreadableError"),
        (says(200, b'{"Keys": ' + b"[" * 900 + b"]" * 900 + b"}"), Reason.MALFORMED, "UnreadableAnswer"),
        (
            says(200, b'{"Keys": [' + b'{"KeyId": ' * 10 + b"9" * 500 + b"}" * 9 + b"]}"),
            Reason.MALFORMED,
            "AnswerUnreadableError",
        ),
        (
            says(400, b'{"__type": "AccessDeniedException", "message": "planted"}'),
            Reason.DENIED,
            "AccessDeniedException",
        ),
        (says(400, b'{"__type": "planted free text", "message": "planted"}'), Reason.FAILED, "unreadable"),
        (says(503, b"upstream broke", kind="text/plain"), Reason.FAILED, "ServerBrokeError"),
    ],
)
def test_an_answer_that_is_none(answer: Any, reason: Reason, code: str) -> None:
    limits = Limits(most_bytes=2_000, patience=Patience(attempts=2))
    with serving(answer) as (endpoint, _):
        error = refusal(endpoint, limits=limits)
    assert (error.reason, error.code) == (reason, code)
    assert "planted" not in f"{error} {error!r}"


def test_a_number_of_many_digits_does_no_harm() -> None:
    with serving(says(200, b'{"Keys": [], "NextMarker": 1' + b"0" * 5_000 + b"}")) as (endpoint, _):
        assert refusal(endpoint).reason is Reason.MALFORMED


def test_a_slow_drip_ends_in_time() -> None:
    def drip(handler: BaseHTTPRequestHandler, number: int) -> None:
        handler.send_response_only(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        try:
            for _ in range(2_000):
                handler.wfile.write(b" ")
                handler.wfile.flush()
        except OSError:
            return

    # Each look at the clock takes a millisecond of it, so the bound falls after a few pieces, whatever the machine.
    with serving(drip) as (endpoint, _):
        error = refusal(
            endpoint, limits=Limits(read=2.0, whole=0.002, patience=Patience(attempts_after_timeout=1))
        )
    assert (error.reason, error.code) == (Reason.TIMEOUT, "ReadTimeoutError")


def test_a_server_that_is_not_there_is_no_matter_of_permission() -> None:
    with serving(says(200, KEYS)) as (endpoint, _):
        pass
    error = refusal(endpoint, limits=Limits(patience=Patience(attempts=2)))
    assert (error.reason, error.code) == (Reason.FAILED, "EndpointConnectionError")


def test_throttling_is_waited_out_by_our_own_clock() -> None:
    time = FastTime()
    throttled, given = says(400, b'{"__type": "ThrottlingException"}'), says(200, KEYS)
    with serving(lambda handler, number: (throttled if number < 4 else given)(handler, number)) as (
        endpoint,
        asked,
    ):
        answer = session(endpoint, time).call("kms", "list_keys", "", {})
    assert (answer.request_id, len(asked)) == ("request-4", 4)
    # Half a second, doubled each time, of which three quarters by the given randomness.
    assert time.slept == pytest.approx(0.75 * (0.5 + 1 + 2), abs=0.2)


def test_throttling_without_end_is_given_up() -> None:
    with serving(says(400, b'{"__type": "ThrottlingException"}')) as (endpoint, asked):
        error = refusal(endpoint, limits=Limits(patience=Patience(attempts=3)))
    assert (error.reason, error.code, len(asked)) == (Reason.THROTTLED, "ThrottlingException", 3)


def test_a_refusal_is_not_asked_again() -> None:
    with serving(says(400, b'{"__type": "AccessDeniedException"}')) as (endpoint, asked):
        refusal(endpoint)
    assert len(asked) == 1


def pages(tokens: list[str | None]) -> Callable[[BaseHTTPRequestHandler, int], None]:
    def answer(handler: BaseHTTPRequestHandler, number: int) -> None:
        token = tokens[(number - 1) % len(tokens)]
        more = {"Truncated": True, "NextMarker": token} if token else {"Truncated": False}
        says(200, json.dumps({"Keys": [], **more}).encode())(handler, number)

    return answer


def test_pages_are_followed_to_the_end() -> None:
    with serving(pages(["a", "b", None])) as (endpoint, asked):
        assert len(list(session(endpoint).pages("kms", "list_keys", "", {}))) == 3
    assert len(asked) == 3


@pytest.mark.parametrize("tokens", [["a"], ["a", "b"], ["a", "b", "c"]])
def test_pages_that_repeat_are_malformed(tokens: list[str | None]) -> None:
    with serving(pages(tokens)) as (endpoint, asked), pytest.raises(AwsCallError) as refused:
        list(session(endpoint).pages("kms", "list_keys", "", {}))
    assert refused.value.reason is Reason.MALFORMED
    assert len(asked) <= len(tokens) + 1


def test_skew_is_the_servers_date_less_our_clock() -> None:
    ours = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    dates = [format_datetime(ours + timedelta(seconds=seconds), usegmt=True) for seconds in (30, -10)] + [
        "not a date"
    ]
    with serving(lambda handler, number: says(200, KEYS, date=dates[number - 1])(handler, number)) as (
        endpoint,
        _,
    ):
        one = session(endpoint, clock=lambda: ours)
        for _ in dates:
            one.call("kms", "list_keys", "", {})
    assert one.skews == [-10_000, 30_000]


def test_no_credential_is_shown() -> None:
    with serving(says(400, b'{"__type": "AccessDeniedException"}')) as (endpoint, _):
        one = session(endpoint)
        with pytest.raises(AwsCallError) as refused:
            one.call("kms", "list_keys", "", {})
    assert SECRET not in f"{refused.value} {refused.value!r} {one!r} {one.access!r}"
    assert str(refused.value) == (
        "kms.list_keys gave no usable answer (denied: AccessDeniedException). "
        "Add the action to the role that Assay uses: `assay connect aws --print-policy` shows the whole policy."
    )


def test_a_role_without_an_external_id_is_refused() -> None:
    with pytest.raises(AwsSetupError, match="without an external id"):
        AwsSession(AwsAccess("run", role_arn="arn:aws:iam::111122223333:role/AssayReadOnly"))


def test_the_name_of_a_session_is_one_that_sts_takes() -> None:
    assert session_name("2026-11-24T06:00:00Z/7") == "assay-2026-11-24T06-00-00Z-7"
    assert len(session_name("x" * 100)) == 64


def test_actions_are_shared_out_over_policies_that_sts_takes() -> None:
    actions = {
        f"service{number:02}": tuple(f"service{number:02}:DescribeThings{i}" for i in range(10))
        for number in range(20)
    }
    chunks = share_out(actions)
    assert {service: wanted for chunk in chunks for service, wanted in chunk.items()} == actions
    assert len(chunks) > 1
    for chunk in chunks:
        text = session_policy(tuple(action for wanted in chunk.values() for action in wanted))
        assert len(text) <= LONGEST_POLICY
        assert json.loads(text)["Statement"][0]["Effect"] == "Allow"


def test_a_service_with_more_actions_than_a_policy_holds_is_refused() -> None:
    with pytest.raises(AwsSetupError, match="need more actions than one session policy holds"):
        share_out({"ec2": tuple(f"ec2:DescribeSomethingLong{number}" for number in range(100))})


def test_a_profile_that_is_not_there_is_named() -> None:
    with pytest.raises(AwsSetupError, match="no AWS profile “nobody”"):
        AwsSession(AwsAccess("run", profile="nobody")).call("kms", "list_keys", "", {})


def test_values_of_another_type_are_marked_and_the_rest_stays() -> None:
    client = boto3.Session(region_name="eu-west-1").client(
        "kms", aws_access_key_id="x", aws_secret_access_key="y"
    )
    shape = client.meta.service_model.operation_model("DescribeKey").output_shape
    said = {
        "KeyMetadata": {
            "KeyId": 5,
            "Enabled": "perhaps",
            "Arn": "arn",
            "MultiRegion": True,
            "EncryptionAlgorithms": "x",
            "New": [1],
        }
    }
    assert marked(said, shape) == {
        "KeyMetadata": {
            "KeyId": UNREADABLE,
            "Enabled": UNREADABLE,
            "Arn": "arn",
            "MultiRegion": True,
            "EncryptionAlgorithms": UNREADABLE,
            "New": [1],
        }
    }
    assert marked({"KeyMetadata": []}, shape) == {"KeyMetadata": UNREADABLE}
    assert marked({"KeyMetadata": None}, shape) == {"KeyMetadata": None}
