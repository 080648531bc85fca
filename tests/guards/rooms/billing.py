"""Products, subscriptions, usage, uses and bills: the side's customer has each, its manager wrote about them."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Product
from accounts.rules import add_months
from crm.core import attachments
from sales.models import Bill, MemberUse, Subscription, SurveyNote, UsageAdvice, UsageMonth
from tests.guards.bodies import day
from tests.guards.crowd import copy
from tests.guards.route_rows import SETTERS, api, get, page, post

SEES_A = "manager supervisor handler market_manager group_department business_support director"
SEES_ALL = f"{SEES_A} teammate stranger stranger_supervisor"
EDITS = "manager teammate stranger"
ROUTES = [
    page("sales:usage_list", "", get(SEES_ALL)),
    page("sales:customer_usage", "customer", get(SEES_ALL, SEES_A)),
    page("sales:member_use_list", "customer", get(SEES_ALL, SEES_A)),
    page("sales:advice_new", "customer", get(EDITS, "manager"), post(EDITS, "manager")),
    page("sales:advice_file", "customer advice", get(SEES_ALL, SEES_A)),
    page("sales:usage_new", "customer", get(EDITS, "manager"), post(EDITS, "manager")),
    page("sales:subscription_new", "customer", get(EDITS, "manager"), post(EDITS, "manager"), query="?product=GRBT"),
    page("sales:subscription_edit", "subscription", get(EDITS, "manager"), post(EDITS, "manager")),
    page("sales:survey_new", "subscription", get(EDITS, "manager"), post(EDITS, "manager")),
    api("api:products", "", "billing:read", get(SEES_ALL)),
    api("api:subscriptions", "", "billing:read", get(SEES_ALL), post(SETTERS, "", 200, but={"strange-billing": 207})),
    api("api:usage", "", "billing:read", get(SEES_ALL)),
    api("api:usage_bulk", "", "billing:write", post(SETTERS, "", 200, but={"strange-billing": 207})),
    api("api:member_uses", "", "billing:read", get(SEES_ALL), post(SETTERS, "", 200, but={"strange-billing": 207})),
    api("api:bills", "", "billing:read", get(SEES_ALL)),
    api("api:bills_bulk", "", "billing:write", post(SETTERS, "", 200, but={"strange-billing": 207})),
    api("api:payments", "", "billing:read", get(SEES_ALL)),
    api("api:payments_bulk", "", "billing:write", post(SETTERS, "", 200, but={"strange-billing": 207})),
]


def number(world: Any) -> str:
    """The customer of side A."""
    found: str = world.rows["a"]["customer"].number
    return found


BODIES: dict[str, Any] = {
    "sales:advice_new": lambda w: {"text": "建议改签合约"},
    "sales:usage_new": lambda w: {"month": "2026-01", "product": "GRBT", "revenue": "12.50"},
    "sales:subscription_new": lambda w: {"started_on": day(-3), "quantity": "2"},
    "sales:subscription_edit": lambda w: {"started_on": day(-9), "quantity": "3"},
    "sales:survey_new": lambda w: {"text": "用得不错", "satisfaction": "4", "on": day(0)},
    "api:subscriptions": lambda w: {"items": [
        {"external_id": "N-1", "customer": number(w), "product": "GRBT", "started_on": "2026-01-05"}]},
    "api:usage_bulk": lambda w: {"items": [{"customer": number(w), "month": "2026-01", "revenue": 8}]},
    "api:member_uses": lambda w: {"items": [
        {"member": w.rows["a"]["member"].msisdn, "product": "SHORTSMS", "month": "2026-01", "uses": 3}]},
    "api:bills_bulk": lambda w: {"items": [
        {"customer": number(w), "month": "2026-01", "amount": 8, "due_on": "2026-02-15"}]},
    "api:payments_bulk": lambda w: {"items": [
        {"external_id": "P-1", "bill": w.rows["a"]["bill"].pk, "amount": 8, "paid_on": "2026-02-20"}]},
}  # fmt: skip
PROBES = {
    "sales:usage_list": ("manager={manager}", "product=GRBT", "all=1"),
    "api:subscriptions": ("product=GRBT",),
    "api:usage": ("product=GRBT",),
    "api:member_uses": ("product=SHORTSMS",),
    "api:bills": ("unpaid=false",),
    "api:payments": ("paid_from=2021-01-01",),
}


def furnish(cast: Any, rows: dict[str, Any], who: Any) -> None:
    """A subscription noted by the manager, two months whose use fell, a paid bill, a survey and a suggestion."""
    now, word, customer = timezone.now(), rows["word"], rows["customer"]
    month = add_months(timezone.localdate(now).replace(day=1), -1)
    product = Product.objects.get(code="GRBT")
    rows["subscription"] = Subscription.unscoped.create(
        customer=customer, product=product, started_on=month, source="manual", external_id=f"{word}-1",
        attributes={"tone": word}, updated_at=now,
    )  # fmt: skip
    for kind in (None, product):
        about = {"customer": customer, "product": kind, "source": "boss", "updated_at": now}
        UsageMonth.unscoped.create(month=add_months(month, -1), revenue=100, **about)
        rows["usage"] = UsageMonth.unscoped.create(month=month, revenue=40, **about)
    sms = Product.objects.get(code="SHORTSMS")
    rows["use"] = MemberUse.unscoped.create(member=rows["member"], product=sms, month=month, uses=3, updated_at=now)
    rows["bill"] = Bill.unscoped.create(
        customer=customer, month=month, amount=40, due_on=month, paid_amount=40, paid_on=month, source="boss",
        updated_at=now,
    )  # fmt: skip
    by = rows["manager_user"]
    SurveyNote.unscoped.create(
        subscription=rows["subscription"], text=word, satisfaction=4, on=timezone.localdate(now), by=by, at=now
    )
    file = attachments.store(ContentFile(b"a,1\n", name=f"{word}-usage.csv"), by=by, now=now)
    rows["advice"] = UsageAdvice.unscoped.create(customer=customer, month=month, text=word, file=file, by=by, at=now)


def gather(world: Any, rows: dict[str, Any], number: int) -> None:
    """So many more months, bills and subscriptions."""
    made = (
        copy(rows["subscription"], external_id=f"more-{rows['subscription'].pk}-{place}") for place in range(number)
    )
    Subscription.unscoped.bulk_create(made)
    month = add_months(rows["usage"].month, -1)
    months = [add_months(month, -1 - place) for place in range(number)]
    UsageMonth.unscoped.bulk_create(copy(rows["usage"], month=one) for one in months)
    Bill.unscoped.bulk_create(copy(rows["bill"], month=one) for one in months)
    MemberUse.unscoped.bulk_create(copy(rows["use"], month=one) for one in months)
    UsageAdvice.unscoped.bulk_create(copy(rows["advice"]) for _place in range(number))


LISTS = frozenset(
    {"sales:usage_list", "sales:customer_usage", "sales:member_use_list", "api:subscriptions", "api:usage",
     "api:member_uses", "api:bills", "api:payments"}
)  # fmt: skip
EMPTY = {
    "sales:usage_list": ("manager", ""),
}
# Of one customer: where there is none, there is no such address.
NEVER_EMPTY = {"sales:member_use_list"}
NOTHING_FOUND = {"sales:usage_list": ("manager", "?rising=1")}
FLAGS = frozenset({"rising", "all"})
