"""A parameter takes what lies within its bounds, in its unit or one that converts, and says why it refuses the rest."""

from decimal import Decimal

import pytest

from assay.catalogue import Parameter, ParameterError, Type


def parameter(kind: Type, default: object, **more: object) -> Parameter:
    fields = dict.fromkeys(("unit", "minimum", "maximum", "pattern")) | {"choices": ()} | more
    return Parameter(
        "limit",
        "Says.",
        kind,
        reason="It is so.",
        controls=("IAM-08",),
        governs_cadence=False,
        default=default,
        **fields,
    )


HOURS = parameter(Type.INTEGER, 24, unit="hours", minimum=1, maximum=168)
DAYS = parameter(Type.INTEGER, 90, unit="days", minimum=1, maximum=365)
PERCENT = parameter(Type.INTEGER, 80, unit="percent", minimum=50, maximum=100)
RATE = parameter(Type.DECIMAL, Decimal("0.5"), unit="percent", minimum=Decimal(0), maximum=Decimal(1))
FLAG = parameter(Type.BOOLEAN, False)
TLS = parameter(Type.TEXT, "1.2", choices=("1.2", "1.3"))
ORGANIZATION = parameter(Type.TEXT, "", pattern="o-[a-z0-9]{10,32}")
LOGS = parameter(Type.TEXTS, ("api", "audit"), choices=("api", "audit", "scheduler"))
ACCOUNTS = parameter(Type.TEXTS, (), pattern="[0-9]{12}")


@pytest.mark.parametrize(
    ("one", "text", "value"),
    [
        (HOURS, "1", 1),
        (HOURS, " 168 ", 168),
        (HOURS, "48 hours", 48),
        (HOURS, "1 hour", 1),
        (HOURS, "2 days", 48),
        (HOURS, "1 week", 168),
        (HOURS, "120 minutes", 2),
        (DAYS, "4 weeks", 28),
        (DAYS, "48 hours", 2),
        (PERCENT, "80 %", 80),
        (PERCENT, "80 percent", 80),
        (RATE, "0.25", Decimal("0.25")),
        (FLAG, "true", True),
        (FLAG, "No", False),
        (TLS, "1.3", "1.3"),
        (ORGANIZATION, "o-a1b2c3d4e5", "o-a1b2c3d4e5"),
        (ORGANIZATION, "", ""),
        (LOGS, "audit, scheduler", ("audit", "scheduler")),
        (ACCOUNTS, "111122223333,444455556666", ("111122223333", "444455556666")),
        (ACCOUNTS, "", ()),
    ],
)
def test_a_typed_value_is_taken(one, text, value):
    assert one.parse(text) == value
    assert type(one.parse(text)) is type(value)


@pytest.mark.parametrize(
    ("one", "text", "problem"),
    [
        (HOURS, "0", "0 hours lies outside"),
        (HOURS, "169", "169 hours lies outside"),
        (HOURS, "8 days", "192 hours lies outside"),
        (HOURS, "1.5", "'1.5' is no whole number of hours"),
        (HOURS, "30 minutes", "is no whole number of hours"),
        (DAYS, "36 hours", "is no whole number of days"),
        (HOURS, "soon", "'soon' is no number"),
        (HOURS, "", "'' is no number"),
        (HOURS, "1e2", "'1e2' is no number"),
        (HOURS, "9" * 5000, "is no number"),
        (HOURS, "24 users", "has the unit 'users'"),
        (PERCENT, "60 minutes", "has the unit 'minutes'"),
        (FLAG, "maybe", "'maybe' is neither"),
        (TLS, "1.1", "'1.1' is none of them"),
        (TLS, "", "'' is none of them"),
        (ORGANIZATION, "acme", "'acme' is not of that form"),
        (LOGS, "api, everything", "'everything' is none of them"),
        (LOGS, "api, api", "'api' is in the list twice"),
        (ACCOUNTS, "1111-2222-3333", "is not of that form"),
    ],
)
def test_a_refusal_gives_the_range_and_the_reason(one, text, problem):
    with pytest.raises(ParameterError) as refusal:
        one.parse(text)
    assert str(refusal.value).startswith(f"limit takes {one.takes}, and ")
    assert problem in str(refusal.value)
    assert str(refusal.value).endswith("The reason for its limits: It is so.")


def test_the_range_is_said_in_words():
    assert [one.takes for one in (HOURS, FLAG, TLS, LOGS)] == [
        "1 to 168 hours",
        "true or false",
        "one of: 1.2, 1.3",
        "a list, split by commas, of: api, audit, scheduler",
    ]


def test_a_value_is_said_with_its_unit():
    said = [
        HOURS.say(24),
        HOURS.say(1),
        PERCENT.say(80),
        FLAG.say(True),
        TLS.say("1.2"),
        LOGS.say(("api", "audit")),
        ACCOUNTS.say(()),
    ]
    assert said == ["24 hours", "1 hour", "80 percent", "yes", "1.2", "api, audit", "none"]


def test_a_value_survives_canonical_json():
    for one, value in ((HOURS, 24), (FLAG, True), (TLS, "1.2"), (LOGS, ("api",)), (RATE, Decimal("0.50"))):
        assert one.checked(one.plain(value)) == value
    assert LOGS.plain(("api",)) == ["api"]
    assert RATE.plain(Decimal("0.50")) == "0.50"


@pytest.mark.parametrize(
    ("one", "value"),
    [(HOURS, True), (HOURS, "24"), (FLAG, 1), (TLS, 12), (LOGS, "api"), (LOGS, [1]), (RATE, "NaN")],
)
def test_a_value_of_another_type_is_refused(one, value):
    with pytest.raises(ParameterError, match=r"is of another type|is no number"):
        one.checked(value)
