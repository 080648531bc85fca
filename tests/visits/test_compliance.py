"""Contact compliance per manager, from the ledger (CON-3)."""

from datetime import date

import pytest

from accounts.models import Customer
from tests.visits.desk import TODAY, owe
from visits.queries.ring import ring

pytestmark = pytest.mark.django_db


def test_four_of_five_diamonds_are_eighty_per_cent(cast):
    """CON-3: fixture 4 of 5 diamond → 80.0 %, read from the duties of the month."""
    model = cast.customers["diamond"]
    five = [model]
    for number in range(4):
        five.append(
            Customer.unscoped.create(
                number=f"K7{number:07d}", kind="vip", name=f"钻石{number}", unit=model.unit, manager=model.manager,
                tier=model.tier, created_at=model.created_at, updated_at=model.updated_at,
            )
        )  # fmt: skip
    for customer in five[:4]:
        owe(customer, state="met", met_on=date(2026, 11, 5))
    owe(five[4])
    counted = ring([cast.staff["manager"].pk], TODAY)
    assert (counted.met, counted.owed) == (4, 5)
    assert f"{100 * counted.met / counted.owed:.1f}" == "80.0"
