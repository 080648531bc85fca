"""Tiers: seeded, changed by decision, history kept, promises from a date on."""

from datetime import date, datetime, timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from accounts import actions
from accounts.choices import Period, ProposalState, Purpose
from accounts.models import Customer, Standing, Tier, TierHistory, TierProposal, TierRule
from accounts.queries import open_proposals, tier_on
from accounts.queries.tiers import contact_periods, tier_table
from accounts.seed import seed_required_fields, seed_tiers
from accounts.sweeps import propose_tiers
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound, OwnRequest
from crm.core.models import Notice
from crm.core.parameters import set_value
from crm.core.scope import Scope

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)


def now(days=0):
    return timezone.make_aware(datetime(2026, 11, 18, 10)) + timedelta(days=days)


def tier(code, kind="vip"):
    return Tier.objects.get(kind=kind, code=code)


def change(cast, to, by="supervisor", key="gold", **more):
    return actions.change_tier(
        customer_id=cast.customers[key].pk, to_tier_id=tier(to).pk if to else None, reason="年审",
        by=cast.users[by], now=now(), **more,
    )  # fmt: skip


def test_the_tiers_of_the_trade_are_seeded_with_their_promise(db):
    """CUS-1, CUS-3: cadence is read from the table, not code; ours is marked as ours (D3)."""
    rows = {
        (rule.tier.kind, rule.tier.code): (rule.tier.rank, rule.period, rule.source)
        for rule in TierRule.objects.filter(purpose=Purpose.CONTACT).select_related("tier")
    }
    assert rows["vip", "diamond"] == (1, Period.MONTH, "CON-1")
    assert rows["vip", "gold"] == (2, Period.MONTH, "CON-1")
    assert rows["vip", "silver"] == (3, Period.QUARTER, "CON-2")
    for kind in ("group", "channel"):
        assert [rows[kind, f"level{level}"][1] for level in range(1, 6)] == [
            "month",
            "month",
            "quarter",
            "half",
            "year",
        ]
        assert rows[kind, "level5"][2] == "ours"
    rule = TierRule.objects.get(purpose=Purpose.FACE_TO_FACE)
    assert (rule.tier, rule.period) == (None, Period.QUARTER)


def test_seeding_again_changes_nothing(db):
    """Idempotent: what headquarters changed stays."""
    TierRule.objects.filter(tier=tier("gold")).update(period=Period.QUARTER)
    before = (Tier.objects.count(), TierRule.objects.count())
    seed_tiers(apps.get_model("accounts", "Tier"), apps.get_model("accounts", "TierRule"))
    seed_required_fields(apps.get_model("accounts", "RequiredField"))
    assert (Tier.objects.count(), TierRule.objects.count()) == before
    assert contact_periods(TODAY)[tier("gold").pk] == Period.QUARTER


def test_a_snapshot_of_the_past_still_says_gold(cast):
    """CUS-2: gold → silver on 10 November; on 1 January it says gold."""
    change(cast, "silver", effective_on=date(2026, 11, 10))
    gold = cast.customers["gold"]
    gold.refresh_from_db()
    assert gold.tier.code == "silver"
    assert [tier_on(gold, day).code for day in (date(2026, 1, 1), date(2026, 11, 9), date(2026, 11, 10))] == [
        "gold", "gold", "silver",
    ]  # fmt: skip
    assert tier_on(gold, date(2020, 1, 1)) is None
    row = TierHistory.unscoped.get(customer=gold, valid_to=None)
    assert (row.decided_by, row.reason) == (cast.supervisor, "年审")
    assert Standing.unscoped.get(pk=gold.pk).tier_rank == 3
    assert gold.version == 2


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), date(2023, 1, 1)])
def test_a_tier_changes_neither_in_the_future_nor_before_its_last_change(cast, day):
    """CUS-2."""
    with pytest.raises(Invalid):
        change(cast, "silver", effective_on=day)


def test_a_tier_of_another_kind_is_refused(cast):
    """D11: a tier belongs to one kind of customer."""
    with pytest.raises(Invalid):
        actions.change_tier(
            customer_id=cast.customers["gold"].pk, to_tier_id=tier("level1", "group").pk, reason="x",
            by=cast.supervisor, now=now(),
        )  # fmt: skip
    with pytest.raises(Invalid):
        change(cast, "gold", key="ordinary")


@pytest.mark.parametrize(("by", "error"), [("manager", NotAllowed), ("stranger_supervisor", NotFound)])
def test_who_does_not_decide_tiers(cast, by, error):
    """PLT-7, SEC-3."""
    with pytest.raises(error):
        change(cast, "silver", by=by)


def propose(cast, by="manager", to="diamond"):
    return actions.propose_tier(
        customer_id=cast.customers["gold"].pk, to_tier_id=tier(to).pk, reason="消费上升", by=cast.users[by], now=now()
    )


def test_a_manager_proposes_and_a_supervisor_decides(cast):
    """CUS-4: the history names who decided, the asker hears of it."""
    proposal = propose(cast)
    assert Notice.objects.get(kind="tier_proposed").user_id == cast.supervisor.pk
    assert [row.pk for row in open_proposals(cast.supervisor.access.scope)] == [proposal.pk]
    assert not open_proposals(cast.stranger_supervisor.access.scope)
    actions.decide_tier(proposal_id=proposal.pk, approve=True, remark="同意", by=cast.supervisor, now=now(1))
    assert Customer.unscoped.get(pk=cast.customers["gold"].pk).tier.code == "diamond"
    assert TierHistory.unscoped.get(customer=cast.customers["gold"], valid_to=None).decided_by == cast.supervisor
    assert Notice.objects.get(kind="tier_approved").user_id == cast.manager.pk


def test_nobody_decides_on_his_own_proposal(cast):
    """SEC-24, ORG-12: the market manager of the area may."""
    proposal = propose(cast, by="supervisor")
    with pytest.raises(OwnRequest):
        actions.decide_tier(proposal_id=proposal.pk, approve=True, remark="", by=cast.supervisor, now=now())
    with pytest.raises(NotAllowed):
        actions.decide_tier(proposal_id=proposal.pk, approve=True, remark="", by=cast.manager, now=now())
    with pytest.raises(NotFound):
        actions.decide_tier(proposal_id=proposal.pk, approve=True, remark="", by=cast.stranger_supervisor, now=now())
    actions.decide_tier(proposal_id=proposal.pk, approve=False, remark="再观察", by=cast.market_manager, now=now())
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.REFUSED
    assert Customer.unscoped.get(pk=cast.customers["gold"].pk).tier.code == "gold"


def test_a_decision_is_made_once(cast):
    """Two supervisors, two tabs: 409 with what was decided."""
    proposal = propose(cast)
    actions.decide_tier(proposal_id=proposal.pk, approve=True, remark="", by=cast.supervisor, now=now())
    with pytest.raises(Conflict) as conflict:
        actions.decide_tier(proposal_id=proposal.pk, approve=False, remark="不", by=cast.market_manager, now=now())
    assert conflict.value.current["state"] == ProposalState.APPROVED


def test_a_refusal_needs_a_remark(cast):
    """SEC-24."""
    with pytest.raises(Invalid):
        actions.decide_tier(proposal_id=propose(cast).pk, approve=False, remark=" ", by=cast.supervisor, now=now())


def test_the_newest_wish_is_the_open_proposal_and_a_decided_tier_closes_it(cast):
    """CUS-4: one open proposal per customer."""
    propose(cast)
    propose(cast, to="silver")
    assert TierProposal.unscoped.get(state="open").to_tier == tier("silver")
    change(cast, "diamond")
    assert not TierProposal.unscoped.filter(state="open").exists()


def test_the_first_of_the_month_makes_proposals_not_changes(cast):
    """CUS-4: by thresholds of spend and tenure; again it makes none, a refused one rests for half a year."""
    Tier.objects.filter(kind="vip", code="diamond").update(minimum_spend=1000, minimum_tenure_months=12)
    Tier.objects.filter(kind="vip", code="gold").update(minimum_spend=300)
    Customer.unscoped.filter(pk=cast.customers["diamond"].pk).update(monthly_spend=500)
    Customer.unscoped.filter(pk=cast.customers["silver"].pk).update(monthly_spend=2000, joined_on=date(2026, 5, 1))
    Customer.unscoped.filter(pk=cast.customers["ordinary"].pk).update(monthly_spend=2000, joined_on=date(2020, 1, 1))
    Customer.unscoped.filter(pk=cast.customers["gold"].pk).update(monthly_spend=10)
    assert propose_tiers(today=TODAY, now=now()) == 0
    first = date(2026, 12, 1)
    assert propose_tiers(today=first, now=now(13)) == 4
    wanted = {row.customer.name: getattr(row.to_tier, "code", None) for row in TierProposal.unscoped.all()}
    assert wanted == {"钱多多": "gold", "银小满": "gold", "平常人": "diamond", "金满堂": None}
    assert Customer.unscoped.get(pk=cast.customers["diamond"].pk).tier.code == "diamond"
    assert propose_tiers(today=first, now=now(13)) == 0
    assert Notice.objects.get(kind="tiers_proposed").params == {"count": 3}
    refused = TierProposal.unscoped.get(customer=cast.customers["gold"])
    actions.decide_tier(proposal_id=refused.pk, approve=False, remark="保留", by=cast.supervisor, now=now(14))
    assert propose_tiers(today=date(2027, 1, 1), now=now(44)) == 0
    set_value("refused_tier_days", 29, effective_from=date(2027, 1, 1), by=None, now=now(44))  # PLT-10: a setting
    assert propose_tiers(today=date(2027, 1, 1), now=now(44)) == 1


def test_an_approved_ordinary_customer_becomes_a_vip(cast):
    """ORG-3, CUS-4."""
    proposal = actions.propose_tier(
        customer_id=cast.customers["ordinary"].pk, to_tier_id=tier("silver").pk, reason="达标",
        by=cast.supervisor, now=now(),
    )  # fmt: skip
    actions.decide_tier(proposal_id=proposal.pk, approve=True, remark="", by=cast.market_manager, now=now())
    ordinary = Customer.unscoped.get(pk=cast.customers["ordinary"].pk)
    assert (ordinary.kind, ordinary.tier.code) == ("vip", "silver")


def rule(cast, period, effective_from, by="group_department", to="silver", purpose=Purpose.CONTACT):
    return actions.save_tier_rule(
        tier_id=tier(to).pk if to else None, purpose=purpose, period=period, effective_from=effective_from,
        by=cast.users[by], now=now(),
    )  # fmt: skip


def test_a_new_promise_holds_from_its_day_and_the_past_keeps_its_own(cast):
    """CUS-3: rules are data with effective_from."""
    rule(cast, Period.MONTH, date(2027, 1, 1))
    silver = tier("silver").pk
    assert [contact_periods(day)[silver] for day in (TODAY, date(2026, 12, 31), date(2027, 1, 1))] == [
        "quarter", "quarter", "month",
    ]  # fmt: skip
    line = next(line for line in tier_table(Scope.ALL, TODAY) if line.tier and line.tier.pk == silver)
    assert (line.rule.period, line.upcoming.period, line.customers) == ("quarter", "month", 1)
    with pytest.raises(Invalid):
        rule(cast, Period.MONTH, TODAY - timedelta(days=1))
    rule(cast, "", date(2027, 1, 1))
    assert silver not in contact_periods(date(2027, 1, 1))


def test_a_promise_that_has_not_begun_can_be_taken_back(cast):
    """CUS-3."""
    future = rule(cast, Period.MONTH, date(2027, 1, 1))
    actions.drop_tier_rule(rule_id=future.pk, by=cast.director, now=now())
    in_force = TierRule.objects.get(tier=tier("silver"))
    with pytest.raises(Invalid):
        actions.drop_tier_rule(rule_id=in_force.pk, by=cast.director, now=now())


def test_only_headquarters_sets_promises(cast):
    """PLT-7."""
    with pytest.raises(NotAllowed):
        rule(cast, Period.MONTH, date(2027, 1, 1), by="supervisor")
    with pytest.raises(Invalid):
        rule(cast, Period.MONTH, date(2027, 1, 1), to=None)


def test_a_new_tier_has_its_own_code_and_rank(cast):
    """D11: one tier table per customer kind."""
    values = {"kind": "vip", "code": "platinum", "rank": 4, "label_zh": "白金卡", "label_en": "Platinum"}
    made = actions.save_tier(values=values, by=cast.director, now=now())
    actions.save_tier(tier_id=made.pk, values={"minimum_spend": "500"}, by=cast.director, now=now())
    made.refresh_from_db()
    assert made.minimum_spend == 500
    for wrong in ({**values, "rank": 5}, {**values, "code": "x"}, {**values, "kind": "ordinary"}):
        with pytest.raises(Invalid):
            actions.save_tier(values=wrong, by=cast.director, now=now())
    with pytest.raises(Invalid):
        actions.save_tier(tier_id=tier("gold").pk, values={"is_active": False}, by=cast.director, now=now())


def test_the_preview_of_a_promise_counts_what_it_adds(cast):
    """Screens 11, CUS-3: customers concerned, duties added, customers behind already; nothing is written."""

    def preview(period, to="silver", purpose=Purpose.CONTACT):
        return actions.preview_tier_rule(
            tier_id=tier(to).pk if to else None, purpose=purpose, period=period, effective_from=TODAY,
            by=cast.director, now=now(),
        )  # fmt: skip

    Standing.unscoped.filter(pk=cast.customers["silver"].pk).update(last_visit_on=date(2026, 9, 30))
    monthly = preview(Period.MONTH)
    assert (monthly.customers, monthly.counts) == (1, {"added": 1, "overdue": 1})
    assert preview(Period.QUARTER).counts["overdue"] == 0
    assert preview("").counts == {"added": 0, "overdue": 0}
    assert preview(Period.QUARTER, to=None, purpose=Purpose.FACE_TO_FACE).customers == 0
    assert TierRule.objects.filter(effective_from=TODAY).count() == 0


def test_due_days_follow_a_promise_that_begins_today(cast):
    """CUS-3: changing a level's cadence recalculates due dates; the stricter day counts (decisions 5)."""
    from visits.actions.ledger.owing import align

    align([cast.customers["silver"].pk], today=TODAY, now=now())
    assert Standing.unscoped.get(pk=cast.customers["silver"].pk).next_due_on == date(2026, 12, 31)
    rule(cast, Period.MONTH, TODAY)
    assert Standing.unscoped.get(pk=cast.customers["silver"].pk).next_due_on == date(2026, 11, 30)
