"""Keeps the tokens of one-time links out of the log: an address that is logged loses them."""

from __future__ import annotations

import logging
import re

_TOKEN = re.compile(r"(/link/)[^/\s?#\"']+")


class WithoutTokens(logging.Filter):
    """Changes each record that names a link, before any handler writes it."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if "/link/" in said:
            record.msg, record.args = _TOKEN.sub(r"\1…", said), ()
        return True
