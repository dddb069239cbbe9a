"""Starting the workspace: the home is opened, its tables brought up to date, and requests answered."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assay.errors import AssayError
from assay.home import NoHomeError, Surroundings, create_home, open_home
from assay.home.locks import locked
from assay_web.environment import DEFAULT_PORT, is_loopback
from assay_web.stopping import end_in_time, stop_by_signal

logger = logging.getLogger(__name__)

THREADS = 8
SETTLED_SECONDS = 60.0
"""A worker that lived this long is well: the next pause before a start is a short one."""
LONGEST_PAUSE_SECONDS = 60.0
LONGEST_HEADER = 64 * 1024
LONGEST_BODY = 256 * 1024 * 1024
MIGRATE_LOCK = "migrate.lock"
NAMELESS = "A company without a name"
"""What a home is called until its scope says the company's name."""

Say = Callable[[str], None]


class ServingError(AssayError):
    """The workspace cannot be served as asked."""


def ready(path: Path) -> None:
    """Make Django ready for the home in `path`, and bring its tables up to date. Once in a process."""
    os.environ["ASSAY_HOME"] = str(path.absolute())
    os.environ["DJANGO_SETTINGS_MODULE"] = "assay_web.settings"
    import django
    from django.core.management import call_command

    django.setup()
    with _alone(path):
        call_command("migrate", verbosity=0, interactive=False)
    from assay_web.home import current_home

    current_home()  # opened before any transaction of this process: opening one writes


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one process at a time bring the tables up to date, on this machine and, in PostgreSQL, on all: several workers may start together."""
    from django.db import connection

    with locked(path / MIGRATE_LOCK, wait=True), connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            yield
            return
        cursor.execute("select pg_advisory_lock(hashtext('assay migrate'))")
        try:
            yield
        finally:
            cursor.execute("select pg_advisory_unlock(hashtext('assay migrate'))")


@dataclass(frozen=True, slots=True)
class Served:
    """How a home is served: the address and port to listen on, and where words for the person go."""

    bind: str
    port: int | None
    say: Say


def serve(path: Path, served: Served, *, demonstration: bool = False) -> None:
    """Serve the home in `path` until interrupted.

    1. A home. 2. Django and its tables. 3. Nobody signs in over an open network without a second factor. 4. How people come in.
    5. Requests, with a worker beside them.
    """
    if served.port is not None:
        os.environ.setdefault("ASSAY_URL", f"http://localhost:{served.port}")
    _home(path, served.say)  # 1
    ready(path)  # 2
    from django.conf import settings

    address = settings.ADDRESS
    _refuse_open_network(served.bind, secure=address.is_secure)  # 3
    for line in greeting(address.origin, demonstration=demonstration):  # 4
        served.say(line)
    listen = served.port or (None if address.is_secure else address.port) or DEFAULT_PORT
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stopped by a service manager as by Ctrl-C
    with _supervised_worker(path):  # 5
        _answer(served.bind, listen, served.say)


def serve_demonstration(folder: Path, served: Served) -> None:
    """Run the demonstration into `folder` and serve its home while the stand-ins answer; serve the one that is there, without them, otherwise."""
    from assay.demo.showing import show  # the demonstration is an extra

    os.environ.setdefault("ASSAY_SCHEDULE", "off")  # its two days are those of the story
    if (folder / "home").exists():
        served.say(
            "The stand-ins of AWS and GitHub are not running: collecting will say what cannot be seen.\n"
        )
        serve(folder / "home", served, demonstration=True)
        return
    show(folder, served.say, lambda home: serve(home, served, demonstration=True))


def greeting(origin: str, *, demonstration: bool) -> list[str]:
    """Say where the workspace is, and how people come in: the demonstration's log-ins, or a link where there is no owner yet."""
    from assay_web.records.accounts import Account, Role
    from assay_web.services.accounts import start_link

    lines = [f"Assay is at {origin}/"]
    if demonstration:
        from assay_web.cast import log_ins  # the demonstration is an extra

        found = log_ins()
        lines += ["Log in as one of these; each sees what its role may see.", ""]
        lines += [f"  {one.role:16} {one.email}" for one in found]
        lines += [f"  {'Password':16} {found[0].password}", ""]
    elif not Account.objects.filter(role=Role.OWNER).exists():
        secret = start_link()
        lines.append(
            f"Nobody can sign in yet. This link works once, until {secret.expires:%d %b %Y, %H:%M} UTC:"
        )
        lines.append(f"  {origin}{secret.path}")
    return [*lines, "Stop it with Ctrl-C."]


def _home(path: Path, say: Say) -> None:
    try:
        open_home(path, Surroundings.real()).close()
    except NoHomeError:
        create_home(path, NAMELESS, Surroundings.real()).close()
        say(f"Made a home in {path}. Keep a copy of {path / 'keys'} somewhere else: backups do not hold it.")


def _refuse_open_network(bind: str, *, secure: bool) -> None:
    from assay_web.records.accounts import Account, State

    if is_loopback(bind):
        return
    if not secure:
        raise ServingError(
            f"Assay would listen on {bind} without encryption. Set ASSAY_URL to its https address and put a proxy with TLS before it (docs/guide/serving.md)."
        )
    if Account.objects.filter(state=State.ACTIVE, needs_second_factor=False).exists():
        raise ServingError(
            "Some accounts of this home sign in without a second factor, as those of the demonstration do. Such a home is served on this machine alone."
        )


def _answer(bind: str, port: int, say: Say) -> None:
    from django.conf import settings
    from waitress.server import create_server

    from assay_web.wsgi import application

    try:
        server = create_server(
            application,
            host=bind,
            port=port,
            threads=THREADS,
            ident=None,
            max_request_header_size=LONGEST_HEADER,
            max_request_body_size=LONGEST_BODY,
            clear_untrusted_proxy_headers=not settings.ALLAUTH_TRUSTED_PROXY_COUNT,
        )
    except OSError as error:
        raise ServingError(
            f"Port {port} of {bind} cannot be listened on: {error.strerror}. Stop what uses it, or give another with --port."
        ) from error
    try:
        server.run()
    except KeyboardInterrupt:
        say("")
    finally:
        server.close()


def work(path: Path, supervised_by: int | None) -> None:
    """Do background work on the home in `path`, by the engine that is set, until told to stop."""
    stop_by_signal()
    end_in_time(supervised_by)
    ready(path)
    from assay_web.jobs.backend import engine

    engine().work()


@contextmanager
def _supervised_worker(path: Path) -> Iterator[None]:
    """Keep one worker alive beside this process: started again where it ends, ended with it."""
    ended = threading.Event()
    supervisor = threading.Thread(target=_supervise, args=(_worker_command(path), ended))
    supervisor.start()
    try:
        yield
    finally:
        ended.set()
        supervisor.join()


def _worker_command(path: Path) -> list[str]:
    supervised = ["worker", "--supervised-by", str(os.getpid())]
    return [sys.executable, "-m", "assay", "--home", str(path), *supervised]


def _supervise(command: list[str], ended: threading.Event) -> None:
    """Run a command again and again, with a pause that grows while it ends soon after its start."""
    failures = 0
    while not ended.is_set():
        began = time.monotonic()
        problem = _run_until(command, ended)
        failures = 0 if time.monotonic() - began >= SETTLED_SECONDS else failures + 1
        if problem and not ended.is_set():
            pause = restart_pause(failures)
            logger.warning("The worker ended by itself (%s). It is started again in %d s.", problem, pause)
            ended.wait(pause)


def restart_pause(failures: int) -> float:
    """Give for how long to wait, in seconds, before a worker is started again that ended so many times soon after its start."""
    return min(2.0 ** max(failures - 1, 0), LONGEST_PAUSE_SECONDS)


def _run_until(command: list[str], ended: threading.Event) -> str:
    """Run a command until it ends, or until told that it should; gives how it ended by itself, otherwise nothing."""
    try:
        worker = subprocess.Popen(command)  # noqa: S603 — our own interpreter and arguments
    except OSError as error:
        return f"it could not be started: {error.strerror}"
    while worker.poll() is None and not ended.wait(0.2):
        pass
    if worker.poll() is None:
        worker.terminate()  # ends in time by itself: `assay_web.stopping`
        worker.wait()
        return ""
    return f"signal {-worker.returncode}" if worker.returncode < 0 else f"exit code {worker.returncode}"
