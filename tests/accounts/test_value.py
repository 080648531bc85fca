"""What customers are worth: judged by three factors, anew each quarter, every judgement kept (CUS-16, ORG-30)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from accounts.actions.value import assess_value
from accounts.models import Customer, ValueAssessment
from accounts.queries.measures.profiles import QUALITY_CUSTOMERS
from accounts.queries.value import suggested_volume
from accounts.rules.value import Scale, class_of, next_on, score, volume_of
from crm.core import parameters
from crm.core.measures import Time, by_manager
from crm.core.scope import Scope

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
LIST = "accounts:customer_value_list"


def judge(cast, key="gold", factors=(5, 4, 3), *, days_ago=0, by="manager"):
    volume, growth, potential = factors
    return assess_value(
        customer_id=cast.customers[key].pk, volume=volume, growth=growth, potential=potential, note="",
        by=getattr(cast, by), now=NOW - timedelta(days=days_ago),
    )  # fmt: skip


def shown(cast, as_user, user="manager", **asked):
    page = as_user(getattr(cast, user)).get(reverse(LIST), asked).content.decode()
    return {key for key, row in cast.customers.items() if f"/customers/{row.pk}/value/" in page}


def test_score_and_class_follow_weights_and_bounds():
    """CUS-16: the weighted mean, and the classes from their scores on; the volume by fifths of like customers."""
    scale = Scale()
    assert score((5, 4, 3), scale.weights) == Decimal("4.10")
    assert score((5, 1, 1), (0, 0, 0)) == Decimal("2.33")
    bounds = [("4", "A"), ("3.99", "B"), ("3", "B"), ("2.99", "C"), ("2", "C"), ("1.99", "D")]
    assert [(text, class_of(Decimal(text), scale).value) for text, _name in bounds] == bounds
    assert [volume_of(share) for share in (0, 0.2, 0.4, 0.6, 0.8, 1)] == [1, 2, 3, 4, 5, 5]
    assert next_on(None, 3) is None


def test_a_new_judgement_does_not_overwrite_the_old_one(cast, as_user):
    """CUS-16: history kept; the weights of each day stay with it."""
    gold, client = cast.customers["gold"], as_user(cast.manager)
    url = reverse("accounts:customer_value", args=[gold.pk])
    judge(cast, factors=(1, 1, 1), days_ago=100)
    parameters.set_value("value_weight_volume", 100, effective_from=TODAY, by=None, now=NOW)
    form = {"volume": "5", "growth": "3", "potential": "4", "note": "新开专线"}
    assert client.post(url, form | {"growth": "6"}).status_code == 400
    assert client.post(url, form).status_code == 302
    new, old = ValueAssessment.unscoped.order_by("-pk")
    assert (old.score, old.value_class, old.weights, old.is_current) == (1, "D", [40, 30, 30], False)
    assert (new.score, new.value_class, new.weights) == (Decimal("4.44"), "A", [100, 30, 30])
    assert (new.by, new.assessed_on, new.is_current) == (cast.manager, TODAY, True)
    page = client.get(url).content.decode()
    assert page.count("4.44") == 1
    assert "1.00" in page


def test_overdue_assessments_are_listed(cast, as_user):
    """CUS-16: never judged, or three months ago; channel and ordinary customers are never asked for."""
    assert shown(cast, as_user) == {"diamond", "gold", "silver"}
    judge(cast, "gold", days_ago=10)
    judge(cast, "silver", days_ago=100)
    assert shown(cast, as_user) == {"diamond", "silver"}
    assert shown(cast, as_user, show="all") == {"diamond", "gold", "silver"}
    assert shown(cast, as_user, "teammate") == {"teammates"}
    assert shown(cast, as_user, "stranger", show="all") == {"strangers"}
    assert shown(cast, as_user, **{"class": "A"}) == {"gold", "silver"}
    assert shown(cast, as_user, **{"class": "D"}) == set()
    assert as_user(cast.manager).get(reverse(LIST), {"class": "E"}).status_code == 400
    parameters.set_value("value_months", 6, effective_from=TODAY, by=None, now=NOW)
    assert shown(cast, as_user) == {"diamond"}


def test_the_volume_is_filled_in_from_what_is_spent(cast, as_user):
    """CUS-16: the place among like customers of the unit; the manager may say otherwise."""
    for key, spend in (("diamond", 900), ("gold", 500), ("silver", 100)):
        Customer.unscoped.filter(pk=cast.customers[key].pk).update(monthly_spend=spend)
    found = {
        key: suggested_volume(Customer.unscoped.get(pk=cast.customers[key].pk)) for key in ("diamond", "gold", "silver")
    }
    assert found == {"diamond": 4, "gold": 2, "silver": 1}
    assert suggested_volume(cast.customers["teammates"]) is None
    page = as_user(cast.manager).get(reverse("accounts:customer_value", args=[cast.customers["diamond"].pk]))
    assert page.context["form"].initial == {"volume": 4}


def test_who_may_not_judge_only_reads(cast, as_user):
    """CUS-16, SEC-3: the supervisor sees it, the stranger nothing."""
    url = reverse("accounts:customer_value", args=[cast.customers["gold"].pk])
    form = {"volume": "5", "growth": "3", "potential": "4"}
    for who, got, posted in (("supervisor", 200, 403), ("auditor", 200, 403), ("stranger", 404, 404)):
        client = as_user(getattr(cast, who))
        assert (client.get(url).status_code, client.post(url, form).status_code) == (got, posted), who
    other = reverse("accounts:customer_value", args=[cast.customers["channel"].pk])
    assert as_user(cast.teammate).post(other, form).status_code == 400
    assert not ValueAssessment.unscoped.exists()


def test_quality_customers_go_by_the_class_where_there_is_one(cast):
    """ORG-30: a group of level 1 judged C is none, a group of level 3 judged B is one, from that day on."""
    teammate = cast.staff["teammate"].pk
    month = Time(TODAY.replace(day=1), TODAY, TODAY, NOW)

    def counted(time=month):
        share = by_manager(QUALITY_CUSTOMERS, Scope.ALL, time).get(teammate)
        return share.numerator if share else 0

    assert counted() == 1  # by its level
    judge(cast, "teammates", (2, 2, 2), days_ago=0, by="teammate")
    assert counted() == 0
    yesterday = TODAY - timedelta(days=1)
    assert counted(Time(yesterday, yesterday, TODAY, NOW)) == 1
    judge(cast, "teammates", (3, 3, 3), by="teammate")
    assert counted() == 1
