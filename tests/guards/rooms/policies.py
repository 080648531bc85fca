"""Service policies, who enjoys them, what customers are worth and what holds them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import ValueAssessment
from engagement.models import PolicyEnrolment, ServicePolicy
from tests.guards.bodies import day
from tests.guards.crowd import copy
from tests.guards.route_rows import BOSSES, MANAGERS, READERS, SEES_A, SETTERS, api, get, page, post

ENROLS = f"{MANAGERS} {BOSSES}"
OF_A = "manager supervisor"
READS_CHURN = f"{MANAGERS} {BOSSES} market_manager group_department director"
ROUTES = [
    page("engagement:policy_list", "", get(READERS)),
    page("engagement:policy_new", "", get(SETTERS), post(SETTERS)),
    page("engagement:policy_edit", "policy", get(SETTERS), post(SETTERS)),
    page("engagement:without_list", "", get(READERS)),
    page("engagement:enrol_many", "", post(ENROLS, OF_A)),
    page("engagement:enrolment_list", "", get(READERS)),
    page("engagement:enrolment_new", "customer", get(ENROLS, OF_A), post(ENROLS, OF_A)),
    page("engagement:enrolment_edit", "enrolment", get(ENROLS, OF_A), post(ENROLS, OF_A)),
    page("engagement:enrolment_end", "enrolment", post(ENROLS, OF_A)),
    page("engagement:enrolment_used", "enrolment", post(ENROLS, OF_A)),
    page("workbench:customer_care", "customer", get(READERS, SEES_A)),
    page("accounts:customer_value_list", "", get(READERS)),
    page("accounts:customer_value", "customer", get(READERS, SEES_A), post(
        READERS, SEES_A, but={
            "supervisor handler market_manager group_department business_support service_director back_office auditor"
            " director": 403})),
    page("retention:stickiness_list", "", get(READS_CHURN)),
    api("api:service_policies", "", "policies:read", get(READERS)),
    api("api:policy_enrolments", "", "policies:read", get(READERS)),
]  # fmt: skip


def _policy(world: Any) -> dict[str, Any]:
    """A policy as the form sends it; a code is given once."""
    return {"kind": "service", "label_zh": "贵宾厅", "label_en": "Lounge", "cost": "10",
            "is_active": "on"}  # fmt: skip


def _bill(world: Any) -> str:
    return str(ServicePolicy.objects.get(code="bill_service").pk)


BODIES: dict[str, Any] = {
    "engagement:policy_new": lambda w: _policy(w) | {"code": "lounge"},
    "engagement:policy_edit": _policy,
    "engagement:enrol_many": lambda w: {"ids": [w.pk("customer")], "policy": _bill(w), "starts_on": day(0)},
    "engagement:enrolment_new": lambda w: {"policy": _bill(w), "starts_on": day(0), "note": "年度"},
    "engagement:enrolment_edit": lambda w: {"ends_on": day(90), "used_on": day(0), "note": "续约"},
    "accounts:customer_value": lambda w: {"volume": "4", "growth": "3", "potential": "2", "note": "新开专线"},
}
PROBES = {
    "engagement:without_list": ("q={part}", "tier=gold", "manager={manager}", "unit={unit}"),
    "engagement:enrolment_list": ("q={part}", "manager={manager}", "unit={unit}", "state=running", "state=expiring"),
    "accounts:customer_value_list": ("q={part}", "show=all", "class=B", "manager={manager}", "unit={unit}"),
    "retention:stickiness_list": ("q={part}", "most=2", "manager={manager}", "unit={unit}"),
    "api:policy_enrolments": ("customer={customer}", "policy=credit_service"),
}


def furnish(cast: Any, rows: dict[str, Any], who: Any) -> None:
    """The side's customer enjoys marketing and was judged; he has no service policy."""
    now, word = timezone.now(), rows["word"]
    today = timezone.localdate(now)
    rows["policy"] = ServicePolicy.objects.get(code="renewal_gift")
    rows["enrolment"] = PolicyEnrolment.unscoped.create(
        customer=rows["customer"], policy=rows["policy"], starts_on=today - timedelta(days=40),
        ends_on=today + timedelta(days=20), note=word, enrolled_by=rows["manager_user"], enrolled_at=now,
    )  # fmt: skip
    rows["value"] = ValueAssessment.unscoped.create(
        customer=rows["customer"], assessed_on=today - timedelta(days=200), volume=3, growth=3, potential=3,
        weights=[40, 30, 30], score=Decimal(3), value_class="B", note=word, by=rows["manager_user"], at=now,
    )  # fmt: skip


def gather(world: Any, rows: dict[str, Any], number: int) -> None:
    """So many more enrolments, one after the other, and judgements."""
    first, value = rows["enrolment"], rows["value"]
    PolicyEnrolment.unscoped.bulk_create(
        copy(first, starts_on=first.ends_on + timedelta(days=place * 2 + 1),
             ends_on=first.ends_on + timedelta(days=place * 2 + 2))
        for place in range(number)
    )  # fmt: skip
    ValueAssessment.unscoped.bulk_create(
        copy(value, is_current=False, assessed_on=value.assessed_on - timedelta(days=place + 1))
        for place in range(number)
    )


LISTS = frozenset(
    {"engagement:policy_list", "engagement:without_list", "engagement:enrolment_list", "workbench:customer_care",
     "accounts:customer_value_list", "accounts:customer_value", "retention:stickiness_list", "api:service_policies",
     "api:policy_enrolments"}
)  # fmt: skip
EMPTY = {
    "engagement:without_list": ("manager", ""),
    "engagement:enrolment_list": ("manager", ""),
    "accounts:customer_value_list": ("manager", ""),
    "retention:stickiness_list": ("manager", ""),
}
NEVER_EMPTY = frozenset({"engagement:policy_list"})
NOTHING_FOUND = {
    "engagement:without_list": ("manager", "?q=zzzz"),
    "engagement:enrolment_list": ("manager", "?q=zzzz"),
    "accounts:customer_value_list": ("manager", "?q=zzzz"),
    "retention:stickiness_list": ("manager", "?q=zzzz"),
}
FLAGS = frozenset({"is_active"})
