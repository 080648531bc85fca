"""Every field of a customer's record moves the feed, those too that are columns of somebody else's row (PLT-2)."""

import pytest

from accounts.models import Customer, Staff, Tier, Unit
from accounts.queries.customer_records import FIELDS
from crm.core.db import write
from crm.core.feed import new_cursor
from sync.feed import read_changes
from tests.sync.test_feed import reader_of

pytestmark = pytest.mark.django_db(transaction=True)


def heard(reader, cursor, limit=1000):
    """The customers told since the cursor, by id, in pages that are never longer than asked."""
    found = {}
    while True:
        page = read_changes(reader, ["customer"], cursor, limit, with_records=True)
        assert len(page.items) <= limit
        found |= {item.id: item for item in page.items}
        cursor = page.next
        if not page.more:
            return found


def change(model, pk, **values):
    with write(label="test"):
        getattr(model, "unscoped", model._default_manager).filter(pk=pk).update(**values)


def test_a_new_backup_is_told_of_every_customer_in_pages(cast):
    """ORG-10: the backup is the manager's; who holds the record holds the card of today, never one of a cache."""
    gold, backup = cast.customers["gold"], cast.staff["stranger"]
    mine = set(Customer.unscoped.filter(manager=gold.manager).values_list("pk", flat=True))
    city = reader_of(cast)
    heard(city, begin := new_cursor(city))
    change(Staff, gold.manager_id, backup=backup)
    for limit in (1000, len(mine), 2, 1):
        found = heard(city, begin, limit)
        assert set(found) == mine
        assert found[gold.pk].fields == ("backup_manager",)
        assert found[gold.pk].record["backup_manager"]["number"] == backup.number


def test_a_colleague_s_new_card_is_told_of_those_in_sight_only(cast):
    """SEC-3: his own customers elsewhere are nobody's news here; those he stands in for are."""
    gold, theirs, backup = cast.customers["gold"], cast.customers["strangers"], cast.staff["stranger"]
    change(Staff, gold.manager_id, backup=backup)
    mine = set(Customer.unscoped.filter(manager=gold.manager).values_list("pk", flat=True))
    here, city = reader_of(cast, "A"), reader_of(cast)
    begins = [new_cursor(here), new_cursor(city)]
    change(Staff, backup.pk, name="新名", phone="13900000077")
    change(Staff, backup.pk, grade="senior")
    for limit in (1000, 1):
        found = heard(here, begins[0], limit)
        assert set(found) == mine
        assert {item.op for item in found.values()} == {"upsert"}
        assert found[gold.pk].record["backup_manager"]["name"] == "新名"
        assert found[gold.pk].fields == ("backup_manager",)
        found = heard(city, begins[1], limit)
        assert set(found) == {*mine, theirs.pk}
        assert found[theirs.pk].fields == ("manager",)
        assert found[theirs.pk].record["manager"]["phone"] == "13900000077"


def test_new_codes_of_units_and_tiers_are_told_and_nothing_else_of_them(cast):
    """Contract: what does not show in the record moves nothing."""
    silver = cast.customers["silver"]
    city = reader_of(cast)
    begin = new_cursor(city)
    change(Unit, silver.unit_id, code="NEU", area="东")
    change(Tier, silver.tier_id, code="neu")
    item = heard(city, begin)[silver.pk]
    assert (item.record["unit"], item.record["tier"]) == ("NEU", "neu")
    assert set(item.fields) == {"unit", "tier"} <= set(FIELDS)
    begin = new_cursor(city)
    change(Unit, silver.unit_id, area="西")
    change(Tier, silver.tier_id, minimum_tenure_months=7)
    change(Staff, silver.manager_id, hired_on="2020-01-01")
    assert heard(city, begin) == {}
    change(Tier, silver.tier_id, code="silver", minimum_tenure_months=None)
    assert heard(city, begin)[silver.pk].record["tier"] == "silver"
