"""Dispatches and escalations: their routes and rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Dispatch, Escalation, EscalationStep
from tests.guards.route_rows import READERS, SEES_A, get, page, post

OPEN_TO = f"{READERS} service_centre"
ROUTES = [
    page("accounts:dispatch_list", "", get(OPEN_TO)),
    # Unit A answers: its supervisor, its handler, and the market manager, whose post is above it.
    page("accounts:dispatch_detail", "dispatch", get(OPEN_TO, SEES_A),
         post(OPEN_TO, SEES_A, 403, but={"supervisor handler market_manager": 302})),
    page("accounts:dispatch_urge", "dispatch", post(OPEN_TO, SEES_A, 403, but={"manager": 302})),
    page("accounts:dispatch_withdraw", "dispatch", post(OPEN_TO, SEES_A, 403, but={"manager": 302})),
    page("accounts:escalation_detail", "escalation", get(OPEN_TO, SEES_A),
         post(OPEN_TO, SEES_A, 403, but={"supervisor": 302})),
    page("accounts:escalation_accept", "escalation", post(OPEN_TO, SEES_A, 403, but={"supervisor": 302})),
]  # fmt: skip
BODIES = {
    "accounts:dispatch_detail": lambda w: {"text": "已处理", "solved": "yes"},
    "accounts:escalation_detail": lambda w: {"comment": "同意优惠", "settles": "yes"},
}
PROBES = {"accounts:dispatch_list": ("tab=sent", "tab=received", "tab=up", "tab=sent&state=closed")}
LISTS = {"accounts:dispatch_list"}
EMPTY = {"accounts:dispatch_list": ("manager", "")}
NOTHING_FOUND = {"accounts:dispatch_list": ("supervisor", "?tab=up")}


def furnish(cast: Any, rows: dict[str, Any], who: str) -> None:
    """A dispatch to the side's own unit, and a matter that waits at its supervisor."""
    now, word = timezone.now(), rows["word"]
    rows["dispatch"] = Dispatch.unscoped.create(
        customer=rows["customer"], origin_table="visits_visit", origin_id=rows["visit"].pk, from_unit=rows["unit"],
        to_unit=rows["unit"], text=word, reply_due_at=now + timedelta(days=2), sent_by=rows["manager_user"],
        sent_at=now,
    )  # fmt: skip
    rows["escalation"] = Escalation.unscoped.create(
        customer=rows["customer"], origin_table="visits_visit", origin_id=rows["visit"].pk, subject=word, reason=word,
        started_by=rows["manager_user"], started_at=now,
    )  # fmt: skip
    EscalationStep.unscoped.create(
        escalation=rows["escalation"], level=1, staff=rows["boss"], reached_at=now, due_at=now + timedelta(days=1)
    )


def gather(world: Any, rows: dict[str, Any], number: int) -> None:
    """So many more of both."""
    now = timezone.now()
    Dispatch.unscoped.bulk_create(
        Dispatch(
            customer=rows["customer"], origin_table="visits_visit", origin_id=-index, from_unit=rows["unit"],
            to_unit=rows["unit"], text="事", reply_due_at=now + timedelta(days=1), sent_by=rows["manager_user"],
            sent_at=now,
        )
        for index in range(1, number + 1)
    )  # fmt: skip
    made = Escalation.unscoped.bulk_create(
        Escalation(customer=rows["customer"], origin_table="visits_visit", origin_id=-index, subject="事", reason="因",
                   started_by=rows["manager_user"], started_at=now)
        for index in range(1, number + 1)
    )  # fmt: skip
    EscalationStep.unscoped.bulk_create(
        EscalationStep(escalation=row, level=1, staff=rows["boss"], reached_at=now, due_at=now) for row in made
    )
