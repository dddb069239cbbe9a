"""The `assay` command. Each subcommand is one module, found through the entry-point group `assay.commands` and imported when it is called."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and leave the process with the exit code of docs/reference/exit-codes.md."""
    from assay.cli.root import assay

    assay.main(prog_name="assay", args=sys.argv[1:])


__all__ = ["main"]
