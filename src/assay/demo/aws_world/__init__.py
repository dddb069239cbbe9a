"""Northwind Metrics' AWS account, built call by call."""

from datetime import datetime

from assay.demo.aws_server import WorldSession
from assay.demo.aws_world._place import Place
from assay.demo.aws_world.compute import build_compute
from assay.demo.aws_world.databases import build_databases
from assay.demo.aws_world.edge import build_edge
from assay.demo.aws_world.identity import build_identity
from assay.demo.aws_world.network import build_network
from assay.demo.aws_world.second_day import change
from assay.demo.aws_world.storage import build_storage
from assay.demo.aws_world.watching import build_watching
from assay.demo.northwind import DAY_ONE, DAY_TWO

__all__ = ["DAY_ONE", "DAY_TWO", "build_day_one", "change_to_day_two"]

_SEED = 20261116


def build_day_one(session: WorldSession, now: datetime = DAY_ONE) -> None:
    """Build the account as it stands on the first day, and leave its clock at `now`."""
    session.set("seed", seed=_SEED)
    place = Place(session, now)
    build_identity(place)
    networks = build_network(place)
    build_storage(place)
    build_compute(place, networks)
    build_databases(place, networks)
    build_watching(place)
    build_edge(place, networks)
    place.today()


def change_to_day_two(session: WorldSession, now: datetime = DAY_TWO) -> None:
    """Change the account of the first day into that of the second (`second_day` lists how), and leave its clock at `now`."""
    change(Place(session, now))
