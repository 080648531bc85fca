"""Exception lists, load, structure, archive quality."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts import actions
from accounts.models import Customer
from accounts.queries import (
    archive_quality,
    customer_structure,
    not_updated_since,
    ordinary_sims,
    team_load,
    unassigned_vips,
)
from accounts.queries.archive import bad_looks, failing_customers
from accounts.queries.reports import DIMENSIONS, incomplete_profiles
from accounts.queries.revenue import revenue_curve, top_customers
from accounts.queries.segments import segments_of
from crm.core.errors import Invalid, NotFound
from crm.core.models import AccessLog
from crm.core.models.logs import AccessKind

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)


def now(days=0):
    return timezone.make_aware(datetime(2026, 11, 18, 10)) + timedelta(days=days)


def names_of(rows):
    return [row.name for row in rows]


def test_a_vip_without_manager_is_an_exception(cast):
    """ORG-9: the target is 0; each sees only his own."""
    assert not unassigned_vips(cast.director.access.scope)
    Customer.unscoped.filter(pk=cast.customers["gold"].pk).update(manager=None)
    assert names_of(unassigned_vips(cast.director.access.scope)) == ["金满堂"]
    assert not unassigned_vips(cast.stranger_supervisor.access.scope)


def test_profiles_nobody_touched_for_long(cast):
    """CUS-12: not updated for six months, the oldest first; inactive customers don't count."""
    Customer.unscoped.filter(pk=cast.customers["gold"].pk).update(profile_updated_at=now(-300))
    Customer.unscoped.filter(pk=cast.customers["silver"].pk).update(created_at=now(-400))
    Customer.unscoped.filter(pk=cast.customers["diamond"].pk).update(created_at=now(-400), state="churned")
    scope = cast.supervisor.access.scope
    assert names_of(not_updated_since(scope, now(-180))) == ["银小满", "金满堂"]


def test_vips_on_an_ordinary_sim_are_an_occasion(cast):
    """CUS-36."""
    Customer.unscoped.filter(pk=cast.customers["gold"].pk).update(sim_kind="exclusive")
    assert set(names_of(ordinary_sims(cast.manager.access.scope))) == {"钱多多", "银小满"}


def test_the_emptiest_profiles_come_first(cast):
    """CUS-27: maintenance due list."""
    actions.set_required_fields(kind="vip", fields=["phone", "district"], by=cast.director, now=now())
    Customer.unscoped.filter(pk=cast.customers["gold"].pk).update(phone="")
    actions.refresh_completeness([cast.customers["gold"].pk], today=TODAY)
    found = [row.name for row in incomplete_profiles(cast.manager.access.scope)]
    assert found[0] == "金满堂"
    assert len(found) == 3


def test_customers_per_manager_and_their_tiers(cast):
    """ORG-28."""
    loads = {load.manager_id: load for load in team_load(cast.supervisor.access.scope)}
    assert loads[cast.staff["manager"].pk].customers == 3
    assert sorted(loads[cast.staff["manager"].pk].by_tier.values()) == [1, 1, 1]
    assert cast.staff["stranger"].pk not in loads


@pytest.mark.parametrize("dimension", sorted(DIMENSIONS))
def test_the_cells_of_the_structure_add_up_to_the_total(cast, dimension):
    """CUS-15, CUS-26: for every dimension, in every scope."""
    for user in (cast.director, cast.supervisor, cast.manager):
        scope = user.access.scope
        cells = customer_structure(scope, ["kind", dimension], today=TODAY)
        assert sum(cell.customers for cell in cells) == Customer.visible_to(scope).count()
    with pytest.raises(ValueError, match="dimensions"):
        customer_structure(cast.director.access.scope, ["password"], today=TODAY)


def test_each_quality_of_the_archive_is_a_number(cast):
    """CUS-13: true, accurate, complete, standard, secret."""
    gold = cast.customers["gold"]
    actions.reveal_phone(customer_id=gold.pk, reason="核对", by=cast.supervisor, now=now())
    Customer.unscoped.filter(pk=gold.pk).update(phone="12", profile_updated_at=now(-1), created_at=now(-400))
    Customer.unscoped.filter(pk=cast.customers["silver"].pk).update(phone="13900000001", created_at=now(-400))
    quality = archive_quality(cast.manager.access.scope, since=now(-180), now=now())
    assert quality.customers == 3
    assert (quality.per_cent("true"), quality.failing("true")) == (66.7, 1)
    assert (quality.per_cent("accurate"), quality.failing("accurate")) == (33.3, 2)
    assert (quality.per_cent("standard"), quality.failing("standard")) == (66.7, 1)
    assert (quality.looks, quality.per_cent("secret"), quality.refused, quality.failing("secret")) == (1, 100.0, 0, 0)


def test_the_rows_behind_a_quality_are_as_many_as_its_number(cast):
    """CUS-13: every number opens its rows; whoever has the number elsewhere in the city makes it no less doubtful."""
    Customer.unscoped.filter(pk=cast.customers["gold"].pk).update(phone="12", created_at=now(-400))
    Customer.unscoped.filter(pk=cast.customers["silver"].pk).update(phone=cast.customers["strangers"].phone)
    record(AccessKind.LOOK, at=now(-1), user=cast.manager, subject=cast.customers["gold"])
    record(AccessKind.DENIED, at=now(-2), user=cast.stranger, subject=cast.customers["gold"])
    record(AccessKind.LOOK, at=now(-40), user=cast.manager, subject=cast.customers["gold"])
    since, scope = now(-180), cast.supervisor.access.scope
    quality = archive_quality(scope, since=since, now=now())
    for code in ("true", "accurate", "complete", "standard"):
        rows, more = failing_customers(scope, code, since=since)
        assert (len(rows), more) == (quality.failing(code), None), code
    assert {row.name for row in failing_customers(scope, "accurate", since=since)[0]} == {"银小满"}
    looks, _more = bad_looks(scope, now=now())
    assert [row.kind for row in looks] == ["denied", "look"] and len(looks) == quality.failing("secret") == 2
    assert not bad_looks(cast.stranger_supervisor.access.scope, now=now())[0]


def record(kind, *, at, user, subject):
    AccessLog.objects.create(at=at, kind=kind, user=user, subject_table="accounts_customer", subject_id=subject.pk)


def test_the_curve_and_its_customers_are_those_of_the_measure(cast):
    """CUS-22: the page shows what F44 counts: 10 customers, the top two hold 80.0 %."""
    Customer.unscoped.update(monthly_spend=None)
    for number, spend in enumerate((25, 25, 300, 25, 25, 500, 25, 25, 25, 25)):
        Customer.unscoped.create(
            number=f"K6{number:07d}", kind="vip", name=f"户{number}", unit=cast.units["A"], monthly_spend=spend,
            created_at=now(-9), updated_at=now(-9),
        )  # fmt: skip
    scope = cast.supervisor.access.scope
    curve = revenue_curve(scope, TODAY)
    assert (curve.customers, curve.top_customers, str(curve.per_cent)) == (10, 2, "80.0")
    assert curve.points[0] == (10, 50.0) and curve.points[1] == (20, 80.0) and curve.points[-1] == (100, 100.0)
    rows, more = top_customers(scope, TODAY)
    assert [(row.spend, row.place) for row in rows] == [(500, 1), (300, 2)] and more is None
    assert revenue_curve(cast.stranger_supervisor.access.scope, TODAY).per_cent is None


def test_a_segment_keeps_the_filters_and_runs_again(cast):
    """CUS-15: one's own, or shared with one's unit."""

    def save(by, **more):
        return actions.save_segment(**{"name": "高价值", "query": "?band=high", "by": by, "now": now(), **more})

    own = save(cast.manager)
    assert save(cast.manager, query="?band=mid").pk == own.pk
    shared = save(cast.supervisor, unit_id=cast.units["A"].pk)
    seen = segments_of(cast.manager.pk, [cast.units["A"].pk])
    assert {row.pk for row in seen} == {own.pk, shared.pk}
    assert not segments_of(cast.stranger.pk, [cast.units["B"].pk])
    with pytest.raises(Invalid):
        save(cast.supervisor, unit_id=cast.units["B"].pk)
    with pytest.raises(NotFound):
        actions.delete_segment(segment_id=shared.pk, by=cast.manager)
    actions.delete_segment(segment_id=own.pk, by=cast.manager)
