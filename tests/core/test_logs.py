"""Log lines are JSON with the id of their request, and take only what is listed."""

import json
import logging

from crm.core.db import Origin, originating
from crm.core.logs import JsonFormatter


def line_of(**extra: object) -> dict[str, object]:
    record = logging.LogRecord("crm", logging.INFO, __file__, 1, "a %s", ("visit",), None)
    record.__dict__.update(extra)
    return json.loads(JsonFormatter().format(record))


def test_a_line_carries_the_id_of_its_request():
    with originating(Origin(request_id="r-1")):
        assert line_of()["request_id"] == "r-1"
    assert "request_id" not in line_of()
    assert line_of()["message"] == "a visit"


def test_a_field_nobody_listed_is_dropped():
    line = line_of(step="open_duties", phone="13800138000")
    assert line["step"] == "open_duties"
    assert "phone" not in line


def test_an_error_is_told_without_the_values_a_database_quotes():
    """Safety 4, row 17: no phone number gets into a log line."""
    try:
        try:
            raise KeyError("13800138000")
        except KeyError as cause:
            raise ValueError("duplicate key\nDETAIL:  Key (name)=(王小明) exists for 13800138000") from cause
    except ValueError as error:
        record = logging.LogRecord(
            "crm", logging.ERROR, __file__, 1, "it failed", (), (ValueError, error, error.__traceback__)
        )
    line = JsonFormatter().format(record)
    assert json.loads(line)["error"]["type"] == "ValueError"
    assert "test_logs.py" in line
    assert "王小明" not in line
    assert "13800138000" not in line
