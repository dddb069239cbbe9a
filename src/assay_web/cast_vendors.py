"""The demonstration's vendors: the cloud host, which nobody reviewed yet, and three that do not exist, one of them reviewed by its report."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from assay.catalogue.questionnaires import Reply, questionnaire_for
from assay_web.home import current_home
from assay_web.queries.vendors import see
from assay_web.records.accounts import Account
from assay_web.records.vendors import (
    Bearing,
    Bond,
    Conclusion,
    ExpectedControl,
    Opinion,
    Stage,
    Vendor,
    VendorException,
    VendorReport,
)
from assay_web.services import registers
from assay_web.services.vendors import Answer, Reviewed, review

_HOST = {
    "name": "Amazon Web Services",
    "does": "Hosts the product, its databases and its copies",
    "website": "https://aws.amazon.com",
    "data_kinds": ["customer-content", "system-logs", "backups", "secrets"],
    "access": "changes",
    "bond": Bond.CARVE_OUT,
    "why_bond": "The product runs there, so its control of buildings, machines and services is needed to keep our promises.",
    "expected_controls": "Lets nobody into its data centres without a reason\nWipes disks before they leave\nKeeps customers apart on shared machines",
}
_MAIL = {
    "name": "Postbox Relay",
    "does": "Sends the mail of the product",
    "website": "https://postbox-relay.example",
    "data_kinds": ["contact-details", "customer-content"],
    "contact_email": "trust@postbox-relay.example",
    "contact_name": "Mira Solano",
    "agreements": "Data processing agreement, kept with the contracts",
    "subprocessors": "Amazon Web Services",
    "notice_days": 60,
}
_DESK = {
    "name": "Brightdesk",
    "does": "Support desk",
    "data_kinds": ["support-conversations", "contact-details"],
}
_PAY = {
    "name": "Ledgerly",
    "does": "Pays salaries",
    "data_kinds": ["worker-records"],
    "stage": Stage.CONSIDERED,
}
_EXPECTED = (
    ("Customers review who has an account at the service.", ["IAM-07"]),
    ("Customers end the accounts of people who leave.", ["IAM-08"]),
)


def stage_vendors(by: Account) -> None:
    """Put the vendors on the register of a demonstration that has none yet."""
    if Vendor.objects.exists():
        return
    today = timezone.localdate()
    registers.add(Vendor, {**_HOST, "owner": by}, by=by)
    mail = registers.add(
        Vendor,
        {
            **_MAIL,
            "owner": by,
            "contract_date": today - timedelta(days=400),
            "renewal": today + timedelta(days=330),
        },
        by=by,
    )
    report = _report(mail, today, by)
    desk = registers.add(Vendor, {**_DESK, "owner": by}, by=by)
    registers.add(Vendor, _PAY, by=by)
    _review(
        mail,
        "Its report was read; the exception does not reach us.",
        ("Sign-on for its console",),
        report,
        by,
    )
    _review(desk, "Little is held there, and leavers lose their accounts.", (), None, by)


def _report(vendor: Vendor, today: date, by: Account) -> VendorReport:
    ends = today.replace(day=1) - timedelta(days=35)
    says = {
        "vendor": vendor,
        "kind": "soc2_type2",
        "issuer": "Kestrel Assurance LLP",
        "starts": ends - timedelta(days=364),
        "ends": ends,
        "opinion": Opinion.UNQUALIFIED,
        "below": "Amazon Web Services, carve-out",
    }
    report = registers.add(VendorReport, says, by=by)
    [found] = registers.import_lines(
        VendorException,
        [{"report": report, "text": "Two of 25 sampled laptops lacked a report of the device manager."}],
        by=by,
    )
    judged = {
        "bearing": Bearing.NO,
        "judgement": "Mail is sent by its servers; laptops hold none of our data.",
    }
    registers.change(found, judged, version=1, by=by)
    lines = [{"report": report, "text": text} for text, _ in _EXPECTED]
    for line, (_, controls) in zip(
        registers.import_lines(ExpectedControl, lines, by=by), _EXPECTED, strict=True
    ):
        registers.change(line, {"controls": controls}, version=1, by=by)
    return VendorReport.objects.get(pk=report.pk)


def _review(
    vendor: Vendor, says: str, conditions: tuple[str, ...], report: VendorReport | None, by: Account
) -> None:
    today, found = timezone.localdate(), Vendor.objects.get(pk=vendor.pk)
    see([found])
    questions = questionnaire_for(current_home().content, found.seen.tier).questions
    given = Reviewed(
        starts=today - timedelta(days=364),
        ends=today,
        answers=tuple(Answer(one.id, Reply.YES) for one in questions),
        conclusion=Conclusion.CONDITIONS if conditions else Conclusion.KEEP,
        says=says,
        conditions=conditions,
        due=today + timedelta(days=30),
        report=report,
    )
    review(found, given, version=found.version, by=by)
