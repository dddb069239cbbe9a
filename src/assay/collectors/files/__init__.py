"""Sources that are files: CSV, XLSX and JSON exports of any system, read by a mapping that a person confirmed. Nothing is judged here."""

from assay.collectors.files.applying import Applied, Tally, Where, apply_mapping
from assay.collectors.files.collecting import (
    BadDeliveryError,
    Delivery,
    Exported,
    FileMade,
    check_delivery,
    collect_files,
    file_at,
)
from assay.collectors.files.dates import DateOrder
from assay.collectors.files.headings import Headings, load_headings
from assay.collectors.files.mapping import (
    BadMappingError,
    Confidence,
    Mapping,
    Proposal,
    check_mapping,
    propose,
)
from assay.collectors.files.reading import read_sheet
from assay.collectors.files.sheet import Limits, Sheet, UnreadableFileError

__all__ = [
    "Applied",
    "BadDeliveryError",
    "BadMappingError",
    "Confidence",
    "DateOrder",
    "Delivery",
    "Exported",
    "FileMade",
    "Headings",
    "Limits",
    "Mapping",
    "Proposal",
    "Sheet",
    "Tally",
    "UnreadableFileError",
    "Where",
    "apply_mapping",
    "check_delivery",
    "check_mapping",
    "collect_files",
    "file_at",
    "load_headings",
    "propose",
    "read_sheet",
]
