"""What every part of the world is built with: a session, the two regions in use, the instant it is, and shorthand for tags and policies."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from assay.demo.aws_server import ACCOUNT, WorldSession

MAIN, SECOND, UNUSED = "eu-central-1", "us-east-1", "eu-west-1"
AUDIT_FIRM = "444455556666"


@dataclass(frozen=True, slots=True)
class Place:
    """Where building happens: calls go to `region` unless they name another."""

    session: WorldSession
    now: datetime
    region: str = MAIN

    def client(self, service: str) -> Any:
        return self.session.client(service, self.region)

    def days_ago(self, days: float) -> None:
        """Let the world's clock stand so many days before now, until it is set again."""
        self.session.set_clock(self.now - timedelta(days=days))

    def today(self) -> None:
        self.session.set_clock(self.now)

    def elsewhere(self, region: str) -> "Place":
        return Place(self.session, self.now, region)


def tags(**values: str) -> list[dict[str, str]]:
    """AWS's usual list of tags; an underscore in a name stands for a hyphen."""
    return [{"Key": key.replace("_", "-"), "Value": value} for key, value in values.items()]


def policy(*statements: Mapping[str, Any]) -> str:
    """A policy document as text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions: str | list[str], resources: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def trust(principal: Mapping[str, Any], *, action: str = "sts:AssumeRole", **condition: Any) -> str:
    """A trust policy; `condition` is AWS's block, operator by operator."""
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": principal, "Action": action}
    return policy(statement | ({"Condition": condition} if condition else {}))


def arn(service: str, resource: str, region: str = "") -> str:
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{resource}"
