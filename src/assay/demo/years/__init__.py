"""Demo years: a home of Northwind Metrics with a daily history of up to a year, made from recorded answers through the real evidence path."""

from assay.demo.years.canaries import CANARIES, CANARY_EMAIL, CANARY_PERSON, Canary
from assay.demo.years.making import DemoYearError, Judged, make_year

__all__ = [
    "CANARIES",
    "CANARY_EMAIL",
    "CANARY_PERSON",
    "Canary",
    "DemoYearError",
    "Judged",
    "make_year",
]
