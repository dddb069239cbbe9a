"""Every register that has all the common pages and operations: urls.py and the programming interface take them from here.

Assessments and incidents have pages of their own: their ends are decisions that the common ones would pass by.
"""

from __future__ import annotations

from assay_web.workspace.commitments import COMMITMENTS
from assay_web.workspace.exercises import EXERCISES
from assay_web.workspace.firms import FIRMS
from assay_web.workspace.recovery import RECOVERY
from assay_web.workspace.registers import Register
from assay_web.workspace.risks import RISKS
from assay_web.workspace.vendor_reports import REPORTS
from assay_web.workspace.vendors import VENDORS

REGISTERS: tuple[Register, ...] = (COMMITMENTS, VENDORS, REPORTS, RISKS, EXERCISES, RECOVERY, FIRMS)
