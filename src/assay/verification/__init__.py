"""Performs a pack again: digests, signatures, proofs, populations, conclusions, report; from its files alone."""

from assay.verification.pack_book import PackBook, PackError
from assay.verification.report import readiness_report, report_again
from assay.verification.verify import Finding, Reporter, Trusted, Verification, verify_pack

__all__ = [
    "Finding",
    "PackBook",
    "PackError",
    "Reporter",
    "Trusted",
    "Verification",
    "readiness_report",
    "report_again",
    "verify_pack",
]
