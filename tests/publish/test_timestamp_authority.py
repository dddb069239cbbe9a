"""Time-stamps from an authority that keeps to RFC 3161, and from some that do not."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from standin_authority import HONEST, NOW, POLICY, ROOT, SIGNER, Tsa, critical_extension, issue
from witness_world import Given, Scripted

from assay.evidence.der import INTEGER, NULL, OCTET_STRING, SEQUENCE, write, write_integer, write_oid
from assay.evidence.timestamp import (
    Authority,
    Timestamp,
    TimestampError,
    timestamp_request,
    token_in_answer,
    verify_timestamp,
)
from assay.publish import request_timestamp

DIGEST = hashlib.sha256(b"a checkpoint").digest()
TRUSTED = Authority((ROOT.certificate,))
URL = "https://tsa.example/"
REPLY = {"content-type": "application/timestamp-reply"}


def stamp(
    tsa: Tsa | Scripted, authority: Authority = TRUSTED, policy: str | None = None, clock: datetime = NOW
) -> Timestamp:
    return request_timestamp(
        tsa, URL, DIGEST, authority, random=lambda count: b"\xfe" * count, clock=lambda: clock, policy=policy
    )


def test_a_time_stamp_says_when_by_whom_and_under_which_policy() -> None:
    made = stamp(HONEST)

    assert (made.at, made.policy, made.serial, made.authority) == (NOW, POLICY, 77, "CN=Stand-in time-stamps")
    assert made.accuracy == timedelta(seconds=1, milliseconds=5)
    assert verify_timestamp(made.token, DIGEST, TRUSTED) == made


def test_a_request_is_written_as_the_rfc_says() -> None:
    imprint = "3031300d060960864801650304020105000420" + "aa" * 32

    assert timestamp_request(b"\xaa" * 32, 5).hex() == "303c020101" + imprint + "020105" + "0101ff"
    assert (
        timestamp_request(b"\xaa" * 32, 0xFE, "1.2.3").hex()
        == "3041020101" + imprint + "06022a03" + "020200fe" + "0101ff"
    )


def test_a_signature_by_rsa_holds_too() -> None:
    signer = issue("RSA time-stamps", ROOT, key=rsa.generate_private_key(65537, 2048))

    assert stamp(Tsa(signer=signer)).authority == "CN=RSA time-stamps"


def test_a_signer_below_an_intermediate_authority_holds() -> None:
    middle = issue("Middle", ROOT, authority=True)
    signer = issue("Below", middle)

    assert stamp(Tsa(signer=signer, certificates=(signer.der, middle.der))).authority == "CN=Below"
    with pytest.raises(TimestampError, match="does not lead to a trusted root"):
        stamp(Tsa(signer=signer))


def test_a_certificate_that_expired_since_still_holds_for_its_time() -> None:
    signer = issue("Expired since", ROOT, days=(-2, -1))
    then = NOW - timedelta(days=1, hours=12)

    assert stamp(Tsa(signer=signer, at=then), clock=then).at == then


def test_fractions_of_a_second_are_read() -> None:
    assert stamp(Tsa(time=b"20261123061248.25Z")).at == NOW + timedelta(milliseconds=250)


def test_an_extension_that_need_not_be_understood_is_passed_over() -> None:
    assert stamp(Tsa(extension=critical_extension(False))).at == NOW


@pytest.mark.parametrize(
    ("tsa", "sentence"),
    [
        pytest.param(Tsa(imprint=hashlib.sha256(b"another").digest()), "another digest", id="another digest"),
        pytest.param(
            Tsa(imprint_oid="2.16.840.1.101.3.4.2.2"), "another digest", id="another digest algorithm"
        ),
        pytest.param(Tsa(nonce=5), "nonce is not ours", id="another nonce"),
        pytest.param(Tsa(nonce=None), "nonce is not ours", id="no nonce"),
        pytest.param(Tsa(version=2), "version 2", id="another version"),
        pytest.param(
            Tsa(extension=critical_extension(True)), "must be understood", id="an extension to be understood"
        ),
        pytest.param(Tsa(extension=write(0xA7)), "must be understood", id="an unknown member"),
        pytest.param(Tsa(spoil=True), "signature does not hold", id="a bad signature"),
        pytest.param(Tsa(content_digest=bytes(32)), "changed after it was signed", id="changed content"),
        pytest.param(Tsa(content_type="1.2.840.113549.1.7.1"), "another type", id="another type of content"),
        pytest.param(Tsa(attributes={"1.2.840.113549.1.9.3": None}), "no content type", id="no content type"),
        pytest.param(Tsa(attributes={"1.2.840.113549.1.9.4": None}), "no digest", id="no digest"),
        pytest.param(
            Tsa(attributes={"1.2.840.113549.1.9.16.2.47": None}),
            "covers no certificate",
            id="no certificate named",
        ),
        pytest.param(Tsa(certificates=()), "not in the token", id="no certificate"),
        pytest.param(Tsa(certificates=(ROOT.der,)), "not in the token", id="the certificate of another"),
        pytest.param(Tsa(named_serial=5), "another signer", id="another signer named"),
        pytest.param(Tsa(unsigned=write(0xA1)), "cannot be read", id="something unsigned"),
        pytest.param(Tsa(time=b"20261123061248"), "cannot be read", id="no zone"),
        pytest.param(Tsa(time=b"20261123061248.50Z"), "cannot be read", id="a trailing zero"),
        pytest.param(Tsa(time=b"20261323061248Z"), "cannot be read", id="a thirteenth month"),
        pytest.param(Tsa(at=NOW - timedelta(minutes=6)), "not when it was asked for", id="too early"),
        pytest.param(Tsa(at=NOW + timedelta(minutes=6)), "not when it was asked for", id="too late"),
        pytest.param(Tsa(status=2), "status 2", id="refused"),
        pytest.param(Tsa(signer=issue("x", ROOT, usages=())), "not for time-stamping", id="no usage"),
        pytest.param(
            Tsa(signer=issue("x", ROOT, critical=False)), "alone, marked critical", id="usage not critical"
        ),
        pytest.param(
            Tsa(signer=issue("x", ROOT, usages=(ExtendedKeyUsageOID.SERVER_AUTH,))),
            "alone, marked critical",
            id="another usage",
        ),
        pytest.param(
            Tsa(
                signer=issue(
                    "x", ROOT, usages=(ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CODE_SIGNING)
                )
            ),
            "alone, marked critical",
            id="two usages",
        ),
        pytest.param(Tsa(signer=issue("x", ROOT, days=(-9, -1))), "does not lead", id="expired"),
        pytest.param(Tsa(signer=issue("x", ROOT, days=(1, 9))), "does not lead", id="not yet valid"),
        pytest.param(
            Tsa(signer=issue("x", issue("Eve", authority=True))), "does not lead", id="an unknown root"
        ),
        pytest.param(Tsa(signer=issue("x")), "does not lead", id="self-signed"),
    ],
)
def test_what_does_not_hold_is_not_believed(tsa: Tsa, sentence: str) -> None:
    with pytest.raises(TimestampError, match=sentence):
        stamp(tsa)


def test_a_signer_cannot_issue_another_signer() -> None:
    signer = issue("x", SIGNER)

    with pytest.raises(TimestampError, match="does not lead"):
        stamp(Tsa(signer=signer, certificates=(signer.der, SIGNER.der)))


def test_an_authority_that_may_not_issue_does_not_carry() -> None:
    middle = issue("Middle", ROOT, authority=True, cert_sign=False)
    signer = issue("x", middle)

    with pytest.raises(TimestampError, match="does not lead"):
        stamp(Tsa(signer=signer, certificates=(signer.der, middle.der)))


def test_an_expired_intermediate_does_not_carry() -> None:
    middle = issue("Middle", ROOT, authority=True, days=(-9, -1))
    signer = issue("x", middle)

    with pytest.raises(TimestampError, match="does not lead"):
        stamp(Tsa(signer=signer, certificates=(signer.der, middle.der)))


def test_a_root_that_the_token_brings_itself_is_not_trusted() -> None:
    root = issue("Eve", authority=True)
    signer = issue("x", root)

    with pytest.raises(TimestampError, match="does not lead"):
        stamp(Tsa(signer=signer, certificates=(signer.der, root.der)))


def test_without_a_trusted_root_nothing_is_believed() -> None:
    with pytest.raises(TimestampError, match="No root certificate"):
        stamp(HONEST, Authority(()))


def test_only_the_policies_named_are_accepted() -> None:
    assert stamp(HONEST, Authority((ROOT.certificate,), frozenset({POLICY}))).policy == POLICY
    assert stamp(HONEST, policy=POLICY).policy == POLICY
    for wanted in (
        lambda: stamp(HONEST, Authority((ROOT.certificate,), frozenset({"1.2.3"}))),
        lambda: stamp(HONEST, policy="1.2.3"),
    ):
        with pytest.raises(TimestampError, match="not among those accepted"):
            wanted()


def test_a_curve_signature_with_an_rsa_name_is_refused() -> None:
    class Misnamed(Tsa):
        def algorithm(self) -> str:
            return "1.2.840.113549.1.1.11"

    with pytest.raises(TimestampError, match="not accepted for its key"):
        stamp(Misnamed(signer=issue("x", ROOT, key=ec.generate_private_key(ec.SECP256R1()))))


def test_an_attribute_twice_is_refused() -> None:
    class Twice(Tsa):
        def signed_attributes(self, content: bytes) -> list[bytes]:
            return [*super().signed_attributes(content)] * 2

    with pytest.raises(TimestampError, match="attribute twice"):
        stamp(Twice())


def test_two_signers_are_refused() -> None:
    one = write(SEQUENCE, write_integer(1))
    token = HONEST.token(timestamp_request(DIGEST, 1))

    with pytest.raises(TimestampError, match="cannot be read"):
        verify_timestamp(write(SEQUENCE, token, one), DIGEST, TRUSTED)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(500, "application/timestamp-reply"), (200, "text/html"), (302, "application/timestamp-reply")],
)
def test_an_answer_that_is_no_reply_is_refused(status: int, kind: str) -> None:
    answer = HONEST.request("POST", URL, {}, timestamp_request(DIGEST, 5))

    with pytest.raises(TimestampError, match=f"status {status} and no time-stamp"):
        stamp(Scripted([Given(status, {"content-type": kind}, answer.body)]))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        write(SEQUENCE),
        write(SEQUENCE, write(SEQUENCE)),
        write(SEQUENCE, write(SEQUENCE, write_integer(0))),
        write(SEQUENCE, write(SEQUENCE, write_integer(0)), write(NULL), write(NULL)),
        write(SEQUENCE, write(SEQUENCE, write_integer(0)), write(NULL)),
        write(SEQUENCE, write(SEQUENCE, write_integer(0)), write(SEQUENCE, write_oid("1.2.3"), write(0xA0))),
        write(SEQUENCE, write(INTEGER, b"\x00")),
        write(OCTET_STRING, b"\x00" * 100),
    ],
)
def test_an_answer_that_is_almost_one_is_refused(body: bytes) -> None:
    with pytest.raises(TimestampError):
        stamp(Scripted([Given(200, REPLY, body)]))


def test_every_truncation_and_every_changed_bit_of_a_token_is_found() -> None:
    token = HONEST.token(timestamp_request(DIGEST, 5))

    for length in range(len(token)):
        with pytest.raises(TimestampError):
            verify_timestamp(token[:length], DIGEST, TRUSTED)
    for place in range(len(token)):
        for bit in range(8):
            changed = bytearray(token)
            changed[place] ^= 1 << bit
            with pytest.raises(TimestampError):
                verify_timestamp(bytes(changed), DIGEST, TRUSTED)


def test_bytes_after_a_token_are_found() -> None:
    token = HONEST.token(timestamp_request(DIGEST, 5))

    with pytest.raises(TimestampError, match="1 bytes follow"):
        verify_timestamp(token + b"\x00", DIGEST, TRUSTED)
    with pytest.raises(TimestampError, match="not a time-stamp response"):
        token_in_answer(write(SEQUENCE, write(SEQUENCE, write_integer(0)), token) + b"\x00")


def test_a_token_is_replaced_by_no_other_of_the_same_authority() -> None:
    other = replace(HONEST, imprint=hashlib.sha256(b"another checkpoint").digest()).token(
        timestamp_request(DIGEST, 5)
    )

    with pytest.raises(TimestampError, match="another digest"):
        verify_timestamp(other, DIGEST, TRUSTED)
