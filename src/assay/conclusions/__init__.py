"""From stored evidence to conclusions: what had been seen, the gaps over it, and every check judged, item by item."""

from assay.conclusions.conclude import Basis, Concluded, conclude
from assay.conclusions.inputs import EvidenceReader
from assay.conclusions.observed import CollectionEntry, ObservedTable, Population, observed
from assay.conclusions.versions import History, histories

__all__ = [
    "Basis",
    "CollectionEntry",
    "Concluded",
    "EvidenceReader",
    "History",
    "ObservedTable",
    "Population",
    "conclude",
    "histories",
    "observed",
]
