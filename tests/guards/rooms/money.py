"""Arrears, credit and guarantees: the side's customer owes a bill, a limit and a guarantee are asked for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Customer
from sales.models import Bill, CreditAccount, CreditChange, DunningAction, DunningCase, Guarantee, Payment
from tests.guards.bodies import day
from tests.guards.crowd import copy
from tests.guards.route_rows import BOSSES, MANAGERS, SETTERS, get, page, post

ALL_OVER = "handler market_manager group_department business_support director"
READS = f"{MANAGERS} {BOSSES} {ALL_OVER}"
OF_A = f"manager supervisor {ALL_OVER}"
BRINGERS = SETTERS.split()
"""Who brings figures of billing."""
MONTH = date(2021, 3, 1)
"""Of the bills of this room: no other room has any of that time."""
ROUTES = [
    page("sales:arrears_list", "", get(READS)),
    page("sales:credit_list", "", get(READS)),
    page("sales:guarantee_list", "", get(READS)),
    page("sales:money_detail", "customer", get(READS, OF_A)),
    page("sales:dunning_new", "customer", get(MANAGERS, "manager"), post(MANAGERS, "manager")),
    page("sales:bill_detail", "bill_owed", get(READS, OF_A), post(READS, OF_A, 403, but=dict.fromkeys(BRINGERS, 302))),
    page("sales:credit_new", "customer", get(MANAGERS, "manager"), post(MANAGERS, "manager")),
    page("sales:guarantee_new", "customer", get(MANAGERS, "manager"), post(MANAGERS, "manager")),
    page("sales:tier_credit", "", get(SETTERS), post(SETTERS)),
    page("sales:change_detail", "credit_change", get(READS, OF_A), post(READS, OF_A, 403, but={"supervisor": 302})),
    page("sales:guarantee_detail", "guarantee", get(READS, OF_A), post(READS, OF_A, 403, but={"supervisor": 302})),
]
BODIES = {
    "sales:dunning_new": lambda w: {"channel": "call", "result": "promised", "promise_on": day(2), "note": "说下周交"},
    "sales:bill_detail": lambda w: {"amount": "1", "paid_on": day(-1)},
    "sales:credit_new": lambda w: {"kind": "overuse", "amount": "500", "until": day(9), "reason": "促销月用量大"},
    "sales:guarantee_new": lambda w: {
        "business": "补卡", "amount": "200", "reason": "证件在办", "papers": "身份证", "papers_due_on": day(5)},
    "sales:tier_credit": lambda w: {f"tier{w.rows['a']['customer'].tier_id}": "6000"},
    "sales:change_detail": lambda w: {"deed": "approve", "remark": "同意"},
    "sales:guarantee_detail": lambda w: {"deed": "approve", "remark": "同意"},
}  # fmt: skip
PROBES = {
    "sales:arrears_list": ("unit={unit}", "stage=1", "stage=promised", "q=客户"),
    "sales:credit_list": ("unit={unit}", "state=arrears", "q=客户"),
    "sales:guarantee_list": ("unit={unit}", "state=requested", "state=owed", "q=客户"),
}


def furnish(cast: Any, rows: dict[str, Any], who: Any) -> None:
    """Written as the night and the manager would have left it."""
    now, today, word, customer = timezone.now(), timezone.localdate(), rows["word"], rows["customer"]
    rows["bill_owed"] = Bill.unscoped.create(
        customer=customer, month=MONTH, amount=120, due_on=today - timedelta(days=3), source="billing", updated_at=now
    )
    rows["dunning_case"] = DunningCase.unscoped.create(
        customer=customer, bill=rows["bill_owed"], opened_on=today, stage_on=today, next_on=today + timedelta(days=4)
    )
    rows["payment"] = Payment.unscoped.create(
        customer=customer, bill=rows["bill_owed"], amount=20, paid_on=today, source="billing", external_id=word,
        updated_at=now,
    )  # fmt: skip
    rows["dunning_action"] = DunningAction.unscoped.create(
        customer=customer,
        at=now,
        channel="call",
        stage=1,
        amount=120,
        result="told",
        note=word,
        by=rows["manager_user"],
    )
    rows["credit_account"] = CreditAccount.unscoped.create(customer=customer, used=120, score=90, state="arrears")
    asked = {"customer": customer, "reason": word, "requested_by": rows["manager_user"], "requested_at": now}
    rows["credit_change"] = CreditChange.unscoped.create(kind="limit", old_limit=3000, amount=5000, **asked)
    rows["guarantee"] = Guarantee.unscoped.create(
        staff=rows["manager"], business=word, amount=300, papers=word, papers_due_on=today, **asked
    )


def gather(world: Any, rows: dict[str, Any], number: int) -> None:
    """So many more customers who owe, with account, request and guarantee; and so many more bills of the first."""
    customers = Customer.unscoped.bulk_create(
        copy(rows["customer"], number=f"KM{rows['unit'].pk:03d}{place:03d}") for place in range(number)
    )
    bills = Bill.unscoped.bulk_create(copy(rows["bill_owed"], customer_id=one.pk) for one in customers)
    bills += Bill.unscoped.bulk_create(
        copy(rows["bill_owed"], month=date(2010 + place // 12, place % 12 + 1, 1)) for place in range(number)
    )
    Payment.unscoped.bulk_create(
        copy(rows["payment"], external_id=f"more-{rows['payment'].pk}-{place}", amount=1) for place in range(number)
    )
    DunningCase.unscoped.bulk_create(
        copy(rows["dunning_case"], customer_id=bill.customer_id, bill_id=bill.pk) for bill in bills
    )
    DunningAction.unscoped.bulk_create(copy(rows["dunning_action"], customer_id=bill.customer_id) for bill in bills)
    CreditAccount.unscoped.bulk_create(copy(rows["credit_account"], customer_id=one.pk) for one in customers)
    CreditChange.unscoped.bulk_create(copy(rows["credit_change"], customer_id=one.pk) for one in customers)
    CreditChange.unscoped.bulk_create(copy(rows["credit_change"], state="refused") for _ in range(number))
    Guarantee.unscoped.bulk_create(copy(rows["guarantee"], customer_id=one.pk) for one in customers)
    Guarantee.unscoped.bulk_create(copy(rows["guarantee"], amount=1) for _ in range(number))


LISTS = frozenset(
    {"sales:arrears_list", "sales:credit_list", "sales:guarantee_list", "sales:money_detail", "sales:bill_detail"}
)
EMPTY = dict.fromkeys(("sales:arrears_list", "sales:credit_list", "sales:guarantee_list"), ("manager", ""))
NOTHING_FOUND = {name: (who, "?q=zzzz") for name, (who, _query) in EMPTY.items()}
