"""PostgreSQL restarts in the middle of a request: a readable answer, nothing half written, the repeat saves once."""

import threading
from select import select

import pytest
from django.db import connection, connections
from django.test import Client

from accounts.models import Standing
from crm.core.models import Change
from tests.cast import build
from tests.workbench.world import HTMX, owe_today, sheet_values
from visits.models import Visit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hall():
    """A manager with his sheet filled in, and somebody else who holds the customer's row."""
    cast = build()
    customer = cast.customers["gold"]
    duty = owe_today(customer)
    holder = connections.create_connection("default")
    holder.set_autocommit(False)
    with holder.cursor() as cursor:
        cursor.execute("SELECT 1 FROM accounts_standing WHERE customer_id = %s FOR UPDATE", [customer.pk])
    yield cast, customer, duty
    holder.close()


def post(user, values, answers, headers):
    """A request in a thread of its own, as a web process serves it."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    try:
        answers.append(client.post("/log/", values, headers=headers))
    finally:
        connection.close()


def cut_off():
    """What a restart does to every connection; answers whether the request was in the middle of its writing."""
    for _ in range(400):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
                )
                return True
        select([], [], [], 0.02)
    return False


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_visit_cut_off_in_the_middle_writes_nothing_and_its_repeat_one_row(hall, headers):
    """Issue 2: killing the database half-way; safety 1: all or nothing, the same sheet again gives one row."""
    cast, customer, duty = hall
    values, answers = sheet_values(customer), []
    before = (Standing.unscoped.get(pk=customer.pk).last_visit_on, Change.objects.count())
    request = threading.Thread(target=post, args=(cast.manager, values, answers, headers))
    request.start()
    assert cut_off()
    request.join(20)
    (answer,) = answers
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Traceback" not in answer.content.decode()
    duty.refresh_from_db()
    assert (Visit.unscoped.count(), duty.state) == (0, "open")
    assert (Standing.unscoped.get(pk=customer.pk).last_visit_on, Change.objects.count()) == before


def test_after_the_restart_the_same_sheet_is_saved_once(hall):
    """The person presses again: one visit, the duty met."""
    cast, customer, duty = hall
    values, answers = sheet_values(customer), []
    request = threading.Thread(target=post, args=(cast.manager, values, answers, HTMX))
    request.start()
    assert cut_off()
    request.join(20)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid()"
        )
    for _ in range(2):
        post(cast.manager, values, answers, HTMX)
    assert [answer.status_code for answer in answers] == [503, 204, 204]
    duty.refresh_from_db()
    assert (Visit.unscoped.count(), duty.state) == (1, "met")
