"""Log lines as JSON, each with the id of its request and without personal data."""

import json
import logging
import re
import traceback
from datetime import UTC, datetime

from crm.core.db import origin

EXTRA_FIELDS = ("status", "method", "route", "seconds", "job", "step", "rows", "task")
"""What a caller may add by ``extra=``; anything else is dropped, so that no personal data slips in."""


LONG_NUMBER = re.compile(r"\d{7,}")
FRAMES = 8


def without_persons(text: str) -> str:
    """What an exception says, without the values a database quotes and without phone or ID numbers."""
    return LONG_NUMBER.sub("*", text.partition("DETAIL:")[0].strip())


def summary(error: BaseException) -> dict[str, object]:
    """What went wrong and where: enough to find it, nothing about anybody."""
    every = traceback.extract_tb(error.__traceback__)
    frames = [frame for frame in every[:-2] if "site-packages" not in frame.filename][-FRAMES:] + every[-2:]
    facts: dict[str, object] = {
        "type": type(error).__name__,
        "message": without_persons(str(error)),
        "where": [f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in frames],
    }
    if cause := error.__cause__:
        facts["cause"] = f"{type(cause).__name__}: {without_persons(str(cause))}"
    return facts


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
        if record.exc_info and record.exc_info[1]:
            line["error"] = summary(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)
