"""Keeping a customer who has asked to leave (RET-7), and the figures of it (KPI-21, KPI-22)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Tier
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound, OwnRequest
from crm.core.measures import Time, by_manager
from crm.core.models import Notice
from crm.core.scope import Scope
from crm.core.sweeps import run_step
from retention.actions.limits import set_offer_limit
from retention.actions.saving import Wish, answer_offer, change_wish, decide_offer, make_offer, open_save_case
from retention.models import OfferLimit, SaveCase, SaveOffer
from retention.queries.saving import case_of as case_row
from retention.queries.saving import limit_of, waiting_offers
from retention.queries.saving_measures import SAVE_ATTEMPTED, SAVE_SUCCEEDED
from retention.rules.saving import months_after, needs_approval, stayed, was_attempted
from tests.retention.alert_world import again, alert, steps
from tests.retention.churn_world import leaves, vip
from tests.retention.saving_world import WISH, answered, case_now, case_of, closed, offer, offer_now, policy
from tests.visits.ledger_world import at

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 6, 9)
A_DAY = timedelta(days=1)


def sweep(name, day):
    """A step of the night; twice is once."""
    first = run_step(name, day, at(day, 1))
    again_run = run_step(name, day, at(day, 2))
    assert again_run.rows == 0
    return first.rows


def shares(measure, first, last, today):
    found = by_manager(measure, Scope.ALL, Time(first, last, today, at(today, 23)))
    return {key: (int(row.numerator), int(row.denominator)) for key, row in found.items()}


def test_a_save_case_moves_its_alert_on_and_is_the_only_one(cast):
    """RET-7, RET-6: opened when the customer asks to leave; the step is logged with user and time."""
    customer = vip(cast)
    case = case_of(cast, customer, TUESDAY)
    row = again(case.alert)
    assert row.state == "saving" and row.first_action_at == at(TUESDAY, 10)
    assert steps(row)[-1] == ("open", "saving", WISH.words, cast.manager.username)
    with pytest.raises(Conflict):
        open_save_case(alert_id=row.pk, wish=WISH, by=cast.manager, now=at(TUESDAY, 11))
    with pytest.raises(IntegrityError), transaction.atomic():
        SaveCase.unscoped.create(alert=alert(vip(cast), TUESDAY), customer=customer, requested_at=at(TUESDAY, 9))
    with pytest.raises(Invalid):
        open_save_case(alert_id=alert(vip(cast), TUESDAY).pk, wish=Wish(), by=cast.manager, now=at(TUESDAY, 9))
    changed = change_wish(
        case_id=case.pk, wish=Wish("network", "信号差"), version=1, by=cast.manager, now=at(TUESDAY, 11)
    )
    assert (changed.cause, changed.version) == ("network", 2)
    with pytest.raises(Conflict):
        change_wish(case_id=case.pk, wish=WISH, version=1, by=cast.manager, now=at(TUESDAY, 11))


def test_others_see_no_case_and_readers_may_not_work_on_it(cast):
    """SEC-3: the stranger finds nothing, the handler may look only."""
    case = case_of(cast, vip(cast), TUESDAY)
    with pytest.raises(NotFound):
        offer(case, cast.stranger, TUESDAY)
    with pytest.raises(NotAllowed):
        offer(case, cast.handler, TUESDAY)


def test_no_case_is_closed_as_lost_without_an_attempt(cast):
    """RET-7: a case without any offer cannot be closed "lost"; an offer nobody approved is no attempt."""
    case = case_of(cast, vip(cast), TUESDAY)
    with pytest.raises(Invalid) as refused:
        closed(case, cast.manager, TUESDAY, retained=False)
    assert refused.value.code == "no_attempt"
    dear = offer(case, cast.manager, TUESDAY, cost="99999")
    assert dear.state == "waiting"
    with pytest.raises(Invalid):
        closed(case, cast.manager, TUESDAY, retained=False)
    offer(case, cast.manager, TUESDAY, cost="0", text="登门道歉")
    done = closed(case, cast.manager, TUESDAY, retained=False, note="已签联通")
    row = again(case.alert)
    assert (done.state, row.state, row.outcome, row.outcome_reason) == ("lost", "churned", "lost", "已签联通")
    assert offer_now(dear).state == "refused"
    with pytest.raises(Conflict):
        offer(case, cast.manager, TUESDAY)


def test_offers_of_a_case_count_together_against_the_limit_of_the_tier(cast):
    """RET-7: an offer over the limit needs approval; splitting it does not help; refused and declined ones are free."""
    customer = vip(cast)
    assert limit_of(customer.tier_id, TUESDAY) == Decimal(2000)
    case = case_of(cast, customer, TUESDAY)
    first = offer(case, cast.manager, TUESDAY, cost="1500")
    second = offer(case, cast.manager, TUESDAY, cost="600")
    assert (first.state, second.state, second.limit) == ("offered", "waiting", Decimal(2000))
    decide_offer(offer_id=second.pk, grant=False, remark="太贵", by=cast.supervisor, now=at(TUESDAY, 12))
    answered(first, cast.manager, TUESDAY, accepted=False)
    assert offer(case, cast.manager, TUESDAY, cost="2000").state == "offered"
    assert case_now(case).state == "offering"


def test_a_policy_brings_its_cost_and_only_what_the_tier_may_have_is_offered(cast):
    """RET-7: offers are chosen from marketing policies and VIP special-care policies."""
    gold, silver = vip(cast), vip(cast, "silver")
    care = policy()
    row = make_offer(case_id=case_of(cast, gold, TUESDAY).pk, policy_id=care.pk, by=cast.manager, now=at(TUESDAY, 11))
    assert (row.text, row.cost) == (care.label_zh, care.cost)
    with pytest.raises(Invalid) as refused:
        make_offer(case_id=case_of(cast, silver, TUESDAY).pk, policy_id=care.pk, by=cast.manager, now=at(TUESDAY, 11))
    assert refused.value.code == "not_eligible"


def test_an_offer_over_the_limit_is_decided_by_somebody_else_from_the_notice(cast):
    """RET-7, SEC-24: the supervisor is told at once, decides once, never his own; who asked hears it."""
    customer = vip(cast)
    case = case_of(cast, customer, TUESDAY)
    row = offer(case, cast.manager, TUESDAY, cost="5000")
    told = Notice.objects.get(kind="offer_waiting")
    assert (told.user, told.url, told.urgent) == (cast.supervisor, f"/churn/offers/{row.pk}/", True)
    assert [one.id for one in waiting_offers(Scope.ALL)] == [row.pk]
    with pytest.raises(NotAllowed):
        decide_offer(offer_id=row.pk, grant=True, remark="", by=cast.manager, now=at(TUESDAY, 12))
    with pytest.raises(NotFound):
        decide_offer(offer_id=row.pk, grant=True, remark="", by=cast.stranger_supervisor, now=at(TUESDAY, 12))
    with pytest.raises(Conflict):
        answer_offer(offer_id=row.pk, accepted=True, by=cast.manager, now=at(TUESDAY, 12))
    decide_offer(offer_id=row.pk, grant=True, remark="同意", by=cast.supervisor, now=at(TUESDAY, 12))
    with pytest.raises(Conflict):
        decide_offer(offer_id=row.pk, grant=False, remark="", by=cast.group_department, now=at(TUESDAY, 13))
    assert Notice.objects.get(kind="offer_approved").user == cast.manager
    assert answered(row, cast.manager, TUESDAY).state == "accepted"
    own = offer(case, cast.supervisor, TUESDAY, cost="9000")
    with pytest.raises(OwnRequest):
        decide_offer(offer_id=own.pk, grant=True, remark="", by=cast.supervisor, now=at(TUESDAY, 14))
    assert Notice.objects.filter(kind="offer_waiting", subject_id=own.pk).get().user == cast.group_department


def test_retained_is_confirmed_by_billing_three_months_later_and_denied_when_he_left(cast):
    """RET-7: result confirmed against billing and state; who left meanwhile is denied at once and told."""
    stays, went, silent = vip(cast), vip(cast), vip(cast)
    cases = [case_of(cast, one, TUESDAY) for one in (stays, went, silent)]
    for case in cases:
        offer(case, cast.manager, TUESDAY)
        closed(case, cast.manager, TUESDAY)
    assert case_now(cases[0]).confirm_on == date(2026, 9, 9) and again(cases[0].alert).state == "retained"
    usage(stays, date(2026, 8, 1), "120")
    usage(silent, date(2026, 8, 1), "0")
    leaves(went, date(2026, 7, 1))
    assert sweep("follow_saves", date(2026, 7, 2)) == 1
    assert case_now(cases[1]).is_confirmed is False and Notice.objects.get(kind="save_unconfirmed").user == cast.manager
    assert sweep("follow_saves", date(2026, 9, 8)) == 0
    assert sweep("follow_saves", date(2026, 9, 9)) == 2
    assert [case_now(case).is_confirmed for case in cases] == [True, False, False]
    june = (date(2026, 6, 1), date(2026, 6, 30), date(2026, 9, 10))
    assert shares(SAVE_SUCCEEDED, *june) == {cast.staff["manager"].pk: (1, 3)}


def usage(customer, month, revenue):
    from sales.models import UsageMonth

    UsageMonth.unscoped.create(
        customer=customer, month=month, revenue=revenue, source="billing", updated_at=at(month, 1)
    )


def test_who_has_gone_ends_his_case_and_without_an_attempt_somebody_is_asked(cast):
    """RET-7: the clock closes it as lost when something was offered; else the manager is asked to write that down."""
    tried, untried = vip(cast), vip(cast)
    first, second = case_of(cast, tried, TUESDAY), case_of(cast, untried, TUESDAY)
    offer(first, cast.manager, TUESDAY)
    for one in (tried, untried):
        leaves(one, TUESDAY)
    assert sweep("follow_saves", TUESDAY + A_DAY) == 1
    assert case_now(first).state == "lost" and again(first.alert).state == "churned"
    assert case_now(second).state == "open"
    assert Notice.objects.get(kind="save_attempt_missing").user == cast.manager


def test_attempts_and_successes_are_counted_by_month_and_manager(cast):
    """KPI-21, RET-16: requests with at least one offer; cases closed, and those that kept the customer."""
    kept, lost, untried = (case_of(cast, vip(cast), TUESDAY) for _ in range(3))
    offer(kept, cast.manager, TUESDAY)
    offer(lost, cast.manager, TUESDAY)
    closed(kept, cast.manager, TUESDAY)
    closed(lost, cast.manager, TUESDAY, retained=False)
    offer(untried, cast.manager, TUESDAY, cost="99999")
    june = (date(2026, 6, 1), date(2026, 6, 30), TUESDAY)
    mine = cast.staff["manager"].pk
    assert shares(SAVE_ATTEMPTED, *june) == {mine: (2, 3)}
    assert shares(SAVE_SUCCEEDED, *june) == {mine: (1, 2)}
    assert shares(SAVE_ATTEMPTED, date(2026, 7, 1), date(2026, 7, 31), date(2026, 7, 2)) == {}


def test_limits_hold_from_a_day_on_and_headquarters_sets_them(cast):
    """RET-7: a limit per tier, set for today or later, by whoever configures."""
    gold = Tier.objects.get(kind="vip", code="gold")
    with pytest.raises(NotAllowed):
        set_offer_limit(tier_id=gold.pk, amount=Decimal(1), effective_from=TUESDAY, by=cast.supervisor, now=at(TUESDAY))
    with pytest.raises(Invalid):
        set_offer_limit(
            tier_id=gold.pk, amount=Decimal(-1), effective_from=TUESDAY - A_DAY, by=cast.director, now=at(TUESDAY)
        )
    for amount in (2500, 2600):
        set_offer_limit(
            tier_id=gold.pk, amount=Decimal(amount), effective_from=TUESDAY + A_DAY, by=cast.director, now=at(TUESDAY)
        )
    assert [limit_of(gold.pk, TUESDAY), limit_of(gold.pk, TUESDAY + A_DAY)] == [2000, 2600]
    set_offer_limit(tier_id=None, amount=Decimal(50), effective_from=TUESDAY, by=cast.director, now=at(TUESDAY))
    assert limit_of(None, TUESDAY) == 50 and OfferLimit.objects.filter(tier=None).count() == 2


def test_the_rules_of_saving():
    """RET-7: pure rules of limits, attempts, months and confirmation."""
    assert needs_approval(Decimal(1500), Decimal(501), Decimal(2000)) and not needs_approval(
        Decimal(0), Decimal(2000), Decimal(2000)
    )
    assert was_attempted(["declined"]) and not was_attempted(["waiting", "refused"])
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert [stayed(is_gone=gone, was_lost=lost, billed=billed) for gone, lost, billed in
            ((False, False, None), (False, False, Decimal(1)), (False, False, Decimal(0)), (True, False, None),
             (False, True, Decimal(9)))] == [True, True, False, False, False]  # fmt: skip


def test_the_case_of_an_alert_is_read_with_its_offers(cast):
    """RET-7: state, cause and offers as the page shows them."""
    case = case_of(cast, vip(cast), TUESDAY)
    offer(case, cast.manager, TUESDAY)
    row = case_row(case.alert_id)
    assert (row.id, len(row.offers), row.can_be_lost, row.is_open) == (case.pk, 1, True, True)
    assert SaveOffer.unscoped.filter(case=case).count() == 1
