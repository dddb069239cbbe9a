"""A home whose content is a handful of files, so that a pack of it is small enough to be broken bit by bit."""

from __future__ import annotations

from pathlib import Path

from assay.collectors import PopulationSeen
from assay.content_tree import Content
from assay.home import Home
from assay.home.judging_over_time import judge_over, period_basis_of
from assay.home.packing import pack_files
from assay.home.personal import personal
from assay.verification import report_again
from tests.home.world import (
    CHECK,
    PERSON,
    PERSON_CHECK,
    START,
    TABLE,
    Clock,
    collect,
    conclude,
    new_home,
    person,
    seen,
    thing,
)

FRAMEWORK = """\
title: Two criteria for tests
edition: none
says: As many criteria as these tests need.
criteria:
  CC1.4: {category: security, gist: People are trained, points: {CC1.4.1: They are}}
  CC6.1: {category: security, gist: Things are locked, points: {CC6.1.1: They are}}
"""
MAPPING = """\
framework: soc2
title: Two criteria
says: For tests.
criteria:
  CC1.4: [HRS-01]
  CC6.1: [NET-01]
"""
CONTROL = """\
domain: {domain}
statement: {statement}
kind: configuration
cadence: continuous
owner: Platform
nature: automated, preventive
evidence: configuration
type1: How it is set
type2: How it was set
recommend: always
"""
PARAMETER = """\
says: How long the name of a thing may be.
type: integer
unit: letters
default: 1
minimum: 1
maximum: 9
reason: Tests need a parameter on which a conclusion hangs.
controls: [NET-01]
"""
NAMED = """\
/*
title: Things have short names
controls: [NET-01]
tables: [aws_thing]
parameters: [longest_name]
kind: item
severity: low
shows: Whether each thing has a short name.
does_not_show: Who named it.
remedy: {console: Rename it., cli: aws ec2 rename-thing, terraform: name = "a"}
cases:
  - name: a short name conforms
    parameters: {longest_name: 1}
    aws_thing: [{id: a}]
    expect: [{item: a, conclusion: CONFORMS}]
  - name: a long one deviates
    parameters: {longest_name: 1}
    aws_thing: [{id: ab}]
    expect: [{item: ab, conclusion: DEVIATES}]
  - name: its name could not be read
    parameters: {longest_name: 1}
    aws_thing: [{id: a}]
    gaps: [{table: aws_thing, key: a, columns: [id], reason: denied}]
    expect: [{item: a, conclusion: UNKNOWN, reason: denied}]
*/
select thing.key as item,
  case when length(thing.id) <= $longest_name then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when length(thing.id) <= $longest_name then 'short' else 'long' end as reason
from aws_thing as thing
"""
SMALL = Content(
    {
        path: text.encode()
        for path, text in {
            "checks/aws/person/trained.sql": PERSON_CHECK,
            "checks/aws/thing/locked.sql": CHECK,
            "checks/aws/thing/named.sql": NAMED,
            "controls/HRS-01.yaml": CONTROL.format(domain="People", statement="People trains workers."),
            "controls/NET-01.yaml": CONTROL.format(domain="Network", statement="Platform locks things."),
            "frameworks/soc2.yaml": FRAMEWORK,
            "mappings/soc2.yaml": MAPPING,
            "parameters/longest_name.yaml": PARAMETER,
            "tables/aws/person.yaml": PERSON,
            "tables/aws/thing.yaml": TABLE,
        }.items()
    }
)


def with_small_content(home: Home) -> Home:
    """Put the small content in force, in the place of what is shipped."""
    home.__dict__["content"] = SMALL
    return home


def small_home(folder: Path, clock: Clock | None = None) -> Home:
    """Make a home with the small content and nothing collected yet."""
    return with_small_content(new_home(folder, clock))


def concluded_home(folder: Path) -> Home:
    """Make a small home that was collected twice and judged twice, and over a period: something is locked, something is not, two people are known."""
    home = small_home(folder)
    collect(home, seen(thing("a"), thing("b", locked=False)), _people())
    conclude(home)
    with personal(home) as people:
        judge_over(home, period_basis_of(home, (START, home.now())), people.sealer)
    collect(home, seen(thing("a"), thing("b"), thing("c")), _people())
    conclude(home)
    return home


def small_pack(home: Home) -> dict[str, bytes]:
    """Give the files of a pack with everything disclosed, the report included."""
    with personal(home) as people:
        return pack_files(home, people.keys, report_again)


def _people() -> PopulationSeen:
    return seen(
        person("ada@northwind.example"),
        person("ben@northwind.example", trained=False),
        region="",
        table="aws_person",
    )
