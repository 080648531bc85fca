"""Stickiness: what holds a customer, and whom nothing holds (RET-17)."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import Product
from crm.core.scope import Scope
from retention.queries.features import these
from retention.queries.stickiness import factors_of, held_sql, low_stickiness
from sales.models import Agreement, Subscription
from tests.engagement.world import enjoy

NOW = timezone.now()
TODAY = timezone.localdate(NOW)


def agreement(customer, *, until=None, number="XY-1"):
    return Agreement.unscoped.create(
        number=number, kind="contract", customer=customer, signed_on=TODAY - timedelta(days=90),
        starts_on=TODAY - timedelta(days=80),
        ends_on=None if until is None else TODAY + timedelta(days=until), updated_at=NOW,
    )  # fmt: skip


def products(customer, count, *, ended=None):
    for product in Product.objects.order_by("pk")[:count]:
        Subscription.unscoped.create(
            customer=customer, product=product, started_on=TODAY - timedelta(days=60), source="boss",
            external_id=f"{customer.pk}-{product.pk}-{ended}", updated_at=NOW,
            ended_on=None if ended is None else TODAY + timedelta(days=ended),
        )  # fmt: skip


def shown(cast, as_user, user="manager", **asked):
    page = as_user(getattr(cast, user)).get(reverse("retention:stickiness_list"), asked).content.decode()
    return {key for key, row in cast.customers.items() if f"/customers/{row.pk}/" in page}


def test_each_factor_holds_on_its_days_only(cast):
    """RET-17: an agreement until its last day, two products, a policy; what ended yesterday holds nobody."""
    gold, silver, diamond = (cast.customers[key] for key in ("gold", "silver", "diamond"))
    agreement(gold, until=0)
    products(gold, 2)
    enjoy(gold)
    agreement(silver, until=-1, number="XY-2")
    products(silver, 1)
    products(silver, 2, ended=-1)
    enjoy(silver, since=40, until=-1)
    everybody = [gold.pk, silver.pk, diamond.pk]
    found = factors_of(everybody, TODAY)
    assert found == {gold.pk: {"agreement", "products", "policy"}, silver.pk: set(), diamond.pk: set()}
    assert factors_of([gold.pk], TODAY + timedelta(days=1))[gold.pk] == {"products", "policy"}
    assert factors_of([silver.pk], TODAY - timedelta(days=1))[silver.pk] == {"agreement", "products", "policy"}
    for back in range(-2, 100, 3):  # the night, which reads each table once, says the same
        day = TODAY - timedelta(days=back)
        with connection.cursor() as db:
            db.execute(these(held_sql("%(day)s::date"), "{id} = ANY(%(ids)s)"), {"day": day, "ids": everybody})
            night = dict(db.fetchall())
        assert {pk: night.get(pk, 0) for pk in everybody} == {
            pk: len(codes) for pk, codes in factors_of(everybody, day).items()
        }


def test_a_customer_whom_nothing_holds_is_listed(cast, as_user):
    """RET-17: at most one factor by default; none; who is held by more is not there, nor a stranger's customer."""
    gold, diamond = cast.customers["gold"], cast.customers["diamond"]
    for customer in (gold, diamond):
        enjoy(customer)
    agreement(gold)
    assert shown(cast, as_user) == {"silver", "diamond"}
    assert shown(cast, as_user, most="0") == {"silver"}
    assert shown(cast, as_user, most="2") == {"silver", "diamond", "gold"}
    assert shown(cast, as_user, "stranger") == {"strangers"}
    assert as_user(cast.manager).get(reverse("retention:stickiness_list"), {"most": "9"}).status_code == 400
    rows, _following = low_stickiness(Scope.ALL, TODAY, most=0, filters={})
    assert {row.name for row in rows} >= {cast.customers["teammates"].name}
    assert cast.customers["channel"].name not in {row.name for row in rows}
