"""The budget: a total over what was given, with what is not known named and never computed."""

from __future__ import annotations

from assay.audit.budget import Amount, Given, make_budget


def test_without_a_quote_the_common_range_stands_and_the_rest_is_named() -> None:
    budget = make_budget(Given())
    assert budget.total == Amount(15_000, 60_000)
    assert budget.says == (
        "$15,000 to $60,000 in all. Not in it, because it is not known: own time, tools, penetration test."
    )


def test_two_reports_cost_twice() -> None:
    assert make_budget(Given(reports=2)).total == Amount(30_000, 120_000)


def test_what_was_given_is_added_end_by_end() -> None:
    """22,000 + 200 × 80 + 3,000 at least; 26,000 + 400 × 100 + 5,000 at most."""
    budget = make_budget(
        Given(fee=(22_000, 26_000), hours=(200, 400), hourly=(80, 100), tools=(3_000, 5_000), testing=(0, 0))
    )
    assert budget.total == Amount(41_000, 71_000)
    assert budget.without == ()


def test_hours_without_a_price_have_no_amount() -> None:
    budget = make_budget(Given(hours=(100, 100)))
    assert budget.lines[1].amount is None
    assert budget.lines[1].comes_from == "100 hours; what an hour costs is not entered."


def test_the_common_range_is_not_converted() -> None:
    budget = make_budget(Given(currency="EUR"))
    assert budget.total is None
    assert budget.lines[0].comes_from == "The common range is known in USD only. Enter a quote in EUR."
    assert make_budget(Given(currency="EUR", fee=(20_000, 20_000))).says.startswith("EUR 20,000 in all.")
