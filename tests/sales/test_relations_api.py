"""Needs, credit accounts, guarantees and value assessments by machine (CUS-14, CUS-16, SAL-10, SAL-24, SAL-25)."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import ContactPerson, ValueAssessment
from sales.models import CreditAccount, Guarantee, Need, NeedStep
from tests.api.conftest import make_client  # noqa: F401 - fixture

pytestmark = pytest.mark.django_db
API = "/api/v1/"
GOLD = "K80000002"


def send(client, *items, **more):
    return client.post(API + "needs", {"items": list(items)} | more, format="json")


def statuses(answer):
    return [row["status"] for row in answer.json()["items"]]


def test_a_need_is_told_once_and_its_earlier_words_stay(make_client, cast):  # noqa: F811
    """CUS-14, SAL-10: known by customer, type and day; again is unchanged, other words are a step; depth fields."""
    crm = make_client("crm", "CITY", ["agreements:read", "agreements:write"])
    ContactPerson.unscoped.create(customer=cast.customers["gold"], name="王总")
    need = {"customer": GOLD, "type": "tariff", "found_on": "2026-02-03", "text": "要更便宜", "budget": "300",
            "decision_maker": "王总"}  # fmt: skip
    assert statuses(send(crm, need)) == ["created"] and statuses(send(crm, need)) == ["unchanged"]
    assert statuses(send(crm, need | {"text": "要更便宜的合约", "budget": None})) == ["updated"]
    row = Need.unscoped.get()
    assert (row.text, row.budget, row.stage, row.version) == ("要更便宜的合约", None, "found", 2)
    assert list(NeedStep.unscoped.order_by("pk").values_list("text_before", flat=True)) == ["", "要更便宜"]
    bad = send(
        crm, need | {"type": "nothing"}, need | {"colour": 1}, need | {"customer": "K99999999"},
        {"customer": GOLD, "type": "tariff"}, need | {"wanted_on": "2026-01-01"}, need | {"decision_maker": "李四"},
    )  # fmt: skip
    assert bad.status_code == 207 and set(statuses(bad)) == {"failed"}
    assert [row["errors"][0]["code"] for row in bad.json()["items"]] == [
        "not_found", "unknown_field", "not_found", "required", "out_of_order", "not_found"
    ]  # fmt: skip
    (told,) = crm.get(f"{API}needs?type=tariff&customer={GOLD}").json()["items"]
    assert (told["customer"], told["decision_maker"], told["stage"]) == (GOLD, "王总", "found")
    assert crm.get(f"{API}needs?kind=x").status_code == 400


def test_credit_guarantees_and_value_are_read_in_scope(make_client, cast):  # noqa: F811
    """SAL-24, SAL-25, CUS-16: the limit that holds, who vouches, what he is worth; a client reads its subtree."""
    gold, now = cast.customers["gold"], timezone.now()
    CreditAccount.unscoped.create(customer=gold, used=12, score=90)
    Guarantee.unscoped.create(
        customer=gold, staff_id=gold.manager_id, business="集团开户", amount=500, reason="手续后补", papers="营业执照",
        papers_due_on=date(2026, 3, 1), requested_by=cast.manager, requested_at=now,
    )  # fmt: skip
    ValueAssessment.unscoped.create(
        customer=gold, assessed_on=date(2026, 1, 5), volume=4, growth=3, potential=5, score=Decimal("4.10"),
        value_class="A", at=now,
    )  # fmt: skip
    scopes = ["billing:read", "customers:read"]
    boss, stranger = make_client("boss", "CITY", scopes), make_client("other", "B", scopes)
    for path, name, value in (("credit-accounts", "used", "12.00"), ("guarantees", "business", "集团开户"),
                              ("value-assessments", "value_class", "A")):  # fmt: skip
        (told,) = boss.get(f"{API}{path}?customer={GOLD}").json()["items"]
        assert told["customer"] == GOLD and str(told[name]) == value
        assert stranger.get(API + path).json()["items"] == []
