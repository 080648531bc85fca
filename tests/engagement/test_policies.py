"""The catalogue, who is enrolled, and what may be offered (ENG-5, ENG-6, ENG-7, RET-7)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Customer, Tier
from crm.core.errors import Invalid, NotAllowed, NotFound
from engagement.actions import end_enrolment, enrol, grant, keep_enrolment, mark_used
from engagement.models import PolicyEnrolment, ServicePolicy
from engagement.queries.policies import offers_for, policies_of
from tests.engagement.world import enjoy, policy

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
FOUR = ["credit_service", "bill_service", "roaming_service", "guaranteed_handling"]


def test_the_four_service_policies_are_there_from_the_start(cast, as_user):
    """ENG-6: credit-worthy customer service, billing, international roaming, handling guaranteed by the manager."""
    assert (
        list(ServicePolicy.objects.filter(kind="service").order_by("position").values_list("code", flat=True)) == FOUR
    )
    page = as_user(cast.manager).get(reverse("engagement:policy_list")).content.decode()
    for label in ("信誉客户服务", "账单服务", "国际漫游服务", "客户经理担保办理业务"):
        assert label in page


def test_headquarters_adds_a_policy_for_some_tiers_and_days(cast, as_user):
    """ENG-6: 「等」: the catalogue goes on, with tiers and days; others may not touch it."""
    diamond = Tier.objects.get(kind="vip", code="diamond")
    form = {"code": "airport_lounge", "kind": "service", "label_zh": "机场贵宾厅", "label_en": "Airport lounge",
            "cost": "300", "tiers": [diamond.pk], "starts_on": TODAY.isoformat(), "is_active": "on",
            "ends_on": (TODAY + timedelta(days=30)).isoformat()}  # fmt: skip
    url = reverse("engagement:policy_new")
    assert as_user(cast.manager).post(url, form).status_code == 403
    assert as_user(cast.group_department).post(url, form).status_code == 302
    row = policy("airport_lounge")
    assert (row.cost, [tier.pk for tier in row.tiers.all()]) == (Decimal(300), [diamond.pk])
    codes = [offer.code for offer in offers_for(cast.customers["diamond"], TODAY)]
    assert "airport_lounge" in codes
    assert "airport_lounge" not in [
        offer.code for offer in offers_for(cast.customers["diamond"], row.ends_on + timedelta(1))
    ]
    assert "airport_lounge" not in [offer.code for offer in offers_for(cast.customers["gold"], TODAY)]
    client = as_user(cast.group_department)
    assert client.post(url, form).status_code == 400  # the code is taken
    edit = reverse("engagement:policy_edit", args=[row.pk])
    assert client.post(edit, form | {"label_zh": "改名", "ends_on": "2000-01-01"}).status_code == 400
    assert client.post(edit, {**form, "label_zh": "改名", "is_active": ""}).status_code == 302
    row.refresh_from_db()
    assert (row.code, row.label_zh, row.is_active) == ("airport_lounge", "改名", False)


def test_offers_fit_the_tier_and_leave_out_what_is_enjoyed(cast):
    """RET-7, ENG-6: special care first; roaming is not for silver; what runs today is not offered again."""
    gold, silver = cast.customers["gold"], cast.customers["silver"]
    assert [offer.kind for offer in offers_for(gold, TODAY)][:2] == ["care", "care"]
    assert "roaming_service" in [offer.code for offer in offers_for(gold, TODAY)]
    assert "roaming_service" not in [offer.code for offer in offers_for(silver, TODAY)]
    enjoy(gold, "roaming_service", until=5)
    assert "roaming_service" not in [offer.code for offer in offers_for(gold, TODAY)]
    assert "roaming_service" in [offer.code for offer in offers_for(gold, TODAY + timedelta(days=6))]


def test_a_manager_enrols_his_customer_and_the_page_shows_it(cast, as_user):
    """ENG-6, ENG-7: from a day on; the customer page shows what is enjoyed, what was not used, and the end."""
    gold, client = cast.customers["gold"], as_user(cast.manager)
    url = reverse("engagement:enrolment_new", args=[gold.pk])
    until = TODAY + timedelta(days=20)
    form = {"policy": policy().pk, "starts_on": TODAY.isoformat(), "ends_on": until.isoformat(), "note": "年度"}
    assert "账单服务" in client.get(url).content.decode()
    assert client.post(url, form).status_code == 302
    row = PolicyEnrolment.unscoped.get()
    assert (row.customer_id, row.enrolled_by, row.ends_on) == (gold.pk, cast.manager, until)
    assert client.post(url, form).status_code == 400  # it is no choice any more
    (found,) = policies_of(gold, TODAY)
    assert (found.code, found.standing, found.is_unused) == ("bill_service", "running", True)
    assert client.post(reverse("engagement:enrolment_used", args=[row.pk])).status_code == 302
    assert not policies_of(gold, TODAY)[0].is_unused


def test_a_policy_never_runs_twice_for_one_customer(cast):
    """ENG-6: the second span is left out in bulk; a renewal may not reach into the next one."""
    gold, silver = cast.customers["gold"], cast.customers["silver"]
    first = enjoy(gold, until=10)
    ids = [gold.pk, silver.pk]
    done = enrol(customer_ids=ids, policy_id=policy().pk, starts_on=TODAY, by=cast.manager, now=NOW)
    assert (done.done, done.already, done.not_for) == ((silver.pk,), (gold.pk,), ())
    enjoy(gold, since=-20)
    with pytest.raises(Invalid) as refused:
        keep_enrolment(enrolment_id=first.pk, ends_on=TODAY + timedelta(days=20), used_on=None, note="",
                       by=cast.manager, now=NOW)  # fmt: skip
    assert refused.value.problems[0].field == "ends_on"
    later = keep_enrolment(enrolment_id=first.pk, ends_on=TODAY + timedelta(days=19), used_on=TODAY, note="续",
                           by=cast.manager, now=NOW)  # fmt: skip
    assert (later.ends_on, later.used_on) == (TODAY + timedelta(days=19), TODAY)


def test_who_is_not_meant_is_not_enrolled(cast):
    """ENG-6: by tier, and in service only; what costs money is offered in a save case (RET-7)."""
    silver, gold = cast.customers["silver"], cast.customers["gold"]
    Customer.unscoped.filter(pk=gold.pk).update(state="churned")
    roaming = policy("roaming_service")
    done = enrol(customer_ids=[silver.pk, gold.pk], policy_id=roaming.pk, starts_on=TODAY, by=cast.manager, now=NOW)
    assert (done.done, set(done.not_for)) == ((), {silver.pk, gold.pk})
    with pytest.raises(Invalid, match=r"save case|挽留单"):
        enrol(customer_ids=[silver.pk], policy_id=policy("fee_waiver").pk, starts_on=TODAY, by=cast.manager, now=NOW)
    granted = grant(customer_id=silver.pk, policy_id=policy("fee_waiver").pk, starts_on=TODAY, ends_on=None,
                    note="挽留", by=cast.supervisor, now=NOW)  # fmt: skip
    assert granted.done == (silver.pk,)


def test_only_who_has_the_customer_enrols_him(cast):
    """SEC-3: invisible stops all; visible without the right is refused."""
    ids = [cast.customers["gold"].pk, cast.customers["strangers"].pk]
    with pytest.raises(NotFound):
        enrol(customer_ids=ids, policy_id=policy().pk, starts_on=TODAY, by=cast.manager, now=NOW)
    with pytest.raises(NotAllowed):
        enrol(customer_ids=ids[:1], policy_id=policy().pk, starts_on=TODAY, by=cast.auditor, now=NOW)
    row = enjoy(cast.customers["strangers"])
    for deed in (end_enrolment, mark_used):
        with pytest.raises(NotFound):
            deed(enrolment_id=row.pk, by=cast.manager, now=NOW)
    assert PolicyEnrolment.unscoped.get() == row


def test_ending_takes_back_what_has_not_begun(cast):
    """ENG-7: until yesterday; an enrolment of today or of tomorrow leaves nothing behind."""
    gold = cast.customers["gold"]
    running, planned = enjoy(gold), enjoy(gold, "credit_service", since=-3)
    for row in (running, planned):
        end_enrolment(enrolment_id=row.pk, by=cast.manager, now=NOW)
    (left,) = PolicyEnrolment.unscoped.all()
    assert (left.pk, left.ends_on, left.ended_by) == (running.pk, TODAY - timedelta(days=1), cast.manager)
    with pytest.raises(Invalid):
        end_enrolment(enrolment_id=running.pk, by=cast.manager, now=NOW)


def test_machines_read_policies_and_enrolments(cast, as_user):
    """ENG-6: codes instead of ids, tiers by name, filters by policy and day."""
    enjoy(cast.customers["gold"], until=3)
    enjoy(cast.customers["strangers"])
    client = as_user(cast.manager)
    found = client.get(reverse("api:service_policies"), {"kind": "service"}).json()["items"]
    assert [row["code"] for row in found] == FOUR
    assert found[2]["tiers"] == ["vip:diamond", "vip:gold"]
    pages = client.get(reverse("api:service_policies"), {"limit": 2}).json()
    assert len(pages["items"]) == 2
    assert pages["next"]
    url = reverse("api:policy_enrolments")
    (row,) = client.get(url, {"policy": "bill_service", "running_on": TODAY.isoformat()}).json()["items"]
    assert (row["customer"], row["policy"]) == (cast.customers["gold"].pk, "bill_service")
    assert client.get(url, {"running_on": (TODAY + timedelta(days=4)).isoformat()}).json()["items"] == []
    assert client.get(url, {"nonsense": "1"}).status_code == 400
