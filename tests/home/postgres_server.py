"""A PostgreSQL server for tests: Debian's own programs in a temporary folder, on a free port of loopback, run by an unprivileged user."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

MEMORY = Path("/dev/shm")
USER, PASSWORD = "assay", "planted%2Fpass:word"
"""The password as an address holds it; the server knows it as `planted/pass:word`."""
PLAIN_PASSWORD = "planted/pass:word"


def programs() -> Path | None:
    """Give the folder of the newest server's programs, None where there is none."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    beside = shutil.which("initdb")
    newest = sorted(found, key=lambda path: int(path.parent.name))[-1:]
    return newest[0] if newest else None if beside is None else Path(beside).parent


class PostgresServer:
    """A running server; `new_database` gives the address of an empty database of its own."""

    def __init__(self, bin_folder: Path, folder: Path) -> None:
        self._bin, self._folder, self.port = bin_folder, folder, _free_port()
        self._data = folder / "data"

    def make(self) -> None:
        password = self._folder / "password"
        password.write_text(PLAIN_PASSWORD)
        if os.geteuid() == 0:
            for one in (self._folder, password):
                shutil.chown(one, "nobody")
        self._run("initdb", "-D", str(self._data), "-U", USER, "-A", "scram-sha-256", f"--pwfile={password}", "-E", "UTF8", "--locale=C.UTF-8")  # fmt: skip

    def start(self) -> None:
        options = (
            f"-p {self.port} -h 127.0.0.1 -k {self._folder} -c shared_buffers=16MB -c max_connections=40"
        )
        self._run("pg_ctl", "-D", str(self._data), "-w", "-l", str(self._folder / "log"), "-o", options, "start")  # fmt: skip

    def stop(self, mode: str = "fast") -> None:
        """Stop the server; `immediate` is as a power cut: it recovers when it starts."""
        self._run("pg_ctl", "-D", str(self._data), "-w", "-m", mode, "stop")

    def set(self, name: str, value: str) -> None:
        """Change a setting of the running server and wait until a new session has it."""
        with self._admin() as admin:
            admin.execute(f"alter system set {name} = {value}")
            admin.execute("select pg_reload_conf()")
        while True:
            with self._admin() as admin:
                if admin.execute(f"show {name}").fetchone() == (value,):
                    return

    def new_database(self, options: str = "") -> str:
        name = f"home_{secrets.token_hex(4)}"
        with self._admin() as admin:
            admin.execute(f"create database {name} {options}")
        return self.url(name)

    def url(self, database: str, password: str = PASSWORD, rest: str = "") -> str:
        return f"postgresql://{USER}:{password}@127.0.0.1:{self.port}/{database}{rest}"

    def disconnect_everybody(self) -> None:
        """End every session but the one that does so."""
        with self._admin() as admin:
            admin.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname like 'home_%'"
            )

    @contextmanager
    def _admin(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            yield connection

    def _run(self, program: str, *arguments: str) -> None:
        nobody = pwd.getpwnam("nobody")
        who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": ()} if os.geteuid() == 0 else {}
        done = subprocess.run(
            [str(self._bin / program), *arguments],
            cwd=self._folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            text=True, check=False, **who,  # type: ignore[call-overload]
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


@contextmanager
def running(bin_folder: Path) -> Iterator[PostgresServer]:
    """Run a server in memory where the machine has a file system there, and take everything away after."""
    folder = Path(tempfile.mkdtemp(prefix="assay-postgres-", dir=MEMORY if MEMORY.is_dir() else None))
    try:
        server = PostgresServer(bin_folder, folder)
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
