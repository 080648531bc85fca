"""Small files for import tests, and one call that imports them."""

import csv
import io

from django.utils import timezone

from sync.imports.mapping import parse_mapping
from sync.imports.run import Wanted, import_file

BASIC = {
    "external_id": "id",
    "name": "name",
    "kind": {"value": "vip"},
    "unit": {"value": "A"},
    "phone": "phone",
    "tier": "tier",
    "manager": "manager",
}
HEADER = ["id", "name", "phone", "tier", "manager"]


def table(header, rows, encoding="utf-8", delimiter=","):
    """A file's bytes."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def load(content, fields=None, *, by=None, now=None, source="billing", mapping=None, **wanted):
    """Import bytes; answers the outcome and the problems by row."""
    problems = []
    raw = {"source": source, "fields": fields or BASIC, **(mapping or {})}
    outcome = import_file(
        lambda: io.BytesIO(content), parse_mapping(raw), by=by, now=now or timezone.now(), wanted=Wanted(**wanted),
        on_problem=problems.append,
    )  # fmt: skip
    return outcome, problems
