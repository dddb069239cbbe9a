"""What a browser makes of a page: its elements, its forms with their fields, its links; and how a visitor fills a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

TEXTS = {"text", "search", "textarea", "url", "email", "tel"}


@dataclass
class Field:
    """One control of a form: `longest` is its maxlength, `choices` the values of a select or of buttons of one name."""

    name: str
    kind: str
    value: str = ""
    longest: int | None = None
    choices: list[str] = field(default_factory=list)
    least: str = ""


@dataclass
class Form:
    """A form as it stands on a page."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def texts(self) -> list[Field]:
        return [one for one in self.fields if one.kind in TEXTS]


class Page(HTMLParser):
    """A page, read as a browser reads it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.inline: list[str] = []
        self.comments: list[str] = []
        self.text: list[str] = []
        self._within = ""
        self._by_id: dict[str, Form] = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.append((tag, given))
        self._within = tag
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
            self._by_id[given.get("id", "")] = self.forms[-1]
        if self.forms:
            self._control(tag, given, self._by_id.get(given.get("form", "-"), self.forms[-1]))

    def _control(self, tag: str, given: Mapping[str, str], form: Form) -> None:
        name, kind = given.get("name", ""), given.get("type", "submit" if tag == "button" else "text")
        if tag == "option" and form.fields:
            form.fields[-1].choices.append(given.get("value", ""))
            if "selected" in given:
                form.fields[-1].value = given.get("value", "")
            return
        if tag == "button" and name:
            form.buttons.append((name, given.get("value", "")))
        if tag not in {"input", "select", "textarea"} or not name or "disabled" in given:
            return
        longest = int(given["maxlength"]) if given.get("maxlength", "").isdigit() else None
        kind = tag if tag != "input" else kind
        value = given.get("value", "")
        same = next((one for one in form.fields if one.name == name and kind in {"radio", "checkbox"}), None)
        if same is not None:
            same.choices.append(value)
            return
        form.fields.append(Field(name, kind, value, longest, [value], given.get("min", "")))

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._within in {"script", "style"} and data.strip():
            self.inline.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def filled(form: Form, text: Mapping[str, str], today: str, later: str) -> dict[str, Any]:
    """Give what a visitor sends who types `text` into the fields that take text, and takes the first choice elsewhere."""
    sent: dict[str, Any] = {}
    for one in form.fields:
        match one.kind:
            case "hidden" | "submit":
                sent[one.name] = one.value
            case "select" | "radio":
                sent[one.name] = next((choice for choice in one.choices if choice), one.value)
            case "checkbox":
                sent[one.name] = one.choices
            case "date":
                sent[one.name] = one.value or (later if one.name in {"until", "due"} else today)
            case "datetime-local":
                sent[one.name] = one.value or f"{today}T00:01"
            case "number":
                sent[one.name] = one.value or one.least or "1"
            case "file" | "password":
                pass
            case _:
                sent[one.name] = text[one.name]
    for name, value in form.buttons[:1]:
        sent.setdefault(name, value)
    return sent
