"""Every VIP enjoys a service policy: the list, the night's digest, what ends, the indicator (ENG-5, ENG-7, KPI-34)."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from accounts.models import Customer
from crm.core.measures import Time, by_manager, refs
from crm.core.models import Notice
from crm.core.scope import Scope
from crm.core.sweeps import run_step
from engagement.actions import end_enrolment
from engagement.models import PolicyEnrolment
from engagement.queries.coverage import POLICY_COVERAGE, uncovered
from kpi.models import Indicator, IndicatorTarget
from tests.engagement.world import enjoy, policy

NOW = timezone.now()
TODAY = timezone.localdate(NOW)


def listed(cast, as_user, user="manager", **asked):
    page = as_user(getattr(cast, user)).get(reverse("engagement:without_list"), asked).content.decode()
    return {key for key, row in cast.customers.items() if f"/customers/{row.pk}/" in page}


def told(user, kind):
    return list(Notice.objects.filter(user=user, kind=kind).order_by("pk").values_list("params__count", flat=True))


def test_ending_the_only_policy_puts_the_customer_on_the_list(cast, as_user):
    """ENG-5: the VIPs with none, at once; care and marketing are no service policy."""
    for key in ("diamond", "gold"):
        enjoy(cast.customers[key])
    enjoy(cast.customers["silver"], "fee_waiver")
    assert listed(cast, as_user) == {"silver"}
    row = PolicyEnrolment.unscoped.get(customer=cast.customers["gold"])
    end_enrolment(enrolment_id=row.pk, by=cast.manager, now=NOW)
    assert listed(cast, as_user) == {"silver", "gold"}
    assert listed(cast, as_user, tier="gold") == {"gold"}
    assert listed(cast, as_user, "stranger") == {"strangers"}
    Customer.unscoped.filter(pk=cast.customers["gold"].pk).update(state="exited")
    assert listed(cast, as_user) == {"silver"}
    assert uncovered(Scope.ALL, TODAY, filters={}, search="银小满")[0][0].name == "银小满"


def test_the_ticked_ones_are_enrolled_together(cast, as_user):
    """ENG-5: from the list, in one deed; a foreign id stops all."""
    client, url = as_user(cast.manager), reverse("engagement:enrol_many")
    form = {"policy": policy().pk, "starts_on": TODAY.isoformat()}
    ids = [cast.customers[key].pk for key in ("diamond", "silver")]
    assert client.post(url, form | {"ids": [*ids, cast.customers["strangers"].pk]}).status_code == 404
    assert not PolicyEnrolment.unscoped.exists()
    assert client.post(url, form).status_code == 400
    assert client.post(url, form | {"ids": ids}).status_code == 302
    assert set(PolicyEnrolment.unscoped.values_list("customer_id", flat=True)) == set(ids)
    assert listed(cast, as_user) == {"gold"}


def test_the_night_tells_each_manager_once(cast):
    """ENG-5: one digest per manager, again when somebody new has joined the list, never twice for the same."""
    gold, silver = enjoy(cast.customers["gold"]), enjoy(cast.customers["silver"], until=60)
    assert run_step("tell_of_policies", TODAY, NOW).rows == 2
    assert run_step("tell_of_policies", TODAY, NOW).rows == 0
    assert told(cast.manager, "vips_without_policy") == [1]
    assert told(cast.stranger, "vips_without_policy") == [1]
    gold.delete()
    silver.delete()
    end = enjoy(cast.customers["gold"], since=90, until=-1)
    assert run_step("tell_of_policies", TODAY, NOW).rows == 1
    assert told(cast.manager, "vips_without_policy") == [1, 3]
    assert run_step("tell_of_policies", TODAY + timedelta(days=1), NOW).rows == 0
    assert end.ends_on < TODAY


def test_what_ends_within_thirty_days_is_listed_and_told_once_a_week(cast, as_user):
    """ENG-7: the next to end first; a day later, an ended or an endless policy is not there."""
    gold = cast.customers["gold"]
    soon, last = enjoy(gold, until=30), enjoy(cast.customers["silver"], until=2)
    for place, (code, until) in enumerate(
        (("credit_service", 31), ("roaming_service", -1), ("guaranteed_handling", None))
    ):
        enjoy(gold, code, until=until, since=40 + place)
    page = as_user(cast.manager).get(reverse("engagement:enrolment_list"), {"state": "expiring"}).content.decode()
    places = [page.index(f"/policies/enrolments/{row.pk}/") for row in (last, soon)]
    assert places == sorted(places)
    assert page.count("/policies/enrolments/") - page.count("/policies/enrolments/?") >= 2
    for code in ("信誉客户服务", "国际漫游服务", "客户经理担保办理业务"):
        assert page.count(code) == 1  # in the filter only
    monday = TODAY - timedelta(days=TODAY.weekday())
    for day, count in ((monday, 1), (monday + timedelta(days=1), 0)):
        before = len(told(cast.manager, "policies_expiring"))
        run_step("tell_of_policies", day, NOW)
        assert len(told(cast.manager, "policies_expiring")) - before == count


def test_unused_benefits_are_found(cast, as_user):
    """ENG-7: what runs and nobody has used; who used it is not there."""
    unused, used = enjoy(cast.customers["gold"]), enjoy(cast.customers["silver"], used_on=TODAY)
    page = as_user(cast.manager).get(reverse("engagement:enrolment_list"), {"state": "unused"}).content.decode()
    assert f"/policies/enrolments/{unused.pk}/" in page
    assert f"/policies/enrolments/{used.pk}/" not in page
    client = as_user(cast.manager)
    assert client.get(reverse("engagement:enrolment_list"), {"state": "wrong"}).status_code == 400


def test_coverage_counts_vips_with_a_service_policy_on_the_day(cast):
    """KPI-34, F21, ENG-5: one of three of the manager; whoever comes later or is gone is not asked."""
    month = Time(TODAY.replace(day=1), TODAY, TODAY, NOW)
    enjoy(cast.customers["gold"])
    enjoy(cast.customers["silver"], "upper_care")
    enjoy(cast.customers["diamond"], since=90, until=-1)
    shares = by_manager(POLICY_COVERAGE, Scope.ALL, month)
    mine = shares[cast.staff["manager"].pk]
    assert (mine.numerator, mine.denominator, mine.mendable) == (1, 3, 2)
    assert cast.staff["teammate"].pk not in shares  # groups are no VIPs
    yesterday = TODAY - timedelta(days=1)
    before = Time(yesterday, yesterday, TODAY, NOW)
    assert by_manager(POLICY_COVERAGE, Scope.ALL, before)[cast.staff["manager"].pk].numerator == 2
    Customer.unscoped.filter(pk=cast.customers["silver"].pk).update(state="churned", exited_on=date(2020, 1, 1))
    ids = {row[-1] for row in refs(POLICY_COVERAGE, Scope(manager_ids=(cast.staff["manager"].pk,)), month)}
    assert ids == {cast.customers["gold"].pk, cast.customers["diamond"].pk}


def test_the_indicator_counts_it_and_wants_all(cast):
    """KPI-34: F21 is counted by the measure; its target is 100 %."""
    indicator = Indicator.objects.get(code="F21")
    assert indicator.measure == POLICY_COVERAGE.name
    assert IndicatorTarget.objects.filter(indicator=indicator).get().value == 100
