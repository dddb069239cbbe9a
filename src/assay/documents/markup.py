"""HTML built from elements: text is escaped here and nowhere else, so that no renderer can forget it."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TypeAlias

VOID = frozenset({"br", "link", "meta", "rect", "use", "path"})


class Html(str):
    """Text that is already HTML. Only this module and constants of the renderers make it."""

    __slots__ = ()


Child: TypeAlias = "str | Html | Iterable[Child] | None"


def element(name: str, /, *children: Child, **attributes: str | int | bool | None) -> Html:
    """Give an element. Children that are not Html are escaped; `class_` is class, `aria_label` is aria-label; None and False leave an attribute out."""
    written = "".join(
        _attribute(attribute, value)
        for attribute, value in attributes.items()
        if value is not None and value is not False
    )
    if name in VOID and not children:
        return Html(f"<{name}{written}>" if name not in ("rect", "use", "path") else f"<{name}{written}/>")
    return Html(f"<{name}{written}>{joined(children)}</{name}>")


def joined(children: Child) -> Html:
    """Give children one after another, each escaped unless it is Html."""
    if children is None:
        return Html("")
    if isinstance(children, Html):
        return children
    if isinstance(children, str):
        return Html(escape(children))
    return Html("".join(joined(child) for child in children))


def _attribute(name: str, value: str | int | bool) -> str:
    written = name.removesuffix("_").replace("__", ":").replace("_", "-") if name != "viewBox" else name
    return f" {written}" if value is True else f' {written}="{escape(str(value))}"'
