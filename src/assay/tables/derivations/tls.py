"""Versions of TLS in the names that AWS gives them: `TLSv1.2`, `TLSv1.2_2021`, `TLSv1`, `SSLv3`."""

from __future__ import annotations

import re

from assay.evidence.canonical import Json

__all__ = ["oldest_version"]

_TLS = re.compile(r"^TLSv1(?:\.(\d))?(?:_\d{4})?$")
_SSL = re.compile(r"^SSLv([23])$")


def oldest_version(names: Json) -> str:
    """Give the oldest version among protocol names, or of one: `1.2`, `1.3`; SSL, which came before, is `0.2` or `0.3`, so that texts compare as versions do."""
    listed = names if isinstance(names, list) else [names]
    if not listed:
        raise ValueError("no protocol is named")
    return min(_version(name) for name in listed)


def _version(name: Json) -> str:
    text = name if isinstance(name, str) else ""
    if found := _TLS.match(text):
        return f"1.{found[1] or 0}"
    if found := _SSL.match(text):
        return f"0.{found[1]}"
    raise ValueError("not the name of a version of TLS")
