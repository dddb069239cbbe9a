"""A mapping is proposed from headings and cells, confirmed once, and says what only a person can know."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assay.collectors.files import (
    BadMappingError,
    Confidence,
    DateOrder,
    Mapping,
    check_mapping,
    load_headings,
    propose,
    read_sheet,
)
from assay.collectors.files.headings import Known
from assay.content_tree import Content
from assay.evidence.canonical import decode, encode
from assay.tables import load_tables

SHIPPED = Content.shipped()
SPECS = load_tables(Content({path: SHIPPED[path] for path in SHIPPED.paths("tables/file/", ".yaml")}))
HEADINGS = load_headings(SHIPPED)


def proposed(table: str, text: str, zone: str = "Europe/Berlin"):  # type: ignore[no-untyped-def]
    return propose(SPECS[table], read_sheet(text.encode()), HEADINGS, zone)


def test_headings_are_found_by_their_usual_names_and_the_rest_is_never_read() -> None:
    proposal = proposed(
        "hr_person",
        "Work E-Mail;Employee #;Employment Type;Hire date;Last day;Salary;Employee start date (local)\n"
        "ada@northwind.example;7;Full-time;2026-01-05;;90000;x\n",
    )

    assert proposal.mapping.columns == {
        "email": "Work E-Mail",
        "worker_id": "Employee #",
        "kind": "Employment Type",
        "started": "Hire date",
        "ended": "Last day",
    }
    assert set(proposal.confidence.values()) == {Confidence.SURE}
    assert proposal.unread == ("Salary", "Employee start date (local)")
    assert "github_login" in proposal.unfilled
    assert proposal.mapping.words == {"kind": {"full-time": "employee"}}
    assert proposal.mapping.blank_is_unknown == {"kind", "started"}
    assert proposal.questions == ()


def test_a_heading_that_only_resembles_a_usual_name_is_said_to_be_likely() -> None:
    proposal = proposed("hr_person", "Email,Employee start date (local)\nada@northwind.example,2026-01-05\n")

    assert proposal.mapping.columns == {"email": "Email", "started": "Employee start date (local)"}
    assert proposal.confidence == {"email": Confidence.SURE, "started": Confidence.LIKELY}


def test_what_only_a_person_can_know_is_asked() -> None:
    proposal = proposed(
        "account", "Username,Status,Role,Last login\nada,Active,Owner,03/04/2026\nben,Zombie,Engineer,\n"
    )

    assert proposal.mapping.columns == {
        "user": "Username",
        "role": "Role",
        "admin": "Role",
        "state": "Status",
        "last_login": "Last login",
    }
    assert proposal.questions == (
        "No heading fills “system”: Name of the system. Name the heading, or the one value that every row has.",
        "“Engineer” under “Role” is not a word known for admin: is it yes or no? Unexplained, it counts as unknown.",
        "“Zombie” under “Status” is not a word known for state: is it active, disabled or invited? Unexplained, it counts as unknown.",
        "Dates such as 03/04/2026 can be read in two ways: does the day or the month come first? Unanswered, they are refused.",
    )
    assert (proposal.mapping.order, proposal.mapping.zone) == (None, "Europe/Berlin")


def test_the_order_of_dates_is_taken_from_one_that_proves_it() -> None:
    proposal = proposed(
        "background_check",
        "Email,Completed\na@northwind.example,03/04/2026\nb@northwind.example,25/04/2026\n",
    )

    assert proposal.mapping.order is DateOrder.DAY_FIRST
    assert proposal.questions == ()


def test_a_heading_that_stands_twice_is_not_proposed() -> None:
    assert (
        "email"
        not in proposed(
            "hr_person", "Email,Email,Start date\na@b.example,c@d.example,2026-01-05\n"
        ).mapping.columns
    )


def test_the_result_of_a_background_check_is_never_asked_for() -> None:
    proposal = proposed(
        "background_check",
        "Email,Result,Report,Completed on\na@northwind.example,clear,http://x,2026-01-05\n",
    )

    assert proposal.mapping.columns == {"email": "Email", "completed": "Completed on"}
    assert proposal.unread == ("Result", "Report")


def test_every_shipped_file_table_is_proposed_whole_from_its_own_column_names() -> None:
    tables = [spec for spec in SPECS.values() if spec.source == "file"]

    assert [spec.name for spec in tables] == [
        "account",
        "background_check",
        "change",
        "device",
        "hr_person",
        "incident",
        "ticket",
        "training_record",
        "vulnerability",
    ]
    for spec in tables:
        header = ",".join(column.replace("_", " ").title() for column in spec.columns)
        assert propose(spec, read_sheet(f"{header}\n".encode()), HEADINGS).unfilled == ()


def test_a_mapping_survives_being_kept_as_an_act() -> None:
    mapping = replace(
        proposed("account", "User,Status,Created\nada,active,25/04/2026\n").mapping,
        fixed={"system": "billing"},
        sheet="Users",
    )

    assert Mapping.from_json(decode(encode(mapping.to_json()))) == mapping


@pytest.mark.parametrize("change", [{"order": "sideways"}, {"columns": None}, {"words": {"state": 3}}])
def test_what_is_no_mapping_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(BadMappingError, match="no mapping of a file"):
        Mapping.from_json({**Mapping("account", {"user": "User"}).to_json(), **change})


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        (
            Mapping("account", {"user": "User", "shoe": "Shoe"}, {"system": "billing"}),
            "names shoe, which account does not have",
        ),
        (Mapping("device", {"device": "Serial"}), "names device, which account does not have"),
        (Mapping("account", {"user": "User"}), "Nothing fills system"),
        (
            Mapping("account", {"user": "User"}, {"system": "billing"}, zone="Mars/Olympus"),
            "“Mars/Olympus” is no time zone",
        ),
        (
            Mapping("account", {"user": "User"}, {"system": "billing"}, zone="../../etc/passwd"),
            "is no time zone",
        ),
    ],
)
def test_a_mapping_that_does_not_fit_its_table_is_refused(mapping: Mapping, says: str) -> None:
    with pytest.raises(BadMappingError, match=says):
        check_mapping(mapping, SPECS["account"])


def test_a_homes_overlay_teaches_other_headings_and_whom_a_record_is_about() -> None:
    own = Content(
        {"headings/visit.yaml": b"about: [host]\ncolumns:\n  host: {headings: [met by], lower: true}\n"}
    )
    headings = load_headings(SHIPPED.overlaid(own))

    assert headings.known("visit", "host") == Known(("met by",), lower=True)
    assert headings.about("visit") == ("host",)
    assert headings.known("visit", "badge_number") == Known(("badge number",))
    assert headings.known("hr_person", "email").lower
    assert headings.about("ticket") == ("for_email", "requested_by")


def test_what_headings_name_is_a_column_of_the_table() -> None:
    for name, table in HEADINGS.tables.items():
        assert {*table.columns, *table.about} <= set(SPECS[name].columns), name
