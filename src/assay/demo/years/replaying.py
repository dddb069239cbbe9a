"""One day's answers, put into the home by the verbs of a real run: begun, seen place by place with calls and gaps, sealed where personal, ended.

Only the answers themselves are replayed. The call log of a replayed run has one line for a place, whatever its completing calls were.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from assay.collectors import CallMade, Made, NotSeen, PopulationSeen, SeenRecord
from assay.collectors.files import Delivery, Exported, Headings, Mapping, collect_files, load_headings
from assay.demo.by_hand import LISTS
from assay.demo.years.company import Company
from assay.demo.years.large import is_more
from assay.demo.years.recording import ACCOUNT
from assay.evidence.canonical import instant_text
from assay.evidence.gaps import Gap, Reason
from assay.evidence.population import Sealer
from assay.evidence.records import Place
from assay.home import Home
from assay.home.collect_source import tables_wanted
from assay.home.collecting import Run, end_run, run_of
from assay.home.sources import Source
from assay.tables import TableSpec

STAGING, STAGING_ACCOUNT = "aws-staging", "444455556666"
IN_STAGING = frozenset(
    {
        "aws_account",
        "aws_cloudtrail",
        "aws_ec2_region_settings",
        "aws_ec2_security_group",
        "aws_ec2_security_group_rule",
        "aws_guardduty_detector",
        "aws_iam_account_summary",
        "aws_iam_password_policy",
        "aws_log_group",
        "aws_s3_account_block",
        "aws_sqs_queue",
        "aws_subnet",
        "aws_vpc",
    }
)
"""Tables of which the staging account has something; only these are asked for there, as `assay collect --table` does."""
TOOK_MS = 40


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is not seen without a permission: a whole table, or of each record the `columns` that the call of this `part` fills."""

    table: str
    call: str
    part: str | None = None
    columns: frozenset[str] | None = None


REFUSALS = {
    "kms:GetKeyRotationStatus": Refusal(
        "aws_kms_key",
        "kms.get_key_rotation_status",
        "get_key_rotation_status",
        frozenset({"rotates", "rotation_days"}),
    ),
    "secretsmanager:ListSecrets": Refusal("aws_secret", "secretsmanager.list_secrets"),
}


@dataclass
class Replayer:
    """Puts the company's answers into the home; `sealer` seals personal records."""

    home: Home
    sealer: Sealer
    company: Company

    @cached_property
    def headings(self) -> Headings:
        return load_headings(self.home.content)

    def collect(self, source: Source, asked_by: str) -> int:
        """Run one collection of a source; gives its entry's index."""
        specs = tables_wanted(self.home, source, sorted(IN_STAGING) if _is_staging(source) else ())
        with run_of(self.home, source, specs, self.sealer) as run:
            seen = self._lists(run) if source.kind == "file" else self._answers(run)
            for one in seen:
                run.see(one)
            return end_run(run, asked_by=asked_by, principal=_principal(source, asked_by))

    def _answers(self, run: Run) -> Iterator[PopulationSeen | NotSeen]:
        """Give the answers of AWS or GitHub by place."""
        kind = run.source.kind
        places = self._staging if _is_staging(run.source) else self.company.answers.places
        gaps = self._gaps(kind)
        for (source, place), records in places.items():
            if source == kind and place.table in run.specs:
                yield self._answer(run, place, records.values(), gaps.get(place.table, []))
        yield from (NotSeen(gap) for table in gaps for gap in gaps[table] if _covers_all(gap))

    def _answer(
        self, run: Run, place: Place, records: Iterable[SeenRecord], gaps: list[Gap]
    ) -> PopulationSeen | NotSeen:
        started, refusal = self.home.now(), self._refused(place.table)
        spec = run.specs[place.table]
        if refusal is not None and refusal.part is None:
            run.on_call(_call(refusal.call, place, len(run.calls), 403, "AccessDeniedException"))
            return NotSeen(self._gap(place, refusal))
        run.on_call(_call(_name(spec), place, len(run.calls), 200, None))
        seen = sorted(records, key=lambda one: one.key.encode())
        inside = [gap for gap in gaps if not _covers_all(gap)]
        if refusal is not None and refusal.part is not None:
            inside += [self._gap(place, refusal, one.key) for one in seen if refusal.part in one.record]
            seen = [replace(one, record=_without(one.record, refusal.part)) for one in seen]
        made = Made(1, 1, instant_text(started), instant_text(self.home.now()))
        return PopulationSeen(place.table, place.account, place.region, seen, inside, made)

    def _refused(self, table: str) -> Refusal | None:
        refused = (REFUSALS[name] for name in sorted(self.company.refused))
        return next((one for one in refused if one.table == table), None)

    def _gap(self, place: Place, refusal: Refusal, key: str | None = None) -> Gap:
        return Gap(
            place.table, Reason.DENIED, place.account, place.region, key=key, columns=refusal.columns, call=refusal.call,
            detail="AccessDeniedException", at=instant_text(self.home.now()),
        )  # fmt: skip

    def _gaps(self, kind: str) -> dict[str, list[Gap]]:
        """Give the gaps that the plan and the token leave, by table, as of now."""
        found: dict[str, list[Gap]] = {}
        now = instant_text(self.home.now())
        for gap in self.company.answers.gaps.get(kind, []):
            found.setdefault(gap.table, []).append(replace(gap, at=now))
        return found

    @cached_property
    def _staging(self) -> dict[tuple[str, Place], dict[str, SeenRecord]]:
        """The staging account: a few things like those of the main one, under its own number."""
        return {
            (source, replace(place, account=STAGING_ACCOUNT)): {
                one.key: one for one in map(_as_staging, records.values()) if not is_more(one.key)
            }
            for (source, place), records in self.company.answers.places.items()
            if place.table in IN_STAGING
        }

    def _lists(self, run: Run) -> Iterator[PopulationSeen | NotSeen]:
        """Give an exported list, read by the real collector from the file as its system exports it today."""
        settings = run.source.settings
        table = settings["mapping"]["table"]
        exported = Exported(system_of(table), settings["exported"]["by"], self.home.now())
        mapping = Mapping.from_json(settings["mapping"])
        content = self.company.csv(table)
        delivery = Delivery(run.source.id, file_of(table), mapping, exported, lambda: content)
        yield from collect_files(
            [delivery],
            run.specs,
            self.headings,
            clock=self.home.surroundings.clock,
            on_call=run.on_call,
            done=run.done,
        )


def file_of(table: str) -> str:
    """Give the name of the file that holds a list."""
    return next(name for name, (one, _) in LISTS.items() if one == table)


def system_of(table: str) -> str:
    """Give the system that exports a list."""
    return next(system for one, system in LISTS.values() if one == table)


def _is_staging(source: Source) -> bool:
    return source.id == STAGING


def _principal(source: Source, asked_by: str) -> str:
    if source.kind == "aws":
        return f"arn:aws:iam::{STAGING_ACCOUNT if _is_staging(source) else ACCOUNT}:role/assay"
    return "fine-grained token" if source.kind == "github" else asked_by


def _name(spec: TableSpec) -> str:
    return spec.list.call.name


def _call(call: str, place: Place, number: int, status: int, error: str | None) -> CallMade:
    return CallMade(call, place.account, place.region, number * TOOK_MS, TOOK_MS, status, None, None, error)


def _covers_all(gap: Gap) -> bool:
    return gap.key is None and gap.parent is None


def _without(record: dict[str, Any], part: str) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != part}


def _as_staging(one: SeenRecord) -> SeenRecord:
    text = json.dumps([one.key, one.parent, one.record])
    text = text.replace(ACCOUNT, STAGING_ACCOUNT).replace("northwind-", "northwind-staging-")
    return SeenRecord(*json.loads(text))
