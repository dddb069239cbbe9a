"""How the log is written: a line of text, or with `ASSAY_LOG=json` a JSON object a line for whatever gathers logs."""

from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime

from assay_web.environment import BadSettingError

FORMS = ("text", "json")


class JsonLines(logging.Formatter):
    """Writes a record as one JSON object: `at` (RFC 3339, UTC), `level`, `logger`, `message`, and `error` with its trace."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            said["error"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def read_log_form() -> str:
    """Read ASSAY_LOG: `text`, the default, or `json`. Raises BadSettingError."""
    text = os.environ.get("ASSAY_LOG", "text")
    if text not in FORMS:
        raise BadSettingError(f"ASSAY_LOG is “{text}”. Write {' or '.join(FORMS)}.")
    return text
