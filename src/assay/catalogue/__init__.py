"""The catalogue: criteria, controls, mappings and parameters from content files, what of them a company's scope calls for, and what a first-timer is asked and told."""

from assay.catalogue.boundary import Asked, Boundary, Part, Supplier, Thing, WorkersFrom
from assay.catalogue.checklists import ChecklistTemplate, Shows, Step, load_checklists
from assay.catalogue.controls import ControlTemplate
from assay.catalogue.criteria import Criterion, PointOfFocus
from assay.catalogue.families import Family
from assay.catalogue.help_topics import Figure, Help, HelpTopic, Place, load_help
from assay.catalogue.history import ParameterChange, ParameterHistory, values_in_force
from assay.catalogue.interview import Answer, Group, Interview, Question, load_interview
from assay.catalogue.loading import FRAMEWORK, Catalogue, load_catalogue
from assay.catalogue.mappings import Mapping
from assay.catalogue.parameters import Parameter, ParameterError, PlainValue, Type, Value
from assay.catalogue.reading import CatalogueError, read_yaml
from assay.catalogue.risks import (
    Acceptable,
    Level,
    Method,
    RiskCategory,
    RiskQuestion,
    Risks,
    StartingRisk,
    load_risks,
)
from assay.catalogue.scope import CarveOut, Scope, ScopeError, require_scope, validate_scope
from assay.catalogue.setup_questions import (
    CategoryQuestion,
    DataKind,
    Relation,
    Setup,
    SystemKind,
    TraitQuestion,
    VendorSuggestion,
    load_setup,
)
from assay.catalogue.tailoring import (
    CriterionStanding,
    Standing,
    TailoredControl,
    TailoredCriterion,
    Tailoring,
    tailor,
)
from assay.catalogue.vocabulary import Cadence, Category, EvidenceKind, Kind, Nature, System, Trait, Trigger
from assay.evidence.manual import Means

__all__ = [
    "FRAMEWORK",
    "Acceptable",
    "Answer",
    "Asked",
    "Boundary",
    "Cadence",
    "CarveOut",
    "Catalogue",
    "CatalogueError",
    "Category",
    "CategoryQuestion",
    "ChecklistTemplate",
    "ControlTemplate",
    "Criterion",
    "CriterionStanding",
    "DataKind",
    "EvidenceKind",
    "Family",
    "Figure",
    "Group",
    "Help",
    "HelpTopic",
    "Interview",
    "Kind",
    "Level",
    "Mapping",
    "Means",
    "Method",
    "Nature",
    "Parameter",
    "ParameterChange",
    "ParameterError",
    "ParameterHistory",
    "Part",
    "Place",
    "PlainValue",
    "PointOfFocus",
    "Question",
    "Relation",
    "RiskCategory",
    "RiskQuestion",
    "Risks",
    "Scope",
    "ScopeError",
    "Setup",
    "Shows",
    "Standing",
    "StartingRisk",
    "Step",
    "Supplier",
    "System",
    "SystemKind",
    "TailoredControl",
    "TailoredCriterion",
    "Tailoring",
    "Thing",
    "Trait",
    "TraitQuestion",
    "Trigger",
    "Type",
    "Value",
    "VendorSuggestion",
    "WorkersFrom",
    "load_catalogue",
    "load_checklists",
    "load_help",
    "load_interview",
    "load_risks",
    "load_setup",
    "read_yaml",
    "require_scope",
    "tailor",
    "validate_scope",
    "values_in_force",
]
