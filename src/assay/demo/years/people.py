"""What happens to people, their accounts and devices, and in the trackers: each verb of the storyline that changes a list."""

from __future__ import annotations

from datetime import timedelta

from assay.demo.northwind import DOMAIN
from assay.demo.years.company import TO_COME, Company, email
from assay.demo.years.storyline import Event

ENGINEERING = "Engineering"
OVERDUE = "Security awareness"


def joins(company: Company, event: Event) -> None:
    """A worker begins: more = name|title|department|kind, and for one person the number, log-in, device and GitHub login to take."""
    name, title, department, kind, *given = event.parts
    login = event.about
    worker, desk, device, code_login = given or _numbered(company, login)
    who, day = email(login), event.day
    company.row(
        "hr_person", email=who, worker_id=worker, kind=kind, state="active", title=title, department=department,
        manager_email=email("jonah-marsh" if department == ENGINEERING else "mira-castellan"),
        started=_day(company, day), github_login=code_login,
    )  # fmt: skip
    company.row("background_check", email=who, completed=_day(company, day - 6))
    _account(company, "workspace-mail", login, who, "user", day)
    _account(company, "support-desk" if given else _system(department), desk, who, "agent", day)
    _device(company, device, who, day)
    _assigned(company, who, f"{OVERDUE} for joiners", day, done=day + 12)
    about = f"Mail and {_system(department)} for {name}"
    _ticket(company, f"ACC-{400 + day}", about, "workspace-mail", who, login, day)
    _ticket(
        company, f"ACC-{400 + day}b", about, "support-desk" if given else _system(department), who, desk, day
    )
    if code_login:
        _member(company, code_login, day, engineer=department == ENGINEERING)


def contractor(company: Company, event: Event) -> None:
    """A contractor begins: more = name|title|department|days of the contract."""
    name, title, department, days = event.parts
    joins(
        company, Event(event.day, event.hour, "joins", event.about, f"{name}|{title}|{department}|contractor")
    )
    company.row("hr_person", email=email(event.about), contract_end=_day(company, event.day + int(days)))


def contract_over(company: Company, event: Event) -> None:
    leaves(company, event)
    company.row("hr_person", email=email(event.about), ended="", state="active")


def contract_extended(company: Company, event: Event) -> None:
    """A contract runs for more days from now: more = days."""
    company.row(
        "hr_person", email=email(event.about), contract_end=_day(company, event.day + int(event.more))
    )


def moves(company: Company, event: Event) -> None:
    """A worker changes duties: more = title|department."""
    title, department = event.parts
    who = email(event.about)
    company.row("hr_person", email=who, title=title, department=department)
    system = _system(department)
    if f"{system}/{event.about}" not in company.lists["account"]:
        _ticket(
            company, f"ACC-{400 + event.day}", f"{system} after a move", system, who, event.about, event.day
        )
        _account(company, system, event.about, who, "member", event.day)


def leaves(company: Company, event: Event) -> None:
    """A worker leaves at the end of the day before, and every account but those of the systems in more is disabled."""
    who = email(event.about)
    company.row("hr_person", email=who, state="left", ended=_day(company, event.day - 1))
    for row in company.lists["account"].values():
        if row["email"] == who and row["system"] not in event.parts:
            row["state"] = "disabled"
    for table in ("github_org_member", "github_team_member"):
        found = company.code_host(table)
        for key in [key for key in found if key.split("/")[-1] == event.about]:
            del found[key]
    users = company.aws("aws_identity_center_user")
    for key in [key for key, one in users.items() if one.record["list_users"]["UserName"] == event.about]:
        gone = users.pop(key).record["list_users"]["UserId"]
        held = company.aws("aws_identity_center_assignment")
        for one in [
            name for name, it in held.items() if it.record["list_permission_sets"].get("UserId") == gone
        ]:
            del held[one]


def account_closed(company: Company, event: Event) -> None:
    company.lists["account"][event.about]["state"] = "disabled"


def account_unasked(company: Company, event: Event) -> None:
    """An account is opened for which nobody asked by a ticket: about = system/login, more = role."""
    system, login = event.about.split("/")
    _account(company, system, login, email(login), event.more, event.day)


def device_given(company: Company, event: Event) -> None:
    _device(company, event.about, email(event.more), event.day)


def device_back(company: Company, event: Event) -> None:
    company.row("device", device=event.about, owner_email="", state="in_stock")


def device_lost(company: Company, event: Event) -> None:
    company.row("device", device=event.about, owner_email="", state="lost")


def course(company: Company, event: Event) -> None:
    """Everybody is given a course, and finishes within three weeks but those in more."""
    name = f"{event.about} {company.at(event.day).year}, second round"
    for number, row in enumerate(list(company.lists["hr_person"].values())):
        login = row["email"].removesuffix(f"@{DOMAIN}")
        if row["state"] == "active":
            late = login in event.parts
            _assigned(
                company, row["email"], name, event.day, done=None if late else event.day + 5 + number % 14
            )
    company.courses[event.about] = name


def course_done(company: Company, event: Event) -> None:
    """Someone who was overdue finishes the course at last."""
    company.row(
        "training_record", email=email(event.about), course=company.courses[OVERDUE], completed=company.text(event.day)
    )  # fmt: skip


def incident(company: Company, event: Event) -> None:
    """Something happened: more = title|severity|whether customers were affected."""
    title, severity, customers = event.parts
    at = {"detected": 1, "reported": 11, "contained": 45}
    times = {name: company.text(event.day, minute=minute) for name, minute in at.items()}
    company.row(
        "incident", incident=event.about, title=title, severity=severity, state="open", customers_affected=customers, **times
    )  # fmt: skip


def incident_ended(company: Company, event: Event) -> None:
    company.row(
        "incident", incident=event.about, state="closed", resolved=company.text(event.day, 2), reviewed=company.text(event.day)
    )  # fmt: skip


def finding(company: Company, event: Event) -> None:
    """A scanner or test finds something: more = title|severity|asset."""
    title, severity, asset = event.parts
    scanner = "penetration test" if event.about.startswith("PT") else "image scanner"
    company.row(
        "vulnerability", vulnerability=event.about, scanner=scanner, title=title, severity=severity, asset=asset, state="open",
        opened=company.text(event.day),
    )  # fmt: skip


def finding_fixed(company: Company, event: Event) -> None:
    company.row("vulnerability", vulnerability=event.about, state="fixed", closed=company.text(event.day))


def change(company: Company, event: Event) -> None:
    """A change is asked for, approved and carried out: more = title|system|by|approved by."""
    title, system, by, approver = event.parts
    company.row(
        "change", change=event.about, title=title, kind="normal", state="done", system=system, requested_by=email(by),
        approved_by=email(approver), opened=company.text(event.day - 3), approved=company.text(event.day - 2),
        carried_out=company.text(event.day, 1),
    )  # fmt: skip


def _numbered(company: Company, login: str) -> list[str]:
    number = len(company.lists["hr_person"]) + 1
    return [f"NW-{number:03}", login, f"NW-LT-{100 + number}", login if number % 3 else ""]


def _system(department: str) -> str:
    return {ENGINEERING: "error-tracker", "Sales": "crm", "Customers": "support-desk"}.get(
        department, "data-warehouse"
    )


def _account(company: Company, system: str, user: str, who: str, role: str, day: int) -> None:
    company.row(
        "account", system=system, user=user, email=who, kind="person", role=role, admin="no", mfa="yes", state="active",
        created=company.text(day), last_login=company.text(day, 3, 20),
    )  # fmt: skip


def _device(company: Company, device: str, who: str, day: int) -> None:
    company.row(
        "device", device=device, owner_email=who, model="Lenovo ThinkPad T14", platform="Windows", os_version="11 25H2",
        state="in_use", encrypted="yes", screen_lock="yes", managed="yes", enrolled=company.text(day),
        last_report=company.text(day, 3, 30),
    )  # fmt: skip


def _assigned(company: Company, who: str, name: str, day: int, *, done: int | None) -> None:
    """Give a course; it counts as finished from the day on which it is, so `training_on` fills that in then."""
    company.row(
        "training_record", email=who, course=name, topic="security", assigned=company.text(day),
        completed="" if done is None else f"{TO_COME}{company.text(done)}",
    )  # fmt: skip


def training_on(company: Company, day: int) -> None:
    """Let courses be finished whose day has come."""
    now = company.text(day)
    for row in company.lists["training_record"].values():
        if row["completed"].startswith(TO_COME) and row["completed"].removeprefix(TO_COME) <= now:
            row["completed"] = row["completed"].removeprefix(TO_COME)


def _ticket(company: Company, number: str, title: str, system: str, who: str, account: str, day: int) -> None:
    company.row(
        "ticket", ticket=number, kind="access", title=title, state="done", system=system, for_email=who, for_account=account,
        requested_by=email("ines-almeida"), approved_by=email("mira-castellan"), opened=company.text(day - 5),
        approved=company.text(day - 4), closed=company.text(day, 3, 5),
    )  # fmt: skip


def _member(company: Company, login: str, day: int, *, engineer: bool) -> None:
    number = 90_000_000 + sum(login.encode()) * 1_000 + day
    member = {"id": number, "login": login, "role": "member", "two_factor_disabled": False, "type": "User"}
    company.answers.put("github", "github_org_member", login, None, {"members": member})
    if engineer:
        company.answers.put(
            "github", "github_team_member", f"engineering/{login}", "engineering",
            {"members": {"id": number, "login": login, "slug": "engineering"}},
        )  # fmt: skip


def _day(company: Company, day: int) -> str:
    return str(company.first + timedelta(days=day))


VERBS = {
    "account-closed": account_closed,
    "account-unasked": account_unasked,
    "change": change,
    "contract-extended": contract_extended,
    "contract-over": contract_over,
    "contractor": contractor,
    "course": course,
    "course-done": course_done,
    "device-back": device_back,
    "device-given": device_given,
    "device-lost": device_lost,
    "finding": finding,
    "finding-fixed": finding_fixed,
    "incident": incident,
    "incident-ended": incident_ended,
    "joins": joins,
    "leaves": leaves,
    "moves": moves,
}
