"""Alerts, save cases with offers, churn analyses, competitor intelligence: their routes and rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Customer
from crm.core import attachments
from retention.models import (
    Alert,
    AlertStep,
    ChurnAnalysis,
    Competitor,
    CompetitorIntel,
    RiskModel,
    SaveCase,
    SaveOffer,
)
from tests.guards.crowd import copy
from tests.guards.rooms.churn import loss
from tests.guards.route_rows import BOSSES, MANAGERS, SETTERS, api, get, page, post

READS = f"{MANAGERS} {BOSSES} handler market_manager {SETTERS}"
OF_A = f"manager supervisor handler market_manager {SETTERS}"
LOSSES = f"{MANAGERS} {BOSSES} market_manager {SETTERS}"
LOSSES_OF_A = f"manager supervisor market_manager {SETTERS}"
WRITERS = f"{MANAGERS} {BOSSES} market_manager group_department"
WRITERS_OF_A = "manager supervisor market_manager group_department"
WORKERS = f"{MANAGERS} {BOSSES}"
OWN = "manager supervisor"
ROUTES = [
    page("retention:alert_list", "", get(READS)),
    page("retention:alert_detail", "alert", get(READS, OF_A), post(READS, OF_A, 403, but={OWN: 302})),
    page("retention:alert_new", "customer", get(WORKERS, OWN), post(WORKERS, OWN)),
    page("retention:customer_alert", "customer", get(READS, OF_A, 302)),
    page("retention:save_case", "save_case", get(READS, OF_A, 302)),
    page("retention:offer_detail", "offer_waiting", get(READS, OF_A),
         post(READS, OF_A, 403, but={"supervisor group_department": 302})),
    page("retention:offer_answer", "offer", post(WORKERS, OWN)),
    page("retention:analysis_list", "", get(LOSSES)),
    page("retention:analysis_detail", "analysis", get(LOSSES, LOSSES_OF_A),
         post(LOSSES, LOSSES_OF_A, 403, but={OWN: 302})),
    page("retention:analysis_share", "analysed", post(f"{BOSSES} {SETTERS}", f"supervisor {SETTERS}")),
    page("retention:intel_list", "", get(WRITERS)),
    page("retention:intel_new", "", get(WRITERS), post(WRITERS)),
    page("retention:intel_file", "intel", get(WRITERS, WRITERS_OF_A)),
    page("retention:offer_limits", "", get(SETTERS), post(SETTERS)),
    api("api:alerts", "", "alerts:read", get(READS)),
    api("api:alert", "alert", "alerts:read", get(READS, OF_A)),
    api("api:save_cases", "", "alerts:read", get(READS)),
    api("api:save_case", "save_case", "alerts:read", get(READS, OF_A)),
]  # fmt: skip


def rival() -> str:
    """One of the seeded competitors."""
    return str(Competitor.objects.get(code="unicom").pk)


BODIES = {
    "retention:alert_detail": lambda w: {"deed": "act", "note": "已电话沟通"},
    "retention:alert_new": lambda w: {"reason": "门口停着联通的车"},
    "retention:offer_detail": lambda w: {"grant": "yes", "remark": "同意"},
    "retention:offer_answer": lambda w: {"answer": "accepted"},
    "retention:analysis_detail": lambda w: {
        "cause": "price", "competitor": rival(), "depth": "资费高", "countermeasure": "早谈续约",
        "lesson": "提前三个月", "version": "1"},
    "retention:analysis_share": lambda w: {"title": "续约要早谈", "text": "到期前三个月就谈"},
    "retention:intel_new": lambda w: {
        "competitor": rival(), "kind": "price", "text": "推出新套餐", "reliability": "sure"},
    "retention:offer_limits": lambda w: {
        "tier": "none", "amount": "400", "effective_from": str(timezone.localdate() + timedelta(days=1))},
}  # fmt: skip
PROBES = {
    "retention:alert_list": ("manager={manager}", "unit={unit}", "level=red", "state=closed", "state=all", "only=late",
                             "trigger=hard", "month=2026-11"),
    "retention:analysis_list": ("manager={manager}", "unit={unit}", "state=late", "cause=price"),
    "retention:intel_list": ("unit={unit}", "competitor=unicom", "kind=price"),
    "api:alerts": ("level=red", "is_open=true"),
    "api:save_cases": ("state=open",),
}  # fmt: skip


def furnish(cast: Any, rows: dict[str, Any], who: Any) -> None:
    """An alert of the side's customer, one being saved with its offers, losses to be analysed, intelligence."""
    today, now, word = timezone.localdate(), timezone.now(), rows["word"]
    unit = rows["unit"]
    rows["alert"] = alert(rows, rows["customer"], proposal=word)
    AlertStep.unscoped.create(alert=rows["alert"], to_state="open", note=word, at=now)
    saved = copy(rows["customer"], number=f"KS{unit.pk:06d}", name=f"{word}挽留")
    saved.save()
    rows["save_case"] = SaveCase.unscoped.create(
        alert=alert(rows, saved, state="saving", first_action_at=now), customer=saved, manager=rows["manager"],
        state="offering", requested_at=now, cause="price", words=word, opened_by=rows["manager_user"],
    )  # fmt: skip
    common = {"case": rows["save_case"], "text": word, "limit": 2000, "offered_by": rows["manager_user"],
              "offered_at": now}  # fmt: skip
    rows["offer_waiting"] = SaveOffer.unscoped.create(cost=5000, state="waiting", **common)
    rows["offer"] = SaveOffer.unscoped.create(cost=500, state="offered", **common)
    rows["analysis"] = analysis(rows, rows["loss"], words=word)
    gone = copy(rows["lost"], number=f"KT{unit.pk:06d}")
    gone.save()
    rows["analysed"] = analysis(
        rows, loss(rows, gone, today - timedelta(days=40)), state="done", cause="price", depth=word,
        countermeasure=word, lesson=word, analysed_by=rows["manager_user"], analysed_at=now,
    )  # fmt: skip
    file = attachments.store(ContentFile(b"a,1\n", name=f"{word}.csv"), by=rows["manager_user"], now=now)
    rows["intel"] = CompetitorIntel.unscoped.create(
        competitor=Competitor.objects.get(code="telecom"), kind="offer", customer=rows["customer"], unit=unit,
        staff=rows["manager"], seen_on=today, text=word, reliability="likely", file=file, by=rows["manager_user"],
        at=now,
    )  # fmt: skip


def alert(rows: dict[str, Any], customer: Customer, **more: Any) -> Alert:
    """An alert of the side's customer, with a reason and a date."""
    now = timezone.now()
    values = {"state": "open", "reasons": [["usage_drop", 40, 0.55, str(now.date())]]} | more
    return Alert.unscoped.create(
        customer=customer, manager=rows["manager"], trigger="capacity", level="red",
        model=RiskModel.objects.get(state="in_force"), points=60, probability=0.4, opened_at=now,
        due_at=now + timedelta(hours=4), **values,
    )  # fmt: skip


def analysis(rows: dict[str, Any], record: Any, *, words: str = "", **more: Any) -> ChurnAnalysis:
    """What the night would have asked for."""
    facts = {"alert": {"id": rows["alert"].pk, "level": "red", "opened_on": "2026-11-01"}, "complaints": 1,
             "case": {"id": 1, "words": words, "offers": 1}}  # fmt: skip
    return ChurnAnalysis.unscoped.create(record=record, due_on=timezone.localdate(), facts=facts, **more)


def gather(world: Any, rows: dict[str, Any], number: int) -> None:
    """So many more customers with alerts, cases, offers, analyses and intelligence."""
    customers = Customer.unscoped.bulk_create(
        copy(rows["customer"], number=f"KU{rows['unit'].pk:03d}{place:03d}") for place in range(number)
    )
    alerts = Alert.unscoped.bulk_create(copy(rows["save_case"].alert, customer_id=one.pk) for one in customers)
    cases = SaveCase.unscoped.bulk_create(
        copy(rows["save_case"], alert_id=row.pk, customer_id=one.pk) for row, one in zip(alerts, customers, strict=True)
    )
    SaveOffer.unscoped.bulk_create(copy(rows["offer_waiting"], case_id=case.pk) for case in cases)
    SaveOffer.unscoped.bulk_create(copy(rows["offer"]) for _ in range(number))
    AlertStep.unscoped.bulk_create(
        AlertStep(alert=row, to_state="saving", note=f"第{place}步", at=timezone.now())
        for place, row in enumerate([rows["alert"]] * number)
    )
    Alert.unscoped.bulk_create(
        copy(rows["alert"], state="cleared", outcome="saved", closed_at=timezone.now() - timedelta(days=place))
        for place in range(number)
    )
    losses = type(rows["loss"]).unscoped.bulk_create(
        copy(rows["loss"], customer_id=one.pk, is_void=False) for one in customers
    )
    ChurnAnalysis.unscoped.bulk_create(copy(rows["analysis"], record_id=one.pk) for one in losses)
    CompetitorIntel.unscoped.bulk_create(copy(rows["intel"], customer_id=one.pk) for one in customers)


LISTS = frozenset(
    {"retention:alert_list", "retention:analysis_list", "retention:intel_list", "retention:offer_limits", "api:alerts",
     "api:save_cases"}
)  # fmt: skip
EMPTY = {
    "retention:alert_list": ("manager", ""),
    "retention:analysis_list": ("manager", ""),
    "retention:intel_list": ("manager", ""),
}
NEVER_EMPTY = frozenset({"retention:offer_limits"})
NOTHING_FOUND = {
    "retention:alert_list": ("manager", "?q=zzzz"),
    "retention:analysis_list": ("manager", "?cause=network"),
    "retention:intel_list": ("manager", "?kind=tender"),
}
