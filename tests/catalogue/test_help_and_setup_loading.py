"""Help and the first run read as written, and refuse what is at odds with itself, with file, field and remedy."""

import pytest

from assay.catalogue import (
    CatalogueError,
    Category,
    Figure,
    Place,
    Relation,
    System,
    Trait,
    load_help,
    load_setup,
)
from assay.content_tree import Content

COST = """
order: 20
question: What does it cost?
answer: It costs something. It depends.
beside: [home, setup.target]
see: [law]
figures:
  - {of: audit, amount: $1 to $2, source: Somebody counted.}
"""
LAW = """
order: 10
question: Is it law?
answer: No. Customers ask.
beside: [home]
"""


def helping(**topics: str) -> Content:
    return Content({f"help/{name}.yaml": text.encode() for name, text in topics.items()})


def test_topics_come_in_their_order_and_stand_beside_their_places():
    found = load_help(helping(cost=COST, law=LAW))
    assert list(found.topics) == ["law", "cost"]
    assert [one.id for one in found.beside(Place.HOME)] == ["law", "cost"]
    assert [one.id for one in found.beside(Place.SETUP_TARGET)] == ["cost"]
    assert found.beside(Place.VENDORS) == ()
    assert found.topics["cost"].see == ("law",)
    assert found.topics["cost"].figures == (Figure("audit", "$1 to $2", "Somebody counted."),)


def test_without_files_there_are_no_topics():
    assert dict(load_help(Content({})).topics) == {}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("see: [law]", "see: [lore]", "see names lore, which is no other topic"),
        ("see: [law]", "see: [cost]", "see names cost, which is no other topic"),
        ("cost?", "cost.", "question must be a question"),
        ("answer: It costs something. It depends.", "answer: It depends.", "answer has 1 sentences; write 2 to 6"),
        ("answer: It costs something. It depends.", "answer: A. B. C. D. E. F. G.", "answer has 7 sentences; write 2 to 6"),
        ("It depends.", "It depends. Does it", "answer has 2 sentences"),
        ("beside: [home, setup.target]", "beside: []", "beside names no place"),
        ("beside: [home", "beside: [cellar", "beside is 'cellar', which is none of:"),
        ("source: Somebody counted.", "source: counted", "figures[1].source must be a sentence"),
        ("order: 20", "rank: 20", "order is missing"),
    ],
)  # fmt: skip
def test_a_topic_at_odds_with_itself_is_refused_with_file_and_field(old, new, says):
    assert old in COST
    with pytest.raises(CatalogueError) as caught:
        load_help(helping(cost=COST.replace(old, new, 1), law=LAW))
    assert str(caught.value).startswith(f"help/cost.yaml: {says}")


QUESTION = "ask: Is it so?\nadds: Work.\nwait: Wait.\n"
SETUP = {
    f"setup/categories/{one}.yaml": QUESTION for one in Category if one is not Category.SECURITY
} | {
    "setup/data_kinds.yaml": """
data_kinds:
  notes: {title: Notes, says: What is noted., example: A note}
  names: {title: Names, says: Who somebody is., example: Ada, states: [handles_personal_data]}
""",
    "setup/system_kinds.yaml": "systems:\n"
    + "".join(f"  {one}: {{title: T, says: S., example: E}}\n" for one in System)
    + "traits:\n"
    + "".join(f"  {one}: {{ask: Is it?, changes: Much.}}\n" for one in Trait),
    "setup/vendor_suggestions.yaml": """
vendors:
  - {name: Cloud, used_for: hosting, data_kinds: [notes], usually: subservice, because: It runs there.}
  - {name: Mail, used_for: mail, data_kinds: [], usually: vendor, because: It is useful.}
""",
}  # fmt: skip


def setting_up(path: str = "", old: str = "", new: str = "") -> Content:
    files = dict(SETUP)
    if path:
        assert old in files[path]
        files[path] = files[path].replace(old, new, 1)
    return Content({one: text.encode() for one, text in files.items()})


def test_the_first_run_reads_as_written():
    found = load_setup(setting_up())
    assert list(found.categories) == [one for one in Category if one is not Category.SECURITY]
    assert (set(found.systems), set(found.traits)) == (set(System), set(Trait))
    assert found.data_kinds["names"].states == (Trait.HANDLES_PERSONAL_DATA,)
    assert found.data_kinds["notes"].states == ()
    assert [(one.name, one.usually) for one in found.vendors.values()] == [
        ("Cloud", Relation.SUBSERVICE),
        ("Mail", Relation.VENDOR),
    ]


@pytest.mark.parametrize("path", sorted(SETUP))
def test_a_missing_file_of_the_first_run_is_named(path):
    with pytest.raises(CatalogueError, match="is missing") as caught:
        load_setup(Content({one: text.encode() for one, text in SETUP.items() if one != path}))
    assert path.rsplit("/", 1)[0] in str(caught.value)


@pytest.mark.parametrize(
    ("path", "old", "new", "says"),
    [
        ("categories/privacy.yaml", "so?", "so.", "ask must be a question"),
        ("categories/privacy.yaml", "Work.", "Work", "adds must be sentences"),
        ("data_kinds.yaml", "  names:", "  Full names:", "data_kinds.Full names is no id"),
        ("data_kinds.yaml", "handles_personal_data", "handles_names", "data_kinds.names.states is 'handles_names'"),
        ("system_kinds.yaml", "  saas:", "  sass:", "systems.sass is 'sass', which is none of:"),
        ("system_kinds.yaml", "  api: {title: T, says: S., example: E}\n", "", "api is missing"),
        ("system_kinds.yaml", "  handles_phi: {ask: Is it?, changes: Much.}\n", "", "handles_phi is missing"),
        ("vendor_suggestions.yaml", "[notes]", "[nodes]", "vendors[1].data_kinds names nodes, which is none of: notes, names"),
        ("vendor_suggestions.yaml", "name: Mail", "name: Cloud", "vendors[2].name is Cloud, which is there already"),
        ("vendor_suggestions.yaml", "usually: vendor", "usually: friend", "vendors[2].usually is 'friend'"),
    ],
)  # fmt: skip
def test_a_file_of_the_first_run_at_odds_with_itself_is_refused(path, old, new, says):
    with pytest.raises(CatalogueError) as caught:
        load_setup(setting_up(f"setup/{path}", old, new))
    assert str(caught.value).startswith(f"setup/{path}: {says}")


def test_security_is_in_every_scope_and_needs_no_question():
    files = SETUP | {"setup/categories/security.yaml": QUESTION}
    with pytest.raises(CatalogueError, match="The file name gives 'security'"):
        load_setup(Content({one: text.encode() for one, text in files.items()}))
