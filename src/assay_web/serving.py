"""Starting the workspace: the home is opened, its tables brought up to date, and requests answered."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assay.errors import AssayError
from assay.home import NoHomeError, Surroundings, create_home, open_home
from assay_web.environment import DEFAULT_PORT, is_loopback

THREADS = 8
RESTART_SECONDS = 3.0
LONGEST_HEADER = 64 * 1024
LONGEST_BODY = 256 * 1024 * 1024
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
    call_command("migrate", verbosity=0, interactive=False)
    from assay_web.home import current_home

    current_home()  # opened before any transaction of this process: opening one writes


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
            clear_untrusted_proxy_headers=True,
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
    """Do background work on the home in `path` until told to stop."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    ready(path)
    from assay_web.jobs.worker import Worker, left_alone

    Worker().work(stopped, left_alone(supervised_by) if supervised_by else lambda: False)


@contextmanager
def _supervised_worker(path: Path) -> Iterator[None]:
    """Keep one worker alive beside this process: started again where it ends, ended with it."""
    ended = threading.Event()
    command = [
        sys.executable,
        "-m",
        "assay",
        "--home",
        str(path),
        "worker",
        "--supervised-by",
        str(os.getpid()),
    ]

    def supervise() -> None:
        while not ended.is_set():
            worker = subprocess.Popen(command)  # noqa: S603 — our own interpreter and arguments
            while worker.poll() is None and not ended.wait(0.5):
                pass
            if worker.poll() is None:
                worker.terminate()
                worker.wait()
            elif ended.wait(RESTART_SECONDS):
                break

    supervisor = threading.Thread(target=supervise)
    supervisor.start()
    try:
        yield
    finally:
        ended.set()
        supervisor.join()
