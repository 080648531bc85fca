"""What somebody typed is shown as text, on every page (bad input 26, scorecard 8; SEC-4)."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Left, Replace

from accounts.models import Customer
from crm.core.models import AccessLog, Job, JobRowError, Notice
from crm.core.scope import ScopedModel
from tests.guards.callers import address_of, undone
from tests.guards.route_table import TABLE
from tests.guards.world import HERON

pytestmark = pytest.mark.django_db
GETS = [row for row in TABLE if any(cell.method == "GET" for cell in row.cells)]
WATCHERS = ("manager", "supervisor", "director")
HOSTILE = "<b hx-get=/x onclick=1>"


def spoil_texts():
    """Put markup into every text that somebody typed on side "a"."""
    for model in apps.get_models():
        if not (issubclass(model, ScopedModel) or model in (Job, JobRowError, Notice, AccessLog)):
            continue
        manager = model.unscoped if issubclass(model, ScopedModel) else model.objects
        for column in model._meta.concrete_fields:
            if isinstance(column, models.CharField | models.TextField) and not column.choices:
                rows = manager.filter(**{f"{column.name}__contains": HERON})
                spoilt = Replace(F(column.name), Value(HERON), Value(HOSTILE))
                rows.update(**{column.name: Left(spoilt, column.max_length) if column.max_length else spoilt})
    Customer.unscoped.filter(name__in=("金满堂", "钱多多")).update(name=f"{HOSTILE}金")
    Notice.objects.update(params={"customer": HOSTILE, "by": HOSTILE})


@pytest.fixture(scope="module")
def spoilt(world):
    with undone():
        spoil_texts()
        yield


@pytest.fixture(scope="module")
def pages(world, callers, spoilt):
    """(route, who) → the page; nothing typed stands in the page of a refusal, and a program's answer is no page."""

    found = {}

    def page(row, who):
        cell = next(cell for cell in row.cells if cell.method == "GET")
        if row.is_api or row.expected(cell, who) in (403, 404):
            return ""
        if (row.name, who) not in found:
            answer = callers.get(who, address_of(world, row))
            is_page = "text/html" in answer.headers.get("Content-Type", "")
            found[row.name, who] = answer.text if is_page else ""
        return found[row.name, who]

    return page


@pytest.mark.parametrize("row", GETS, ids=lambda row: row.name)
def test_markup_from_data_is_shown_as_text(pages, row):
    """Bad input 26, scorecard 8: nothing that somebody typed becomes part of a page."""
    for who in WATCHERS:
        assert "<b hx-get" not in pages(row, who), who


def test_the_hostile_texts_are_really_shown(pages):
    """The guard bites."""
    shown = {row.name for row in GETS for who in WATCHERS if "&lt;b hx-get" in pages(row, who)}
    assert len(shown) >= 20, shown
