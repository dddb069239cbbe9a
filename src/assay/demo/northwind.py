"""The cast of the demonstration: Northwind Metrics, a company of twenty people that sells usage analytics to other companies.

The AWS account, the GitHub organization and the files all speak of these people; a login is the local part of the address.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

COMPANY = "Northwind Metrics"
DOMAIN = "northwind-metrics.example"
DAY_ONE = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
DAY_TWO = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Person:
    """One worker: `end` is the last day of work, or of the contract, where it is known."""

    login: str
    name: str
    role: str
    kind: str
    start: date
    end: date | None = None

    @property
    def email(self) -> str:
        return f"{self.login}@{DOMAIN}"


def _employee(login: str, name: str, role: str, start: str, end: str | None = None) -> Person:
    return Person(
        login, name, role, "employee", date.fromisoformat(start), date.fromisoformat(end) if end else None
    )


def _contractor(login: str, name: str, role: str, start: str, end: str) -> Person:
    return Person(login, name, role, "contractor", date.fromisoformat(start), date.fromisoformat(end))


PEOPLE = (
    _employee("mira-castellan", "Mira Castellan", "Chief executive", "2021-03-01"),
    _employee("jonah-marsh", "Jonah Marsh", "Chief technology officer", "2021-03-01"),
    _employee("ada-lindqvist", "Ada Lindqvist", "Compliance lead", "2025-02-03"),
    _employee("ben-achterberg", "Ben Achterberg", "Platform engineer", "2022-05-16"),
    _employee("sana-ito", "Sana Ito", "Principal engineer", "2021-09-06"),
    _employee("tomas-kral", "Tomas Kral", "Backend engineer", "2023-01-09"),
    _employee("lyle-okoro", "Lyle Okoro", "Backend engineer", "2022-10-03", "2026-10-30"),
    _employee("priya-raman", "Priya Raman", "Frontend engineer", "2023-06-12"),
    _employee("emil-sorensen", "Emil Sorensen", "Data engineer", "2024-02-05"),
    _employee("noor-haddad", "Noor Haddad", "Site reliability engineer", "2024-04-15"),
    _employee("greta-wolff", "Greta Wolff", "Quality engineer", "2024-09-02"),
    _employee("oskar-lind", "Oskar Lind", "Product manager", "2022-08-22"),
    _employee("yuki-tanabe", "Yuki Tanabe", "Product designer", "2023-11-06"),
    _employee("hanna-virtanen", "Hanna Virtanen", "Customer success manager", "2024-01-15"),
    _employee("rafael-duarte", "Rafael Duarte", "Support engineer", "2025-05-05"),
    _employee("celia-moreau", "Celia Moreau", "Account executive", "2025-08-18"),
    _employee("anton-weiss", "Anton Weiss", "Account executive", "2026-09-14"),
    _employee("ines-almeida", "Ines Almeida", "People and finance", "2022-02-14"),
    _contractor("marcus-bell", "Marcus Bell", "Security consultant", "2026-02-02", "2027-01-29"),
    _contractor("femi-adeyemi", "Femi Adeyemi", "Data consultant", "2026-03-02", "2026-09-30"),
)
