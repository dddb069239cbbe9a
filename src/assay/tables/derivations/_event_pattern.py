"""Patterns of CloudWatch Logs over JSON events: `{ ($.a.b = "x*") && ($.c NOT EXISTS) }`, read into a function of an event."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Fits = Callable[[Mapping[str, Any]], bool]

_TOKEN = re.compile(
    r"""\s*(?:(?P<mark>&&|\|\||[(){}])
      |(?P<selector>\$(?:\.[\w:@-]+|\.?\[(?:\d+|'[^']*'|"[^"]*")\])+)
      |(?P<operator>!=|<=|>=|=|<|>)
      |"(?P<quoted>(?:[^"\\]|\\.)*)"
      |%(?P<regex>[^%]*)%
      |(?P<word>[^\s(){}&|=!<>"%]+))""",
    re.VERBOSE,
)
_STEP = re.compile(r"""\.?\[(?:(\d+)|'([^']*)'|"([^"]*)")\]|\.([\w:@-]+)""")
_MOST = 10_000
_DEEPEST = 40
_REPEATS = re.compile(r"[*+?{]")
_MISSING = object()


class PatternError(ValueError):
    """A pattern that is none over JSON events."""


def read_pattern(text: str) -> Fits:
    """Give the function that says whether an event fits; raises PatternError."""
    reader = _Reader(list(_tokens(text)))
    reader.expect("{")
    fits = reader.either(0)
    reader.expect("}")
    if reader.left:
        raise PatternError("something follows the closing brace")
    return fits


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    text = text.rstrip()
    if len(text) > _MOST:
        raise PatternError("too long")
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise PatternError(f"unreadable at {at}")
        yield found.lastgroup, found[found.lastgroup]
        at = found.end()


class _Reader:
    """Reads tokens by descent: either, both, one."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.left = tokens

    def next(self) -> tuple[str, str]:
        if not self.left:
            raise PatternError("it breaks off")
        return self.left.pop(0)

    def at(self, text: str) -> bool:
        return bool(self.left) and self.left[0] == ("mark", text)

    def expect(self, text: str) -> None:
        if self.next() != ("mark", text):
            raise PatternError(f"{text} is missing")

    def either(self, depth: int) -> Fits:
        parts = [self.both(depth)]
        while self.at("||"):
            self.next()
            parts.append(self.both(depth))
        return lambda event: any(part(event) for part in parts)

    def both(self, depth: int) -> Fits:
        parts = [self.one(depth)]
        while self.at("&&"):
            self.next()
            parts.append(self.one(depth))
        return lambda event: all(part(event) for part in parts)

    def one(self, depth: int) -> Fits:
        if depth > _DEEPEST:
            raise PatternError("too deep")
        if self.at("("):
            self.next()
            inner = self.either(depth + 1)
            self.expect(")")
            return inner
        kind, selector = self.next()
        if kind != "selector":
            raise PatternError("a field is missing")
        return self.condition(_field(selector))

    def condition(self, field: Callable[[Mapping[str, Any]], Any]) -> Fits:
        kind, text = self.next()
        if kind == "operator":
            holds = _comparison(text, *self.next())
            return lambda event: (value := field(event)) is not _MISSING and holds(value)
        words = [text.upper()] if kind == "word" else []
        while self.left and self.left[0][0] == "word" and words and words[-1] in ("NOT", "IS"):
            words.append(self.next()[1].upper())
        return _state(words, field)


def _field(selector: str) -> Callable[[Mapping[str, Any]], Any]:
    steps = [next(part for part in found.groups() if part is not None) for found in _STEP.finditer(selector)]

    def find(event: Mapping[str, Any]) -> Any:
        value: Any = event
        for step in steps:
            if isinstance(value, list) and step.isdigit() and int(step) < len(value):
                value = value[int(step)]
            elif isinstance(value, Mapping) and step in value:
                value = value[step]
            else:
                return _MISSING
        return value

    return find


def _state(words: list[str], field: Callable[[Mapping[str, Any]], Any]) -> Fits:
    match words:
        case ["EXISTS"]:
            return lambda event: field(event) is not _MISSING
        case ["NOT", "EXISTS"]:
            return lambda event: field(event) is _MISSING
        case ["IS", "TRUE" | "FALSE" | "NULL" as state]:
            wanted = {"TRUE": True, "FALSE": False, "NULL": None}[state]
            return lambda event: field(event) is wanted
    raise PatternError("a comparison is missing")


def _comparison(operator: str, kind: str, text: str) -> Callable[[Any], bool]:
    """The comparison of a value that is there; a text is compared with `*` for any text."""
    if operator in ("=", "!="):
        equal = _matching(kind, text)
        return equal if operator == "=" else lambda value: not equal(value)
    try:
        bound = float(text)
    except ValueError as error:
        raise PatternError("a number is due") from error
    return lambda value: _is_number(value) and _ordered(operator, float(value), bound)


def _matching(kind: str, text: str) -> Callable[[Any], bool]:
    if kind == "regex":
        return _regex(text)
    if kind not in ("quoted", "word"):
        raise PatternError("a value is missing")
    wanted = re.sub(r"\\(.)", r"\1", text) if kind == "quoted" else text
    # Runs of * are one: so that no pattern takes long over a text.
    first, *rest = re.split(r"\*+", wanted)
    return lambda value: _fits_parts(_spoken(value), first, rest)


def _fits_parts(text: str, first: str, rest: list[str]) -> bool:
    if not rest:
        return text == first
    if not text.startswith(first):
        return False
    at = len(first)
    for part in rest[:-1]:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return len(text) - at >= len(rest[-1]) and text.endswith(rest[-1])


def _regex(text: str) -> Callable[[Any], bool]:
    """CloudWatch's regular expressions have no groups; more than three repeats are not tried, for they could take for ever."""
    if "(" in text or len(_REPEATS.findall(text)) > 3:
        raise PatternError("a regular expression that is not tried")
    try:
        compiled = re.compile(text)
    except re.error as error:
        raise PatternError("not a regular expression") from error
    return lambda value: compiled.search(_spoken(value)) is not None


def _spoken(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _ordered(operator: str, value: float, bound: float) -> bool:
    return {"<": value < bound, "<=": value <= bound, ">": value > bound, ">=": value >= bound}[operator]
