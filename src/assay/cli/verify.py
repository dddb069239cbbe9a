"""`assay verify`: perform a pack again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assay.cli.exit_codes import DOES_NOT_HOLD, DONE
from assay.cli.setting_out import counted, json_option, read_checkpoint, write_json

if TYPE_CHECKING:
    from assay.verification import Verification


@click.command("verify")
@click.argument("pack", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--key", "key_text", help="The home's key, as `assay init` printed it, given to you outside of the pack."
)
@click.option(
    "--checkpoint",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="An older checkpoint that you kept.",
)
@click.option(
    "--witness",
    "witnesses",
    multiple=True,
    help="The key of a witness whose cosignature to check; may be given again.",
)
@click.option(
    "--timestamp-root",
    "roots",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    multiple=True,
    help="The root certificate, in PEM, of a time-stamp authority whose time-stamp to check; may be given again.",
)
@json_option
def command(
    pack: Path,
    key_text: str | None,
    checkpoint: Path | None,
    witnesses: tuple[str, ...],
    roots: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Perform PACK again: every digest, proof, conclusion and the report, from its files alone.

    PACK is a folder or a zip made by `assay pack`. No home, database or network is needed.
    """
    from assay.evidence.bag import ContainerError, read_container
    from assay.evidence.cosignature import CosignerKey
    from assay.evidence.note import Ed25519Key
    from assay.evidence.timestamp import Authority, read_roots
    from assay.verification import Finding, Trusted, Verification, report_again, verify_pack

    trusted = Trusted(
        key=None if key_text is None else Ed25519Key.parse(key_text),
        checkpoint=None if checkpoint is None else read_checkpoint(checkpoint),
        witnesses=tuple(CosignerKey.parse(text) for text in witnesses),
        authority=Authority(tuple(root for file in roots for root in read_roots(file.read_bytes())))
        if roots
        else None,
    )
    try:
        result = verify_pack(read_container(pack), trusted, report_again)
    except ContainerError as error:
        result = Verification(findings=[Finding(error.file, str(error).removeprefix(f"{error.file}: "))])
    if as_json:
        write_json(_as_json(result))
    else:
        click.echo("\n".join(said(result)))
    raise SystemExit(DONE if result.holds else DOES_NOT_HOLD)


def said(result: Verification) -> list[str]:
    """Say what was checked and what does not hold, a line each."""
    if not result.holds:
        return ["This pack does not hold.", *(f"  {finding}" for finding in result.findings)]
    lines = ["Everything in this pack holds."]
    lines += [f"  {counted(result.entries, 'ledger entry', 'ledger entries')} under one signed checkpoint"]
    lines += [
        f"  {counted(result.populations, 'population')} with {counted(result.records, 'record')} recomputed to {'its root' if result.populations == 1 else 'their roots'}"
    ]
    lines += [
        f"  {counted(result.conclusions, 'conclusion')} performed again, each the same ({counted(result.performed, 'evaluation')})"
    ]
    lines += ["  The report was made again and is the same, byte for byte"] if result.report_performed else []
    lines += [f"  {sentence}" for sentence in result.not_performed]
    if result.older_checkpoint is not None:
        lines += [
            f"  The first {counted(result.older_checkpoint, 'entry', 'entries')} are those of the checkpoint that you kept"
        ]
    lines += [f"  Witnessed by {name} at {at:%Y-%m-%d %H:%M} UTC" for name, at in result.witnesses]
    lines += [f"  Time-stamped by {name} at {at:%Y-%m-%d %H:%M} UTC" for name, at in result.timestamps]
    lines += [
        f"  Carries a time-stamp by {name} that says {at:%Y-%m-%d %H:%M} UTC; it was not checked: give the authority's root with --timestamp-root"
        for name, at in result.unchecked_timestamps
    ]
    if result.handed_over is not None:
        lines += [
            f"  The key you gave handed over to another in entry {result.handed_over}. Ask for the key in force: whoever holds the older one could still sign a past that ends before that entry"
        ]
    if not result.origin_proven:
        lines += [
            "Internally consistent, origin not proven: give the home's key with --key, or a checkpoint that you kept with --checkpoint."
        ]
    return lines


def _as_json(result: Verification) -> dict[str, object]:
    return {
        "conclusions": result.conclusions,
        "entries": result.entries,
        "handed_over": result.handed_over,
        "findings": [
            {"file": one.file, "problem": one.problem, "record": one.record} for one in result.findings
        ],
        "holds": result.holds,
        "home": result.home,
        "not_performed": result.not_performed,
        "older_checkpoint": result.older_checkpoint,
        "origin_proven": result.origin_proven,
        "performed": result.performed,
        "populations": result.populations,
        "records": result.records,
        "report_performed": result.report_performed,
        "timestamps": [{"at": at.isoformat(), "name": name} for name, at in result.timestamps],
        "timestamps_not_checked": [
            {"at": at.isoformat(), "name": name} for name, at in result.unchecked_timestamps
        ],
        "witnesses": [{"at": at.isoformat(), "name": name} for name, at in result.witnesses],
    }
