"""Payments of one bill at the same moment: what is paid of it is what its payments say (SAL-23)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import timezone

from crm.core.db import write
from crm.core.models import User
from sales.actions.payments import note_payment, settle_and_follow, take_back_payment
from sales.models import Bill, Payment
from tests.sales.money_world import bill

pytestmark = pytest.mark.django_db(transaction=True)


def wait_for_a_lock():
    """Until somebody waits for a row that this transaction holds."""
    with connection.cursor() as cursor:
        for _try in range(20_000):
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits")


def test_a_payment_told_while_another_is_taken_back_is_counted(cast):
    row, now = bill(cast.customers["gold"], due=date(2026, 2, 15)), timezone.now()
    noted = note_payment(bill_id=row.pk, amount=Decimal(40), paid_on=date(2026, 2, 20), by=cast.director, now=now)

    def take_back():
        try:
            take_back_payment(bill_id=row.pk, payment_id=noted.pk, by=User.objects.get(pk=cast.director.pk), now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic(), write(label="test"):
            held = Bill.unscoped.select_for_update().get(pk=row.pk)
            Payment.unscoped.create(
                bill=held, customer_id=held.customer_id, amount=Decimal(25), paid_on=date(2026, 2, 21),
                source="billing", external_id="P9", updated_at=now,
            )  # fmt: skip
            other = pool.submit(take_back)
            wait_for_a_lock()
            settle_and_follow([row.pk], now=now)
        other.result()
    assert Bill.unscoped.get(pk=row.pk).paid_amount == 25
