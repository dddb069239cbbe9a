"""One world and one whole collection of it for all promises; each test works on a copy of the home, through a proxy of its own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from assay.checks import load_checks
from assay.content_tree import Content
from assay.demo.aws_server import AwsServer
from assay.tables import load_tables
from tests.fakes.aws_proxy import AwsProxy
from tests.promises.company import Company, aws_content, collect

MEMORY = Path("/dev/shm")


@pytest.fixture(scope="package")
def shelf() -> Iterator[Path]:
    """Give a folder in memory where the machine has one: nothing here needs a real disk."""
    made = Path(tempfile.mkdtemp(prefix="assay-test-", dir=MEMORY if MEMORY.is_dir() else None))
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="package")
def shared_proxy() -> Iterator[AwsProxy]:
    with AwsServer(build="assay.demo.aws_world:build_day_one") as aws, AwsProxy(aws.endpoint) as proxy:
        yield proxy


@pytest.fixture
def proxy(shared_proxy: AwsProxy) -> Iterator[AwsProxy]:
    """Give the way to the world, without faults and with nothing counted."""
    yield shared_proxy.mend().forget()
    shared_proxy.mend()


@pytest.fixture(scope="package")
def company(shared_proxy: AwsProxy, shelf: Path) -> Iterator[Company]:
    content = aws_content()
    specs = load_tables(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Content, "shipped", lambda: content)
        yield Company(shared_proxy.endpoint, content, specs, load_checks(content, specs), shelf)


@dataclass(frozen=True)
class Whole:
    """A home in which everything was seen, what was concluded over it, and the calls that it took, by service and operation."""

    path: Path
    concluded: dict[str, bytes]
    calls: list[tuple[str, str, int]]


@pytest.fixture(scope="package")
def whole(company: Company, shared_proxy: AwsProxy) -> Whole:
    shared_proxy.mend().forget()
    with company.new("whole") as home:
        collect(home)
        concluded = company.concluded(home, company.checks)
        return Whole(home.path, concluded, shared_proxy.table())
