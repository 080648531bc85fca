"""Log lines as JSON, each with the id of its request and without personal data."""

import json
import logging
from datetime import UTC, datetime

from crm.core.db import origin

EXTRA_FIELDS = ("status", "method", "route", "seconds", "job", "step", "rows", "task")
"""What a caller may add by ``extra=``; anything else is dropped, so that no personal data slips in."""


class JsonFormatter(logging.Formatter):
    """One line of JSON per record: time, level, logger, message, request id."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line of JSON."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if current := origin().request_id:
            line["request_id"] = current
        for name in EXTRA_FIELDS:
            if (value := getattr(record, name, None)) is not None:
                line[name] = value
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
