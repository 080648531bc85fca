"""The short way of an upsert says "it stands here" only where the long way would say so too (sync-api: unchanged)."""

from datetime import date, time
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.actions.customer_rows import difference
from accounts.actions.known import lock_known, persons_of
from accounts.actions.sameness import differing
from accounts.actions.wishes import read_wish
from accounts.models import Customer, ExternalId, PersonProfile
from accounts.rules import CUSTOMER_FIELDS, PERSON_FIELDS

ODD = (
    None, "", " ", "x", "金满堂", " 金满堂", "金满堂\u200b", "13900000002", "１３９００００００２", "+8613900000002",
    0, 1, True, False, "true", 5, 5.0, 5.5, "5", "5.0", "5.00", "5.000", "1_0", "٥", "-5", "NaN",
    "2024-01-01", "2024-1-1", "20240101", "2024-01-01T00:00:00", date(2024, 1, 1), "08:00", "08:00:00", time(8),
    Decimal("5"), [], {}, {"source": "x"}, "vip", "group", "active", "churned", "gold", "A", "M1001", "female", "\x00",
)  # fmt: skip
NAMES = (
    *CUSTOMER_FIELDS,
    "kind",
    "state",
    "exited_on",
    "unit",
    "manager",
    "tier",
    "unit_id",
    "tier_id",
    "group_id",
    "nope",
)


def told_of(customer):
    """What a call sees of a customer: plain values, and whether nothing of some others is new."""
    ExternalId.unscoped.get_or_create(customer=customer, source="billing", defaults={"external_id": f"B{customer.pk}"})
    key = ("billing", f"B{customer.pk}")
    known = lock_known([key], CUSTOMER_FIELDS)[key]
    person = persons_of([customer.pk]).get(customer.pk)
    return known, lambda values: not differing(values, known, person)


def long_way(values, customer, person):
    """What the rules say: no problem, and nothing differs."""
    wish = read_wish(values, today=timezone.localdate(), current=customer)
    return not wish.problems and difference(customer, wish, person).is_empty


@pytest.mark.django_db
def test_what_stands_by_the_short_way_stands_by_the_long_one(cast):
    """PLT-2: never "unchanged" for a value that the rules refuse or would store otherwise."""
    gold = Customer.unscoped.get(pk=cast.customers["gold"].pk)
    gold.monthly_spend, gold.joined_on, gold.dnd_from, gold.dnd_to = Decimal("5.00"), date(2024, 1, 1), time(8), time(9)
    gold.save()
    PersonProfile.unscoped.filter(customer=gold).delete()
    person = PersonProfile.unscoped.create(customer=gold, sex="female", birthday=date(2024, 1, 1))
    _known, stands = told_of(gold)
    short = [
        values
        for values in (
            *({name: value} for name in NAMES for value in ODD),
            *({"person": {name: value}} for name in (*PERSON_FIELDS, "nope") for value in ODD),
            {"person": "x"}, {"person": None}, {"person": {}},
        )
        if stands(values)
    ]  # fmt: skip
    assert [values for values in short if not long_way(values, gold, person)] == []
    found = {name for values in short for name in values}
    assert {
        "name",
        "phone",
        "monthly_spend",
        "joined_on",
        "kind",
        "state",
        "unit",
        "manager",
        "tier",
        "person",
    } <= found


@pytest.mark.django_db
def test_a_row_that_was_read_stands_when_it_is_told_again(cast):
    """PLT-2: nine in ten rows of a night take the short way."""
    gold = Customer.unscoped.get(pk=cast.customers["gold"].pk)
    told = {"kind": "vip", "name": gold.name, "unit": "A", "manager": "M1001", "tier": "gold", "phone": gold.phone}
    known, stands = told_of(gold)
    assert stands(told | {"monthly_spend": None, "person": {"sex": ""}})
    assert not stands(told | {"tier": None})
    assert not told_of(Customer.unscoped.get(pk=cast.customers["teammates"].pk))[1]({"person": {"sex": ""}})
    assert differing(told | {"district": "新", "phone": "1"}, known, None) == {"district": "新", "phone": "1"}
