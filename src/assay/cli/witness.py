"""`assay witness`: somebody else who remembers the ledger's head, so that nobody can rewrite what came before it unseen."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli import ways_out
from assay.cli.setting_out import counted, json_option, opened, write_json

state_option = click.option(
    "--state",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("witness.db"),
    show_default=True,
    help="The file in which the witness remembers; its key lies beside it. Never restore an old copy.",
)


@click.group("witness")
def command() -> None:
    """Let somebody outside remember your ledger's head, or be a witness for somebody's ledger.

    `add` sets up a way out (a witness, a time-stamp authority, a bucket, a mailbox) and `publish` sends the newest checkpoint by all of them. Your auditor runs `key` and `serve` with your
    home's key.
    """


for _each in (ways_out.add, ways_out.list_, ways_out.publish, ways_out.remove):
    command.add_command(_each)


@command.command("key")
@state_option
@click.option("--name", help="Make a new witness under this name, such as witness.example/chloe.")
@json_option
def key(state: Path, name: str | None, as_json: bool) -> None:
    """Print the witness's public key, which those whom it witnesses need; with --name make a new witness first."""
    from assay.home import Surroundings
    from assay.home.witnessing import make_witness, read_cosigner

    public = make_witness(state, name, Surroundings.real()) if name else read_cosigner(state).key
    if as_json:
        write_json({"key": public.text(), "name": public.name, "state": str(state)})
    else:
        click.echo(public.text())


@command.command("serve")
@click.option(
    "--listen", default="127.0.0.1:8080", show_default=True, metavar="HOST:PORT", help="Where to listen."
)
@state_option
@click.option(
    "--trust",
    "logs",
    multiple=True,
    required=True,
    metavar="KEY",
    help="The key of a home to witness, as its `assay init` printed it; may be given again.",
)
def serve(listen: str, state: Path, logs: tuple[str, ...]) -> None:
    """Cosign checkpoints over HTTP (C2SP tlog-witness) until stopped. Put a reverse proxy with TLS in front of it."""
    from assay.evidence.note import Ed25519Key
    from assay.home import Surroundings
    from assay.home.witnessing import witness_of
    from assay.publish import WitnessServer

    witness = witness_of(state, [Ed25519Key.parse(text) for text in logs], Surroundings.real())
    host, port = _address(listen)
    try:
        server = WitnessServer((host, port), witness)
    except OSError as error:
        raise click.ClickException(
            f"Nothing can listen at {listen} ({error.strerror}). Choose another address with --listen."
        ) from error
    with server:
        click.echo(f"The witness {witness.cosigner.name} listens at http://{host}:{server.server_address[1]}")
        click.echo(f"Its key: {witness.cosigner.key.text()}")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("The witness stopped; it remembers what it has seen.")


@command.command("send")
@click.argument("url")
@click.option(
    "--witness-key",
    required=True,
    metavar="KEY",
    help="The witness's public key, given to you by who runs it.",
)
@click.option(
    "--loopback", is_flag=True, help="The witness runs on this machine: allow its loopback address."
)
@json_option
@click.pass_obj
def send(path: Path, url: str, witness_key: str, loopback: bool, as_json: bool) -> None:
    """Have the witness at URL cosign the newest checkpoint, and keep its cosignature."""
    from assay.evidence.cosignature import CosignerKey
    from assay.home.witnessing import have_cosigned, standing
    from assay.outbound.http import NO_ALLOWANCE, Allowance, Http, parse_url

    witness = CosignerKey.parse(witness_key)
    every_port = Allowance(frozenset(range(1, 65536)))
    allowance = Allowance.loopback(parse_url(url, every_port).port) if loopback else NO_ALLOWANCE
    transport = Http(allowance=allowance)
    try:
        with opened(path) as home:
            cosigned = have_cosigned(home, transport, url, witness)
            now = standing(home)
    finally:
        transport.close()
    if as_json:
        write_json({"at": cosigned.at.isoformat(), "entries": now.checkpoint, "witness": cosigned.witness})
    else:
        entries = counted(now.checkpoint or 0, "entry", "entries")
        click.echo(f"{cosigned.witness} cosigned {entries} at {cosigned.at:%Y-%m-%d %H:%M:%S} UTC.")


@command.command("status")
@json_option
@click.pass_obj
def status(path: Path, as_json: bool) -> None:
    """Say how far others remember this home's ledger."""
    from assay.home.witnessing import standing

    with opened(path) as home:
        now = standing(home)
    if as_json:
        cosigned = [{"at": at.isoformat(), "witness": name} for name, at in now.cosigned]
        stamped = [{"at": one.at.isoformat(), "name": one.name} for one in now.stamps]
        write_json(
            {
                "checkpoint": now.checkpoint,
                "cosigned": cosigned,
                "entries": now.entries,
                "time_stamped": stamped,
            }
        )
        return
    click.echo(f"The ledger has {counted(now.entries, 'entry', 'entries')}.")
    if now.checkpoint is None:
        click.echo("No checkpoint was published yet. `assay witness send` publishes one and has it cosigned.")
        return
    click.echo(f"The newest checkpoint is over {counted(now.checkpoint, 'entry', 'entries')}.")
    for name, at in now.cosigned:
        click.echo(f"  cosigned by {name} at {at:%Y-%m-%d %H:%M:%S} UTC")
    for stamp in now.stamps:
        click.echo(f"  time-stamped by {stamp.name} at {stamp.at:%Y-%m-%d %H:%M:%S} UTC")
    if not now.cosigned and not now.stamps:
        click.echo(
            "  Nobody outside has cosigned it (self-witnessed). Have it cosigned with `assay witness send`."
        )


def _address(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise click.BadParameter(
            f"“{listen}” is not an address; write it as 127.0.0.1:8080.", param_hint="--listen"
        )
    return host, int(port)
