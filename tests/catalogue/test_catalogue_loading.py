"""A catalogue that is at odds with itself is refused, with the file, the field and the remedy."""

import pytest

from assay.catalogue import Cadence, CatalogueError, Category, Kind, Trigger, load_catalogue, read_yaml
from assay.content_tree import Content

FILES = {
    "frameworks/soc2.yaml": """
title: Two criteria
edition: small
says: For tests.
criteria:
  CC6.2:
    category: security
    gist: Accounts are opened and closed by decision
    points:
      CC6.2.1: Somebody decides
      CC6.2.2: {gist: Personal data is thought of, only: privacy}
  A1.3:
    category: availability
    gist: Recovery is tried
    points:
      A1.3.1: It is tried
""",
    "controls/IAM-07.yaml": """
domain: Access
statement: Each owner reviews the accounts.
kind: periodic
cadence: quarterly
owner: System owner
nature: manual, detective
evidence: record
type1: One review
type2: All reviews
recommend: always
""",
    "controls/IAM-08.yaml": """
domain: Access
statement: IT disables a leaver's accounts.
kind: per event
trigger: leaver
owner: IT
nature: manual, preventive
evidence: population
type1: One leaver
type2: All leavers
recommend:
  when:
    - {people_from: 10, traits: [has_office]}
    - {categories: [availability], because: Chosen for the test.}
  otherwise: Few people leave.
""",
    "mappings/soc2.yaml": """
framework: soc2
title: T
says: S
criteria:
  CC6.2: [IAM-08, IAM-07]
  A1.3: [IAM-07]
""",
    "mappings/other.yaml": """
framework: other
title: T
says: S
criteria:
  A.5.18: [IAM-07]
""",
    "parameters/access_review_days.yaml": """
says: Days between two reviews.
type: integer
unit: days
default: 90
minimum: 28
maximum: 366
reason: Access accumulates.
controls: [IAM-07]
governs: cadence
""",
    "families/access.yaml": """
title: Access
says: Who reaches what.
order: 1
controls: [IAM-07, IAM-08]
not_shown: [Whether the work still needs it.]
""",
}


def content(**changes: str) -> Content:
    """The small content with some files changed; `controls__X` stands for controls/X.yaml."""
    files = {path: text.encode() for path, text in FILES.items()}
    for name, text in changes.items():
        files[name.replace("__", "/").replace("-dash-", "-") + ".yaml"] = text.encode()
    return Content(files)


def altered(path: str, old: str, new: str) -> Content:
    """The small content with one piece of one file replaced."""
    assert old in FILES[path]
    return Content(
        {one: (text.replace(old, new, 1) if one == path else text).encode() for one, text in FILES.items()}
    )


def test_a_small_catalogue_reads_as_written():
    catalogue = load_catalogue(content())
    assert list(catalogue.criteria) == ["CC6.2", "A1.3"]
    assert [point.id for point in catalogue.points] == ["CC6.2.1", "CC6.2.2", "A1.3.1"]
    assert [point.only for point in catalogue.points] == [None, Category.PRIVACY, None]
    review, leaver = catalogue.controls["IAM-07"], catalogue.controls["IAM-08"]
    assert (review.kind, review.cadence, review.trigger) == (Kind.PERIODIC, Cadence.QUARTERLY, None)
    assert (leaver.kind, leaver.cadence, leaver.trigger) == (Kind.PER_EVENT, None, Trigger.LEAVER)
    assert catalogue.controls_serving("CC6.2") == ("IAM-07", "IAM-08")
    assert catalogue.criteria_served_by("IAM-07") == ("CC6.2", "A1.3")
    assert catalogue.parameters_stated_by("IAM-07") == ("access_review_days",)
    assert catalogue.parameters_stated_by("IAM-08") == ()
    assert catalogue.cadence_parameter("IAM-07") is catalogue.parameters["access_review_days"]
    assert catalogue.cadence_parameter("IAM-08") is None
    assert catalogue.crosswalk("IAM-07") == {"other": ("A.5.18",)}
    assert catalogue.crosswalk("IAM-08") == {}
    assert catalogue.families["access"].not_shown == ("Whether the work still needs it.",)


def test_an_overlay_maps_a_control_of_its_own_with_two_files():
    own = FILES["controls/IAM-08.yaml"].replace("leaver's", "visitor's")
    overlay = Content(
        {
            "controls/ACME-01.yaml": own.encode(),
            "mappings/acme.yaml": b"framework: soc2\ntitle: T\nsays: S\ncriteria:\n  A1.3: [ACME-01]\n",
        }
    )
    catalogue = load_catalogue(content().overlaid(overlay))
    assert catalogue.controls_serving("A1.3") == ("ACME-01", "IAM-07")


@pytest.mark.parametrize(
    ("path", "old", "new", "sentence"),
    [
        ("mappings/soc2.yaml", "[IAM-08, IAM-07]", "[IAM-08, IAM-70]", "mappings/soc2.yaml: criteria.CC6.2 names IAM-70"),
        ("mappings/soc2.yaml", "  A1.3: [IAM-07]\n", "", "mappings/soc2.yaml: criteria.A1.3 is missing"),
        ("mappings/soc2.yaml", "A1.3", "A1.4", "mappings/soc2.yaml: criteria names A1.4, which is no criterion"),
        ("mappings/soc2.yaml", "IAM-08, ", "", "controls/IAM-08.yaml: no mapping of soc2 names the control"),
        ("mappings/soc2.yaml", "IAM-08, IAM-07", "IAM-08, IAM-08", "criteria.CC6.2 names IAM-08 twice"),
        ("mappings/other.yaml", "framework: other", "framework: soc2", "criteria names A.5.18, which is no criterion"),
        ("controls/IAM-07.yaml", "quarterly", "fortnightly", "controls/IAM-07.yaml: cadence is 'fortnightly', which is none of"),
        ("controls/IAM-07.yaml", "cadence: quarterly", "cadence: continuous", "IAM-07.yaml: cadence must say how often"),
        ("controls/IAM-07.yaml", "owner: System owner\n", "", "controls/IAM-07.yaml: owner is missing"),
        ("controls/IAM-07.yaml", "owner: System", "owner: IT\nowner: System", "gives the key 'owner' a second time"),
        ("controls/IAM-07.yaml", "domain: Access", "domain: Access\ncriteria: [CC6.2]", "IAM-07.yaml: criteria is no field"),
        ("controls/IAM-07.yaml", "accounts.", "accounts. And more.", "statement must be one sentence"),
        ("controls/IAM-08.yaml", "trigger: leaver", "cadence: annual", "controls/IAM-08.yaml: trigger must say which event"),
        ("controls/IAM-08.yaml", "has_office", "has_offices", "recommend.when[1].traits is 'has_offices'"),
        ("controls/IAM-08.yaml", "traits: [has_office]", "without: [has_office]", "recommend.when has `without` and no `because`"),
        ("controls/IAM-08.yaml", "otherwise: Few people leave.", "", "controls/IAM-08.yaml: recommend.otherwise is missing"),
        ("controls/IAM-08.yaml", "people_from: 10", "people_from: many", "people_from must be a whole number, and is 'many'"),
        ("parameters/access_review_days.yaml", "default: 90", "default: 400", "default does not fit: access_review_days takes 28 to 366 days"),
        ("parameters/access_review_days.yaml", "default: 90", "default: 30", "default is 30 days, and controls/IAM-07.yaml has the cadence quarterly"),
        ("parameters/access_review_days.yaml", "IAM-07", "IAM-99", "parameters/access_review_days.yaml: controls names IAM-99"),
        ("parameters/access_review_days.yaml", "minimum: 28", "minimum: 400", "minimum is greater than maximum"),
        ("parameters/access_review_days.yaml", "unit: days", "unit: weeks", "governs needs a whole number of days"),
        ("parameters/access_review_days.yaml", "reason: Access accumulates.\n", "", "reason is missing"),
        ("families/access.yaml", "IAM-08", "IAM-80", "families/access.yaml: controls names IAM-80"),
        ("frameworks/soc2.yaml", "category: availability", "category: uptime", "criteria.A1.3.category is 'uptime'"),
        ("frameworks/soc2.yaml", "A1.3.1: It", "A1.2.1: It", "criteria.A1.3.points.A1.2.1 is no id of a point of A1.3"),
        ("frameworks/soc2.yaml", "  A1.3:\n", "  CC6.2:\n", "gives the key 'CC6.2' a second time"),
        ("frameworks/soc2.yaml", "title: Two", "title: [Two", "frameworks/soc2.yaml: The file is no YAML that Assay reads"),
    ],
)  # fmt: skip
def test_a_file_at_odds_is_refused_by_name(path, old, new, sentence):
    with pytest.raises(CatalogueError) as refusal:
        load_catalogue(altered(path, old, new))
    assert sentence in str(refusal.value)


def test_an_edge_stands_in_one_mapping_file_only():
    again = "framework: soc2\ntitle: T\nsays: S\ncriteria:\n  CC6.2: [IAM-07]\n"
    with pytest.raises(CatalogueError, match=r"criteria\.CC6\.2 names IAM-07, as mappings/acme\.yaml does"):
        load_catalogue(content(mappings__acme=again))


@pytest.mark.parametrize("pattern", ["(a+)+b", ".*.*.*.*b", "[a-", "a{99999999999}", r"a\\1"])
def test_a_pattern_that_could_run_for_ever_or_not_at_all_is_refused(pattern):
    text = (
        f"says: S.\ntype: text\ndefault: {'a' * 60}\npattern: '{pattern}'\nreason: R.\ncontrols: [IAM-07]\n"
    )
    with pytest.raises(CatalogueError, match=r"^parameters/kind\.yaml: pattern "):
        load_catalogue(content(parameters__kind=text))


def test_two_parameters_cannot_govern_one_cadence():
    second = FILES["parameters/access_review_days.yaml"]
    with pytest.raises(CatalogueError, match="governs the cadence of IAM-07, as access_review_days does"):
        load_catalogue(content(parameters__review_days=second))


def test_yaml_that_only_looks_like_a_date_a_number_or_a_truth_stays_text():
    text = (
        FILES["controls/IAM-07.yaml"]
        .replace("type1: One review", "type1: 2026-11-23")
        .replace("type2: All reviews", "type2: no")
    )
    control = load_catalogue(content(**{"controls__IAM-07": text})).controls["IAM-07"]
    assert (control.type1, control.type2) == ("2026-11-23", "no")


def test_a_file_that_is_not_utf8_is_refused_by_name():
    files = dict(content().files) | {"controls/IAM-07.yaml": b"domain: \xff"}
    with pytest.raises(CatalogueError, match=r"controls/IAM-07\.yaml"):
        load_catalogue(Content(files))


@pytest.mark.parametrize(
    "text", ["", "- a\n- b\n", "just text\n", "? [a]\n: b\n", "1: x\n", "a: !!python/object:os.system x\n"]
)
def test_a_file_without_named_fields_is_refused_by_name(text):
    with pytest.raises(CatalogueError, match=r"^controls/IAM-07\.yaml: "):
        load_catalogue(content(**{"controls__IAM-07": text}))


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"a: 1\na: 2\n", "line 2 gives the key 'a' a second time"),
        (b"a: &x [*x]\n", "uses an alias"),
        (b"a: {b: [}\n", "on line 1"),
        (b"a: !!python/name:os.system\n", "could not determine a constructor"),
        (b"a: \x00\n", "no YAML that Assay reads"),
        (b"\xff\xfe", "not UTF-8 at byte 0"),
        (b"[" * 100_000, "nests deeper than 64 levels"),
        (b"".join(b" " * n + b"a:\n" for n in range(2_000)), "nests deeper than 64 levels"),
        (b"- " * 100_000, "nests deeper than 64 levels"),
        (b"? " * 100_000, "nests deeper than 64 levels"),
        (b"[" * 5_000 + b"]" * 5_000, "nests deeper than 64 levels"),
    ],
    ids=[
        "twice",
        "recursive",
        "cut",
        "code",
        "null",
        "utf16",
        "deep",
        "indented",
        "dashes",
        "keys",
        "closed",
    ],
)
def test_hostile_yaml_is_refused_by_name_and_nothing_of_it_runs(data, problem):
    with pytest.raises(CatalogueError, match=rf"^scope\.yaml: .*(?:{problem})"):
        read_yaml("scope.yaml", data)


def test_a_missing_framework_is_refused_by_name():
    files = {path: text for path, text in content().files.items() if not path.startswith("frameworks/")}
    with pytest.raises(CatalogueError, match=r"^frameworks/soc2\.yaml: "):
        load_catalogue(Content(files))
