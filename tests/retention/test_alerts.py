"""What is done about a customer who may leave (RET-3…6, RET-13, RET-20)."""

import json
from datetime import date, timedelta

import pytest

from accounts.models import Standing
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound
from crm.core.scope import Scope
from crm.core.sweeps import run_step
from retention.actions.alerts import acknowledge, act, close_alert, open_alert, propose, snooze
from retention.models import Alert, RiskScore
from retention.queries.alert_measures import WARNINGS_HANDLED
from retention.rules.alerts import half_cadence, history_of, rise
from tests.retention.alert_world import again, alert, attention, score, steps
from tests.retention.churn_world import month_of, shares, vip
from tests.visits.ledger_world import at, sheet, visit
from visits.actions import log_visit, undo_visit
from workbench.queries.customer_record import customer_record

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 6, 9)
A_DAY = timedelta(days=1)


def level_of(customer):
    return Standing.unscoped.get(customer=customer).alert_level


def test_an_alert_explains_itself_and_asks_for_a_contact_in_two_working_days(cast):
    """RET-3, RET-4, T13: with points, reasons and model of that moment; a contact task at once, due in two days."""
    customer = vip(cast)
    visit(customer, TUESDAY - 3 * A_DAY, cast=cast)
    scored = score(customer, on=TUESDAY)
    row = alert(customer, TUESDAY)
    assert (row.points, row.model_id, row.reasons) == (60, scored.model_id, json.loads(scored.reasons))
    assert row.due_at == at(date(2026, 6, 11), 18)
    assert attention(customer) == [date(2026, 6, 11)] and level_of(customer) == "orange"
    assert steps(row) == [("", "open", "", None)]


def test_one_alert_is_open_per_customer_and_a_further_sign_makes_it_louder(cast):
    """RET-3: a second opening finds the first; the louder level stays."""
    customer = vip(cast)
    first = alert(customer, TUESDAY, level="yellow")
    again_row, is_new = open_alert(
        customer_id=customer.pk, trigger="rise", level="red", by=None, now=at(TUESDAY, 12), note=""
    )
    assert (again_row.pk, is_new, again_row.level) == (first.pk, False, "red")
    assert Alert.unscoped.filter(customer=customer).count() == 1 and level_of(customer) == "red"
    quieter, _ = open_alert(customer_id=customer.pk, trigger="rise", level="yellow", by=None, now=at(TUESDAY, 13))
    assert quieter.level == "red"


def test_each_step_is_written_down_with_person_and_moment(cast):
    """RET-6: open → acknowledged → in care → cleared, each with who, when and what was done."""
    customer = vip(cast)
    row = alert(customer, TUESDAY)
    acknowledge(alert_id=row.pk, by=cast.manager, now=at(TUESDAY, 10))
    acknowledge(alert_id=row.pk, by=cast.manager, now=at(TUESDAY, 10, 5))
    assert again(row).first_action_at is None
    act(alert_id=row.pk, note="上门拜访，说明新资费", by=cast.manager, now=at(TUESDAY, 11))
    act(alert_id=row.pk, note="送上对比表", by=cast.manager, now=at(TUESDAY, 15))
    assert again(row).first_action_at == at(TUESDAY, 11)
    close_alert(alert_id=row.pk, outcome="saved", reason="客户续约一年", by=cast.manager, now=at(TUESDAY, 16))
    assert steps(row) == [
        ("", "open", "", None),
        ("open", "acknowledged", "", "M1001"),
        ("acknowledged", "in_care", "上门拜访，说明新资费", "M1001"),
        ("in_care", "in_care", "送上对比表", "M1001"),
        ("in_care", "cleared", "客户续约一年", "M1001"),
    ]
    ended = again(row)
    assert (ended.outcome, ended.closed_by_id, ended.closed_at) == ("saved", cast.manager.pk, at(TUESDAY, 16))
    assert level_of(customer) == "" and attention(customer) == []
    with pytest.raises(Conflict):
        act(alert_id=row.pk, note="再来一次", by=cast.manager, now=at(TUESDAY, 17))


@pytest.mark.parametrize(
    ("outcome", "state"),
    [("saved", "cleared"), ("not_reached", "cleared"), ("lost", "churned"), ("false_alarm", "false_alarm")],
)
def test_an_alert_ends_by_what_came_of_it(cast, outcome, state):
    """RET-6: cleared, churned or a false alarm; then the customer is left in peace for a while."""
    customer = vip(cast)
    score(customer, reasons=[("arrears_days", 26, None, "2026-03-01")], on=TUESDAY)
    row = alert(customer, TUESDAY)
    close_alert(alert_id=row.pk, outcome=outcome, reason="说明", by=cast.manager, now=at(TUESDAY, 16))
    assert again(row).state == state
    assert RiskScore.unscoped.get(customer=customer).quiet_until == TUESDAY + timedelta(days=30)


def test_falling_usage_is_not_closed_without_a_proposal(cast):
    """RET-20: close without a proposal is refused; with one it is not. CUS-17: the proposal stays on the alert."""
    customer = vip(cast)
    score(customer, on=TUESDAY)
    row = alert(customer, TUESDAY)
    with pytest.raises(Invalid) as refused:
        close_alert(alert_id=row.pk, outcome="false_alarm", reason="出国", by=cast.manager, now=at(TUESDAY, 12))
    assert refused.value.problems[0].field == "proposal" and again(row).closed_at is None
    propose(alert_id=row.pk, text="改用国际漫游套餐", by=cast.manager, now=at(TUESDAY, 13))
    assert again(row).state == "in_care"
    close_alert(alert_id=row.pk, outcome="false_alarm", reason="出国", by=cast.manager, now=at(TUESDAY, 14))
    assert (again(row).state, again(row).proposal) == ("false_alarm", "改用国际漫游套餐")


def test_only_who_has_the_customer_works_on_his_alert(cast):
    """RET-6: invisible → not found; who may look may not act; the supervisor may; an old page is refused."""
    customer = vip(cast)
    row = alert(customer, TUESDAY)
    with pytest.raises(NotFound):
        acknowledge(alert_id=row.pk, by=cast.stranger, now=at(TUESDAY))
    with pytest.raises(NotAllowed):
        acknowledge(alert_id=row.pk, by=cast.director, now=at(TUESDAY))
    acknowledge(alert_id=row.pk, by=cast.supervisor, now=at(TUESDAY))
    with pytest.raises(Conflict):
        act(alert_id=row.pk, note="旧页面", by=cast.manager, now=at(TUESDAY), version=1)
    for outcome in ("subsided", "", "nonsense"):
        with pytest.raises(Invalid):
            close_alert(alert_id=row.pk, outcome=outcome, reason="说明", by=cast.manager, now=at(TUESDAY))
    with pytest.raises(Invalid):
        close_alert(alert_id=row.pk, outcome="saved", reason="  ", by=cast.manager, now=at(TUESDAY))


def test_an_alert_is_put_off_only_for_a_reason_and_to_a_day_and_never_a_hard_one(cast):
    """RET-4, F5: nobody is told before that day is over, but the limit stays what it was."""
    customer, other = vip(cast), vip(cast)
    row, hard = alert(customer, TUESDAY), alert(other, TUESDAY, trigger="hard", level="red")
    until = TUESDAY + timedelta(days=5)
    for bad in ({"reason": " ", "until": until}, {"reason": "出差", "until": TUESDAY},
                {"reason": "出差", "until": TUESDAY + timedelta(days=31)}):  # fmt: skip
        with pytest.raises(Invalid):
            snooze(alert_id=row.pk, by=cast.manager, now=at(TUESDAY), **bad)
    with pytest.raises(Conflict):
        snooze(alert_id=hard.pk, reason="出差", until=until, by=cast.manager, now=at(TUESDAY))
    snooze(alert_id=row.pk, reason="客户出差", until=until, by=cast.manager, now=at(TUESDAY))
    put_off = again(row)
    assert (put_off.snoozed_until, put_off.due_at, put_off.first_action_at) == (until, row.due_at, None)
    assert attention(customer) == [until]
    Alert.unscoped.filter(pk=hard.pk).update(first_action_at=at(TUESDAY))
    assert row.due_at < at(until) and run_step("late_alerts", until, at(until, 17)).rows == 0
    assert run_step("late_alerts", until, at(until, 18)).rows == 1


def test_while_an_alert_is_open_the_contact_interval_is_halved(cast):
    """RET-5: gold with an open alert: next due ≤ 15 days after the last contact; a visit settles one and asks for the
    next, and it is the action on the alert; undone, all is as before."""
    customer = vip(cast, "gold")
    row = alert(customer, TUESDAY)
    logged = log_visit(sheet=sheet(customer, on=TUESDAY, hour=15), by=cast.manager, now=at(TUESDAY, 16))
    met = again(row)
    assert (met.state, met.first_action_at) == ("in_care", at(TUESDAY, 16))
    assert attention(customer) == [TUESDAY + timedelta(days=15)] and len(attention(customer, "done")) == 1
    undo_visit(visit_id=logged.visit_ids[0], by=cast.manager, now=at(TUESDAY, 17))
    back = again(row)
    assert (back.state, back.first_action_at) == ("acknowledged", None)
    assert attention(customer) == [TUESDAY]


def test_half_a_cadence_and_a_rise_are_plain_arithmetic():
    """RET-5, RET-3: month 15, quarter 45, half-year 90, year 180; a rise is told from the kept changes."""
    assert [half_cadence(period) for period in ("month", "quarter", "half", "year", "")] == [15, 45, 90, 180, 15]
    recent = [9657, 50, 9655, 20, 9600, 35]  # 9657 = 2026-06-10
    assert history_of(recent)[-1] == (date(2026, 6, 10), 50)
    assert rise(recent, date(2026, 6, 10)) == 30 and rise(recent, date(2026, 6, 20)) == 0 and rise([], TUESDAY) == 0
    assert rise([9657, 50], date(2026, 6, 10)) == 0


def test_alerts_acted_on_within_their_limit_are_counted(cast):
    """F5, KPI-20: of four alerts of the month one was acted on in time, one late, one not at all, one waits; one that
    went down by itself is not counted; whose it was when it opened is credited."""
    in_time, late, never, subsided = (alert(vip(cast), TUESDAY) for _ in range(4))
    act(alert_id=in_time.pk, note="已拜访", by=cast.manager, now=in_time.due_at)
    act(alert_id=late.pk, note="已拜访", by=cast.manager, now=late.due_at + timedelta(seconds=1))
    Alert.unscoped.filter(pk=subsided.pk).update(
        state="cleared", outcome="subsided", closed_at=at(TUESDAY + A_DAY), version=2
    )
    assert shares(WARNINGS_HANDLED, month_of(TUESDAY)) == {cast.staff["manager"].pk: (1, 3)}
    assert shares(WARNINGS_HANDLED, month_of(date(2026, 7, 1))) == {}
    assert never.manager_id == cast.staff["manager"].pk


def test_the_earlier_of_promise_and_extra_attention_is_shown(cast):
    """RET-5, decisions 9: the next due day of the page is the extra attention's while that comes first."""
    customer = vip(cast)
    Standing.unscoped.filter(customer=customer).update(next_due_on=date(2026, 6, 30))
    record = customer_record(Scope.ALL, customer.pk, today=TUESDAY)
    assert record.due_on == date(2026, 6, 30)
    alert(customer, TUESDAY)
    assert customer_record(Scope.ALL, customer.pk, today=TUESDAY).due_on == TUESDAY
