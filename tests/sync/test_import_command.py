"""`manage.py import_customers FILE --mapping FILE [--dry-run] [--atomic]`."""

import csv
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import ExternalId
from tests.sync.files import BASIC, HEADER, table

pytestmark = pytest.mark.django_db
GOOD = ["B1", "周瑜", "13900008888", "gold", "M1001"]
BAD = ["B2", "=cmd|' /C calc'!A0" * 4, "13900001111", "gold", "M1001"]


@pytest.fixture
def run(tmp_path, cast):
    def run(*options, rows=(GOOD, BAD), fields=None):
        file, mapping, out = tmp_path / "in.csv", tmp_path / "mapping.json", StringIO()
        file.write_bytes(table(HEADER, rows))
        mapping.write_text(json.dumps({"source": "billing", "fields": fields or BASIC}), encoding="utf-8")
        call_command("import_customers", str(file), "--mapping", str(mapping), *options, stdout=out)
        return out.getvalue(), tmp_path / "in.csv.failed.csv"

    return run


def test_good_rows_are_imported_and_failed_ones_come_back_as_a_file(run):
    """PLT-4; bad inputs 25: no cell of the file is a formula."""
    out, failed = run()
    assert ExternalId.unscoped.filter(source="billing").count() == 1
    _header, row = list(csv.reader(failed.read_text(encoding="utf-8-sig").splitlines()))
    assert row[:3] == ["3", "name", "too_long"] and row[4].startswith("'=") and "calc" not in row[4]
    assert "in.csv.failed.csv" in out


def test_a_dry_run_writes_nothing(run):
    out, __ = run("--dry-run", "--json")
    assert json.loads(out) | {"created": 1, "failed": 1, "is_dry": True} == json.loads(out)
    assert not ExternalId.unscoped.exists()


def test_all_or_nothing_ends_with_an_error(run):
    with pytest.raises(CommandError):
        run("--atomic")
    assert not ExternalId.unscoped.exists()


def test_a_clean_file_leaves_no_file_of_failures(run):
    out, failed = run("--json", rows=[GOOD])
    assert json.loads(out)["created"] == 1 and not failed.exists()
    again, __ = run("--json", rows=[GOOD])
    assert json.loads(again)["unchanged"] == 1


def test_a_wrong_mapping_is_one_plain_sentence(run, tmp_path, cast):
    with pytest.raises(CommandError, match="phones"):
        run(fields={**BASIC, "phone": "phones"})
    with pytest.raises(CommandError):
        call_command("import_customers", "/nowhere.csv", "--mapping", str(tmp_path / "none.json"))
