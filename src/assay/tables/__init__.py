"""Table specs: what is asked, what is kept, and the typed columns that checks read. Nothing here touches a network."""

from assay.tables.errors import TableSpecError
from assay.tables.parse import load_tables, parse_table
from assay.tables.permissions import cloudformation, least_privilege, lint_permissions, policy_json, terraform
from assay.tables.rows import (
    columns_of,
    input_columns,
    malformed_columns,
    row,
    seen_row,
    subject_of,
    unseen_columns,
    value_of,
)
from assay.tables.spec import (
    ENGINE_COLUMNS,
    Call,
    Column,
    Condition,
    ForEach,
    Given,
    Listing,
    PlanNeed,
    Reach,
    TableSpec,
    Type,
)

__all__ = [
    "ENGINE_COLUMNS",
    "Call",
    "Column",
    "Condition",
    "ForEach",
    "Given",
    "Listing",
    "PlanNeed",
    "Reach",
    "TableSpec",
    "TableSpecError",
    "Type",
    "cloudformation",
    "columns_of",
    "input_columns",
    "least_privilege",
    "lint_permissions",
    "load_tables",
    "malformed_columns",
    "parse_table",
    "policy_json",
    "row",
    "seen_row",
    "subject_of",
    "terraform",
    "unseen_columns",
    "value_of",
]
