"""A file becomes a population: every row a record or a gap that names it, the file itself described, half a file nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.collectors import CallMade, NotSeen, PopulationSeen, Progress
from assay.collectors.files import (
    Applied,
    BadDeliveryError,
    BadMappingError,
    Delivery,
    Exported,
    FileMade,
    Limits,
    Mapping,
    Tally,
    Where,
    apply_mapping,
    collect_files,
    file_at,
    load_headings,
    propose,
    read_sheet,
)
from assay.content_tree import Content
from assay.evidence.canonical import encode
from assay.evidence.gaps import Gap, Reason
from assay.tables import load_tables, row, subject_of

SHIPPED = Content.shipped()
SPECS = load_tables(Content({path: SHIPPED[path] for path in SHIPPED.paths("tables/file/", ".yaml")}))
HEADINGS = load_headings(SHIPPED)
AT = "2026-11-23T07:00:00Z"
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
WORKERS = Mapping(
    "hr_person",
    {"email": "Email", "kind": "Type", "started": "Start", "ended": "End"},
    words={"kind": {"employee": "employee", "freelancer": "contractor"}},
    blank_is_unknown=frozenset({"kind", "started"}),
    zone="Europe/Berlin",
)
HEADER = "Email,Type,Start,End,Salary\n"
ADA, BEN = (
    "Ada@northwind.example,Employee,2026-01-05,,90000\n",
    "ben@northwind.example,Freelancer,2026-02-02,2026-10-31,1\n",
)
UNTOLD = frozenset(
    {
        "worker_id",
        "state",
        "title",
        "department",
        "manager_email",
        "contract_end",
        "github_login",
        "aws_user_name",
    }
)
NEVER_TOLD = Gap(
    "hr_person",
    Reason.UNAVAILABLE,
    "people",
    "",
    columns=UNTOLD,
    call="file",
    detail="The file does not tell this.",
    at=AT,
)


def applied(text: str, mapping: Mapping = WORKERS) -> Applied:
    return apply_mapping(
        mapping, SPECS[mapping.table], read_sheet(text.encode()), Where(mapping.table, "people", AT), HEADINGS
    )


def gap(reason: Reason, key: str | None, detail: str, *columns: str, table: str = "hr_person") -> Gap:
    return Gap(
        table,
        reason,
        "people",
        "",
        key=key,
        columns=frozenset(columns) or None,
        call="file",
        detail=detail,
        at=AT,
    )


def test_rows_become_records_of_what_the_mapping_reads_and_nothing_else() -> None:
    got = applied(HEADER + BEN + ADA)

    assert [(one.key, one.parent, one.record) for one in got.records] == [
        (
            "ada@northwind.example",
            None,
            {
                "file": {
                    "email": "ada@northwind.example",
                    "kind": "employee",
                    "started": "2026-01-04T23:00:00Z",
                    "ended": None,
                }
            },
        ),
        (
            "ben@northwind.example",
            None,
            {
                "file": {
                    "email": "ben@northwind.example",
                    "kind": "contractor",
                    "started": "2026-02-01T23:00:00Z",
                    "ended": "2026-10-31T23:00:00Z",
                }
            },
        ),
    ]
    assert got.gaps == [NEVER_TOLD]
    assert got.tally == Tally(rows=2, records=2, refused=0, repeated=0, incomplete=0)


def test_a_record_fills_the_typed_columns_that_checks_read() -> None:
    spec = SPECS["hr_person"]
    one = applied(HEADER + BEN).records[0]
    typed = dict(zip(spec.columns, row(spec, one.key, "people", "", None, one.record)[4:], strict=True))

    assert typed["email"] == "ben@northwind.example"
    assert typed["kind"] == "contractor"
    assert typed["ended"] == datetime(2026, 10, 31, 23, 0)  # noqa: DTZ001 - rows hold UTC without a zone
    assert typed["github_login"] is None
    assert subject_of(spec, one.record) == "ben@northwind.example"


def test_a_bad_cell_is_a_gap_of_its_column_and_the_rest_of_the_row_is_kept() -> None:
    got = applied(HEADER + ADA + "ben@northwind.example,Zombie,31.02.2026,,1\n")

    assert got.records[1].record == {"file": {"email": "ben@northwind.example", "ended": None}}
    said = (
        "Row 3: the cell of “Type” holds a word that the mapping does not explain; add it there; "
        "the cell of “Start” holds a day that no calendar has; write it as 2026-04-03."
    )
    assert got.gaps == [NEVER_TOLD, gap(Reason.MALFORMED, "ben@northwind.example", said, "kind", "started")]
    assert got.tally == Tally(rows=2, records=2, refused=0, repeated=0, incomplete=1)


def test_an_empty_cell_of_a_column_that_must_tell_is_a_gap_and_of_another_the_answer_none() -> None:
    got = applied(HEADER + ADA + "ben@northwind.example,,2026-02-02,,1\n")

    assert got.records[1].record["file"] == {
        "email": "ben@northwind.example",
        "started": "2026-02-01T23:00:00Z",
        "ended": None,
    }
    assert got.gaps == [
        NEVER_TOLD,
        gap(Reason.UNAVAILABLE, "ben@northwind.example", "Row 3: the cell of “Type” is empty.", "kind"),
    ]


def test_a_row_without_its_key_is_refused_and_named_by_its_number() -> None:
    got = applied(
        HEADER + ADA + ",Employee,2026-02-02,,1\nBen,Employee,2026-02-02,,1\nben@northwind.example,Employee\n"
    )

    assert [one.key for one in got.records] == ["ada@northwind.example"]
    assert got.gaps == [
        NEVER_TOLD,
        gap(Reason.MALFORMED, "row 3", "Row 3: nothing says its email."),
        gap(Reason.MALFORMED, "row 4", "Row 4: the cell of “Email” is not an e-mail address."),
        gap(Reason.MALFORMED, "row 5", "Row 5 has 2 cells where there are 5 headings."),
    ]
    assert got.tally == Tally(rows=4, records=1, refused=3, repeated=0, incomplete=0)


def test_rows_that_share_a_key_and_differ_leave_only_the_key_known() -> None:
    got = applied(HEADER + ADA + BEN + "ADA@northwind.example,Employee,2026-01-05,2026-03-31,1\n")

    assert got.records[0].record == {"file": {"email": "ada@northwind.example"}}
    beside = SPECS["hr_person"].columns.keys() - {"email"}
    assert got.gaps == [
        NEVER_TOLD,
        gap(
            Reason.MALFORMED, "ada@northwind.example", "Rows 2 and 4 have one key and do not agree.", *beside
        ),
    ]
    assert got.tally == Tally(rows=3, records=2, refused=1, repeated=0, incomplete=1)


def test_a_row_that_repeats_another_to_the_letter_is_counted_and_leaves_nothing_unknown() -> None:
    got = applied(HEADER + ADA + ADA)

    assert got.gaps == [NEVER_TOLD]
    assert got.tally == Tally(rows=2, records=1, refused=0, repeated=1, incomplete=0)


def test_a_column_that_is_gone_from_the_file_is_one_gap_of_that_column() -> None:
    got = applied("Email,Type,Start\nada@northwind.example,Employee,2026-01-05\n")

    assert "ended" not in got.records[0].record["file"]
    assert gap(Reason.MALFORMED, None, "The file has no column headed “End” any more.", "ended") in got.gaps


def test_a_column_that_no_row_can_fill_is_one_gap_and_not_one_for_each_row() -> None:
    got = applied(
        HEADER + "".join(f"w{number}@northwind.example,Employee,03/04/2026,,1\n" for number in range(40))
    )

    said = "In every row: the cell of “Start” holds a date that can be read in two ways; say in the mapping whether the day or the month comes first."
    assert got.gaps == [NEVER_TOLD, gap(Reason.MALFORMED, None, said, "started")]
    assert got.tally.incomplete == 40


def test_one_value_for_every_row_stands_in_for_a_heading() -> None:
    mapping = Mapping(
        "account", {"user": "Login", "mfa": "2FA"}, {"system": "billing"}, blank_is_unknown=frozenset({"mfa"})
    )
    got = applied("Login,2FA\nAda,on\nben,\n", mapping)

    assert [(one.key, one.record) for one in got.records] == [
        ("billing/ada", {"file": {"system": "billing", "user": "ada", "mfa": True}}),
        ("billing/ben", {"file": {"system": "billing", "user": "ben"}}),
    ]
    assert subject_of(SPECS["account"], got.records[0].record) == ""  # no address: sealed under its own key


def test_one_value_for_every_row_must_be_a_value_of_its_column() -> None:
    mapping = Mapping("account", {"user": "Login"}, {"system": "billing", "mfa": "perhaps"})

    with pytest.raises(BadMappingError, match="one value of mfa for every row says neither yes nor no"):
        applied("Login\nada\n", mapping)


def test_a_course_not_finished_yet_has_a_blank_day_in_its_key() -> None:
    mapping = Mapping("training_record", {"email": "Email", "course": "Course", "completed": "Done"})
    got = applied(
        "Email,Course,Done\na@b.example,Basics,\na@b.example,Basics,2026-02-02\na@b.example,,2026-02-02\n",
        mapping,
    )

    assert [one.key for one in got.records] == [
        "a@b.example/Basics/",
        "a@b.example/Basics/2026-02-02T00:00:00Z",
    ]
    assert [one.key for one in got.gaps if one.key] == ["row 4"]


@pytest.mark.parametrize(
    ("cells", "about"),
    [("ben@b.example,ada@b.example", "ben@b.example"), (",ada@b.example", "ada@b.example"), (",", "")],
    ids=["whom it is for", "who asked", "nobody"],
)
def test_a_ticket_is_about_whom_it_is_for_or_else_who_asked(cells: str, about: str) -> None:
    mapping = Mapping("ticket", {"ticket": "Key", "for_email": "For", "requested_by": "Reporter"})
    record = applied(f"Key,For,Reporter\nIT-1,{cells}\n", mapping).records[0].record

    assert subject_of(SPECS["ticket"], record) == about


def test_gaps_never_repeat_what_a_cell_holds() -> None:
    text = (
        HEADER
        + ADA
        + "canary@x,canary word,canary day,99.99.2026canary,1\ncanary,Employee,2026-01-05,,1\ncanary,canary\n"
    )
    details = " ".join(one.detail or "" for one in applied(text).gaps)

    assert details.count("Row") == 3
    assert "canary" not in details


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a@b.example", "c@d.example", "E@f.example", "", "nobody"]),
            st.sampled_from(["Employee", "Freelancer", "Robot", ""]),
            st.sampled_from(["2026-01-05", "05/01/2026", "", "soon"]),
        ),
        max_size=12,
    )
)
def test_every_row_is_a_record_or_refused_or_repeats_another(rows: list[tuple[str, str, str]]) -> None:
    text = (
        HEADER
        + "good@b.example,Employee,2026-01-05,,1\n"
        + "".join(f"{email},{kind},{day},,1\n" for email, kind, day in rows)
    )
    got = applied(text)
    tally = got.tally

    assert tally.rows == len(rows) + 1 == tally.records + tally.refused + tally.repeated
    keys = [one.key for one in got.records]
    assert keys == sorted(set(keys))
    for one in got.records:
        unread = {name for found in got.gaps if found.key in (None, one.key) for name in found.columns or ()}
        kept = one.record["file"]
        assert (
            SPECS["hr_person"].columns.keys() - kept.keys() <= unread
        )  # what a record does not tell, a gap says
        assert all(kept[name] is not None for name in ("kind", "started") if name in kept)
        encode(one.record)


# Deliveries


EXPORTED = Exported(
    "Personio", "ada@northwind.example", NOW - timedelta(hours=3), "all workers, left ones too"
)


def delivery(text: str, mapping: Mapping = WORKERS, **changes: object) -> Delivery:
    return replace(Delivery("people", "workers.csv", mapping, EXPORTED, lambda: text.encode()), **changes)


def ticking() -> Callable[[], datetime]:
    instants = iter(NOW + timedelta(seconds=number) for number in range(100))
    return lambda: next(instants)


def collected(*deliveries: Delivery, **others: object) -> list[PopulationSeen | NotSeen]:
    return list(collect_files(deliveries, SPECS, HEADINGS, clock=ticking(), **others))  # type: ignore[arg-type]


def test_a_file_becomes_a_population_with_how_it_was_made() -> None:
    text = HEADER + ADA + BEN
    calls: list[CallMade] = []
    steps: list[Progress] = []

    (seen,) = collected(delivery(text), on_call=calls.append, on_progress=steps.append)

    assert isinstance(seen, PopulationSeen)
    assert (seen.table, seen.account, seen.region, len(seen.records)) == ("hr_person", "people", "", 2)
    assert isinstance(seen.made, FileMade)
    assert (seen.made.calls, seen.made.started, seen.made.ended) == (
        1,
        "2026-11-23T07:00:01Z",
        "2026-11-23T07:00:02Z",
    )
    assert seen.made.file == {
        "bytes": len(text),
        "exported": {
            "at": "2026-11-23T04:00:00Z",
            "by": "ada@northwind.example",
            "query": "all workers, left ones too",
            "rows": None,
            "system": "Personio",
        },
        "form": "csv",
        "headings": ["Email", "Type", "Start", "End", "Salary"],
        "mapping": hashlib.sha256(encode(WORKERS.to_json())).hexdigest(),
        "name": "workers.csv",
        "reading": {"delimiter": "comma", "encoding": "utf-8"},
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "stated": None,
        "tally": {"rows": 2, "records": 2, "refused": 0, "repeated": 0, "incomplete": 0},
    }
    encode(seen.made.file)
    assert calls == [CallMade("file", "people", "", 1000, 1000, None, len(text), None, None)]
    assert steps == [Progress(1, 1, "hr_person", "people", "", 2, 1)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "The file is empty. Export it again."),
        (HEADER + 'ada@northwind.example,"Employee', "half of the file is missing"),
        (
            "Mail,Type,Start,End\nada@northwind.example,Employee,2026-01-05,\n",
            "has no column headed “Email” any more",
        ),
        ("Email,Email,Type\na@b.example,c@d.example,Employee\n", "2 columns headed “Email”"),
        (
            HEADER + "a,b,c,d,e\nf,g,h,i,j\n",
            "Not one of 2 rows could be read. The first: Row 2: the cell of “Email” is not an e-mail address.",
        ),
    ],
)
def test_a_file_that_cannot_be_read_whole_gives_no_population(text: str, says: str) -> None:
    calls: list[CallMade] = []
    (seen,) = collected(delivery(text), on_call=calls.append)

    assert isinstance(seen, NotSeen)
    assert (seen.gap.table, seen.gap.account, seen.gap.key, seen.gap.columns, seen.gap.reason) == (
        "hr_person",
        "people",
        None,
        None,
        Reason.MALFORMED,
    )
    assert says in (seen.gap.detail or "")
    assert [call.error for call in calls] == ["malformed"]


def test_a_list_of_nobody_is_a_population_of_nobody() -> None:
    (seen,) = collected(delivery(HEADER))

    assert isinstance(seen, PopulationSeen)
    assert seen.records == []
    assert seen.gaps == [replace(NEVER_TOLD, at="2026-11-23T07:00:01Z")]


def test_an_empty_json_list_lacks_no_column_that_the_mapping_reads() -> None:
    (seen,) = collected(delivery("[]"))

    assert isinstance(seen, PopulationSeen)
    assert [one.columns for one in seen.gaps] == [UNTOLD]


def test_rows_are_held_against_what_the_system_itself_counts() -> None:
    text = HEADER + ADA + BEN
    right, wrong = (delivery(text, exported=replace(EXPORTED, rows=rows)) for rows in (2, 3))
    short = delivery(
        '{"total": 9, "items": [{"Email": "ada@northwind.example", "Type": "Employee", "Start": "2026-01-05", "End": null}]}'
    )

    assert isinstance(collected(right)[0], PopulationSeen)
    for bad, says in (
        (wrong, "Personio counts 3 rows, and 2 were read"),
        (short, "The file counts 9 rows, and 1 were read"),
    ):
        (seen,) = collected(bad)
        assert isinstance(seen, NotSeen)
        assert says in (seen.gap.detail or "")


def test_a_file_that_is_not_there_is_a_gap_and_the_next_file_is_still_read(tmp_path: Path) -> None:
    (tmp_path / "there.csv").write_text(HEADER + ADA)
    missing = delivery("", account="one", read=file_at(tmp_path / "missing.csv"))
    there = delivery("", account="two", read=file_at(tmp_path / "there.csv"))

    first, second = collected(missing, there)

    assert isinstance(first, NotSeen)
    assert (first.gap.reason, first.gap.account) == (Reason.FAILED, "one")
    assert "No such file or directory" in (first.gap.detail or "")
    assert str(tmp_path) not in (first.gap.detail or "")
    assert isinstance(second, PopulationSeen)


def test_a_file_is_read_no_further_than_its_limit(tmp_path: Path) -> None:
    (tmp_path / "large.csv").write_bytes(b"x" * 1_000)
    limits = Limits(bytes=100)

    assert len(file_at(tmp_path / "large.csv", limits)()) == 101
    (seen,) = collected(delivery("", read=file_at(tmp_path / "large.csv", limits)), limits=limits)
    assert isinstance(seen, NotSeen)


def test_what_is_done_is_not_read_again() -> None:
    def never() -> bytes:
        raise AssertionError

    assert collected(delivery("", read=never), done={("hr_person", "people", "")}) == []


@pytest.mark.parametrize(
    ("exported", "says"),
    [
        (replace(EXPORTED, system=" "), "Say from which system “workers.csv” comes, and who exported it."),
        (replace(EXPORTED, by=""), "Say from which system “workers.csv” comes, and who exported it."),
        (
            replace(EXPORTED, at=NOW + timedelta(minutes=1)),
            "cannot have been exported at 2026-11-23T07:01:00Z, which is still to come",
        ),
        (replace(EXPORTED, at=datetime(2026, 11, 23)), "with its zone"),  # noqa: DTZ001 - the instant without a zone is what is refused
    ],
)
def test_a_file_without_its_origin_is_not_evidence(exported: Exported, says: str) -> None:
    with pytest.raises(BadDeliveryError, match=says):
        collected(delivery(HEADER, exported=exported))


def test_a_file_for_a_table_that_there_is_not_is_refused_before_any_is_read() -> None:
    with pytest.raises(BadMappingError, match=r"There is no table “shoes” for “workers\.csv”"):
        collected(delivery(HEADER + ADA), delivery("", replace(WORKERS, table="shoes")))


def test_a_proposal_confirmed_as_it_is_reads_an_ordinary_export() -> None:
    text = (
        "Serial Number,User Email,Operating System,Status,FileVault,Last Check-in\n"
        "C02X,Ada@northwind.example,macOS,Assigned,On,2026-11-20 08:12\n"
        "C02Y,,macOS,In stock,Off,2026-11-01 08:12\n"
    )
    mapping = propose(SPECS["device"], read_sheet(text.encode()), HEADINGS).mapping

    assert [one.record["file"] for one in applied(text, mapping).records] == [
        {
            "device": "C02X",
            "owner_email": "ada@northwind.example",
            "platform": "macOS",
            "state": "in_use",
            "encrypted": True,
            "last_report": "2026-11-20T08:12:00Z",
        },
        {
            "device": "C02Y",
            "owner_email": None,
            "platform": "macOS",
            "state": "in_stock",
            "encrypted": False,
            "last_report": "2026-11-01T08:12:00Z",
        },
    ]
