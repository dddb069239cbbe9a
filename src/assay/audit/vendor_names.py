"""Telling whether two spellings name one vendor."""

from __future__ import annotations

import re
import unicodedata

_LEGAL = re.compile(
    r"\b(?:inc|incorporated|ltd|limited|llc|gmbh|corp|corporation|co|ag|bv|sa|sas|plc|pty|ab|oy)\b"
)
_ALSO = {
    "aws": "amazonwebservices",
    "amazonaws": "amazonwebservices",
    "azure": "microsoftazure",
    "gcp": "googlecloud",
    "googlecloudplatform": "googlecloud",
    "gsuite": "googleworkspace",
    "office365": "microsoft365",
    "o365": "microsoft365",
}
"""Short names in use for a few, by what they stand for."""


def name_key(name: str) -> str:
    """Give what is the same for every usual spelling of a vendor's name: no case, accents, marks, forms of company, or well-known short names."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode() or name
    words = re.sub(r"[^\w]+", " ", plain.casefold().replace(".", "")).replace("_", " ")
    short = re.sub(r"\s+", "", _LEGAL.sub(" ", words)) or re.sub(r"\s+", "", words)
    return _ALSO.get(short, short)
