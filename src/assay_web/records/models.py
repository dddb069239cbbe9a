"""Where Django looks for models."""

from assay_web.records.acceptances import Acceptance, AcceptanceSource, AcceptanceState
from assay_web.records.accounts import Account, OneTimeLink, Purpose, Role, State
from assay_web.records.commitments import Commitment
from assay_web.records.drafts import Draft
from assay_web.records.jobs import Job, JobKind, JobState
from assay_web.records.tasks import Task, TaskEvent, TaskSource, TaskState

__all__ = [
    "Acceptance",
    "AcceptanceSource",
    "AcceptanceState",
    "Account",
    "Commitment",
    "Draft",
    "Job",
    "JobKind",
    "JobState",
    "OneTimeLink",
    "Purpose",
    "Role",
    "State",
    "Task",
    "TaskEvent",
    "TaskSource",
    "TaskState",
]
