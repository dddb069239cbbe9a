"""`assay connect`: give Assay something to look at, with no more rights than its tables need."""

from __future__ import annotations

import click

from assay.cli.connect_aws import aws
from assay.cli.connect_file import file
from assay.cli.connect_github import github


@click.group("connect")
def command() -> None:
    """Connect a source: AWS, GitHub, or a file exported from any system."""


for _kind in (aws, github, file):
    command.add_command(_kind)
