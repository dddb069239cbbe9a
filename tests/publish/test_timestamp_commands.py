"""A time-stamp from the command line to the pack: an authority on loopback stamps, the pack carries it, the verifier's own root proves it."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.serialization import Encoding
from standin_authority import HONEST, Identity, issue
from tests.home.world import Clock, new_home

from assay.cli.root import assay

DAYS = (-10_000, 20_000)
LASTING_ROOT = issue("Lasting root", authority=True, days=DAYS)


@pytest.fixture
def authority() -> Iterator[str]:
    """Serve an authority whose clock is the machine's; gives its address."""
    signer: Identity = issue("Lasting time-stamps", LASTING_ROOT, days=DAYS)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = self.rfile.read(int(self.headers["Content-Length"]))
            tsa = replace(HONEST, signer=signer, at=datetime.now(UTC).replace(microsecond=0))
            given = tsa.request("POST", self.path, {}, request)
            self.send_response(given.status)
            self.send_header("Content-Type", given.headers["content-type"])
            self.send_header("Content-Length", str(len(given.body)))
            self.end_headers()
            self.wfile.write(given.body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/tsr"
        server.shutdown()
        thread.join(timeout=30)


def test_a_checkpoint_is_stamped_and_the_pack_shows_it(tmp_path: Path, authority: str) -> None:
    new_home(tmp_path / "home", Clock(datetime.now(UTC))).close()
    root = tmp_path / "root.pem"
    root.write_bytes(LASTING_ROOT.certificate.public_bytes(Encoding.PEM))

    def said(*arguments: str) -> str:
        result = CliRunner().invoke(assay, ["--home", str(tmp_path / "home"), *arguments])
        assert result.exit_code == 0, (result.output, result.exception)
        return result.output

    said("witness", "add", "timestamp", authority, "--root", str(root), "--name", "tsa.example", "--loopback")
    assert "tsa.example: CN=Lasting time-stamps stamped it at" in said("witness", "publish")
    (stamped,) = json.loads(said("witness", "status", "--json"))["time_stamped"]
    assert stamped["name"] == "tsa.example"
    assert "time-stamped by tsa.example" in said("witness", "status")
    said("pack", str(tmp_path / "pack.zip"))
    pack = str(tmp_path / "pack.zip")
    proven = json.loads(said("verify", pack, "--timestamp-root", str(root), "--json"))
    assert [one["name"] for one in proven["timestamps"]] == ["CN=Lasting time-stamps"]
    assert proven["timestamps"][0]["at"] == stamped["at"]
    assert "it was not checked: give the authority's root with --timestamp-root" in said("verify", pack)
    assert "Time-stamped by CN=Lasting time-stamps at" in said("verify", pack, "--timestamp-root", str(root))


def test_the_guide_shows_how_to_check_it_with_openssl_alone(
    tmp_path: Path, authority: str, openssl_program: str
) -> None:
    """The lines under “Where the checkpoint carries a time-stamp” of docs/guide/verify-without-assay.md, as they stand there."""
    guide = (Path(__file__).parents[2] / "docs/guide/verify-without-assay.md").read_text()
    commands = guide.partition("Where the checkpoint carries a time-stamp")[2].split("\n\n")[1]
    home = str(tmp_path / "home")
    new_home(tmp_path / "home", Clock(datetime.now(UTC))).close()
    (tmp_path / "pack").mkdir()
    root = tmp_path / "pack" / "root.pem"
    root.write_bytes(LASTING_ROOT.certificate.public_bytes(Encoding.PEM))
    for arguments in (
        ["witness", "add", "timestamp", authority, "--root", str(root), "--name", "NAME", "--loopback"],
        ["witness", "publish"],
        ["pack", str(tmp_path / "pack" / "made")],
    ):
        assert CliRunner().invoke(assay, ["--home", home, *arguments]).exit_code == 0
    (tmp_path / "pack" / "data").symlink_to(tmp_path / "pack" / "made" / "data")
    done = subprocess.run(
        ["bash", "-e", "-c", commands], cwd=tmp_path / "pack", capture_output=True, text=True, check=False
    )
    assert "Verification: OK" in done.stdout + done.stderr
    assert "Time stamp: " in done.stdout
