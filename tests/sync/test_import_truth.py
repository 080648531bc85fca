"""Import tells the truth (scorecard 27): every bad row with row, column, masked value and reason; re-import adds 0."""

import resource
import time

import pytest
from django.utils import timezone

from accounts.models import Customer, ExternalId
from crm.core.delimited.reader import blocks, inspect
from sync.imports.guesses import guess
from sync.imports.kinds import KINDS
from sync.imports.mapping import parse_mapping
from tests.sync.files import load
from tests.sync.generator import FAULTS, HEADER, faulty_file

pytestmark = pytest.mark.django_db


def guessed_fields(content):
    """The mapping the page would propose: every heading is understood."""
    import io

    layout = inspect(lambda: io.BytesIO(content))
    first = next(blocks(lambda: io.BytesIO(content), layout, 50))
    proposals = guess(layout.header, first.rows, KINDS["customers"])
    assert [found.column for found in proposals if not found.field] == []
    return {found.field: found.column for found in proposals}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8-sig"])
def test_each_planted_fault_is_found_and_nothing_else(cast, encoding):
    """10,000 rows, 3,000 bad of more than 30 kinds: row, column, reason; ≤ 30 s."""
    assert len(FAULTS) >= 30
    rows, faults = (10_000, 3_000) if encoding == "utf-8" else (700, 210)
    content, planted = faulty_file(rows, faults, encoding=encoding)
    fields = guessed_fields(content)
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    outcome, problems = load(content, fields, now=timezone.now())
    assert time.process_time() - began < 30
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300 * 1024
    said = {}
    for problem in problems:
        said.setdefault(problem.row, set()).add((problem.column, problem.code))
    assert set(said) == set(planted)
    for row, (column, code) in planted.items():
        assert (column, code) in said[row], (row, column, code, said[row])
    assert (outcome.rows, outcome.failed, outcome.created) == (rows, faults, rows - faults)
    assert ExternalId.unscoped.filter(source="billing").count() == rows - faults
    again, __ = load(content, fields, now=timezone.now())
    assert (again.created, again.updated, again.unchanged, again.failed) == (0, 0, rows - faults, faults)


def test_values_in_the_report_are_masked(cast):
    """Safety 39: a report of bad rows shows enough to find a value, not enough to use it."""
    content, __ = faulty_file(200, 60)
    _outcome, problems = load(content, guessed_fields(content), now=timezone.now())
    values = {problem.value for problem in problems if len(problem.value) > 4}
    assert values and all("*" in value for value in values)
    assert not any("13800138000" in problem.value or "1380013800" in problem.value for problem in problems)


def test_the_pages_guess_knows_the_words_of_the_trade():
    assert parse_mapping({"source": "x", "fields": guessed_fields(faulty_file(5, 0)[0])}).source == "x"
    assert len(HEADER) == len(set(HEADER))


def test_search_finds_what_was_imported(cast):
    """CUS: a part of the name of two characters finds the imported customer."""
    content, __ = faulty_file(50, 0)
    load(content, guessed_fields(content), now=timezone.now())
    name = Customer.unscoped.filter(external_ids__external_id="G0000007").get().name
    found = Customer.unscoped.extra(where=["name_tokens @@ %s::tsquery"], params=[f"'{name[:2]}'"])
    assert name in found.values_list("name", flat=True)
