"""`assay witness add`, `list`, `remove` and `publish`: by which ways checkpoints leave this host, and sending them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assay.cli.exit_codes import DONE, ERROR
from assay.cli.setting_out import by_option, counted, json_option, opened, write_json

if TYPE_CHECKING:
    from assay.home.ways_out import Outcome

secret_file = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group("add")
def add() -> None:
    """Set up a way by which checkpoints leave this host; `assay witness publish` then sends them."""


@add.command("witness")
@click.argument("url")
@click.option(
    "--witness-key",
    required=True,
    metavar="KEY",
    help="The witness's public key, given to you by who runs it.",
)
@click.option("--name", help="What this home calls it.  [default: the name in its key]")
@click.option("--loopback", is_flag=True, help="It runs on this machine: allow its loopback address.")
@by_option
@json_option
@click.pass_obj
def add_witness(path: Path, url: str, witness_key: str, name: str | None, loopback: bool, by: str, as_json: bool) -> None:  # fmt: skip
    """A witness at URL (C2SP tlog-witness), such as your auditor's: it remembers the head and cosigns only what continues it."""
    from assay.evidence.cosignature import CosignerKey
    from assay.home.sending import allowance_of

    key = CosignerKey.parse(witness_key)
    allowance_of(url, loopback)
    settings = {"key": witness_key, "loopback": loopback, "url": url}
    _add(path, name or key.name, "witness", settings, {}, by, as_json)


@add.command("timestamp")
@click.argument("url")
@click.option(
    "--root",
    type=secret_file,
    required=True,
    help="The authority's root certificate in PEM, from its own site.",
)
@click.option(
    "--policy", help="The policy to ask for, as an object identifier.  [default: the authority's own]"
)
@click.option("--name", help="What this home calls it.  [default: the host of URL]")
@click.option("--loopback", is_flag=True, help="It runs on this machine: allow its loopback address.")
@by_option
@json_option
@click.pass_obj
def add_timestamp(path: Path, url: str, root: Path, policy: str | None, name: str | None, loopback: bool, by: str, as_json: bool) -> None:  # fmt: skip
    """A time-stamp authority at URL (RFC 3161): it says when a checkpoint existed, and learns nothing but its digest."""
    from assay.evidence.timestamp import read_roots
    from assay.home.sending import allowance_of
    from assay.outbound.http import parse_url

    host = parse_url(url, allowance_of(url, loopback)).host
    pem = root.read_bytes()
    read_roots(pem)
    settings = {"loopback": loopback, "policy": policy, "roots": pem.decode("ascii"), "url": url}
    _add(path, name or host, "timestamp", settings, {}, by, as_json)


@add.command("bucket")
@click.argument("bucket")
@click.option("--prefix", default="", help="A prefix inside the bucket.")
@click.option(
    "--days",
    type=click.IntRange(1, 36_500),
    default=400,
    show_default=True,
    help="For how many days each file is held from when it is put.",
)
@click.option(
    "--mode",
    type=click.Choice(["governance", "compliance"]),
    default="governance",
    show_default=True,
    help="Whether anybody may shorten that: in compliance mode nobody can.",
)
@click.option("--region", help="The bucket's region.  [default: as boto3 finds it]")
@click.option(
    "--access-key-id", help="An access key of its own.  [default: the credentials that boto3 finds]"
)
@click.option(
    "--secret-file", type=secret_file, help="A file with the secret of that key; it is sealed in the home."
)
@click.option("--endpoint-url", help="For S3 of another maker: where it answers.")
@click.option("--name", help="What this home calls it.  [default: s3://BUCKET]")
@by_option
@json_option
@click.pass_obj
def add_bucket(path: Path, bucket: str, prefix: str, days: int, mode: str, region: str | None, access_key_id: str | None,
               secret_file: Path | None, endpoint_url: str | None, name: str | None, by: str, as_json: bool) -> None:  # fmt: skip
    """A BUCKET of S3 with Object Lock, best in an account that this host's administrator does not rule: it gets tiles and checkpoints."""
    if (access_key_id is None) != (secret_file is None):
        raise click.UsageError("Give --access-key-id and --secret-file together, or neither.")
    secret = {} if secret_file is None else {"secret_access_key": secret_file.read_text().strip()}
    settings = {
        "access_key_id": access_key_id,
        "bucket": bucket,
        "days": days,
        "endpoint": endpoint_url,
        "mode": mode.upper(),
        "prefix": prefix.strip("/"),
        "region": region,
    }
    _add(path, name or f"s3://{bucket}", "bucket", settings, secret, by, as_json)


@add.command("mailbox")
@click.argument("address")
@click.option("--from", "sender", required=True, help="The address from which the message comes.")
@click.option(
    "--server",
    metavar="HOST:PORT",
    help="A mail server to hand the message in to.  [default: the message is only written]",
)
@click.option(
    "--security",
    type=click.Choice(["tls", "starttls"]),
    default="tls",
    show_default=True,
    help="How the connection to it is encrypted.",
)
@click.option("--user", help="The user to sign in there as.")
@click.option(
    "--password-file", type=secret_file, help="A file with that user's password; it is sealed in the home."
)
@click.option("--name", help="What this home calls it.  [default: mailto:ADDRESS]")
@by_option
@json_option
@click.pass_obj
def add_mailbox(path: Path, address: str, sender: str, server: str | None, security: str, user: str | None,
                password_file: Path | None, name: str | None, by: str, as_json: bool) -> None:  # fmt: skip
    """A mailbox at ADDRESS, of somebody outside who keeps mail: each checkpoint becomes a message in the home's folder `outbox`, and is sent where --server says."""
    if (user is None) != (password_file is None):
        raise click.UsageError("Give --user and --password-file together, or neither.")
    password = {} if password_file is None else {"password": password_file.read_text().strip()}
    settings = {"from": sender, "server": _server(server, security, user), "to": address}
    _add(path, name or f"mailto:{address}".replace("+", "-"), "mailbox", settings, password, by, as_json)


@click.command("list")
@json_option
@click.pass_obj
def list_(path: Path, as_json: bool) -> None:
    """List the ways out of this home, and how the last try by each of them ended."""
    from assay.home.ways_out import outcome, ways_out

    with opened(path) as home:
        found = [(way, outcome(home, way.name)) for way in ways_out(home)]
    if as_json:
        write_json([{"kind": str(way.kind), "last": _plain(last), "name": way.name} for way, last in found])
        return
    if not found:
        click.echo(
            "There is none: nobody outside remembers this ledger (self-witnessed). See `assay witness add --help`."
        )
    for way, last in found:
        click.echo(f"{way.name} ({way.kind}): {_said(last)}")


@click.command("remove")
@click.argument("name")
@by_option
@json_option
@click.pass_obj
def remove(path: Path, name: str, by: str, as_json: bool) -> None:
    """Take the way out NAME away, with its credentials. What it holds already stays there."""
    from assay.home.ways_out import remove_way_out

    with opened(path) as home:
        entry = remove_way_out(home, name, by)
    if as_json:
        write_json({"entry": entry, "removed": name})
    else:
        click.echo(f"Took {name} away (ledger entry {entry}).")


@click.command("publish")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@json_option
@click.pass_obj
def publish(path: Path, names: tuple[str, ...], as_json: bool) -> None:
    """Sign a checkpoint over every entry so far and send it by every way out, or by those named.

    One that fails stops none of the others; the exit code is 1 then, and `assay doctor` shows it until it went well.
    """
    from assay.home.publishing import published
    from assay.home.sending import Outside, senders
    from assay.home.ways_out import send_everywhere

    with opened(path) as home:
        outcomes = send_everywhere(home, senders(Outside.real()), names)
        size = published(home).checkpoint.size  # type: ignore[union-attr]  # published just now
    if as_json:
        write_json({"checkpoint": size, "ways_out": [_plain(one) for one in outcomes]})
    else:
        click.echo(f"The newest checkpoint is over {counted(size, 'entry', 'entries')}.")
        for one in outcomes:
            click.echo(f"  {one.name}: {one.said or one.error}")
        if not outcomes:
            click.echo(
                "  It did not leave this host (self-witnessed). Set up a way out with `assay witness add`."
            )
    raise SystemExit(ERROR if any(one.error for one in outcomes) else DONE)


def _add(path: Path, name: str, kind: str, settings: dict[str, Any], credentials: dict[str, str], by: str, as_json: bool) -> None:  # fmt: skip
    from assay.home.ways_out import WayOut, WayOutKind, add_way_out

    way = WayOut(name, WayOutKind(kind), settings)
    with opened(path) as home:
        entry = add_way_out(home, way, credentials, by)
    if as_json:
        write_json({"entry": entry, "kind": kind, "name": name})
    else:
        click.echo(
            f"Added {name} (ledger entry {entry}). Next: `assay witness publish`, and let a timer run it daily."
        )


def _server(text: str | None, security: str, user: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise click.BadParameter(
            f"“{text}” is not a server; write it as mail.example.com:465.", param_hint="--server"
        )
    return {"host": host, "port": int(port), "security": security, "user": user}


def _said(last: Outcome | None) -> str:
    if last is None:
        return "nothing was sent yet; run `assay witness publish`"
    if last.error is None:
        return f"{last.said} ({counted(last.size or 0, 'entry', 'entries')})"
    held = (
        "it holds nothing yet" if last.size is None else f"it holds {counted(last.size, 'entry', 'entries')}"
    )
    return f"the last try failed, {held}: {last.error}"


def _plain(last: Outcome | None) -> dict[str, Any] | None:
    if last is None:
        return None
    return {
        "error": last.error,
        "name": last.name,
        "said": last.said,
        "sent": None if last.sent is None else last.sent.isoformat(),
        "size": last.size,
        "tried": last.tried.isoformat(),
    }
