"""The workspace on a home in PostgreSQL: its tables, its pages, its acts and the home's ledger are one database and one transaction there too."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.home.conftest import ON_POSTGRESQL
from tests.home.postgres_server import PostgresServer

pytestmark = ON_POSTGRESQL

WORKSPACE = """
import os, sys, threading
from datetime import timedelta
from pathlib import Path
from assay.home import Surroundings, create_home
from assay.home.judging import basis_of, judge
from assay.home.personal import personal
path = Path(sys.argv[1])
home = create_home(path, "Northwind Metrics", Surroundings.real())
with personal(home) as people:
    judge(home, basis_of(home, home.now()), people.sealer)
home.close()
from assay_web.serving import ready
ready(path)
from django.db import connection, transaction
from django.test import Client
from assay.home import open_home
from assay_web.home import current_home
from assay_web.records.accounts import Account, Role
from assay_web.services.accounts import AccountError, change_role, make_account
print("vendor", connection.vendor)
before = current_home().ledger.size()
olga = make_account(by="host", name="Olga", email="olga@northwind.example", role=Role.OWNER, needs_second_factor=False)
ada = make_account(by="host", name="Ada", email="ada@northwind.example", role=Role.LEAD, needs_second_factor=False)
print("acts", current_home().ledger.size() - before)
client = Client(headers={"host": "localhost:8321"})
client.force_login(olga)
print("pages", {client.get(one).status_code for one in ("/criteria/", "/controls/", "/checks/", "/activity/", "/accounts/", "/coverage/", "/drift/", "/sources/", "/jobs/")})
size = current_home().ledger.size()
try:
    with transaction.atomic():
        change_role(by=olga, account=ada, role=Role.READER)
        raise RuntimeError
except RuntimeError:
    pass
print("undone", Account.objects.get(pk=ada.pk).role, current_home().ledger.size() - size)
def change(index):
    try:
        for number in range(5):
            change_role(by=olga, account=ada, role=Role.READER if number % 2 else Role.ENGINEER)
    finally:
        connection.close()
threads = [threading.Thread(target=change, args=(one,)) for one in range(4)]
[one.start() for one in threads]
[one.join() for one in threads]
print("raced", current_home().ledger.size() - size)
again = open_home(path, Surroundings.real())
print("whole", len(again.ledger.leaf_hashes(0, again.ledger.size())) == again.ledger.size())
again.close()
"""


def test_the_workspace_answers_and_its_acts_share_the_homes_transaction(
    server: PostgresServer, tmp_path: Path
) -> None:
    """1. Each act is one entry. 2. Pages answer. 3. What is undone leaves neither row nor entry. 4. Twenty acts of four threads are twenty entries."""
    environment = {**os.environ, "DATABASE_URL": server.new_database(), "ASSAY_SCHEDULE": "off"}
    done = subprocess.run(
        [sys.executable, "-c", WORKSPACE, str(tmp_path / "home")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.split("\n")[:-1] == [
        "vendor postgresql",
        "acts 2",
        "pages {200}",
        "undone lead 0",
        "raced 20",
        "whole True",
    ]


def test_without_the_address_the_workspace_says_where_its_database_is(
    server: PostgresServer, tmp_path: Path
) -> None:
    url = server.new_database()
    make = "import sys; from pathlib import Path; from assay.home import Surroundings, create_home; create_home(Path(sys.argv[1]), 'N', Surroundings.real()).close()"
    subprocess.run(
        [sys.executable, "-c", make, str(tmp_path / "home")],
        env={**os.environ, "DATABASE_URL": url},
        check=True,
    )
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "assay", "--home", str(tmp_path / "home"), "serve", "--port", "9"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "DATABASE_URL does not say where" in done.stderr) == (1, True)
