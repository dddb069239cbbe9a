"""Files that were exported from a company's systems, read through the real importer by the mappings that a person confirmed.

A recording is one file, tests/recordings/file/NAME.yaml; a check names it as `file/NAME`. It says who exported the files, when they are
read, and for each file of the folder beside it the confirmed mapping as the act of confirming holds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from assay.collectors import NotSeen, PopulationSeen
from assay.collectors.files import Delivery, Exported, Headings, collect_files, file_at
from assay.collectors.files import Mapping as FileMapping
from assay.evidence.canonical import parse_instant
from assay.tables import TableSpec

RECORDINGS = Path(__file__).parent


def collect_exported(
    name: str, specs: Mapping[str, TableSpec], headings: Headings
) -> list[PopulationSeen | NotSeen]:
    """Read the files of a recording that are for one of `specs`."""
    said: dict[str, Any] = yaml.safe_load((RECORDINGS / f"{name}.yaml").read_text())
    at = parse_instant(said["at"])
    exported = Exported(said["exported"]["system"], said["exported"]["by"], at)
    deliveries = [
        Delivery(
            said["source"],
            one["file"],
            FileMapping.from_json(one["mapping"]),
            exported,
            file_at(RECORDINGS / "file" / one["file"]),
        )
        for one in said["files"]
        if one["mapping"]["table"] in specs
    ]
    return list(collect_files(deliveries, specs, headings, clock=lambda: at))
