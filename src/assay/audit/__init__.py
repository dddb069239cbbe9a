"""From conclusions to what a company can say about itself: readiness, drift, families, next steps. Pure; nothing here is an auditor's result."""

from assay.audit import from_content, from_ledger
from assay.audit.drift import changed_items
from assay.audit.inputs import (
    CheckFacts,
    Company,
    ControlFacts,
    CriterionFacts,
    Evaluation,
    EvidenceFacts,
    FamilyFacts,
    GapFacts,
    PopulationFacts,
    ReadinessInputs,
    Seal,
    SourceFacts,
    TableFacts,
)
from assay.audit.readiness import readiness
from assay.audit.states import Hand, State, Tally, combine, control_state, criterion_state

__all__ = [
    "CheckFacts",
    "Company",
    "ControlFacts",
    "CriterionFacts",
    "Evaluation",
    "EvidenceFacts",
    "FamilyFacts",
    "GapFacts",
    "Hand",
    "PopulationFacts",
    "ReadinessInputs",
    "Seal",
    "SourceFacts",
    "State",
    "TableFacts",
    "Tally",
    "changed_items",
    "combine",
    "control_state",
    "criterion_state",
    "from_content",
    "from_ledger",
    "readiness",
]
