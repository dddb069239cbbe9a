"""Time-stamps agree with an implementation that is not ours: `openssl ts` answers our requests, and verifies what our stand-in signs."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from standin_authority import HONEST, ROOT

from assay.evidence.timestamp import (
    Authority,
    TimestampError,
    timestamp_request,
    token_in_answer,
    verify_timestamp,
)

DIGEST = hashlib.sha256(b"a checkpoint").digest()
CONFIGURATION = """
[tsa]
default_tsa = tsa_config
[tsa_config]
dir = .
serial = serial
crypto_device = builtin
signer_cert = signer.pem
{certs}
signer_key = signer.key
signer_digest = {digest}
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.5
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = {ess}
"""


@dataclass(frozen=True)
class OpenSsl:
    program: str
    folder: Path
    root: x509.Certificate

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [self.program, *arguments], cwd=self.folder, capture_output=True, check=False, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def answer(self, request: bytes, digest: str = "sha256", ess: str = "sha256", certs: str = "") -> bytes:
        (self.folder / "ts.cnf").write_text(CONFIGURATION.format(digest=digest, ess=ess, certs=certs))
        (self.folder / "request.tsq").write_bytes(request)
        self.run(
            "ts",
            "-reply",
            "-config",
            "ts.cnf",
            "-section",
            "tsa_config",
            "-queryfile",
            "request.tsq",
            "-out",
            "answer.tsr",
        )
        return (self.folder / "answer.tsr").read_bytes()


def certificate(
    name: str, key: rsa.RSAPrivateKey, issuer: str, by: rsa.RSAPrivateKey, authority: bool
) -> x509.Certificate:
    now = datetime.now(UTC)
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(not authority, False, False, False, False, authority, False, False, False),
            critical=True,
        )
    )
    return (builder if authority else builder.add_extension(usage, critical=True)).sign(by, SHA256())


@pytest.fixture(scope="module")
def openssl(openssl_program: str, tmp_path_factory: pytest.TempPathFactory) -> OpenSsl:
    folder = tmp_path_factory.mktemp("tsa")
    root_key, key = rsa.generate_private_key(65537, 2048), rsa.generate_private_key(65537, 2048)
    root = certificate("Root", root_key, "Root", root_key, authority=True)
    signer = certificate("Time-stamps", key, "Root", root_key, authority=False)
    (folder / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    (folder / "signer.pem").write_bytes(signer.public_bytes(Encoding.PEM))
    (folder / "signer.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "serial").write_text("4D\n")
    return OpenSsl(openssl_program, folder, root)


def test_our_request_reads_there_as_it_was_meant(openssl: OpenSsl) -> None:
    (openssl.folder / "request.tsq").write_bytes(timestamp_request(DIGEST, 0xFEDC, "1.2.3.4.5"))

    text = openssl.run("ts", "-query", "-in", "request.tsq", "-text")

    assert "Version: 1" in text
    assert "Hash Algorithm: sha256" in text
    assert "Policy OID: 1.2.3.4.5" in text
    assert "Nonce: 0xFEDC" in text
    assert "Certificate required: yes" in text


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize("ess", ["sha1", "sha256", "sha512"])
@pytest.mark.parametrize("certs", ["", "certs = root.pem"])
def test_what_openssl_stamps_holds_here(openssl: OpenSsl, digest: str, ess: str, certs: str) -> None:
    now = datetime.now(UTC)
    window = {"earliest": now - timedelta(minutes=1), "latest": now + timedelta(minutes=1)}
    token = token_in_answer(openssl.answer(timestamp_request(DIGEST, 99, "1.2.3.4.5"), digest, ess, certs))

    made = verify_timestamp(
        token, DIGEST, Authority((openssl.root,), frozenset({"1.2.3.4.5"})), nonce=99, **window
    )

    assert (made.authority, made.accuracy, made.policy) == (
        "CN=Time-stamps",
        timedelta(seconds=1),
        "1.2.3.4.5",
    )


def test_what_openssl_refuses_is_a_refusal_here(openssl: OpenSsl) -> None:
    with pytest.raises(TimestampError, match="status 2"):
        token_in_answer(openssl.answer(timestamp_request(DIGEST, 99, "1.2.3.4.99")))


def test_a_token_that_holds_here_holds_there(openssl: OpenSsl) -> None:
    token = token_in_answer(openssl.answer(timestamp_request(DIGEST, 99)))
    (openssl.folder / "token.tst").write_bytes(token)

    verify = [
        "ts",
        "-verify",
        "-digest",
        DIGEST.hex(),
        "-in",
        "token.tst",
        "-token_in",
        "-CAfile",
        "root.pem",
    ]

    assert verify_timestamp(token, DIGEST, Authority((openssl.root,))).serial > 0
    assert "Verification: OK" in openssl.run(*verify)


def test_a_token_of_the_tests_own_authority_holds_there(openssl: OpenSsl) -> None:
    (openssl.folder / "standin.pem").write_bytes(ROOT.certificate.public_bytes(Encoding.PEM))
    (openssl.folder / "standin.tst").write_bytes(HONEST.token(timestamp_request(DIGEST, 5)))
    moment = str(int(HONEST.at.timestamp()))

    arguments = [
        "ts",
        "-verify",
        "-digest",
        DIGEST.hex(),
        "-in",
        "standin.tst",
        "-token_in",
        "-CAfile",
        "standin.pem",
    ]

    assert "Verification: OK" in openssl.run(*arguments, "-attime", moment)
