"""What is denied is unknown, and nothing else changes: no earlier observation is lost, none is invented, and everything that rests on it is named."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from assay.catalogue import Category, Scope
from assay.catalogue.vocabulary import System, Trait
from assay.checks import Check
from assay.cli.root import assay
from assay.content_tree import Content
from assay.demo.northwind import DAY_ONE
from assay.evidence.canonical import Json
from assay.home import Home
from assay.home.judging import SCOPE, basis_of, judge
from assay.home.personal import personal
from assay.home.reporting import newest_report
from assay.home.settings import set_setting
from tests.fakes.aws_proxy import NINE_DENIALS, AwsProxy
from tests.promises.company import AS_OF, Company, Told, collect, hasten
from tests.promises.conftest import Whole

EVERY_REGION = ("eu-central-1", "eu-west-1", "us-east-1")


@dataclass(frozen=True)
class Unseen:
    """What a denial hides, by hand: a table's places, or with `columns` those of its records; and checks that must not know any more."""

    table: str
    regions: tuple[str, ...]
    columns: frozenset[str] | None
    checks: tuple[str, ...]

    def is_read_by(self, check: Check) -> bool:
        return self.table in check.tables and (
            self.columns is None or bool(self.columns & check.reads[self.table])
        )


def columns(*names: str) -> frozenset[str]:
    return frozenset(names)


UNSEEN = {
    "bucket encryption": Unseen(
        "aws_s3_bucket", ("",), columns("encryption", "kms_key"), ("aws.s3.encryption",)
    ),
    "bucket versioning": Unseen(
        "aws_s3_bucket", ("",), columns("versioning", "mfa_delete"), ("aws.s3.versioning",)
    ),
    "DB instances": Unseen("aws_rds_instance", EVERY_REGION, None, ("aws.rds.encrypted", "aws.rds.public")),
    "credential report": Unseen("aws_iam_credential_report", ("",), None, ("aws.iam.user_mfa_console",)),
    "password policy": Unseen(
        "aws_iam_password_policy", ("",), None, ("aws.iam.pw_length", "aws.iam.pw_reuse")
    ),
    "MFA devices": Unseen("aws_iam_mfa_device", ("",), None, ("aws.iam.root_hw_mfa",)),
    "trails": Unseen(
        "aws_cloudtrail", EVERY_REGION, None, ("aws.trail.validation", "aws.trail.bucket_public")
    ),
    "security groups": Unseen(
        "aws_ec2_security_group", EVERY_REGION, None, ("aws.ec2.sg_default", "aws.ec2.sg_ssh")
    ),
    "key rotation": Unseen(
        "aws_kms_key", EVERY_REGION, columns("rotates", "rotation_days"), ("aws.kms.rotation",)
    ),
}


def deny(proxy: AwsProxy, *denials: str) -> None:
    for denial in denials:
        for service, operation in NINE_DENIALS[denial]:
            proxy.deny(service, operation)


def only_less_is_known(before: bytes, after: bytes, reasons: set[str]) -> None:
    """No conclusion changed except to UNKNOWN; each item that did is named with the reason; all other notes are as they were."""
    was, now = Told.of(before), Told.of(after)
    assert len(was.codes) == len(now.codes)
    assert all(new in (old, "U") for old, new in zip(was.codes, now.codes, strict=True))
    assert now.codes.count("U") == len(
        {
            (note["table"], note.get("item", note.get("commitment")))
            for note in now.unknown()
            if "account" not in note
        }
    )
    assert {note["reason"] for note in now.unknown() if note not in was.unknown()} <= reasons
    assert [note for note in now.others() if note not in was.others()] == []


def test_the_nine_are_those_of_the_promise() -> None:
    assert set(UNSEEN) == set(NINE_DENIALS)


def test_nothing_is_denied_when_all_is_allowed(whole: Whole, company: Company) -> None:
    unknown = {name: Told.of(content).unknown() for name, content in whole.concluded.items()}
    assert [note for notes in unknown.values() for note in notes if note["reason"] == "denied"] == []
    assert len(whole.concluded) == len(company.checks) >= 80


@pytest.mark.parametrize("denial", NINE_DENIALS)
def test_a_denial_makes_unknown_what_rests_on_it_and_nothing_else(
    denial: str, whole: Whole, company: Company, proxy: AwsProxy
) -> None:
    unseen = UNSEEN[denial]
    checks = company.reading(unseen.table)
    deny(proxy, denial)
    with company.copy(whole.path, f"denied {denial}") as home:
        body = collect(home, [unseen.table])
        after = company.concluded(home, checks)
    gaps = [gap for gap in body["gaps"] if gap["table"] == unseen.table]
    assert {gap["reason"] for gap in gaps} == {"denied"}
    assert {gap["region"] for gap in gaps} <= set(unseen.regions)
    assert all(unseen.columns is None or set(gap["columns"]) == unseen.columns for gap in gaps)
    for name, check in checks.items():
        only_less_is_known(whole.concluded[name], after[name], {"denied"})
        if not unseen.is_read_by(check):
            assert after[name] == whole.concluded[name], name
    for name in unseen.checks:
        assert Told.of(after[name]).unknown(), name


@pytest.mark.parametrize("denial", NINE_DENIALS)
def test_in_a_fresh_home_a_denial_names_table_and_region(
    denial: str, company: Company, proxy: AwsProxy
) -> None:
    unseen = UNSEEN[denial]
    deny(proxy, denial)
    with company.new(f"fresh {denial}") as home:
        body = collect(home, [unseen.table])
        after = company.concluded(home, {name: company.checks[name] for name in unseen.checks})
    gaps = [gap for gap in body["gaps"] if gap["table"] == unseen.table]
    notes = [note for content in after.values() for note in Told.of(content).unknown()]
    if unseen.columns is None:
        assert sorted(gap["region"] for gap in gaps) == sorted(unseen.regions)
        assert all(gap["key"] is None and gap["call"] for gap in gaps)
        assert not [one for one in body["populations"] if one["table"] == unseen.table]
        named = {(note["table"], note["region"] or "") for note in notes if "region" in note}
        if unseen.table in {table for name in unseen.checks for table in company.checks[name].items}:
            assert named == {(unseen.table, region) for region in unseen.regions}
    else:
        assert {note["item"] for note in notes} == {gap["key"] for gap in gaps} - unconcerned(after)
    assert "C" not in "".join(Told.of(content).codes for content in after.values())
    assert notes


def unconcerned(after: dict[str, bytes]) -> set[str]:
    return {note["item"] for content in after.values() for note in Told.of(content).others()}


@dataclass(frozen=True)
class AllDenied:
    home: Home
    collection: Json
    conclusions: Json
    sets: dict[str, bytes]


@pytest.fixture(scope="module")
def all_denied(whole: Whole, company: Company, shared_proxy: AwsProxy) -> Iterator[AllDenied]:
    """All nine at once, in a collection of everything, judged and stored."""
    deny(shared_proxy.mend(), *NINE_DENIALS)
    with company.copy(whole.path, "all denied") as home:
        collection = collect(home)
        shared_proxy.mend()
        with personal(home) as people:
            body = home.ledger.body(home.ledger.entry(judge(home, basis_of(home, AS_OF), people.sealer)))
        yield AllDenied(
            home,
            collection,
            body,
            {one["check"]: home.evidence.object(one["object"]) for one in body["sets"]},
        )


def test_all_nine_at_once(all_denied: AllDenied, whole: Whole, company: Company) -> None:
    assert {gap["table"] for gap in all_denied.collection["gaps"]} == {one.table for one in UNSEEN.values()}
    untouched = 0
    for name, check in company.checks.items():
        only_less_is_known(whole.concluded[name], all_denied.sets[name], {"denied"})
        if not any(unseen.is_read_by(check) for unseen in UNSEEN.values()):
            assert all_denied.sets[name] == whole.concluded[name], name
            untouched += 1
    assert untouched >= 40


def test_earlier_observations_stay(all_denied: AllDenied) -> None:
    (first, second) = [
        {(row["table"], row["account"], row["region"]): row for row in body["populations"]}
        for body in bodies(all_denied.home)
    ]
    for place, population in second.items():
        assert population["root"] == first[place]["root"], place
        assert (population["added"], population["changed"], population["removed"]) == (0, 0, 0), place
    kept = set(all_denied.home.database.rows("select table_name, account, region from current_population"))
    assert kept == set(first)


def bodies(home: Home) -> list[Json]:
    from assay.home.judging import collections_of

    return [entry.body for entry in collections_of(home)]


def test_totals_never_count_it_as_conforming(all_denied: AllDenied, whole: Whole) -> None:
    for one in all_denied.conclusions["sets"]:
        before = Told.of(whole.concluded[one["check"]]).codes
        after = Told.of(all_denied.sets[one["check"]]).codes
        lost = sum(old != new for old, new in zip(before, after, strict=True))
        assert one["counts"]["CONFORMS"] == sum(
            old == new == "C" for old, new in zip(before, after, strict=True)
        )
        assert one["counts"]["UNKNOWN"] >= lost


EVERY_CATEGORY = Scope(
    company="Northwind Metrics",
    sells="metrics for shops",
    system=next(iter(System)),
    people=200,
    zone="Europe/Berlin",
    categories=frozenset(Category),
    traits=frozenset(Trait) - {Trait.REMOTE_ONLY},
)


@pytest.fixture(scope="module")
def reports(all_denied: AllDenied, company: Company) -> dict[str, Json]:
    """The report of all nine denials for Security alone, as a company begins, and with every category in scope."""
    with company.copy(all_denied.home.path, "every category") as home:
        set_setting(home, SCOPE, EVERY_CATEGORY.to_object(), DAY_ONE, "ada")
        with personal(home) as people:
            judge(home, basis_of(home, AS_OF), people.sealer)
        wide = newest_report(home)
    return {"security": newest_report(all_denied.home), "every category": wide}


@dataclass(frozen=True)
class Resting:
    """What rests on some unseen columns, by hand: the checks that read them, the controls in scope that those serve, the criteria in scope of these."""

    checks: set[str]
    controls: set[str]
    criteria: set[str]

    @classmethod
    def on(cls, unseen: Iterable[Unseen], report: Json, company: Company) -> Resting:
        unseen = tuple(unseen)
        checks = {
            name for name, check in company.checks.items() if any(one.is_read_by(check) for one in unseen)
        }
        served = {control for name in checks for control in company.checks[name].controls}
        controls = served & in_scope(report["controls"])
        mapping = yaml.safe_load(company.content.files["mappings/soc2.yaml"])["criteria"]
        criteria = {criterion for criterion, serving in mapping.items() if controls & set(serving)}
        return cls(checks, controls, criteria & in_scope(report["criteria"]))


def in_scope(those: list[Json]) -> set[str]:
    """The ids of what the scope keeps; what it leaves out has a reason."""
    assert all(one["reason"] for one in those if one["state"] == "not relevant")
    return {one["id"] for one in those if one["state"] != "not relevant"}


@pytest.mark.parametrize("scope", ["security", "every category"])
@pytest.mark.parametrize("denial", NINE_DENIALS)
def test_the_report_names_every_check_control_and_criterion_that_rests_on_a_denial(
    denial: str, scope: str, reports: dict[str, Json], company: Company
) -> None:
    report, unseen = reports[scope], UNSEEN[denial]
    rests = Resting.on([unseen], report, company)
    naming = [gap for gap in report["gaps"] if gap["reason"] == "denied" and unseen.table in gap["tables"]]
    assert rests.checks <= {check for gap in naming for check in gap["checks"]}
    assert rests.controls <= {control for gap in naming for control in gap["controls"]}
    assert rests.criteria <= {criterion for gap in naming for criterion in gap["criteria"]}
    assert all(gap["last_seen"] for gap in naming)
    causes = {gap["id"] for gap in naming}
    for kind, named in (("controls", rests.controls), ("criteria", rests.criteria)):
        for one in report[kind]:
            if one["id"] in named:
                assert causes & {entry["about"] for entry in one["unknown"]}, one["id"]
                assert kind == "criteria" or one["state"] != "in place", one["id"]


@pytest.mark.parametrize("scope", ["security", "every category"])
def test_the_report_names_nothing_else(scope: str, reports: dict[str, Json], company: Company) -> None:
    report = reports[scope]
    rests = Resting.on(UNSEEN.values(), report, company)
    (denied,) = [gap for gap in report["gaps"] if gap["reason"] == "denied"]
    assert set(denied["tables"]) == {one.table for one in UNSEEN.values()}
    assert set(denied["checks"]) == rests.checks
    assert set(denied["controls"]) == rests.controls
    assert set(denied["criteria"]) == rests.criteria
    assert ({"A1.2", "C1.1", "PI1.5"} <= rests.criteria) == (scope == "every category")


def test_the_report_names_each_unknown_item_or_its_table_and_region(
    reports: dict[str, Json], all_denied: AllDenied
) -> None:
    for check in reports["security"]["checks"]:
        notes = Told.of(all_denied.sets[check["id"]]).unknown()
        assert check["counts"]["UNKNOWN"] == len(notes) == len(check["unknown"]) + check["unknown_more"]
        named = {(one["table"], one["key"] or one["region"]) for one in check["unknown"]}
        assert named == {
            (note["table"], note.get("item") or note.get("region") or "") for note in notes[:200]
        }


def test_the_exit_code_says_so(
    all_denied: AllDenied, whole: Whole, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over the checks that know everything while nothing is denied: the bit of the unknown comes by the denial alone."""
    blind = {
        f"checks/{name.replace('.', '/')}.sql"
        for name in whole.concluded
        if Told.of(whole.concluded[name]).unknown()
    }
    knowing = Content({path: text for path, text in company.content.files.items() if path not in blind})
    monkeypatch.setattr(Content, "shipped", lambda: knowing)

    def checked(home: Path) -> tuple[int, dict[str, int]]:
        ran = CliRunner().invoke(
            assay, ["--home", str(home), "check", "--as-of", "2026-11-16T18:00:00Z", "--json"]
        )
        return ran.exit_code, json.loads(ran.stdout)["counts"]

    with company.copy(whole.path, "asked on the command line") as home:
        code, counts = checked(home.path)
    denied_code, denied_counts = checked(all_denied.home.path)
    assert (code, counts["UNKNOWN"]) == (4, 0)
    assert denied_code == 4 + 8
    assert denied_counts["UNKNOWN"] > 0
    assert denied_counts["CONFORMS"] < counts["CONFORMS"]
    assert denied_counts["DEVIATES"] <= counts["DEVIATES"]


FAULTS = {
    "throttle": "throttled",
    "time_out": "timeout",
    "truncate": "malformed",
    "cut_short": "malformed",
    "drop": "failed",
}
SPOILT = ("aws_rds_instance", "aws_s3_bucket", "aws_sns_topic")


@pytest.mark.parametrize("fault", FAULTS)
def test_throttling_timeouts_and_half_answers_erase_nothing(
    fault: str, whole: Whole, company: Company, proxy: AwsProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasten(monkeypatch, proxy)
    getattr(proxy, fault)("rds", "DescribeDBInstances")
    getattr(proxy, fault)("s3", "GetBucketEncryption")
    getattr(proxy, fault)("sns", "ListTopics", region="eu-central-1")
    checks = company.reading(*SPOILT)
    with company.copy(whole.path, f"spoilt by {fault}") as home:
        before = kept(home)
        body = collect(home, SPOILT)
        assert kept(home) == before
        after = company.concluded(home, checks)
    assert {gap["table"] for gap in body["gaps"]} == set(SPOILT)
    reasons = {gap["reason"] for gap in body["gaps"]}
    assert FAULTS[fault] in reasons
    assert reasons <= {FAULTS[fault], "failed", "timeout"}
    for name, content in after.items():
        only_less_is_known(whole.concluded[name], content, reasons)
    assert Told.of(after["aws.s3.encryption"]).codes == "U" * 12
    assert set(Told.of(after["aws.rds.public"]).codes) == {"U"}


@pytest.mark.parametrize("answered", [2, 9, 40])
def test_permission_lost_in_mid_run_erases_nothing(
    answered: int, whole: Whole, company: Company, proxy: AwsProxy
) -> None:
    tables = (*SPOILT, "aws_kms_key", "aws_iam_principal")
    checks = company.reading(*tables)
    with company.copy(whole.path, f"lost after {answered}") as home:
        before = kept(home)
        proxy.deny_after(answered)
        body = collect(home, tables)
        assert kept(home) == before
        after = company.concluded(home, checks)
        assert {gap["reason"] for gap in body["gaps"]} == {"denied"}
        assert not body["complete"]
        for name, content in after.items():
            only_less_is_known(whole.concluded[name], content, {"denied"})
        proxy.mend()
        assert collect(home, tables)["gaps"] == []
        assert company.concluded(home, checks) == {name: whole.concluded[name] for name in checks}


def kept(home: Home) -> set[tuple[str, str, str, str]]:
    """The newest population of each place, by its root."""
    return set(home.database.rows("select table_name, account, region, root from current_population"))
