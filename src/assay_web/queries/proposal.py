"""The request for proposal, out of the scope and of what the company added: only what the home holds, and a blank for the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from assay.audit.days import day_words
from assay.audit.plan import AS_OF, PERIOD_FIRST, PERIOD_LAST, REPORT_1, REPORT_2, Plan
from assay.catalogue import Boundary, Category, Relation, Scope, load_setup
from assay.catalogue import Part as Kind
from assay.documents.letter import Fact, Letter, Part
from assay.wording import counted
from assay_web.home import current_home
from assay_web.queries.planning import Planned, planned
from assay_web.records.auditor import ONLY, Proposal

QUESTIONS = (
    "In which states are you licensed, under which numbers, and where can we look them up?",
    "Are you enrolled in peer review? What was the result of the newest one, and of which date is it?",
    "How many SOC 2 reports did you issue last year for companies of our size, on our cloud and stack?",
    "Who would do the work, with which experience, and is any of it done by another firm?",
    "What is your price for each report, what does it leave out, and what would raise it?",
    "When could you begin, and how long from the as-of date or the end of the period to the report?",
    "Which evidence do you take, in which form, and how do you draw samples?",
    "Which other services do you offer us or sell us already, and what keeps you independent?",
    "What happens where a control turns out not to have operated?",
    "Which two clients like us may we speak to?",
)
_COUNTED = {
    Kind.ACCOUNT: ("cloud account", "cloud accounts"),
    Kind.PROJECT: ("project", "projects"),
    Kind.REPOSITORY: ("repository", "repositories"),
    Kind.DATABASE: ("database", "databases"),
    Kind.INTERFACE: ("interface", "interfaces"),
    Kind.PRODUCTION: ("other part", "other parts"),
    Kind.TOOL: ("internal tool", "internal tools"),
    Kind.ACCESS: ("place where access is managed", "places where access is managed"),
}


@dataclass(frozen=True, slots=True)
class Proposed:
    """The document with the line that is kept; None before the first."""

    letter: Letter
    line: Proposal | None


def proposed() -> Proposed | None:
    """Give the request for proposal; None before there is a scope."""
    found = planned()
    if found is None:
        return None
    line = Proposal.objects.select_related("changed_by").filter(pk=ONLY).first()
    return Proposed(_letter(found, line or Proposal()), line)


def _letter(found: Planned, line: Proposal) -> Letter:
    """1. Who asks. 2. What is to be examined. 3. The system. 4. Others that it rests on. 5. When. 6. What the firm is asked. 7. The reply."""
    scope = found.scope
    boundary = scope.boundary or Boundary()
    own = tuple(one.strip() for one in line.questions.splitlines() if one.strip())
    return Letter(
        title="Request for proposal: SOC 2 examination",
        lead=f"{scope.company} asks licensed CPA firms for an offer on the examination that is described here. Please answer the questions in their order.",
        dated=found.today,
        parts=(
            Part("The company", tuple(_company(scope, line))),  # 1
            Part("The examination", tuple(_examination(scope, found.plan))),  # 2
            Part("The system", tuple(_system(scope, boundary, line))),  # 3
            Part("Vendors and subservice organizations", tuple(_others(scope, boundary))),  # 4
            Part("Dates", tuple(_dates(found.plan))),  # 5
            Part("What we ask you", items=(*QUESTIONS, *own), numbered=True),  # 6
            Part("Your reply", tuple(_reply(line))),  # 7
        ),
    )


def _company(scope: Scope, line: Proposal) -> Iterable[Fact]:
    yield Fact("Company", line.legal_name or scope.company)
    yield Fact("What is sold", scope.sells)
    yield Fact("People", counted(scope.people, "person", "people") + ", contractors included")
    yield Fact("Customers", _or_blank(line.customers))
    yield Fact("Locations", _or_blank(line.locations))
    yield Fact("Earlier reports", _or_blank(line.history))


def _examination(scope: Scope, plan: Plan) -> Iterable[Fact]:
    kinds = [name for key, name in ((REPORT_1, "Type I"), (REPORT_2, "Type II")) if plan.milestone(key)]
    yield Fact("Report", f"SOC 2, {' and then '.join(kinds)}")
    yield Fact("Categories", ", ".join(one.label for one in Category if one in scope.categories))


def _system(scope: Scope, boundary: Boundary, line: Proposal) -> Iterable[Fact]:
    setup = load_setup(current_home().content)
    yield Fact("Kind of system", setup.systems[scope.system].title)
    counts = Counter(one.part for one in boundary.things if one.inside)
    inside = ", ".join(counted(counts[kind], *words) for kind, words in _COUNTED.items() if counts[kind])
    yield Fact("Inside the boundary", inside or None)
    outside = sum(not one.inside for one in boundary.things)
    if outside:
        yield Fact("Outside it, each with a reason", counted(outside, "part"))
    kinds = [setup.data_kinds[one].title for one in boundary.data_kinds if one in setup.data_kinds]
    yield Fact("Data held", ", ".join(kinds) or None)
    yield Fact("Where it runs", _or_blank(line.hosting))


def _others(scope: Scope, boundary: Boundary) -> Iterable[Fact]:
    carved = {one.provider.casefold(): one.services for one in scope.carve_outs}
    parts = [one for one in boundary.vendors if one.relation is Relation.SUBSERVICE]
    names = [f"{one.name} ({one.used_for})" if one.used_for else one.name for one in parts]
    named = {one.name.casefold() for one in parts}
    names += [
        f"{one.provider} ({one.services})" for one in scope.carve_outs if one.provider.casefold() not in named
    ]
    yield Fact("Subservice organizations", "; ".join(names) or None)
    if carved:
        yield Fact("By the carve-out method", ", ".join(one.provider for one in scope.carve_outs))
    plain = [one.name for one in boundary.vendors if one.relation is not Relation.SUBSERVICE]
    yield Fact("Other vendors with access", ", ".join(plain) or None)


def _dates(plan: Plan) -> Iterable[Fact]:
    for key in (AS_OF, REPORT_1, PERIOD_FIRST, PERIOD_LAST, REPORT_2):
        if (one := plan.milestone(key)) is not None:
            yield Fact(one.name, one.when.words)
    yield Fact("Report wanted by", None if plan.wanted is None else day_words(plan.wanted))


def _reply(line: Proposal) -> Iterable[Fact]:
    yield Fact("Reply by", None if line.reply_by is None else day_words(line.reply_by))
    yield Fact("To", ", ".join(filter(None, (line.contact_name, line.contact_email))) or None)


def _or_blank(text: str) -> str | None:
    return text or None
