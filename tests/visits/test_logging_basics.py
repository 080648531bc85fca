"""Logging a visit: what is written, what is computed, what it settles."""

from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from visits.actions import VisitSheet, log_visit
from visits.models import Visit

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 18, 15, 0, tzinfo=SHANGHAI)


def sheet(*customers, **changes):
    values = {
        "customer_ids": tuple(customer.pk for customer in customers),
        "channel": "phone",
        "outcome": "effective",
        "occurred_at": NOW - timedelta(minutes=5),
        "client_key": uuid4(),
        "occasion": "care",
    }
    return VisitSheet(**values | changes)


@pytest.mark.django_db
def test_a_call_of_the_manager_is_one_row_with_every_computed_field(cast):
    """CON-7, CON-8, ORG-8: nothing computed is asked."""
    customer = cast.customers["diamond"]
    done = log_visit(sheet=sheet(customer), by=cast.manager, now=NOW)
    visit = Visit.unscoped.get()
    assert done.visit_ids == (visit.pk,)
    assert visit.party == "record"
    assert visit.counts
