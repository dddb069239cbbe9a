"""The interview reads as written, asks in its order what a scope calls for, and refuses what is at odds with itself."""

import pytest
from tests.catalogue.test_catalogue_loading import FILES

from assay.catalogue import (
    CatalogueError,
    Category,
    Group,
    Means,
    Scope,
    System,
    Trait,
    load_catalogue,
    load_interview,
)
from assay.content_tree import Content
from assay.home.content import unasked

REVIEWS = """
group: access
order: 10
ask: Do owners review the accounts?
why: An auditor reads the review.
controls: [IAM-07, IAM-08]
answers:
  - id: yes
    say: Yes.
    means: in_place
    shows: We review the accounts.
  - id: late
    say: Late.
    means: partly
    shows: We review the accounts late.
    next: Review in time.
  - id: no
    say: No.
    means: missing
    next: Review the accounts.
  - id: nothing-there
    say: There are none.
    means: not_relevant
asks_for: The review.
"""
OFFICE = """
group: people
order: 20
ask: Is there a door?
why: An auditor tries it.
controls: [IAM-08]
answers:
  - {id: yes, say: Yes., means: in_place, shows: We have a door.}
  - {id: no, say: No., means: missing, next: Buy one.}
when:
  - {traits: [has_office], people_from: 3}
  - {categories: [privacy]}
otherwise: There is no office.
"""


def content(**questions: str) -> Content:
    files = FILES | {f"interview/{name}.yaml": text for name, text in questions.items()}
    return Content({path: text.encode() for path, text in files.items()})


def refused(old: str, new: str, source: str = REVIEWS) -> str:
    assert old in source
    with pytest.raises(CatalogueError) as caught:
        load_interview(content(reviews=source.replace(old, new, 1)))
    return str(caught.value)


def scope(people: int = 3, categories: frozenset[Category] = frozenset(), *traits: Trait) -> Scope:
    return Scope("C", "S", System.SAAS, people, "UTC", categories | {Category.SECURITY}, frozenset(traits))


def test_a_question_reads_as_written():
    question = load_interview(content(reviews=REVIEWS)).questions["reviews"]
    assert (question.group, question.order, question.controls) == (Group.ACCESS, 10, ("IAM-07", "IAM-08"))
    assert (question.ask, question.asks_for) == ("Do owners review the accounts?", "The review.")
    assert [(one.id, one.means, one.shows, one.next) for one in question.answers] == [
        ("yes", Means.IN_PLACE, "We review the accounts.", None),
        ("late", Means.PARTLY, "We review the accounts late.", "Review in time."),
        ("no", Means.MISSING, None, "Review the accounts."),
        ("nothing-there", Means.NOT_RELEVANT, None, None),
    ]


def test_groups_come_in_the_order_of_asking_and_questions_in_theirs():
    first = REVIEWS.replace("order: 10", "order: 5")
    asked = load_interview(content(reviews=REVIEWS, zeroth=first, office=OFFICE))
    assert list(asked.questions) == ["office", "zeroth", "reviews"]


def test_a_question_is_asked_where_its_condition_holds():
    interview = load_interview(content(reviews=REVIEWS, office=OFFICE))

    def ids(facts: Scope) -> list[str]:
        return [one.id for one in interview.asked_of(facts)]

    assert ids(scope()) == ["reviews"]
    assert ids(scope(3, frozenset(), Trait.HAS_OFFICE)) == ["office", "reviews"]
    assert ids(scope(2, frozenset(), Trait.HAS_OFFICE)) == ["reviews"]
    assert ids(scope(1, frozenset({Category.PRIVACY}))) == ["office", "reviews"]


def test_a_question_on_nothing_but_what_sources_show_is_left_out():
    interview = load_interview(content(reviews=REVIEWS, office=OFFICE))
    facts = scope(1, frozenset({Category.PRIVACY}))
    assert [one.id for one in interview.asked_of(facts, shown={"IAM-08"})] == ["reviews"]
    assert interview.asked_of(facts, shown={"IAM-07", "IAM-08"}) == ()


def test_the_questions_that_serve_a_control_are_found_by_it():
    interview = load_interview(content(reviews=REVIEWS, office=OFFICE))
    assert [one.id for one in interview.serving("IAM-08")] == ["office", "reviews"]
    assert [one.id for one in interview.serving("IAM-07")] == ["reviews"]
    assert interview.serving("IAM-99") == ()


def test_an_answer_is_found_by_its_id_and_an_unknown_one_is_refused_with_those_there_are():
    question = load_interview(content(office=OFFICE)).questions["office"]
    assert question.answer("no").next == "Buy one."
    with pytest.raises(CatalogueError, match=r"office has no answer 'maybe'\. Give one of: yes, no\."):
        question.answer("maybe")


def test_without_files_there_are_no_questions():
    assert dict(load_interview(content()).questions) == {}
    assert dict(load_interview(Content({})).questions) == {}


def test_two_questions_do_not_share_a_place_in_the_order():
    with pytest.raises(
        CatalogueError, match=r"second\.yaml: order is 10 in access, as in interview/first\.yaml"
    ):
        load_interview(content(first=REVIEWS, second=REVIEWS))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("controls: [IAM-07", "controls: [IAM-77", "controls names IAM-77, and there is no controls/IAM-77.yaml"),
        ("controls: [IAM-07, IAM-08]", "controls: []", "controls names no control"),
        ("group: access", "group: accessories", "group is 'accessories', which is none of:"),
        ("order: 10", "order: first", "order must be a whole number"),
        ("accounts?", "accounts.", "ask must be one sentence that ends with '?'"),
        ("Do owners", "Think. Do owners", "ask must be one sentence that ends with '?'"),
        ("the review.\nc", "the review\nc", "why must be one sentence that ends with '.'"),
        ("means: in_place", "means: fine", "answers[1].means is 'fine', which is none of:"),
        ("    shows: We review the accounts.\n", "", "answers[1].shows must say what is done"),
        ("    next: Review in time.\n", "", "answers[2].next must say what to do"),
        ("    next: Review the accounts.\n", "", "answers[3].next must say what to do"),
        ("means: missing", "means: missing\n    shows: We do not.", "answers[3].shows must go"),
        ("means: in_place", "means: in_place\n    next: Rest.", "answers[1].next must go"),
        ("means: not_relevant", "means: not_relevant\n    next: Rest.", "answers[4].next must go"),
        ("id: late", "id: yes", "answers give one id twice"),
        ("id: late", "id: Too late", "answers[2].id is 'Too late'"),
        ("asks_for", "ask_for", "ask_for is no field of such a file"),
        ("asks_for", "when: [{people_from: 3}]\nasks_for", "otherwise is missing"),
        ("asks_for", "when: [{people_from: 3, because: So.}]\notherwise: Few.\nasks_for", "when has `because`"),
    ],
)  # fmt: skip
def test_a_question_at_odds_with_itself_is_refused_with_file_and_field(old, new, says):
    assert refused(old, new).startswith(f"interview/reviews.yaml: {says}")


def test_a_question_has_two_to_four_answers_and_one_that_admits_a_lack():
    assert "answers are 1; give 2 to 4" in refused(
        "  - {id: no, say: No., means: missing, next: Buy one.}\n", "", OFFICE
    )
    more = "asks_for: The review."
    assert "answers are 5; give 2 to 4" in refused(more, "  - {id: x, say: X., means: not_relevant}\n" + more)
    assert "answers all mean in_place" in refused(
        "id: no, say: No., means: missing, next: Buy one.", "id: both, say: Two., means: in_place, shows: We have two.", OFFICE
    )  # fmt: skip


def test_the_file_name_is_the_id_and_must_look_like_one():
    with pytest.raises(CatalogueError, match="The file name gives 'Reviews_1'"):
        load_interview(content(Reviews_1=REVIEWS))


def test_a_control_that_needs_evidence_by_hand_and_has_no_question_is_named():
    catalogue = load_catalogue(content())
    assert list(unasked(catalogue, load_interview(content(office=OFFICE)), catalogue.controls)) == [
        "IAM-07 needs evidence by hand, and no question of the interview names it. Write one in interview/, or add it to one."
    ]
    assert list(unasked(catalogue, load_interview(content(office=OFFICE)), {"IAM-08"})) == []
    assert list(unasked(catalogue, load_interview(content(reviews=REVIEWS)), catalogue.controls)) == []
