"""OpenSSL, a program that is not ours. Where it is absent its tests are counted skips; under ASSAY_REQUIRE_ALL=1 they fail."""

from __future__ import annotations

import os
import shutil

import pytest


@pytest.fixture(scope="session")
def openssl_program() -> str:
    """Give the path of openssl on this machine."""
    path = shutil.which("openssl")
    if path is None and os.environ.get("ASSAY_REQUIRE_ALL") == "1":
        pytest.fail("The program openssl is required here and is not installed.")
    if path is None:
        pytest.skip("The program openssl is not installed.")
    return path
