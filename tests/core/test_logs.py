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
