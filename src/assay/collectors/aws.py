"""AWS by table specs: which regions are enabled, who we are, and an adapter that lets the engine ask boto3.

Each account is one after the other; a call that fails is a gap, an account that cannot be reached one for each of its tables.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from assay.collectors.asking import Answer, Ask, CallError
from assay.collectors.engine import Account, Done, Known, Seen, collect
from assay.collectors.seen import CallMade, NotSeen, Progress
from assay.collectors.work import Run, Settings
from assay.evidence.canonical import instant_text
from assay.evidence.gaps import Gap
from assay.outbound.aws import AwsAccess, AwsCall, AwsSession, Limits
from assay.outbound.aws_errors import AwsCallError
from assay.tables import TableSpec
from assay.tables.actions import actions_by_service
from assay.tables.permissions import RUN_CALLS


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told what a run does: each call, each finished place, who we are in an account, and the least and most clock skew in ms."""

    on_call: Callable[[CallMade], None] = lambda call: None
    on_progress: Callable[[Progress], None] = lambda progress: None
    on_principal: Callable[[str, str], None] = lambda account, principal: None
    on_skew: Callable[[int, int], None] = lambda least, most: None


@dataclass(frozen=True, slots=True)
class Machine:
    """Time and waiting, passed in."""

    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    steady: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class AwsAccount:
    """An account to collect: how it is reached, its number if it is known, and the regions to look at (None: all that are enabled)."""

    access: AwsAccess
    number: str | None = None
    regions: tuple[str, ...] | None = None


@dataclass(slots=True)
class AwsSource:
    """Lets the engine ask an AWS session."""

    session: AwsSession

    def one(self, ask: Ask) -> Answer:
        try:
            answer = self.session.call(*_named(ask.call), ask.region, ask.arguments)
        except AwsCallError as error:
            raise CallError(ask.call, error.reason, error.code) from None
        return Answer(answer.body, answer.request_id)

    def pages(self, ask: Ask) -> Iterator[Answer]:
        try:
            for answer in self.session.pages(*_named(ask.call), ask.region, ask.arguments):
                yield Answer(answer.body, answer.request_id)
        except AwsCallError as error:
            raise CallError(ask.call, error.reason, error.code) from None


def collect_aws(
    specs: Mapping[str, TableSpec],
    accounts: Sequence[AwsAccount],
    *,
    settings: Settings | None = None,
    limits: Limits | None = None,
    watch: Watch | None = None,
    machine: Machine | None = None,
    done: Iterable[tuple[str, str, str]] = (),
    known: Known = lambda table, account, region: [],
) -> Iterator[Seen]:
    """Collect the AWS tables among `specs` from each account; gives each place of each table once.

    `done` are places to leave out, and `known` their records, so that an interrupted run goes on. Raises AwsSetupError for an account that
    is set up wrongly; what an account refuses is a gap.
    """
    wanted = {name: spec for name, spec in specs.items() if spec.source == "aws"}
    watch, machine = watch or Watch(), machine or Machine()
    start = machine.steady()
    for account in accounts:
        access = replace(account.access, actions=actions_by_service(wanted.values(), RUN_CALLS))
        session = AwsSession(
            access,
            limits or Limits(),
            on_call=lambda call: watch.on_call(_logged(call, start)),
            clock=machine.clock,
            steady=machine.steady,
            sleep=machine.sleep,
            account=account.number or "",
        )
        run = Run(AwsSource(session), settings or Settings(), machine.clock, machine.sleep)
        yield from _collect_account(run, session, wanted, account, watch, frozenset(done), known)
        if session.skews:
            watch.on_skew(*session.skews)


def _collect_account(
    run: Run,
    session: AwsSession,
    specs: Mapping[str, TableSpec],
    account: AwsAccount,
    watch: Watch,
    done: Done,
    known: Known,
) -> Iterator[Seen]:
    """1. Who we are, 2. which regions there are, 3. the tables."""
    try:
        number, principal = session.identity()  # 1
    except AwsCallError as error:
        yield from _unreachable(run, specs, account, error)
        return
    watch.on_principal(number, principal)
    regions, gap = account.regions, None
    if regions is None:
        try:
            regions = session.enabled_regions()  # 2
        except AwsCallError as error:
            regions, gap = (
                (),
                Gap("", error.reason, number, None, call="ec2.describe_regions", detail=error.code),
            )
    yield from collect(
        run, specs, Account(number, regions, gap), done=done, known=known, on_progress=watch.on_progress
    )  # 3


def _unreachable(
    run: Run, specs: Mapping[str, TableSpec], account: AwsAccount, error: AwsCallError
) -> Iterator[NotSeen]:
    at = instant_text(run.clock())
    for name in sorted(specs):
        yield NotSeen(
            Gap(
                name,
                error.reason,
                account.number,
                None,
                call="sts.get_caller_identity",
                detail=error.code,
                at=at,
            )
        )


def _named(call: str) -> tuple[str, str]:
    service, _, method = call.partition(".")
    return service, method


def _logged(call: AwsCall, start: float) -> CallMade:
    started, took = round((call.started - start) * 1000), round(call.took * 1000)
    return CallMade(
        call.call,
        call.account,
        call.region,
        started,
        took,
        call.status,
        call.bytes,
        call.request_id,
        call.error,
    )
