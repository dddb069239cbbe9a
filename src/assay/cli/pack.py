"""`assay pack`: everything somebody else needs to perform every conclusion again."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.setting_out import counted, json_option, opened, write_json


@click.command("pack")
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--without-personal",
    is_flag=True,
    help="Leave out the keys that open personal records: their checks cannot be performed again.",
)
@json_option
@click.pass_obj
def command(path: Path, target: Path, without_personal: bool, as_json: bool) -> None:
    """Write a pack to TARGET: a folder, or one zip when the name ends in .zip.

    Your auditor performs it again with `assay verify`, or checks it with sha256sum and openssl alone.
    """
    from assay.home.packing import pack_files, write_pack
    from assay.home.personal import personal
    from assay.verification import report_again

    with opened(path) as home, personal(home) as subjects:
        files = pack_files(home, None if without_personal else subjects.keys, report_again)
        write_pack(files, target)
    size = sum(len(content) for content in files.values())
    if as_json:
        write_json({"bytes": size, "files": len(files), "pack": str(target)})
    else:
        click.echo(
            f"Wrote {target}: {counted(len(files), 'file')}, {size / 1e6:.1f} MB.\nCheck it with `assay verify {target}`."
        )
