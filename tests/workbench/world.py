"""What the tests of these pages share: something owed this month, a filled-in sheet, statements counted."""

import calendar
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Standing
from tests.visits.desk import owe


def today():
    """The local day."""
    return timezone.localdate()


def month():
    """First and last day of this month."""
    day = today()
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])


def owe_today(customer, *, suggested_on=None, is_overdue=False, **changes):
    """A contact owed this month and suggested for today, as the night leaves it."""
    first, last = month()
    duty = owe(customer, starts_on=first, due_on=last, suggested_on=suggested_on or today(), **changes)
    Standing.unscoped.filter(customer=customer).update(
        next_due_on=last, suggested_on=duty.suggested_on, duty_state="open", is_overdue=is_overdue
    )
    return duty


def sheet_values(*customers, **changes):
    """A phone call of a minute ago that reached the customer, as the form sends it."""
    start = timezone.localtime(timezone.now() - timedelta(minutes=1))
    values = {
        "customer": [customer.pk for customer in customers],
        "channel": "phone",
        "outcome": "effective",
        "occasion": "care",
        "started_at": start.strftime("%Y-%m-%dT%H:%M:%S"),
        "client_key": str(uuid4()),
    }
    return values | changes


HTMX = {"HX-Request": "true"}
FETCH = {"X-Requested-With": "fetch", "Accept": "application/json"}


@contextmanager
def statements():
    """The SQL statements inside, savepoints left out."""
    found = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    found += [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
