"""Plans: a week with its items, a month, a calendar link on each side (PLAN-1…7, 18, 22)."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.models import Customer
from tests.guards.route_rows import ALL, MANAGERS, TEAM, TEAM_OF_A, get, page, post, public
from visits.models import Channel, Plan, PlanFeed, PlanHelper, PlanItem
from visits.queries.plans.feed import digest_of
from visits.rules.plans import period_start

PLANNERS = f"{MANAGERS} {TEAM}"
OWN = {"may": MANAGERS, "sees": "manager"}
ROUTES = (
    page("visits:plan", "", get(PLANNERS, but={TEAM: 302})),
    page("visits:plan_draft", "", post(**OWN)),
    page("visits:plan_team", "", get(PLANNERS)),
    page("visits:plan_item_list", "", get(PLANNERS)),
    page("visits:plan_item", "item", get(**OWN), post(**OWN)),
    page("visits:plan_item_move", "item", post(**OWN)),
    page("visits:plan_item_remove", "item", get(**OWN), post(**OWN)),
    page("visits:plan_item_restore", "out_item", post(**OWN)),
    page("visits:plan_calendar", "", get(MANAGERS), post(MANAGERS, status=200)),
    page("visits:plan_accept", "month_plan", post(**OWN)),
    page("visits:plan_focus", "plan", get(**OWN), post(**OWN)),
    page("visits:plan_item_add", "plan", get(**OWN), post(**OWN)),
    page("visits:plan_relevel", "next_plan", get(**OWN), post(**OWN)),
    page("visits:plan_print", "plan", get(PLANNERS, f"manager {TEAM_OF_A}")),
    page("visits:plan_leave_out", "plan customer", get(**OWN), post(**OWN)),
    public("visits:plan_ics", "feed", get(ALL)),
)


def _today():
    return timezone.localdate().isoformat()


BODIES = {
    "visits:plan_draft": lambda world: {
        "staff": world.pk("manager"),
        "on": (period_start("week", timezone.localdate()) + timedelta(days=14)).isoformat(),
    },
    "visits:plan_item": lambda world: {"on": _today(), "half": "pm", "channel": "phone", "purpose": "改过"},
    "visits:plan_item_move": lambda world: {"on": _today(), "half": "pm"},
    "visits:plan_item_remove": lambda world: {"reason": "客户出差"},
    "visits:plan_calendar": lambda world: {"deed": "make"},
    "visits:plan_focus": lambda world: {"focus": "重点回访"},
    "visits:plan_item_add": lambda world: {"customer": world.pk("firm"), "on": _today(), "half": "am"},
    "visits:plan_leave_out": lambda world: {"reason": "客户出差"},
}
PROBES = {
    "visits:plan": ("staff={manager}", "staff={manager}&period=month", "period=year"),
    "visits:plan_item_list": (
        "staff={manager}", "staff={manager}&state=unplanned", "state=owed", "state=plans", "state=left_out",
    ),
    "visits:plan_team": ("period=month",),
    "visits:plan_item_add": ("customer={customer}",),
}  # fmt: skip
LISTS = frozenset({"visits:plan_team", "visits:plan_item_list"})
MOST = {"visits:plan": 15, "visits:plan_team": 4 + 8, "visits:plan_print": 10}
EMPTY = {
    "visits:plan": ("manager", ""),
    "visits:plan_item_list": ("manager", ""),
    "visits:plan_team": ("market_manager", ""),
}
NOTHING_FOUND = {"visits:plan_item_list": ("supervisor", "?state=plans_late")}
MADE_ANEW = frozenset({"visits:plan_ics"})


def furnish(cast, rows, who):
    """The running week of the side's manager with one item for today, one left out, a helper and a link."""
    today, now, word = timezone.localdate(), timezone.now(), rows["word"]
    values = {"staff": rows["manager"], "drafted_at": now, "focus": f"{word}重点"}
    rows["plan"] = Plan.unscoped.create(period="week", starts_on=period_start("week", today), **values)
    monday = period_start("week", today) + timedelta(days=7)
    rows["next_plan"] = Plan.unscoped.create(
        period="week", starts_on=monday, state="accepted", accepted_at=now, **values
    )
    PlanItem.unscoped.create(plan=rows["next_plan"], customer=rows["customer"], planned_on=monday + timedelta(days=5))
    rows["month_plan"] = Plan.unscoped.create(period="month", starts_on=today.replace(day=1), **values)
    item = {"plan": rows["plan"], "customer": rows["customer"], "planned_on": today, "purpose": f"{word}事由"}
    phone = Channel.objects.get(code="phone")
    rows["item"] = PlanItem.unscoped.create(**item, reason="suggested", channel=phone, position=1)
    rows["out_item"] = PlanItem.unscoped.create(
        **item | {"customer": rows["firm"]}, reason="due", state="cancelled", leave_out_reason=f"{word}出差"
    )
    PlanItem.unscoped.create(plan=rows["month_plan"], purpose=f"{word}大事", planned_on=today, reason="own")
    PlanHelper.unscoped.create(item=rows["item"], staff=rows["mate"])
    rows["feed"] = f"feed-of-{who['manager']}"
    PlanFeed.unscoped.create(staff=rows["manager"], token_digest=digest_of(rows["feed"]), made_at=now)


def gather(world, rows, number):
    """So many more items of the week, planned, done without a plan, left out."""
    customers = Customer.unscoped.filter(manager=rows["manager"], number__startswith="C")[:number]
    today = timezone.localdate()
    PlanItem.unscoped.bulk_create(
        PlanItem(plan=rows["plan"], customer=customer, planned_on=today, reason="suggested", position=place)
        for place, customer in enumerate(customers)
    )
    PlanItem.unscoped.bulk_create(
        PlanItem(
            plan=rows["plan"], customer=customer, planned_on=today, reason="due", state="cancelled",
            leave_out_reason="出差",
        )
        for customer in customers
    )  # fmt: skip
    PlanItem.unscoped.bulk_create(
        PlanItem(plan=rows["month_plan"], customer=customer, planned_on=today, reason="own") for customer in customers
    )
