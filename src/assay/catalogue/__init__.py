"""The catalogue: criteria, controls, mappings and parameters from content files, and what of them a company's scope calls for."""

from assay.catalogue.controls import ControlTemplate
from assay.catalogue.criteria import Criterion, PointOfFocus
from assay.catalogue.families import Family
from assay.catalogue.history import ParameterChange, ParameterHistory, values_in_force
from assay.catalogue.loading import FRAMEWORK, Catalogue, load_catalogue
from assay.catalogue.mappings import Mapping
from assay.catalogue.parameters import Parameter, ParameterError, PlainValue, Type, Value
from assay.catalogue.reading import CatalogueError, read_yaml
from assay.catalogue.scope import CarveOut, Scope, ScopeError, require_scope, validate_scope
from assay.catalogue.tailoring import (
    CriterionStanding,
    Standing,
    TailoredControl,
    TailoredCriterion,
    Tailoring,
    tailor,
)
from assay.catalogue.vocabulary import Cadence, Category, EvidenceKind, Kind, Nature, System, Trait, Trigger

__all__ = [
    "FRAMEWORK",
    "Cadence",
    "CarveOut",
    "Catalogue",
    "CatalogueError",
    "Category",
    "ControlTemplate",
    "Criterion",
    "CriterionStanding",
    "EvidenceKind",
    "Family",
    "Kind",
    "Mapping",
    "Nature",
    "Parameter",
    "ParameterChange",
    "ParameterError",
    "ParameterHistory",
    "PlainValue",
    "PointOfFocus",
    "Scope",
    "ScopeError",
    "Standing",
    "System",
    "TailoredControl",
    "TailoredCriterion",
    "Tailoring",
    "Trait",
    "Trigger",
    "Type",
    "Value",
    "load_catalogue",
    "read_yaml",
    "require_scope",
    "tailor",
    "validate_scope",
    "values_in_force",
]
