"""Hard signals: an alert within a minute, day and night, outside any capacity (RET-3, RET-6; decisions 26)."""

from datetime import date, timedelta

import pytest

from accounts.models import Cover, Signal, Staff, Standing
from crm.core.models import Notice, Parameter
from crm.core.sweeps import run_often
from retention.actions.alerts import acknowledge
from retention.models import Alert, RiskScore
from tests.retention.alert_world import again, alert, attention, signal, steps
from tests.retention.churn_world import leaves, vip
from tests.visits.ledger_world import at

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 10)
MINUTE = timedelta(minutes=1)


def sweep(hour=14, minute=3, day=TODAY):
    return run_often("open_signal_alerts", at(day, hour, minute))


def told(kind):
    """Who was told, by kind of notice."""
    return set(Notice.objects.filter(kind=kind).values_list("user__username", flat=True))


def test_an_authorisation_code_at_14_02_is_an_alert_at_14_03(cast):
    """RET-3: red, with reasons of that very moment; manager, cover and backup know at once; supervisor not yet."""
    customer = vip(cast, "gold")
    Staff.unscoped.filter(pk=cast.staff["manager"].pk).update(backup=cast.staff["handler"])
    Cover.unscoped.create(
        absent=cast.staff["manager"], substitute=cast.staff["teammate"], starts_on=TODAY, ends_on=TODAY,
        arranged_by=cast.supervisor, arranged_at=at(TODAY, 8),
    )  # fmt: skip
    came = signal(customer, TODAY)
    assert sweep() >= 1
    row = Alert.unscoped.get()
    assert (row.trigger, row.level, row.signal_id, row.due_at) == ("hard", "red", came.pk, at(TODAY, 18, 3))
    assert "asked_to_leave" in {reason[0] for reason in row.reasons} and row.points > 0
    assert RiskScore.unscoped.get(customer=customer).points == row.points
    assert told("alert_authorisation_code") == {"M1001", "M1002", "H1001"}
    notice = Notice.objects.filter(kind="alert_authorisation_code").first()
    assert notice.urgent and notice.url == f"/churn/alerts/{row.pk}/" and notice.params["customer"] == customer.name
    assert Standing.unscoped.get(customer=customer).alert_level == "red" and len(attention(customer)) == 1
    assert Signal.unscoped.get().handled_at == at(TODAY, 14, 3)
    assert sweep(14, 4) == 0 and Notice.objects.filter(kind__startswith="alert_").count() == 3


def test_at_three_at_night_and_beyond_any_capacity(cast):
    """Issue 6: day and night, outside capacity."""
    Parameter.objects.create(key="alert_capacity", effective_from=date(2020, 1, 1), value=1, set_at=at(TODAY))
    customers = [vip(cast) for _ in range(3)]
    for customer in customers:
        signal(customer, TODAY, hour=3, minute=0, kind="port_out_query")
    sweep(3, 1)
    assert Alert.unscoped.filter(level="red", due_at=at(TODAY, 7, 1)).count() == 3
    assert Notice.objects.filter(kind="alert_port_out_query", urgent=True, user=cast.manager).count() == 3


def test_a_further_signal_makes_the_open_alert_louder_and_is_told_again(cast):
    """RET-3: one open per customer; a quiet, put-off alert wakes up."""
    customer = vip(cast)
    row = alert(customer, TODAY, level="yellow", hour=9)
    Alert.unscoped.filter(pk=row.pk).update(snoozed_until=TODAY + timedelta(days=9), snooze_reason="出差")
    signal(customer, TODAY, kind="termination", text="申请销户")
    sweep()
    louder = again(row)
    assert (louder.level, louder.trigger, louder.snoozed_until) == ("red", "hard", None)
    assert louder.due_at == at(TODAY, 18, 3) and steps(row)[-1] == ("open", "open", "申请销户", None)
    assert told("alert_termination") == {"M1001", "M1002"}


def test_an_unseen_alert_goes_to_the_supervisor_once(cast):
    """RET-3: after the minutes of the parameter; seen in time nobody else is told."""
    seen, unseen = vip(cast), vip(cast)
    signal(seen, TODAY)
    signal(unseen, TODAY)
    sweep()
    acknowledge(alert_id=Alert.unscoped.get(customer=seen).pk, by=cast.manager, now=at(TODAY, 14, 10))
    sweep(14, 32)
    assert told("alert_unseen") == set()
    assert sweep(14, 33) == 1 and sweep(14, 34) == 0
    assert told("alert_unseen") == {"S1001"}


def test_what_is_history_or_about_somebody_gone_wakes_nobody(cast):
    """RET-3: old signals count in the score only; a customer who is gone needs no alert."""
    old, gone = vip(cast), vip(cast)
    leaves(gone, TODAY - timedelta(days=1))
    signal(old, TODAY - timedelta(days=31))
    signal(gone, TODAY)
    assert sweep() == 2 and not Alert.unscoped.exists()
    assert not Signal.unscoped.filter(handled_at=None).exists() and sweep(14, 4) == 0


def test_a_customer_without_manager_is_his_units_head(cast):
    """RET-3: nobody's customer: whoever leads the unit hears it."""
    customer = vip(cast, manager=None)
    type(customer.unit).unscoped.filter(pk=customer.unit_id).update(head=cast.staff["market_manager"])
    signal(customer, TODAY, kind="lines_stopped")
    sweep()
    assert told("alert_lines_stopped") == {"R1001"} and Alert.unscoped.get().manager_id is None
