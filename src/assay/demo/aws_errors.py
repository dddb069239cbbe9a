"""An AWS error as the service itself would send it: one shape for each protocol."""

from functools import cache
from html import escape
from json import dumps

import botocore.exceptions
import botocore.loaders
import botocore.model

REQUEST_ID = "00000000-0000-4000-8000-00000000dead"


def error_answer(service: str, code: str, message: str) -> tuple[dict[str, str], bytes]:
    """Headers and body of an error of `service` (boto3's name), such as `AccessDenied`; the status is the caller's to choose."""
    said, named = escape(message), escape(code)
    match protocol(service):
        case "ec2":
            inner = f"<Errors><Error><Code>{named}</Code><Message>{said}</Message></Error></Errors>"
            return _xml(f"<Response>{inner}<RequestID>{REQUEST_ID}</RequestID></Response>")
        case "query":
            inner = f"<Error><Type>Sender</Type><Code>{named}</Code><Message>{said}</Message></Error>"
            return _xml(f"<ErrorResponse>{inner}<RequestId>{REQUEST_ID}</RequestId></ErrorResponse>")
        case "rest-xml" if service == "s3":
            return _xml(
                f"<Error><Code>{named}</Code><Message>{said}</Message><RequestId>{REQUEST_ID}</RequestId></Error>"
            )
        case "rest-xml":
            inner = f"<Error><Type>Sender</Type><Code>{named}</Code><Message>{said}</Message></Error>"
            return _xml(f"<ErrorResponse>{inner}<RequestId>{REQUEST_ID}</RequestId></ErrorResponse>")
        case "smithy-rpc-v2-cbor":
            headers = {"content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}
            return headers | _id(), _cbor_map({"__type": code, "message": message})
        case _:
            headers = {"content-type": "application/json", "x-amzn-errortype": code}
            return headers | _id(), dumps({"__type": code, "message": message}).encode()


def denied_code(service: str) -> str:
    """The code by which a service says that a permission is missing."""
    match protocol(service):
        case "ec2":
            return "UnauthorizedOperation"
        case "query" | "rest-xml":
            return "AccessDenied"
        case _:
            return "AccessDeniedException"


def throttled_code(service: str) -> str:
    """The code by which a service says that it is asked too often."""
    match protocol(service):
        case "ec2":
            return "RequestLimitExceeded"
        case "rest-xml" if service == "s3":
            return "SlowDown"
        case "query" | "rest-xml":
            return "Throttling"
        case _:
            return "ThrottlingException"


@cache
def service_model(service: str) -> botocore.model.ServiceModel:
    """Botocore's description of a service."""
    return botocore.model.ServiceModel(
        botocore.loaders.Loader().load_service_model(service, "service-2"), service
    )


@cache
def protocol(service: str) -> str:
    """The wire protocol that botocore speaks with a service; json for one that it does not know."""
    try:
        return str(service_model(service).resolved_protocol)
    except botocore.exceptions.UnknownServiceError:
        return "json"


def _xml(body: str) -> tuple[dict[str, str], bytes]:
    return {"content-type": "text/xml"} | _id(), f'<?xml version="1.0" encoding="UTF-8"?>{body}'.encode()


def _id() -> dict[str, str]:
    return {"x-amzn-requestid": REQUEST_ID, "x-amz-request-id": REQUEST_ID}


def _cbor_map(texts: dict[str, str]) -> bytes:
    """A map of texts in CBOR (RFC 8949, major types 5 and 3)."""
    items = b"".join(_cbor_text(key) + _cbor_text(value) for key, value in texts.items())
    return bytes([0xA0 | len(texts)]) + items


def _cbor_text(text: str) -> bytes:
    held = text.encode()
    if len(held) < 24:
        return bytes([0x60 | len(held)]) + held
    return b"\x79" + len(held).to_bytes(2, "big") + held
