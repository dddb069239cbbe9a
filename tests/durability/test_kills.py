"""An ingesting process is killed at a random point, again and again: nothing that it acknowledged is lost, and what it left over is swept."""

from __future__ import annotations

import random
import signal
import time
from datetime import timedelta
from pathlib import Path

import pytest

from assay.home.fsck import examine, mend
from tests.durability.ingest import child, damage, ingest, ingesting, lost, opened, prepared_home

QUICK, FULL = 40, 200


def test_forty_kills_lose_nothing(folder: Path) -> None:
    _kill(folder / "home", QUICK)


@pytest.mark.soak
def test_two_hundred_kills_lose_nothing(folder: Path) -> None:
    _kill(folder / "home", FULL)


def _kill(folder: Path, times: int) -> None:
    """1. Kill at a random instant. 2. Everything acknowledged so far is there and fsck finds no damage. 3. In the end leftovers are swept and the home goes on."""
    prepared_home(folder)
    chance = random.Random(20260302)
    acknowledged: tuple[str, ...] = ()
    killed = 0
    for _ in range(times):
        with child(ingesting(folder, 1000)) as victim:
            victim.go_on()
            victim.until(chance.randrange(6))
            time.sleep(chance.uniform(0, 0.02))
            victim.kill()  # 1
            ended = victim.ended()
        killed += ended.status == -signal.SIGKILL
        acknowledged += ended.acknowledged
        home = opened(folder)
        assert lost(home, acknowledged) == []  # 2
        home.close()
    home = opened(folder)
    assert damage(home) == []
    mend(home, grace=timedelta(0))  # 3
    assert list(examine(home)) == []
    ingest(home, 1, lambda _: None)
    home.close()
    assert killed == times
    assert len(acknowledged) > times
