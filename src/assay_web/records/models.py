"""Where Django looks for models."""

from assay_web.records.accounts import Account, OneTimeLink, Purpose, Role, State
from assay_web.records.drafts import Draft
from assay_web.records.jobs import Job, JobKind, JobState

__all__ = ["Account", "Draft", "Job", "JobKind", "JobState", "OneTimeLink", "Purpose", "Role", "State"]
