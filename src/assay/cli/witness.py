"""`assay witness`: remember the heads of other people's ledgers, or have one's own remembered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from assay.cli.setting_out import json_option, opened, write_json


@click.group("witness")
def command() -> None:
    """Run a witness at the audit firm, or send this home's newest checkpoint to one.

    After a checkpoint has left, nobody can change the past unseen, the administrator included.
    """


@command.command("init")
@click.argument("name")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("witness"),
    show_default=True,
    help="Where the witness keeps its key and memory.",
)
@json_option
def init(name: str, folder: Path, as_json: bool) -> None:
    """Begin a witness called NAME, such as chloe.example/witness, with a key and an empty memory."""
    import secrets

    from assay.home.keys import write_secret
    from assay.publish import WitnessFile

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    WitnessFile.create(folder / "memory.db")
    (folder / "name").write_text(name)
    write_secret(folder / "witness.key", secrets.token_bytes(32).hex())
    key = _cosigner(folder).key.text()
    if as_json:
        write_json({"folder": str(folder), "key": key})
    else:
        click.echo(f"Began the witness {name} in {folder}. Its key, to give to the company:\n{key}")


@command.command("serve")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path("witness"),
    show_default=True,
)
@click.option("--listen", default="127.0.0.1:8080", show_default=True, help="Address and port.")
@click.option(
    "--trust",
    "trusted",
    multiple=True,
    required=True,
    help="The key of a home, as `assay init` printed it; may be given again.",
)
def serve(folder: Path, listen: str, trusted: tuple[str, ...]) -> None:
    """Serve the witness by C2SP tlog-witness until it is stopped. Put TLS in front of it."""
    from datetime import UTC, datetime

    from assay.evidence.note import Ed25519Key
    from assay.publish import Witness, WitnessFile, WitnessServer

    keys = [Ed25519Key.parse(text) for text in trusted]
    logs = {key.name: (key,) for key in keys}
    witness = Witness(
        _cosigner(folder), logs, WitnessFile.open(folder / "memory.db"), lambda: datetime.now(UTC)
    )
    host, _, port = listen.rpartition(":")
    server = WitnessServer((host.strip("[]"), int(port)), witness)
    click.echo(f"Witnessing {', '.join(logs)} at http://{listen}. Stop with Ctrl-C.")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


@command.command("send")
@click.argument("url")
@click.option("--witness-key", required=True, help="The witness's key, as it gave it to you.")
@json_option
@click.pass_obj
def send(path: Path, url: str, witness_key: str, as_json: bool) -> None:
    """Have the witness at URL cosign this home's newest checkpoint."""
    from assay.evidence.canonical import instant_text
    from assay.evidence.cosignature import CosignerKey
    from assay.home.witnessing import send_to_witness

    with opened(path) as home:
        cosigned = send_to_witness(home, _transport(url), url, CosignerKey.parse(witness_key))
    if as_json:
        write_json({"at": instant_text(cosigned.at), "witness": cosigned.witness})
    else:
        click.echo(f"{cosigned.witness} remembers this head since {instant_text(cosigned.at)}.")


@command.command("status")
@json_option
@click.pass_obj
def status(path: Path, as_json: bool) -> None:
    """Say which head was published last, and who remembers it."""
    from assay.home.publishing import published

    with opened(path) as home:
        signed, size = published(home), home.ledger.size()
    witnesses = (
        []
        if signed is None
        else [line.name for line in signed.note.signatures if line.name != signed.checkpoint.origin]
    )
    covered = 0 if signed is None else signed.checkpoint.size
    if as_json:
        write_json({"entries": size, "published": covered, "witnesses": witnesses})
    else:
        click.echo(f"{covered} of {size} entries are under the newest checkpoint.")
        click.echo(
            f"Remembered by {', '.join(witnesses)}."
            if witnesses
            else "Nobody outside remembers it yet (self-witnessed)."
        )


def _cosigner(folder: Path) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from assay.evidence.cosignature import Cosigner

    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex((folder / "witness.key").read_text().strip()))
    return Cosigner((folder / "name").read_text().strip(), key)


def _transport(url: str) -> Any:
    """Give the HTTP client; a witness on this machine is reached only where its address says so plainly."""
    from urllib.parse import urlsplit

    from assay.outbound.addresses import NO_ALLOWANCE, Allowance
    from assay.outbound.http import Http

    parts = urlsplit(url)
    local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    return Http(allowance=Allowance.loopback(parts.port or 80) if local else NO_ALLOWANCE)
