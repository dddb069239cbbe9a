"""What requests hold."""

from __future__ import annotations

from ninja import Schema
from pydantic import ConfigDict


class Strict(Schema):
    """A body that holds what it names and nothing else."""

    model_config = ConfigDict(extra="forbid")
