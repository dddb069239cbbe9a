"""The user data of instances, looked at in memory for patterns of credentials; needs the company's opt-in."""

from __future__ import annotations

import binascii
import zlib
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from assay.collectors.asking import Ask, CallError
from assay.collectors.hooks.detectors import found_in
from assay.collectors.work import Run, Tally
from assay.evidence.canonical import Json
from assay.evidence.gaps import Reason

_CALL = "ec2.describe_instance_attribute"
_GONE = "InvalidInstanceID.NotFound"
_ENDED = ("shutting-down", "terminated")
_MOST_BYTES = 1 << 20
_GZIP, _GZIP_START = 31, b"\x1f\x8b"


def listing(run: Run, ask: Ask, tally: Tally) -> list[Json]:
    """Give for each page `{"Instances": [{"InstanceId", "Found"}]}`; no text and nothing else of the answer.

    `Found` is missing where the user data could not be read. Instances that have ended are left out.
    """
    pages: list[Json] = []
    for answer in run.source.pages(ask):
        tally.count(answer, page=True)
        listed = answer.body.get("Reservations")
        if not isinstance(listed, list):
            raise CallError(ask.call, Reason.MALFORMED, "NoList")
        instances = [instance for reservation in listed for instance in reservation.get("Instances", ())]
        pages.append({"Instances": list(_looked_at(run, ask, tally, instances))})
    return pages


def _looked_at(run: Run, ask: Ask, tally: Tally, instances: list[Any]) -> Iterator[Json]:
    for instance in instances:
        if instance.get("State", {}).get("Name") in _ENDED:
            continue
        arguments = {"InstanceId": instance["InstanceId"], "Attribute": "userData"}
        try:
            answer = run.source.one(replace(ask, call=_CALL, arguments=arguments))
        except CallError as error:
            tally.count(None)
            if error.code == _GONE:
                continue
            raise
        tally.count(answer)
        yield _found(instance["InstanceId"], answer.body.get("UserData"))


def _found(instance: str, user_data: Any) -> dict[str, Json]:
    encoded = (user_data or {}).get("Value") or ""
    text = _text(encoded) if isinstance(encoded, str) else None
    if text is None:
        return {"InstanceId": instance}
    return {"InstanceId": instance, "Found": list(found_in([("user data", text)]))}


def _text(encoded: str) -> str | None:
    """Give the text of user data, unpacked where cloud-init would unpack it; None where that cannot be done whole."""
    try:
        data = b64decode(encoded, validate=True)
        if data.startswith(_GZIP_START):
            unpacking = zlib.decompressobj(wbits=_GZIP)
            data = unpacking.decompress(data, _MOST_BYTES)
            if not unpacking.eof:
                return None
    except (binascii.Error, ValueError, zlib.error):
        return None
    return data.decode("utf-8", errors="replace")
