"""What a remedy tells people to type is there: AWS calls as botocore's service models describe them, Terraform names as the providers have them."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import botocore.loaders
import botocore.model
import pytest
from botocore import xform_name

from assay.checks import load_checks
from assay.content_tree import Content
from assay.tables import load_tables

GLOBAL_OPTIONS = {"region", "profile", "query", "output", "cli-input-json", "account-id-of-caller"}
SERVICES = {"configservice": "config", "s3api": "s3"}
"""The command line's own names for services."""
OWN_OPTIONS = {
    ("ec2", "create-network-acl-entry", "ingress"),
    ("ec2", "replace-network-acl-entry", "ingress"),
    ("configservice", "put-configuration-recorder", "recording-group"),
}
"""Options that the command line adds to the call's members: `--ingress` is Egress=false, `--recording-group` lies inside the recorder."""
GIVEN_BY_OWN = {
    ("ec2", "create-network-acl-entry"): {"Egress"},
    ("ec2", "replace-network-acl-entry"): {"Egress"},
}
PROSE = re.compile(r";\s|, (?:or|then|with|without)\b|\n|\.\s|\swith the same\b|\sshows\b|\sremoves\b|\s\|\s")


@cache
def remedies() -> dict[str, str]:
    content = Content.shipped()
    checks = load_checks(content, load_tables(content))
    return {one.id: one.remedy.cli for one in checks.values() if one.remedy.cli}


def commands(text: str, program: str) -> Iterator[list[str]]:
    """Give the words of each command of `program` in a remedy's text, prose cut off; quoted text may hold anything."""
    for match in re.finditer(rf"(?<![\w./-]){program} (?=[a-z])", text):
        yield shlex.split(_until_prose(text[match.start() :]))


def _until_prose(text: str) -> str:
    quoted = ""
    for place, character in enumerate(text):
        if quoted:
            quoted = "" if character == quoted else quoted
        elif character in "'\"":
            quoted = character
        elif PROSE.match(text, place):
            return text[:place]
    return text.rstrip(".")


@cache
def service(name: str) -> botocore.model.ServiceModel:
    loader = botocore.loaders.Loader()
    return botocore.model.ServiceModel(loader.load_service_model(SERVICES.get(name, name), "service-2"))


def problems(words: list[str], more_elsewhere: bool = False) -> list[str]:
    """Give what is wrong with one `aws` command: service, operation, options, members of structures, required members left out unless the prose says that they are those of another call."""
    _, name, verb, *rest = words
    operations = {xform_name(one, "-"): one for one in service(name).operation_names}
    if verb not in operations:
        return [f"{name} has no {verb}"]
    shape = service(name).operation_model(operations[verb]).input_shape
    members = {xform_name(one, "-"): one for one in shape.members} if shape else {}
    given: set[str] = set()
    found = []
    for option, value in _options(rest):
        bare = option.removeprefix("no-")
        if option in GLOBAL_OPTIONS or (name, verb, option) in OWN_OPTIONS:
            continue
        if option in members or (bare != option and bare in members):
            member = members.get(option) or members[bare]
            given.add(member)
            found += [
                f"{name} {verb} --{option}: {one}" for one in _value_problems(shape.members[member], value)
            ]
        else:
            found.append(f"{name} {verb} has no --{option}")
    if rest and shape and not more_elsewhere and "--cli-input-json" not in rest:
        needed = {
            one for one in shape.required_members if not shape.members[one].metadata.get("idempotencyToken")
        }
        left_out = needed - given - GIVEN_BY_OWN.get((name, verb), set())
        found += [f"{name} {verb} lacks {', '.join(sorted(left_out))}"] if left_out else []
    return found


def _options(words: list[str]) -> Iterator[tuple[str, list[str]]]:
    name, values = "", []
    for word in words:
        if word.startswith("--"):
            if name:
                yield name, values
            name, values = word[2:], []
        else:
            values.append(word)
    if name:
        yield name, values


def _value_problems(shape: Any, values: list[str]) -> Iterator[str]:
    for value in values:
        if value.startswith(("file://", "fileb://")):
            continue
        if shape.type_name != "string" and value.startswith(("{", "[")) and '"' in value:
            yield from _json_problems(shape, json.loads(value))
        elif shape.type_name == "structure" or (
            shape.type_name == "list" and shape.member.type_name == "structure"
        ):
            inner = shape if shape.type_name == "structure" else shape.member
            for key in _top_level_keys(value):
                if key not in inner.members:
                    yield f"no member {key}"
        elif shape.type_name == "string" and shape.enum and not value.isupper() and value not in shape.enum:
            yield f"{value} is none of {shape.enum}"


def _top_level_keys(shorthand: str) -> Iterator[str]:
    depth, word = 0, ""
    for character in shorthand + ",":
        depth += (character in "{[") - (character in "}]")
        if character == "," and depth == 0:
            if "=" in word:
                yield word.partition("=")[0]
            word = ""
        else:
            word += character


def _json_problems(shape: Any, value: Any) -> Iterator[str]:
    if shape.type_name == "structure" and isinstance(value, dict):
        for key, inner in value.items():
            if key in shape.members:
                yield from _json_problems(shape.members[key], inner)
            else:
                yield f"no member {key}"
    elif shape.type_name == "list" and isinstance(value, list):
        for inner in value:
            yield from _json_problems(shape.member, inner)


@pytest.mark.parametrize(
    "check", sorted(one for one, text in remedies().items() if re.search(r"\baws [a-z]", text))
)
def test_every_aws_call_of_a_remedy_is_as_the_service_model_says(check: str) -> None:
    text = remedies()[check]
    found = [
        problem for words in commands(text, "aws") for problem in problems(words, "with the same" in text)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("aws s3api put-bucket-encrypt --bucket B", "s3api has no put-bucket-encrypt"),
        ("aws kms enable-key-rotation --key-id K --days 3", "kms enable-key-rotation has no --days"),
        ("aws kms enable-key-rotation --rotation-period-in-days 90", "kms enable-key-rotation lacks KeyId"),
        ("aws s3api put-bucket-versioning --bucket B --versioning-configuration State=Enabled", "s3api put-bucket-versioning --versioning-configuration: no member State"),
    ],
)  # fmt: skip
def test_a_call_from_memory_would_be_found(command: str, problem: str) -> None:
    assert [one for words in commands(command, "aws") for one in problems(words)] == [problem]


TERRAFORM: dict[str, list[str]] = json.loads((Path(__file__).parent / "terraform-names.json").read_text())[
    "names"
]
"""Resource to the names of its arguments and blocks; a resource that a new remedy names is added here out of the provider's own documentation."""
NAMED = re.compile(r"\b([a-z]+) = |\bargument ([a-z_]+)|, block ([a-z_]+)|> ([a-z_]+)")
INSIDE_JSON = {"privileged"}
"""Names inside a JSON text that an argument takes."""


@cache
def terraform_remedies() -> dict[str, str]:
    content = Content.shipped()
    checks = load_checks(content, load_tables(content))
    return {one.id: one.remedy.terraform for one in checks.values() if one.remedy.terraform}


def terraform_problems(text: str) -> list[str]:
    """Give the resources that no provider has, and the argument and block names that none of the resources named beside them has."""
    resources = re.findall(r"\b((?:aws|github)_[a-z0-9_]+)\b", text)
    unknown = [f"no resource {one}" for one in resources if one not in TERRAFORM]
    known = {name for one in resources for name in TERRAFORM.get(one, [])} | INSIDE_JSON
    written = re.findall(r"(?<![.\":\w/-])([a-z][a-z0-9]*(?:_[a-z0-9]+)+)\b", text)
    written += [name for found in NAMED.findall(text) for name in found if name]
    return unknown + [
        f"no argument {one}"
        for one in dict.fromkeys(written)
        if not one.startswith(("aws_", "github_")) and one not in known
    ]


@pytest.mark.parametrize("check", sorted(terraform_remedies()))
def test_every_terraform_name_of_a_remedy_is_in_its_provider(check: str) -> None:
    assert terraform_problems(terraform_remedies()[check]) == []


def test_a_terraform_name_from_memory_would_be_found() -> None:
    assert terraform_problems("aws_s3_buckets with versioning_on = true.") == [
        "no resource aws_s3_buckets",
        "no argument versioning_on",
    ]
    assert terraform_problems("aws_kms_key, argument rotation.") == ["no argument rotation"]


GITHUB: dict[str, list[str]] = json.loads((Path(__file__).parent / "github-operations.json").read_text())[
    "operations"
]
"""Operation to the fields of its body."""


def github_problems(words: list[str]) -> list[str]:
    """Give what is wrong with one `gh api` command: no operation of this method on this path, or a field that its body lacks."""
    method = words[words.index("-X") + 1] if "-X" in words else "GET"
    path = next(one for one in words[2:] if "/" in one).partition("?")[0]
    operation = next((one for one in GITHUB if _is_at(one, method, path)), None)
    if operation is None:
        return [f"GitHub has no {method} /{path}"]
    fields = [re.split(r"[=\[]", word)[0] for flag, word in pairwise(words) if flag in ("-f", "-F")]
    return [f"{operation} takes no {one}" for one in fields if one not in GITHUB[operation]]


def _is_at(operation: str, method: str, path: str) -> bool:
    verb, _, template = operation.partition(" ")
    return (
        verb == method
        and re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)), f"/{path}") is not None
    )


@pytest.mark.parametrize("check", sorted(one for one, text in remedies().items() if "gh api" in text))
def test_every_github_call_of_a_remedy_is_published(check: str) -> None:
    found = [words for words in commands(remedies()[check], "gh") if words[1] == "api"]
    assert found
    assert [problem for words in found for problem in github_problems(words)] == []


def test_a_github_path_from_memory_would_be_found() -> None:
    assert github_problems(["gh", "api", "-X", "POST", "orgs/ORG/memberships/LOGIN"]) == [
        "GitHub has no POST /orgs/ORG/memberships/LOGIN"
    ]
