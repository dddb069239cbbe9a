"""Background work: the door through which it is asked for, the worker that does it, and when it is due by itself.

Services call `judge_soon` for every act that can change conclusions, within their transaction or after it.
"""

from assay_web.jobs.asking import ask_for, judge_soon

__all__ = ["ask_for", "judge_soon"]
