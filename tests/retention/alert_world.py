"""Alerts for tests: signals, scores and what people do about them, made with plain rows."""

import json

from accounts.models import Signal, Task
from retention.actions.alerts import open_alert
from retention.models import Alert, AlertStep, RiskModel, RiskScore
from tests.visits.ledger_world import at


def signal(customer, on, *, kind="authorisation_code", hour=14, minute=2, text="客户索取携号转网授权码", **more):
    """A hard sign that came in and that nobody has seen yet."""
    moment = at(on, hour, minute)
    count = Signal.unscoped.count()
    values = {"source": "hotline", "external_id": f"S{count}", "received_at": moment, "happened_at": moment} | more
    return Signal.unscoped.create(customer=customer, kind=kind, text=text, **values)


def score(customer, points=60, *, reasons=(("usage_drop", 40, 0.55, "2026-05-31"),), probability=0.2, on, **more):
    """What the night would have written."""
    model = RiskModel.objects.get(state="in_force")
    values = {"points": points, "probability": probability, "risk": round(100 * probability), "level": "orange"}
    return RiskScore.unscoped.create(
        customer=customer,
        model=model,
        reasons=json.dumps([list(reason) for reason in reasons]),
        scored_on=on,
        **values | more,
    )


def alert(customer, on, *, trigger="capacity", level="orange", by=None, hour=9, **more):
    """An alert that was opened on a day."""
    row, _is_new = open_alert(customer_id=customer.pk, trigger=trigger, level=level, by=by, now=at(on, hour), **more)
    return row


def again(row):
    """The alert as it is now."""
    return Alert.unscoped.get(pk=row.pk)


def attention(customer, state="open"):
    """Day of each extra attention, oldest first."""
    rows = Task.unscoped.filter(customer=customer, kind="attention", state=state)
    return list(rows.order_by("pk").values_list("due_on", flat=True))


def steps(row):
    """From, to, words and person of each step."""
    rows = AlertStep.unscoped.filter(alert=row).order_by("pk")
    return list(rows.values_list("from_state", "to_state", "note", "by__username"))
