"""Northwind Metrics' AWS account: two days of it, built call by call.

One account, 111122223333; two regions in use, eu-central-1 (everything) and us-east-1 (backups, edge), and eu-west-1 enabled and left as AWS made
it. Most of it is in order; each module says what is wrong on purpose, `second_day` what the week between the days changed.

The same each time: names, settings, instants (the world's clock stands at `northwind.DAY_ONE`, then `DAY_TWO`, and goes back for things that are
older), and the ids of resources too, for moto draws them from a seed, as long as the building makes the same calls in the same order. What varies
from start to start: what boto3 draws so that a call is made once only (client tokens of instances and cluster, the creator's request id of vault
and plan, version ids of secrets), pictures of MFA codes, key material and the certificates that moto issues, and request ids.

What moto 5.2 cannot be told, so that it stays as moto has it: the recorder's last status is PENDING; `HasCustomEventSelectors` is false
although there are selectors; the credential report names no region or service for a key's last use; roles have no last use; GuardDuty shows
its data sources as disabled; the organization's account is called master; there is no delegated administrator, no service control policy beside
the default, no finding of Inspector; network interfaces of balancers, tasks and databases are made by hand and stand unattached; load
balancers have no targets. What it lacks altogether `assay.demo._aws_unserved` answers, what it gets wrong `assay.demo._moto_mended` mends.
"""

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
