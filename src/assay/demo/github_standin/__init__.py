"""A stateful stand-in for GitHub's API: one organization on loopback, for the demonstration and the tests."""

from assay.demo.github_standin.app import READ_ALL, Fault, GithubStandin
from assay.demo.github_standin.company import ASSAY_APP, ORGANIZATION, change_to_day_two, small_company
from assay.demo.github_standin.server import serve
from assay.demo.github_standin.world import World, number_of

__all__ = [
    "ASSAY_APP",
    "ORGANIZATION",
    "READ_ALL",
    "Fault",
    "GithubStandin",
    "World",
    "change_to_day_two",
    "number_of",
    "serve",
    "small_company",
]
