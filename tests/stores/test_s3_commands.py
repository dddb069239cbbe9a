"""Evidence in a bucket, and a bucket as a way out, by the commands that a user types."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from assay.cli.root import assay
from tests.stores.conftest import LOCKED, PLAIN, Buckets


def run(home: Path, *arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(assay, ["--home", str(home), *arguments])
    assert result.exit_code == code, (result.output, result.exception)
    return result.output


def test_init_backup_restore_fsck_and_verify_over_a_bucket(
    buckets: Buckets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVIDENCE_URL", buckets.url())
    run(tmp_path / "home", "init", "--name", "Northwind Metrics")
    monkeypatch.delenv("EVIDENCE_URL")
    assert not (tmp_path / "home" / "evidence").exists()
    run(tmp_path / "home", "fsck", "--repair")
    assert f"kept in s3://{LOCKED}/{buckets.prefix}, locked for 400 days" in run(tmp_path / "home", "doctor")
    run(tmp_path / "home", "pack", str(tmp_path / "pack.zip"))
    assert "Everything in this pack holds" in run(tmp_path / "home", "verify", str(tmp_path / "pack.zip"))
    run(tmp_path / "home", "backup", str(tmp_path / "backup.tar"))
    keys = str(tmp_path / "home" / "keys")
    run(tmp_path / "moved", "restore", str(tmp_path / "backup.tar"), "--keys", keys)
    assert (tmp_path / "moved" / "evidence" / "log" / "checkpoint").exists()
    run(tmp_path / "moved", "fsck")


def test_a_bucket_as_a_way_out(buckets: Buckets, tmp_path: Path) -> None:
    home = tmp_path / "home"
    run(home, "init", "--name", "Northwind Metrics")
    (tmp_path / "secret").write_text("canary-secret\n")
    reached = (
        "--endpoint-url",
        buckets.endpoint,
        "--prefix",
        buckets.prefix,
        "--access-key-id",
        "AKIAEXAMPLE",
    )
    secret = ("--secret-file", str(tmp_path / "secret"))
    run(home, "witness", "add", "bucket", LOCKED, *reached, *secret)
    run(home, "witness", "add", "bucket", PLAIN, *reached, *secret)
    outcomes = json.loads(run(home, "witness", "publish", "--json", code=1))["ways_out"]
    told = {one["name"]: one["error"] for one in outcomes}
    assert told[f"s3://{LOCKED}"] is None
    assert "has no Object Lock" in told[f"s3://{PLAIN}"]
    assert "checkpoints/3" in " ".join(buckets.versions())
    assert "has no Object Lock" in run(home, "doctor", code=1)
    (tmp_path / "kept").write_bytes(
        buckets.client.get_object(Bucket=LOCKED, Key=_newest(buckets))["Body"].read()
    )
    run(home, "pack", str(tmp_path / "pack.zip"))
    said = run(home, "verify", str(tmp_path / "pack.zip"), "--checkpoint", str(tmp_path / "kept"))
    assert "The first 3 entries are those of the checkpoint that you kept" in said


def _newest(buckets: Buckets) -> str:
    (name,) = [one for one in buckets.versions() if one.endswith("/checkpoint")]
    return f"{buckets.prefix}/{name}"
