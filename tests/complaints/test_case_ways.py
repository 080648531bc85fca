"""A case on its way: what each deed leaves behind, and what its clocks, its customer and its people see of it."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts import actions as accounts
from accounts.actions.dispatches import reply_dispatch
from accounts.models import Cover, Dispatch, Standing
from complaints import actions
from complaints.actions.orders import OrderStepRefused
from complaints.models import CaseClock, CaseEntry, CasePause, OrderStep
from complaints.queries.cases import case_detail
from crm.core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from crm.core.models import AccessLog, Notice
from tests.complaints.desk import TOLD, bring, desk, fresh, take

pytestmark = pytest.mark.django_db
STATES = ("received", "handling", "waiting_customer", "appointed", "replied", "closed", "merged")


def open_complaints(case):
    return Standing.unscoped.get(customer_id=case.customer_id).open_complaints


def clocks(case, **wanted):
    return list(CaseClock.unscoped.filter(case=case, **wanted).order_by("pk"))


def titles(cast, case):
    detail = case_detail(cast.handler.access, case.pk, now=timezone.now())
    return [row.title for row in reversed(detail.entries)]


def test_every_kind_comes_into_every_state(cast):
    """CMP-1: accept → track → reply; every state by its own deed, for every kind, and its page can be shown."""
    desk(cast)
    for kind in ("complaint", "handling", "enquiry", "need", "quality"):
        for state in STATES:
            case = bring(cast, state, kind, customer="silver")
            assert case.state == state
            assert case_detail(cast.handler.access, case.pk, now=timezone.now()).entries


def test_the_first_word_stops_the_first_clock(cast):
    """CMP-36, CON-32: received → first response (speech) → first action; an internal note is neither."""
    desk(cast)
    now = timezone.now()
    case = bring(cast, "handling", "need", received_at=now - timedelta(minutes=30))
    actions.add_note(case_id=case.pk, text="要问产品部", by=cast.manager, now=now)
    assert fresh(case).first_reply_at is None and clocks(case, kind="first_reply", state="running")
    actions.add_update(case_id=case.pk, text="已转产品部", method="phone", by=cast.manager, now=now)
    sent = actions.send_case(
        case_id=case.pk, to_unit_id=cast.units["SC"].pk, text="请核实", by=cast.manager, now=now + timedelta(minutes=5)
    )
    assert sent.origin_id == case.pk
    head = case_detail(cast.manager.access, case.pk, now=now).head
    assert (head.reply_minutes, head.action_minutes) == (30, 35)
    assert clocks(case, kind="first_reply")[0].state == "met"
    assert [clock.turn for clock in clocks(case, kind="update")] == [1, 2]


def test_a_pause_needs_a_named_state_and_a_reason(cast):
    """Issue: pauses only in named states with a reason; the clocks stand still and run on with what was left."""
    desk(cast)
    now, case = timezone.now(), bring(cast, "handling")
    for values in ({"state": "handling", "reason": "x"}, {"state": "waiting_customer", "reason": " "},
                   {"state": "appointed", "reason": "约"},
                   {"state": "appointed", "reason": "约", "until_at": now - timedelta(hours=1)}):  # fmt: skip
        with pytest.raises(Invalid):
            actions.pause_case(case_id=case.pk, **values, by=cast.handler, now=now)
    actions.pause_case(
        case_id=case.pk,
        state="appointed",
        reason="约定上门",
        until_at=now + timedelta(hours=5),
        by=cast.handler,
        now=now,
    )
    assert {clock.state for clock in clocks(case, stopped_at=None)} == {"paused"}
    detail = case_detail(cast.handler.access, case.pk, now=now)
    assert (detail.pause.reason, detail.head.next_due_at) == ("约定上门", None)
    actions.resume_case(case_id=case.pk, by=None, now=now + timedelta(hours=5))
    pause = CasePause.unscoped.get(case=case)
    assert (pause.ended_at, pause.ended_by) == (now + timedelta(hours=5), None)
    assert {clock.state for clock in clocks(case, stopped_at=None)} == {"running"}
    assert CaseEntry.unscoped.filter(case=case, code="resumed", by=None).exists()


def test_a_told_result_stops_the_clocks_and_a_dissatisfied_customer_starts_them(cast):
    """CMP-1: result, method, moment. Not satisfied: back to work in the same round, what was told stays on record."""
    desk(cast)
    now, case = timezone.now(), bring(cast, "replied")
    assert {clock.state for clock in clocks(case)} <= {"met", "late"} and case.next_due_at is None
    assert open_complaints(case) == 1
    actions.not_satisfied(case_id=case.pk, reason="还是慢", by=cast.handler, now=now + timedelta(hours=1))
    case = fresh(case)
    assert (case.state, case.round, case.result, case.is_resolved) == ("handling", 1, "", None)
    assert [clock.turn for clock in clocks(case, kind="solution")] == [1, 2] and case.next_due_at is not None
    actions.reply_case(case_id=case.pk, **TOLD, by=cast.handler, now=now + timedelta(hours=2))
    assert CaseEntry.unscoped.filter(case=case, kind="reply").count() == 2


def test_a_moment_of_telling_lies_between_receipt_and_now(cast):
    """Bad input 16."""
    desk(cast)
    now, case = timezone.now(), bring(cast, "handling", "need")
    for moment in (now + timedelta(hours=1), case.received_at - timedelta(minutes=1)):
        with pytest.raises(Invalid) as refusal:
            actions.reply_case(case_id=case.pk, **TOLD, told_at=moment, by=cast.manager, now=now)
        assert refusal.value.field == "told_at"


def test_closing_counts_down_and_reopening_counts_up(cast):
    """Design 4: the standing follows in the same transaction; CMP-2: old clocks stay as history."""
    desk(cast)
    now, case = timezone.now(), bring(cast, "closed")
    assert open_complaints(case) == 0
    with pytest.raises(Conflict):
        actions.reopen_case(case_id=case.pk, reason="又断了", by=cast.handler, now=now + timedelta(days=31))
    actions.reopen_case(case_id=case.pk, reason="又断了", by=cast.supervisor, now=now + timedelta(days=29))
    assert open_complaints(case) == 1
    assert {(clock.round, clock.state) for clock in clocks(case, kind="solution")} == {(1, "met"), (2, "running")}
    assert Notice.objects.filter(kind="case_reopened", user=cast.handler).exists()


def test_a_case_is_given_to_somebody_who_sees_it(cast):
    """ORG-18: manager, handler, supervisor of the unit; nobody else would find it."""
    desk(cast)
    now, case = timezone.now(), bring(cast, "handling")
    for who in ("teammate", "stranger", "director", "service_centre"):
        with pytest.raises(Invalid):
            actions.assign_case(case_id=case.pk, to_staff_id=cast.staff[who].pk, by=cast.supervisor, now=now)
    actions.assign_case(
        case_id=case.pk, to_staff_id=cast.staff["manager"].pk, reason="熟悉客户", by=cast.supervisor, now=now
    )
    assert fresh(case).owner == cast.staff["manager"]
    assert Notice.objects.filter(kind="case_assigned", user=cast.manager).exists()


def test_the_judgement_is_the_supervisors(cast):
    """CMP-4: never the manager concerned, never who proposed it."""
    desk(cast)
    now, case = timezone.now(), bring(cast, "closed")
    actions.propose_judgement(case_id=case.pk, judgement="justified", by=cast.handler, now=now)
    assert Notice.objects.filter(kind="case_to_judge", user=cast.supervisor).exists()
    with pytest.raises(NotAllowed):
        actions.judge_case(case_id=case.pk, judgement="unjustified", by=cast.handler, now=now)
    with pytest.raises(Invalid):
        actions.judge_case(case_id=case.pk, judgement="pending", by=cast.supervisor, now=now)
    actions.judge_case(case_id=case.pk, judgement="justified", note="光缆老化", by=cast.supervisor, now=now)
    case = fresh(case)
    assert (case.proposed_judgement, case.judgement, case.judged_by) == ("justified", "justified", cast.supervisor)
    today = timezone.localdate()
    Cover.unscoped.create(
        absent=cast.staff["supervisor"], substitute=cast.staff["manager"], starts_on=today, ends_on=today,
        arranged_by=cast.director, arranged_at=now,
    )  # fmt: skip
    deputy = type(cast.manager).objects.get(pk=cast.manager.pk)
    with pytest.raises(NotAllowed) as refusal:
        actions.judge_case(case_id=case.pk, judgement="unjustified", by=deputy, now=now)
    assert refusal.value.code == "own_request"


def test_an_order_skips_no_step(cast):
    """SAL-26, SAL-41: the manager finishes what his type lets him; the told result waits for the last step."""
    desk(cast)
    now, case = timezone.now(), bring(cast, "handling", "handling", order_code="roaming")
    with pytest.raises(OrderStepRefused):
        actions.finish_order_step(case_id=case.pk, position=1, by=cast.manager, now=now)
    with pytest.raises(Invalid):
        actions.reply_case(case_id=case.pk, **TOLD, by=cast.manager, now=now)
    for position in range(3):
        actions.finish_order_step(case_id=case.pk, position=position, by=cast.manager, now=now)
    with pytest.raises(OrderStepRefused):
        actions.finish_order_step(case_id=case.pk, position=3, by=cast.manager, now=now)
    actions.reply_case(case_id=case.pk, **TOLD, by=cast.manager, now=now)
    given_up = bring(cast, "handling", "handling", order_code="roaming")
    actions.reply_case(case_id=given_up.pk, **TOLD, is_resolved=False, by=cast.manager, now=now)


def test_what_the_hall_solved_is_done(cast):
    """SAL-41: a type that is not the manager's stays open until the hall closes it, through the dispatch."""
    desk(cast)
    now, case = timezone.now(), bring(cast, "handling", "handling", order_code="open_account")
    assert "order_step" not in case_detail(cast.manager.access, case.pk, now=now).allowed
    sent = actions.send_case(case_id=case.pk, to_unit_id=cast.units["SC"].pk, text="请开户", by=cast.manager, now=now)
    actions.finish_order_step(case_id=case.pk, position=0, by=cast.service_centre, now=now)
    with pytest.raises(NotFound):
        actions.finish_order_step(case_id=case.pk, position=1, by=cast.stranger, now=now)
    reply_dispatch(dispatch_id=sent.pk, text="已办妥", solved=True, by=cast.service_centre, now=now)
    assert OrderStep.unscoped.filter(case=case, done_by=cast.service_centre).count() == 3
    assert CaseEntry.unscoped.filter(case=case, code="dispatch_replied", text="已办妥").exists()


def test_across_then_up(cast):
    """CMP-24: dispatched once to each unit, its reply comes back; "cannot be solved" goes up; a reason is required."""
    desk(cast)
    now, case = timezone.now(), bring(cast, "handling")
    values = {"case_id": case.pk, "to_unit_id": cast.units["SC"].pk, "text": "请勘察", "by": cast.handler, "now": now}
    sent = actions.send_case(**values)
    with pytest.raises(Conflict):
        actions.send_case(**values)
    reply_dispatch(dispatch_id=sent.pk, text="无法处理", solved=False, by=cast.service_centre, now=now)
    with pytest.raises(Invalid):
        actions.report_case_up(case_id=case.pk, reason="", by=cast.handler, now=now)
    actions.report_case_up(case_id=case.pk, reason="超出权限", by=cast.handler, now=now)
    with pytest.raises(Conflict):
        actions.report_case_up(case_id=case.pk, reason="超出权限", by=cast.handler, now=now)
    detail = case_detail(cast.handler.access, case.pk, now=now)
    assert [row.state for row in detail.dispatches] == ["unsolved"]
    assert [(row.level, row.reason) for row in detail.escalations] == [(1, "超出权限")]
    assert Dispatch.unscoped.count() == 1


def test_a_closed_case_asks_nobody_any_more(cast):
    """CMP-24: what still waits for a reply is withdrawn with the close."""
    desk(cast)
    now, case = timezone.now(), bring(cast, "handling", "need")
    actions.send_case(case_id=case.pk, to_unit_id=cast.units["SC"].pk, text="请核实", by=cast.manager, now=now)
    actions.reply_case(case_id=case.pk, **TOLD, by=cast.manager, now=now)
    actions.close_case(case_id=case.pk, by=cast.manager, now=now)
    assert Dispatch.unscoped.get().state == "withdrawn"


def test_two_cases_become_one_and_apart_again(cast):
    """Issue: merge with undo; a merged case counts for nobody, and undone it is what it was, deadline included."""
    desk(cast)
    now, first, second = timezone.now(), bring(cast, "handling"), bring(cast, "waiting_customer")
    other = take(cast, customer="silver")
    due = fresh(first).next_due_at
    with pytest.raises(Invalid):
        actions.merge_cases(survivor_id=other.pk, merged_id=first.pk, by=cast.handler, now=now)
    with pytest.raises(Invalid):
        actions.merge_cases(survivor_id=first.pk, merged_id=first.pk, by=cast.handler, now=now)
    for case in (first, second):
        survivor = second if case is first else first
        actions.merge_cases(survivor_id=survivor.pk, merged_id=case.pk, reason="同一件事", by=cast.handler, now=now)
        assert (fresh(case).merged_into_id, open_complaints(case), fresh(case).next_due_at) == (survivor.pk, 1, None)
        with pytest.raises(Conflict):
            actions.undo_merge(case_id=case.pk, by=cast.handler, now=now + timedelta(days=8))
        actions.undo_merge(case_id=case.pk, by=cast.handler, now=now + timedelta(days=6))
        assert (fresh(case).state, open_complaints(case)) == ("handling", 2)
    assert fresh(first).next_due_at == due


def test_a_merge_into_a_closed_case_stays(cast):
    """Issue: undo only while the survivor is not closed."""
    desk(cast)
    now, case, survivor = timezone.now(), bring(cast, "handling", "need"), bring(cast, "replied", "need")
    actions.merge_cases(survivor_id=survivor.pk, merged_id=case.pk, by=cast.manager, now=now)
    actions.close_case(case_id=survivor.pk, by=cast.manager, now=now)
    assert "undo_merge" not in case_detail(cast.manager.access, case.pk, now=now).allowed
    with pytest.raises(Conflict):
        actions.undo_merge(case_id=case.pk, by=cast.manager, now=now)


def test_a_handover_moves_what_the_manager_answers_for(cast):
    """Design 4: open cases go along, the complaint stays with the handler; credit for the past stays."""
    desk(cast)
    now = timezone.now()
    need, closed, complaint = bring(cast, "handling", "need"), bring(cast, "closed", "need"), bring(cast, "handling")
    assert need.owner == cast.staff["manager"]
    accounts.assign_customers(
        customer_ids=[need.customer_id], staff_id=cast.staff["teammate"].pk, reason="调整", by=cast.supervisor, now=now
    )
    owners = [fresh(case).owner.number for case in (need, closed, complaint)]
    assert owners == ["M1002", "M1001", "H1001"] and fresh(need).manager == cast.staff["manager"]
    assert CaseEntry.unscoped.filter(case=need, code="moved").exists()
    accounts.assign_customers(
        customer_ids=[need.customer_id], staff_id=None, reason="离职", by=cast.supervisor, now=now
    )
    assert fresh(need).owner == cast.staff["handler"]


def test_the_cover_acts_and_the_owner_stays(cast):
    """ORG-9: a manager on leave – his cover sees and acts, credit stays."""
    desk(cast)
    now, case = timezone.now(), take(cast, "need")
    assert "accept" not in safe_allowed(cast.teammate, case, now)
    today = timezone.localdate()
    Cover.unscoped.create(
        absent=cast.staff["manager"], substitute=cast.staff["teammate"], starts_on=today, ends_on=today,
        arranged_by=cast.director, arranged_at=now,
    )  # fmt: skip
    cover = type(cast.teammate).objects.get(pk=cast.teammate.pk)
    take(cast, "need", facts="另一件事")
    assert Notice.objects.filter(kind="case_received", user=cover).count() == 1
    actions.accept_case(case_id=case.pk, by=cover, now=now)
    assert (fresh(case).state, fresh(case).owner) == ("handling", cast.staff["manager"])


def safe_allowed(user, case, now):
    try:
        return case_detail(user.access, case.pk, now=now).allowed
    except NotFound:
        return frozenset()


def test_files_are_private_and_looks_are_logged(cast):
    """SEC-4: kept by the case, streamed to whoever sees it, each download logged."""
    desk(cast)
    now, case = timezone.now(), bring(cast, "handling")
    row = actions.add_case_file(
        case_id=case.pk, upload=ContentFile("账单".encode(), name="账单.txt"), by=cast.handler, now=now
    )
    with pytest.raises(DomainError):
        actions.add_case_file(
            case_id=case.pk, upload=ContentFile(b"MZ\x00\x01", name="a.exe"), by=cast.handler, now=now
        )
    assert actions.open_case_file(case_id=case.pk, file_id=row.pk, by=cast.manager, now=now).pk == row.pk
    assert AccessLog.objects.filter(kind="download", subject_id=row.pk).count() == 1
    with pytest.raises(NotFound):
        actions.open_case_file(case_id=case.pk, file_id=row.pk, by=cast.stranger, now=now)
    other = take(cast)
    with pytest.raises(NotFound):
        actions.open_case_file(case_id=other.pk, file_id=row.pk, by=cast.manager, now=now)


def test_an_intake_is_put_right(cast):
    """CMP-26: category and level follow what it turned out to be; unchanged writes nothing."""
    desk(cast)
    now, case = timezone.now(), bring(cast, "handling")
    actions.correct_case(
        case_id=case.pk, changes={"category_code": "billing", "facts": case.facts}, by=cast.handler, now=now
    )
    assert (fresh(case).category.code, fresh(case).version) == ("billing", case.version + 1)
    actions.correct_case(case_id=case.pk, changes={"category_code": "billing"}, by=cast.handler, now=now)
    assert fresh(case).version == case.version + 1
    for changes in ({"expectation": ""}, {"category_code": "x"}, {"owner": 1}, {"facts": ""}, {"level": "x"}):
        with pytest.raises(Invalid):
            actions.correct_case(case_id=case.pk, changes=changes, by=cast.handler, now=now)
    assert len(titles(cast, case)) == 3
