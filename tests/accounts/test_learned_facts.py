"""Facts learned here that the customer's source does not know yet (CUS-10)."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts import actions
from accounts.actions import UpsertItem
from accounts.models import ExternalId, LearnedFact
from accounts.queries.learned import waiting_too_long
from crm.core import parameters
from tests.sync.files import load, table
from tests.workbench.world import HTMX, sheet_values

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LONG_AGO = NOW - timedelta(days=14)


@pytest.fixture
def gold(cast):
    """A customer whom the billing system knows."""
    ExternalId.unscoped.create(customer=cast.customers["gold"], source="billing", external_id="B-1")
    return cast.customers["gold"]


def learn(customer, by, now=LONG_AGO, **changes):
    return actions.update_customer(customer_id=customer.pk, changes=changes, by=by, now=now)


def told(customer, now=NOW, **values):
    """What the billing system pushes."""
    item = UpsertItem(external_id="B-1", values=values)
    return actions.upsert_customers(items=[item], source="billing", by=None, now=now)[0].status


def waiting(customer):
    return set(LearnedFact.unscoped.filter(customer=customer).values_list("field", flat=True))


def is_listed(client, customer):
    return customer.name in client.get("/customers/?unsynced=1").content.decode()


def mark_of(client, customer):
    return "源系统尚未更新：" in client.get(f"/customers/{customer.pk}/").content.decode()


def test_a_fact_the_source_does_not_take_over_is_flagged(cast, as_user, gold):
    """CUS-10: on the customer's page and as an exception of the list."""
    client = as_user(cast.manager)
    learn(gold, cast.manager, district="城南", sports="网球")
    assert waiting(gold) == {"district", "sports"}
    assert is_listed(client, gold) and mark_of(client, gold)
    assert not is_listed(as_user(cast.teammate), gold)


def test_it_is_flagged_after_so_many_full_working_days(cast, as_user, gold):
    """CUS-10: ours 3 working days; the parameter says how many."""
    assert waiting_too_long(date(2026, 11, 20)) == timezone.make_aware(datetime(2026, 11, 17))  # Friday → Tuesday
    assert waiting_too_long(date(2026, 11, 23)) == timezone.make_aware(datetime(2026, 11, 18))  # over a weekend
    client = as_user(cast.manager)
    learn(gold, cast.manager, now=NOW, district="城南")
    assert not is_listed(client, gold) and not mark_of(client, gold)
    LearnedFact.unscoped.update(learned_at=NOW - timedelta(days=8))
    assert is_listed(client, gold)
    parameters.set_value("sync_days", 20, effective_from=timezone.localdate(), by=cast.director, now=NOW)
    assert not is_listed(client, gold) and not mark_of(client, gold)


def test_the_source_that_tells_it_again_takes_it_over(cast, as_user, gold):
    """CUS-10: PUT or bulk with the same external id; confirmed or overwritten, it no longer waits."""
    learn(gold, cast.manager, district="城南", sports="网球", business_address="新街 1 号")
    assert told(gold, district="城南") == "unchanged"
    assert waiting(gold) == {"sports", "business_address"}
    assert told(gold, business_address="老街 2 号", person={"sports": "网球"}) == "updated"
    assert waiting(gold) == set()
    assert not is_listed(as_user(cast.manager), gold)


def test_other_fields_and_stale_records_take_nothing_over(cast, gold):
    """CUS-10, sync-api: what the source does not tell still waits; yesterday's file after today's does no harm."""
    gold.source_updated_at = NOW
    gold.save()
    learn(gold, cast.manager, district="城南")
    assert told(gold, email="a@b.test") == "updated"
    stale = UpsertItem(external_id="B-1", values={"district": "城南"}, source_updated_at=NOW - timedelta(days=1))
    done = actions.upsert_customers(items=[stale], source="billing", by=None, now=NOW)
    assert done[0].status == "stale" and waiting(gold) == {"district"}


def test_the_oldest_moment_stays(cast, gold):
    """CUS-10: whoever corrects it again does not start the days anew."""
    learn(gold, cast.manager, district="城南")
    learn(gold, cast.manager, now=NOW, district="城北")
    assert LearnedFact.unscoped.get().learned_at == LONG_AGO


def test_only_what_another_system_could_know_waits(cast, gold):
    """CUS-10: no source, no waiting; notes for colleagues stay here; machines learn nothing."""
    learn(cast.customers["silver"], cast.manager, district="城南")
    learn(gold, cast.manager, service_notes="只谈专线")
    machine = actions.update_customer(
        customer_id=gold.pk, changes={"district": "城西"}, by=None, now=NOW, source="billing"
    )
    assert machine.status == "updated" and not LearnedFact.unscoped.exists()


def test_a_fact_of_a_talk_waits_as_well(cast, as_user, gold):
    """CUS-9, CUS-10: learned on the log sheet."""
    values = sheet_values(gold) | {"learn_birthday": "1980-02-03"}
    assert as_user(cast.manager).post("/log/", values, headers=HTMX).status_code == 204
    assert waiting(gold) == {"birthday"}


def test_a_file_of_the_source_takes_over_what_it_tells(cast, gold):
    """CUS-10: by import; an empty cell tells nothing."""
    fields = {"external_id": "id", "district": "district", "email": "email", "sports": "sports"}
    learn(gold, cast.manager, district="城南", email="a@b.test", sports="网球")
    file = table(["id", "district", "email", "sports"], [["B-1", "城南", "", "网球"]])
    outcome, problems = load(file, fields, now=NOW)
    assert (outcome.unchanged, problems) == (1, [])
    assert waiting(gold) == {"email"}
