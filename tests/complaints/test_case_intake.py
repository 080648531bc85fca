"""受理: what an intake holds, to whom it goes, what is told, and that it is written once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Escalation, EscalationStep, Standing, Task
from complaints import actions
from complaints.actions import Answer
from complaints.models import Case, CaseClock
from complaints.queries.cards import masked_name
from complaints.queries.cases import case_detail, receipt_of
from complaints.queries.duplicates import cases_of_visit, earlier_cases, likely_duplicates
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound
from crm.core.models import AccessLog, Notice
from crm.core.parameters import set_value
from tests.complaints.desk import bring, desk, fresh, sheet, take
from tests.visits.ledger_world import visit

pytestmark = pytest.mark.django_db


def fields(refusal):
    return {(problem.field, problem.code) for problem in refusal.value.problems}


def test_every_kind_goes_to_whoever_answers_for_it(cast):
    """ORG-18, CMP-2: complaints and quality to the unit's handler, the rest to the customer's manager; he is told."""
    desk(cast)
    owners = {kind: take(cast, kind).owner.number for kind in ("complaint", "quality", "enquiry", "need", "handling")}
    assert owners == {"complaint": "H1001", "quality": "H1001", "enquiry": "M1001", "need": "M1001",
                      "handling": "M1001"}  # fmt: skip
    told = Notice.objects.filter(kind="case_received").values_list("user__username", flat=True)
    assert sorted(told) == ["H1001", "H1001", "M1001", "M1001", "M1001"]
    assert take(cast, customer="strangers", by=cast.stranger).owner.number == "S2001"


def test_numbers_count_by_day(cast):
    """Decisions 29."""
    desk(cast)
    first, second = take(cast), take(cast)
    day = timezone.localdate().strftime("%Y%m%d")
    assert (first.number, second.number) == (f"TS-{day}-0001", f"TS-{day}-0002")


def test_a_complaint_says_what_the_customer_hopes_for(cast):
    """CMP-15: the five fields; the expectation is mandatory. Everything wrong is told at once."""
    desk(cast)
    with pytest.raises(Invalid) as refusal:
        take(cast, expectation=" ", facts="\u200b", level="huge", speaker_phone="12")
    assert fields(refusal) == {
        ("expectation", "required"), ("facts", "blank"), ("level", "invalid_choice"),
        ("speaker_phone", "invalid_phone"),
    }  # fmt: skip
    with pytest.raises(Invalid) as refusal:
        take(cast, "handling", order_code="")
    assert fields(refusal) == {("order_type", "required")}
    for field, moment in (("received_at", timezone.now() - timedelta(days=4)),
                          ("happened_at", timezone.now() + timedelta(hours=1))):  # fmt: skip
        with pytest.raises(Invalid) as refusal:
            take(cast, **{field: moment})
        assert {name for name, _code in fields(refusal)} == {field}
    assert not Case.unscoped.exists()


def test_what_it_names_must_be_of_the_same_customer(cast):
    """CON-10, SAL-42: the visit that caused it, the case it grew from."""
    desk(cast)
    foreign = visit(cast.customers["silver"], timezone.localdate(), cast=cast, by="manager")
    earlier = take(cast, customer="silver")
    with pytest.raises(Invalid) as refusal:
        take(cast, caused_by_id=foreign.pk, from_case_id=earlier.pk, category_code="nope", product_id=9_999_999)
    assert fields(refusal) == {
        ("caused_by", "not_found"), ("from_case", "not_found"), ("category", "not_found"), ("product", "not_found")
    }  # fmt: skip


def test_a_case_shows_on_the_visit_that_caused_it(cast):
    """CON-10."""
    desk(cast)
    cause = visit(cast.customers["gold"], timezone.localdate(), cast=cast, by="manager")
    case = take(cast, caused_by_id=cause.pk)
    (row,) = cases_of_visit(cast.manager.access.scope_for("view_cases"), cause.pk)
    assert (row.id, row.caused_by_id) == (case.pk, cause.pk)


def test_sent_twice_it_is_written_once(cast):
    """Safety 34, sync-api: the same form or the same external id gives the same case; another's key is a conflict."""
    desk(cast)
    key = uuid4()
    assert take(cast, client_key=key).pk == take(cast, client_key=key).pk
    with pytest.raises(Conflict):
        take(cast, client_key=key, by=cast.handler)
    assert take(cast, external=("hotline", "7")).pk == take(cast, external=("hotline", "7"), by=cast.handler).pk
    assert Case.unscoped.count() == 2


def test_clocks_and_standing_begin_with_the_case(cast):
    """CMP-2, CON-32, design 4: first reply, update and solution run; the customer has one open complaint."""
    desk(cast)
    received = timezone.now() - timedelta(minutes=40)
    case = fresh(take(cast, received_at=received))
    clocks = CaseClock.unscoped.filter(case=case)
    assert {clock.kind for clock in clocks} == {"first_reply", "update", "solution"}
    assert {clock.started_at for clock in clocks} == {received}
    assert case.next_due_at == min(clock.due_at for clock in clocks)
    take(cast, "enquiry")
    assert Standing.unscoped.get(customer=case.customer).open_complaints == 1


def test_a_major_matter_is_reported_up_at_once(cast):
    """PLAN-16: notification and escalation level 1; raised later it goes up as well, and once."""
    desk(cast)
    case = take(cast, level="major")
    step = EscalationStep.unscoped.get(escalation__origin_id=case.pk)
    assert (step.level, step.staff, step.state) == (1, cast.staff["supervisor"], "waiting")
    assert Notice.objects.filter(kind="escalated", user=cast.supervisor).exists()
    later = bring(cast, "handling")
    actions.correct_case(case_id=later.pk, changes={"level": "major"}, by=cast.handler, now=timezone.now())
    assert Escalation.unscoped.filter(origin_id=later.pk).count() == 1


def test_an_enquiry_is_answered_in_the_same_save(cast):
    """CON-29: question, answer, resolved; unresolved it stays open and is a follow-up task."""
    desk(cast)
    now = timezone.now()
    answered = actions.take_request(
        sheet=sheet(cast, "enquiry"), answer=Answer("流量包 30 元 10G", "phone"), by=cast.service_centre, now=now
    )
    case = fresh(answered)
    assert (case.state, case.result, case.is_resolved) == ("closed", "流量包 30 元 10G", True)
    assert not Task.unscoped.exists()
    unresolved = actions.take_request(
        sheet=sheet(cast, "enquiry"), answer=Answer("要问一下", "phone", is_resolved=False), by=cast.manager, now=now
    )
    case, task = fresh(unresolved), Task.unscoped.get()
    assert (case.state, case.is_resolved, case.result) == ("handling", False, "")
    assert (task.kind, task.staff, task.origin_id) == ("follow_up", cast.staff["manager"], case.pk)
    actions.reply_case(case_id=case.pk, text="已问清", method="wechat", by=cast.manager, now=now)
    actions.close_case(case_id=case.pk, by=cast.manager, now=now)
    assert Task.unscoped.get().state == "done"
    with pytest.raises(Invalid):
        actions.take_request(sheet=sheet(cast), answer=Answer("好", "phone"), by=cast.manager, now=now)


def test_somebody_elses_customer_is_found_by_an_exact_number(cast):
    """Issue: minimal card, masked, the look logged; the case goes to his unit and the taker keeps a receipt."""
    desk(cast)
    now, customer = timezone.now(), cast.customers["strangers"]
    card = actions.minimal_card(number=" 139-1111-2222 ", by=cast.manager, now=now)
    assert (card.customer_id, card.name, card.is_own) == (customer.pk, masked_name(customer.name), False)
    assert AccessLog.objects.filter(kind="look", user=cast.manager, subject_id=customer.pk).count() == 1
    assert actions.minimal_card(number=cast.customers["gold"].number, by=cast.manager, now=now).is_own
    assert AccessLog.objects.count() == 1
    for number in ("13911112223", "1391", "金丝雀客户", ""):
        with pytest.raises(Invalid):
            actions.minimal_card(number=number, by=cast.manager, now=now)
    with pytest.raises(NotFound):
        take(cast, customer="strangers", by=cast.manager)
    with pytest.raises(NotFound):
        take(cast, customer="strangers", by=cast.manager, known_by=cast.customers["gold"].number)
    case = take(cast, customer="strangers", by=cast.manager, known_by="13911112222")
    assert case.unit == cast.units["B"]
    assert receipt_of(cast.manager.access, case.pk).number == case.number
    with pytest.raises(NotFound):
        case_detail(cast.manager.access, case.pk, now=now)
    with pytest.raises(NotFound):
        receipt_of(cast.teammate.access, case.pk)
    with pytest.raises(NotAllowed):
        actions.minimal_card(number="13911112222", by=cast.auditor, now=now)


def test_likely_duplicates_and_earlier_ones(cast):
    """Issue: likely duplicates and earlier ones shown; the same words of another customer are not."""
    desk(cast)
    now, scope = timezone.now(), cast.handler.access.scope_for("view_cases")
    same = take(cast)
    take(cast, category_code="billing", facts="上月账单多收了漫游费")
    take(cast, customer="silver")
    gold = cast.customers["gold"].pk
    found = likely_duplicates(scope, gold, kind="complaint", category_code="network", facts="昨晚家里宽带断了", now=now)
    assert [row.id for row in found] == [same.pk]
    assert likely_duplicates(scope, gold, kind="enquiry", facts="问国际漫游资费", now=now) == []
    later = now + timedelta(days=35)
    asked = {"kind": "complaint", "category_code": "network", "facts": "昨晚家里宽带断了", "now": later}
    assert likely_duplicates(scope, gold, **asked) == []
    set_value("duplicate_days", 60, effective_from=timezone.localdate(), by=None, now=now)  # PLT-10: a setting
    assert [row.id for row in likely_duplicates(scope, gold, **asked)] == [same.pk]
    assert len(earlier_cases(scope, gold)) == 2
    assert earlier_cases(cast.stranger.access.scope_for("view_cases"), gold) == []
