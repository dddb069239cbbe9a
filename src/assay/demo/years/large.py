"""The large company: 500 people and 20,000 items over all tables, made of more of the same, with 1 % of the cloud's things replaced each day."""

from __future__ import annotations

import json
from random import Random

from assay.collectors import SeenRecord
from assay.demo.years.company import Company
from assay.demo.years.people import joins
from assay.demo.years.storyline import Event

PEOPLE = 500
DEPARTMENTS = ("Engineering", "Product", "Sales", "Customers", "Operations")
THINGS = {
    "aws_ebs_snapshot": 2_000,
    "aws_ebs_volume": 2_000,
    "aws_ec2_instance": 1_700,
    "aws_ec2_security_group_rule": 2_000,
    "aws_lambda_function": 900,
    "aws_log_group": 1_200,
    "aws_rds_snapshot": 1_000,
    "aws_s3_bucket": 600,
    "aws_secret": 500,
    "aws_sqs_queue": 1_100,
}
"""How many there are of each kind in the large company."""
_MORE = "-x"


def grow(company: Company) -> None:
    """Make the company of the first day large."""
    for number in range(len(company.lists["hr_person"]), PEOPLE):
        department = DEPARTMENTS[number % len(DEPARTMENTS)]
        more = f"Worker {number}|Specialist|{department}|employee"
        joins(company, Event(-20 - number % 700, 3, "joins", f"worker-{number:03}", more))
    for table, most in THINGS.items():
        found = company.aws(table)
        patterns = list(found.values())
        for number in range(most - len(patterns)):
            _put(found, _another(patterns[number % len(patterns)], number))


def replace_some(company: Company, day: int, draw: Random) -> None:
    """Let a hundredth of the things be replaced by new ones."""
    for table, most in THINGS.items():
        found = company.aws(table)
        for key in draw.sample([key for key in found if is_more(key)], most // 100):
            base, _, number = key.rpartition(_MORE)
            _put(
                found,
                _renamed(
                    found.pop(key),
                    f"{_name(base)}-x{number}",
                    f"{_name(base)}-x{int(number) % 10**6 + day * 10**6}",
                ),
            )


def is_more(key: str) -> bool:
    """Say whether a thing is there only to make the company large."""
    return _MORE in _name(key)


def _another(pattern: SeenRecord, number: int) -> SeenRecord:
    name = _name(pattern.key)
    return _renamed(pattern, name, f"{name}{_MORE}{number}")


def _renamed(one: SeenRecord, old: str, new: str) -> SeenRecord:
    text = json.dumps([one.key, one.parent, one.record])
    return SeenRecord(*json.loads(text.replace(old, new)))


def _put(found: dict[str, SeenRecord], one: SeenRecord) -> None:
    found[one.key] = one


def _name(key: str) -> str:
    return key.rpartition(":")[2].rpartition("/")[2]
