"""Background work: the door through which it is asked for, the worker that does it, and when it is due by itself."""

from assay_web.jobs.asking import ask_for

__all__ = ["ask_for"]
