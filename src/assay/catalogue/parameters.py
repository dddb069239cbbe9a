"""Parameters: the values that controls state. Policy, control, check and schedule read the same one (DESIGN, section 9)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from assay.catalogue.reading import Fields, stem
from assay.errors import AssayError

Value = bool | int | Decimal | str | tuple[str, ...]
PlainValue = bool | int | str | list[str]


class ParameterError(AssayError):
    """A value that a parameter does not take; the text gives what it takes, and why."""


class Type(StrEnum):
    """The type of a parameter's value."""

    INTEGER = "integer"
    BOOLEAN = "boolean"
    TEXT = "text"
    TEXTS = "texts"
    DECIMAL = "decimal"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that controls state, with its unit, default and bounds. `governs_cadence`: it says how often its controls operate, in days."""

    name: str
    says: str
    type: Type
    unit: str | None
    default: Value
    minimum: int | Decimal | None
    maximum: int | Decimal | None
    choices: tuple[str, ...]
    pattern: str | None
    reason: str
    controls: tuple[str, ...]
    governs_cadence: bool

    @property
    def takes(self) -> str:
        """Say in words what values the parameter takes: "1 to 72 hours"."""
        match self.type:
            case Type.INTEGER | Type.DECIMAL:
                return f"{self.minimum} to {self.maximum}{f' {self.unit}' if self.unit else ''}"
            case Type.BOOLEAN:
                return "true or false"
            case Type.TEXT if self.choices:
                return f"one of: {', '.join(self.choices)}"
            case Type.TEXTS if self.choices:
                return f"a list, split by commas, of: {', '.join(self.choices)}"
            case _:
                form = f" of the form {self.pattern}" if self.pattern else ""
                return (
                    f"a text{form}" if self.type is Type.TEXT else f"a list, split by commas, of texts{form}"
                )

    def parse(self, text: str) -> Value:
        """Give the value that a person typed: `48`, `48 hours`, `2 days`, `true`, or `a, b` for a list.

        A length of time may come in another unit where it converts to a whole number. Raises ParameterError with
        the allowed range and its reason.
        """
        given = text.strip()
        match self.type:
            case Type.BOOLEAN:
                value: Value = self._boolean(given)
            case Type.INTEGER | Type.DECIMAL:
                value = self._number(given)
            case Type.TEXTS:
                value = tuple(part for part in (one.strip() for one in given.split(",")) if part)
            case Type.TEXT:
                value = given
        return self.checked(value)

    def checked(self, value: object) -> Value:
        """Give a value back if the parameter takes it (a list counts as its tuple, a decimal may be text). Raises ParameterError if not."""
        taken = self._typed(value)
        match taken:
            case bool():
                pass
            case int() | Decimal():
                self._check_bounds(taken)
            case str():
                self._check_member(taken, taken == self.default)
            case tuple():
                for number, one in enumerate(taken):
                    if one in taken[:number]:
                        raise self._refuse(f"{one!r} is in the list twice")
                    self._check_member(one, known=False)
        return taken

    def plain(self, value: Value) -> PlainValue:
        """Give a value as canonical JSON holds it: lists for tuples, text for decimals (formats.md, section 1)."""
        match value:
            case tuple():
                return list(value)
            case Decimal():
                return str(value)
            case _:
                return value

    def say(self, value: Value) -> str:
        """Say a value with its unit, for people: `24 hours`, `none`, `api, audit`."""
        match value:
            case bool():
                return "yes" if value else "no"
            case tuple() | str() if not value:
                return "none"
            case tuple():
                return ", ".join(value)
            case _:
                return f"{value} {self._unit_for(value)}".rstrip()

    def _unit_for(self, value: object) -> str:
        unit = self.unit or ""
        return unit.removesuffix("s") if value == 1 and unit != "percent" else unit

    def _typed(self, value: object) -> Value:
        match self.type, value:
            case (Type.BOOLEAN, bool()) | (Type.TEXT, str()) | (Type.DECIMAL, Decimal()):
                return value  # type: ignore[return-value]  # the pattern above holds it to these
            case (Type.INTEGER, int()) if not isinstance(value, bool):
                return value
            case (Type.DECIMAL, int() | str()) if not isinstance(value, bool):
                return self._decimal(str(value))
            case (Type.TEXTS, tuple() | list()) if all(isinstance(one, str) for one in value):
                return tuple(value)
        raise self._refuse(f"{value!r} is of another type")

    def _boolean(self, text: str) -> bool:
        words = {"true": True, "yes": True, "false": False, "no": False}
        if text.lower() not in words:
            raise self._refuse(f"{text!r} is neither")
        return words[text.lower()]

    def _number(self, text: str) -> int | Decimal:
        found = re.fullmatch(r"(-?[0-9]{1,12}(?:\.[0-9]{1,12})?)\s*([a-z]*|%)", text)
        if not found:
            raise self._refuse(f"{text!r} is no number")
        number = self._converted(Decimal(found[1]), found[2], text)
        if self.type is Type.DECIMAL:
            return number
        if number != number.to_integral_value():
            raise self._refuse(
                f"{text!r} is no whole number of {self.unit}" if self.unit else f"{text!r} is no whole number"
            )
        return int(number)

    def _converted(self, number: Decimal, word: str, text: str) -> Decimal:
        unit = self.unit or ""
        word = {"%": "percent"}.get(word, word)
        if word in ("", unit, unit.removesuffix("s")):
            return number
        given, own = _MINUTES.get(word.removesuffix("s")), _MINUTES.get(unit.removesuffix("s"))
        if given is None or own is None:
            raise self._refuse(f"{text!r} has the unit {word!r}")
        return number * given / own

    def _decimal(self, text: str) -> Decimal:
        try:
            value = Decimal(text)
        except InvalidOperation:
            raise self._refuse(f"{text!r} is no number") from None
        if not value.is_finite():
            raise self._refuse(f"{text!r} is no number")
        return value

    def _check_bounds(self, value: int | Decimal) -> None:
        if (self.minimum is not None and value < self.minimum) or (
            self.maximum is not None and value > self.maximum
        ):
            raise self._refuse(f"{self.say(value)} lies outside")

    def _check_member(self, text: str, known: bool) -> None:
        if self.choices and text not in self.choices:
            raise self._refuse(f"{text!r} is none of them")
        if self.pattern and not known and not re.fullmatch(self.pattern, text):
            raise self._refuse(f"{text!r} is not of that form")
        if not known and (not text or any(ord(character) < 32 for character in text)):
            raise self._refuse("an empty text or one with control characters cannot stand")

    def _refuse(self, problem: str) -> ParameterError:
        return ParameterError(
            f"{self.name} takes {self.takes}, and {problem}. The reason for its limits: {self.reason}"
        )


_MINUTES = {"minute": 1, "hour": 60, "day": 1440, "week": 10080}
_NAME = re.compile(r"[a-z][a-z0-9_]{2,60}")


def read_parameter(fields: Fields) -> Parameter:
    """Read a parameter file. Raises CatalogueError where bounds are missing, crossed, or exclude the default."""
    kind = fields.choice("type", Type)
    numeric = kind in (Type.INTEGER, Type.DECIMAL)
    raw = fields.take("default")
    parameter = Parameter(
        name=stem(fields.path),
        says=fields.text("says"),
        type=kind,
        unit=fields.text("unit") if numeric else None,
        default=tuple(raw) if isinstance(raw, list) else Decimal(str(raw)) if kind is Type.DECIMAL else raw,  # type: ignore[arg-type]  # checked below
        minimum=_bound(fields, "minimum", kind) if numeric else None,
        maximum=_bound(fields, "maximum", kind) if numeric else None,
        choices=fields.texts("choices"),
        pattern=fields.optional_text("pattern"),
        reason=fields.text("reason"),
        controls=fields.texts("controls"),
        governs_cadence=_read_governs(fields),
    )
    fields.done()
    _check_parameter(fields, parameter)
    return parameter


def _bound(fields: Fields, field: str, kind: Type) -> int | Decimal:
    return fields.decimal(field) if kind is Type.DECIMAL else fields.integer(field)


def _read_governs(fields: Fields) -> bool:
    governs = fields.optional_text("governs")
    if governs not in (None, "cadence"):
        raise fields.error("governs", f"is {governs!r}; a parameter governs a cadence or nothing")
    return governs is not None


def _check_parameter(fields: Fields, parameter: Parameter) -> None:
    if not _NAME.fullmatch(parameter.name):
        raise fields.error(
            "The file name", f"gives {parameter.name!r}, which must be lower-case words joined by _"
        )
    if (
        parameter.minimum is not None
        and parameter.maximum is not None
        and parameter.minimum > parameter.maximum
    ):
        raise fields.error("minimum", "is greater than maximum")
    if parameter.pattern is not None:
        _check_pattern(fields, parameter.pattern)
    try:
        parameter.checked(parameter.default)
    except ParameterError as error:
        raise fields.error("default", f"does not fit: {error}".removesuffix(".")) from None
    if not parameter.controls:
        raise fields.error("controls", "names no control; name the controls that state the value")
    if parameter.governs_cadence and (parameter.type is not Type.INTEGER or parameter.unit != "days"):
        raise fields.error("governs", "needs a whole number of days")


def _check_pattern(fields: Fields, pattern: str) -> None:
    # A pattern comes from a pack or an overlay too: without groups and with few open repeats no text makes it run for long.
    if re.search(r"\(|\\[0-9]", pattern) or len(re.findall(r"[*+]|,\}", pattern)) > 3 or len(pattern) > 200:
        raise fields.error("pattern", "must hold no group, no reference and at most three of *, + and {n,}")
    try:
        re.compile(pattern)
    except (re.error, OverflowError) as error:
        raise fields.error("pattern", f"is no regular expression: {error}") from None
