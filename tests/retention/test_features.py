"""What a score looks at: each fact as of its day and never later, decayed, or honestly unknown (RET-3; churn.md)."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Line
from complaints.models import Case
from crm.core.errors import NotAllowed
from retention.actions.columns import take_columns
from retention.actions.scoring import score_in_python, values_of
from retention.models import ColumnValue, Competitor, CompetitorIntel, RiskColumn
from retention.queries.features import BUILT_IN
from retention.queries.scoring import AsOf, silent_feeds
from retention.rules.expert import EXPERT
from sales.models import Agreement, Bill, UsageMonth
from tests.retention.alert_world import signal
from tests.retention.churn_world import vip
from tests.visits.ledger_world import at, visit

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 10)
DAYS = timedelta(days=1)


def as_of(day=TODAY):
    return AsOf(day, at(day, 23, 59))


def value(customer, code, day=TODAY):
    """Value and date of one feature."""
    return values_of(customer.pk, as_of(day))[code]


def usage(customer, *revenues, until=date(2026, 5, 1), product=None):
    """Monthly revenue, oldest first, the last one of `until`."""
    for back, revenue in enumerate(reversed(revenues)):
        month = until.month - back
        UsageMonth.unscoped.create(
            customer=customer, product=product, month=date(until.year + (month - 1) // 12, (month - 1) % 12 + 1, 1),
            revenue=Decimal(revenue), source="billing", updated_at=at(TODAY),
        )  # fmt: skip


def bill(customer, due_on, paid_on=None):
    return Bill.unscoped.create(
        customer=customer, month=due_on.replace(day=1), amount=100, due_on=due_on, paid_on=paid_on,
        paid_amount=100 if paid_on else 0, source="billing", updated_at=at(TODAY),
    )  # fmt: skip


def complaint(cast, customer, received, closed=None, **more):
    count = Case.unscoped.count()
    values = (
        {
            "state": "closed",
            "closed_at": at(closed),
            "first_reply_at": at(closed),
            "reply_method": "phone",
            "result": "已修好",
            "replied_at": at(closed),
        }
        if closed
        else {"state": "handling"}
    )
    return Case.unscoped.create(
        number=f"TS-{count}", kind="complaint", customer=customer, channel="phone", facts="网络慢", expectation="修好",
        received_at=at(received), logged_at=at(received), received_by=cast.handler, unit=customer.unit,
        **values | more,
    )  # fmt: skip


def agreement(customer, ends_on, **more):
    count = Agreement.unscoped.count()
    values = {
        "kind": "contract",
        "signed_on": date(2025, 1, 1),
        "starts_on": date(2025, 1, 1),
        "updated_at": at(TODAY),
    } | more
    return Agreement.unscoped.create(customer=customer, number=f"XY-{count}", ends_on=ends_on, **values)


def test_usage_is_measured_against_the_own_three_months_before(cast):
    """RET-3, CUS-17: newest month against the mean of the three before; two months are the least; old data is none."""
    falls, steady, young, stale = (vip(cast) for _ in range(4))
    usage(falls, 200, 100, 100, 100, 60)
    usage(steady, 100, 90, 110, 100)
    usage(young, 100, 60)
    usage(stale, 100, 100, 100, 50, until=date(2026, 3, 1))
    assert value(falls, "usage_drop") == (0.4, date(2026, 5, 31))
    assert value(steady, "usage_drop")[0] == 0.0
    assert value(young, "usage_drop") == (None, None) and value(stale, "usage_drop") == (None, None)
    assert value(stale, "usage_drop", date(2026, 4, 10))[0] == 0.5


def test_the_past_knows_nothing_that_came_later(cast):
    """churn.md: strictly as of the day: later months, complaints, payments, agreements and visits are not seen."""
    customer = vip(cast)
    usage(customer, 100, 100, 100, 100, 100, 20)
    complaint(cast, customer, TODAY - 20 * DAYS, TODAY - 2 * DAYS)
    bill(customer, date(2026, 3, 10), paid_on=TODAY - DAYS)
    bill(customer, date(2026, 5, 10), paid_on=date(2026, 5, 9))
    agreement(customer, date(2026, 7, 1))
    agreement(customer, date(2028, 1, 1), signed_on=TODAY - DAYS)
    visit(customer, TODAY - DAYS, cast=cast)
    visit(customer, TODAY - 40 * DAYS, cast=cast)
    CompetitorIntel.unscoped.create(
        competitor=Competitor.objects.first(), kind="offer", customer=customer, unit=customer.unit, by=cast.manager,
        seen_on=TODAY, text="报价", reliability="sure", at=at(TODAY),
    )  # fmt: skip
    before, now = values_of(customer.pk, as_of(TODAY - 10 * DAYS)), values_of(customer.pk, as_of())
    assert (before["usage_drop"][0], now["usage_drop"][0]) == (0.0, 0.8)
    assert (before["complaint_open"][0], now["complaint_open"][0]) == (1, 0)
    assert (before["complaint_closed"][0], now["complaint_closed"][0]) == (0, pytest.approx(1 - 2 / 90))
    assert (before["arrears_days"][0], now["arrears_days"][0]) == (82, 0)
    assert (before["agreement_end"][0], now["agreement_end"][0]) == (31, (date(2028, 1, 1) - TODAY).days)
    assert before["contact_overdue"] == (1.0, TODAY - 40 * DAYS) and now["contact_overdue"][0] == pytest.approx(1 / 30)
    assert (before["competitor_contact"][0], now["competitor_contact"][0]) == (0, 1)


def test_what_happened_fades_and_what_was_unjustified_is_none(cast):
    """RET-3: open or justified complaints; a closed one fades evenly in 90 days, a competitor's trace by half in 60."""
    open_one, repeated, unjustified = (vip(cast) for _ in range(3))
    complaint(cast, open_one, TODAY - 3 * DAYS)
    complaint(cast, repeated, TODAY - 80 * DAYS, TODAY - 45 * DAYS)
    complaint(cast, repeated, TODAY - 30 * DAYS, TODAY - 28 * DAYS)
    complaint(cast, unjustified, TODAY - 3 * DAYS, judgement="unjustified", judged_at=at(TODAY - DAYS))
    assert value(open_one, "complaint_open") == (1.0, TODAY - 3 * DAYS)
    assert value(repeated, "complaint_closed")[0] == pytest.approx(1 - 28 / 90)
    assert value(repeated, "complaint_repeat")[0] == 2
    assert value(unjustified, "complaint_open")[0] == 0
    signal(open_one, TODAY - 45 * DAYS)
    assert value(open_one, "asked_to_leave") == (0.5, TODAY - 45 * DAYS)


def test_money_agreement_lines_and_tenure(cast):
    """RET-3, RET-9: days since the oldest unpaid bill, days to the end of the agreement, share of lines closed."""
    customer, other = vip(cast, joined_on=date(2026, 1, 20)), vip(cast)
    bill(customer, date(2026, 4, 1))
    bill(customer, date(2026, 5, 10))
    agreement(customer, date(2026, 5, 31))
    for number in range(4):
        Line.unscoped.create(
            customer=customer, number=f"1390000{number}", opened_on=date(2025, 1, 1), updated_at=at(TODAY),
            **({"closed_on": date(2026, 5, 20), "state": "closed"} if not number else {}),
        )  # fmt: skip
    found = values_of(customer.pk, as_of())
    assert found["arrears_days"] == (70.0, date(2026, 4, 1))
    assert found["agreement_end"] == (-10.0, date(2026, 5, 31))
    assert found["lines_stopped"] == (0.25, date(2026, 5, 20))
    assert found["tenure"] == (4.0, date(2026, 1, 20))
    nothing = values_of(other.pk, as_of())
    assert all(nothing[code] == (None, None) for code in ("arrears_days", "agreement_end", "lines_stopped"))
    points = {reason.code: reason.points for reason in score_in_python(customer.pk, as_of()).reasons}
    assert points.items() >= {"arrears_days": 26, "agreement_end": 23, "lines_stopped": 14, "tenure": 14}.items()
    assert points["stickiness"] == 6


def test_a_silent_feed_is_shown_and_nobody_counts_as_healthy(cast):
    """RET-3: no month since 45 days: the signal is missing for everybody; before anything came there is no feed."""
    customer = vip(cast)
    assert silent_feeds(as_of()) == []
    usage(customer, 100, 100, 100, 100)
    assert silent_feeds(as_of()) == []
    later = date(2026, 7, 20)
    assert silent_feeds(as_of(later)) == ["usage"]
    assert value(customer, "usage_drop", later) == (None, None)


def test_an_imported_column_is_a_feature_without_code(cast):
    """RET-3: any numeric or categorical column, as of its day."""
    customer = vip(cast)
    number = RiskColumn.objects.create(code="calls", label_zh="呼叫次数", label_en="Calls", kind="numeric")
    plan = RiskColumn.objects.create(code="plan", label_zh="套餐", label_en="Plan", kind="categorical")
    RiskColumn.objects.create(code="note", label_zh="备注", label_en="Note", kind="categorical", is_feature=False)
    ColumnValue.unscoped.create(customer=customer, column=number, number=12.5, as_of=TODAY)
    ColumnValue.unscoped.create(customer=customer, column=plan, text="B", as_of=TODAY + DAYS)
    found = values_of(customer.pk, as_of())
    assert found["column:calls"] == (12.5, TODAY) and found["column:plan"] == (None, None)
    assert "column:note" not in found


def test_every_signal_of_the_expert_is_known():
    """RET-3: named rules; each has a label, a group and the words to tell it."""
    assert {feature.code for feature in EXPERT.features} == set(BUILT_IN)
    for source in BUILT_IN.values():
        assert str(source.label) and source.tell(1.0, TODAY, TODAY)


def test_an_operators_file_becomes_features(cast, tmp_path):
    """RET-3: every further column of a file is a feature: numbers as numbers, words as categories; twice is once."""
    customer, other = vip(cast), vip(cast)
    path = tmp_path / "more.csv"
    path.write_text(f"number,Call fails,Plan,空列\n{customer.number},3.5,B,\n{other.number},,A,\nK-none,1,A,\n")
    told = io.StringIO()
    for _turn in range(2):
        call_command("import_columns", csv=path, as_of=TODAY, stdout=told)
    assert told.getvalue().splitlines() == ["2 new columns, 3 values.", "0 new columns, 0 values."]
    found, without = values_of(customer.pk, as_of()), values_of(other.pk, as_of())
    assert (found["column:call_fails"], found["column:plan"]) == ((3.5, TODAY), ("B", TODAY))
    assert without["column:call_fails"] == (None, None)
    with pytest.raises(CommandError):
        call_command("import_columns", csv=tmp_path / "none.csv")
    with pytest.raises(NotAllowed):
        take_columns([{"number": "1", "a": "1"}], customer="number", as_of=TODAY, by=cast.manager, now=at(TODAY))
