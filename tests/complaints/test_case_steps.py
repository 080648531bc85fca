"""The six steps: one guard, met by action, one call, bulk and API; nothing is answered or closed past them."""

import itertools
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Task
from complaints import actions
from complaints.actions import OneCall
from complaints.actions.replies import StepsMissing
from complaints.models import Case, CaseEntry, CaseStep, PhraseHit
from complaints.queries.cases import case_detail
from complaints.rules.steps import next_step, refuse_step
from crm.core.errors import DomainError, Invalid
from tests.complaints.desk import TOLD, bring, desk, fresh, record, sheet, step_data

pytestmark = pytest.mark.django_db


def test_no_order_of_steps_but_the_right_one():
    """CMP-6: of every set of steps on record and every step, only the next one is let through."""
    for size in range(7):
        for done in itertools.combinations(range(1, 7), size):
            let = {step for step in range(8) if not refuse_step(done, step)}
            if done == tuple(range(1, size + 1)):
                assert let == ({size + 1} if size < 6 else set())
            assert 4 not in let or {1, 2, 3} <= set(done)
            assert next_step(done) == min(let, default=None)


def test_the_guard_is_asked_in_one_place():
    """Issue: one guard in one action."""
    asked = [path for path in Path("complaints").rglob("*.py") if "refuse_step(done_steps" in path.read_text()]
    made = [path for path in Path("complaints").rglob("*.py") if "CaseStep.unscoped.create" in path.read_text()]
    assert [path.name for path in asked] == [path.name for path in made] == ["steps.py"]


def test_the_matter_does_not_open_before_the_feelings(cast):
    """CMP-6: recording step 4 while step 2 is empty → refused, and nothing is written."""
    desk(cast)
    case = bring(cast, "handling")
    record(case, [1], cast.handler)
    for step, code in ((4, "feelings_first"), (3, "step_before"), (1, "done"), (7, "unknown")):
        with pytest.raises(DomainError) as refusal:
            actions.record_step(
                case_id=case.pk, step=step, data=step_data(min(step, 6)), by=cast.handler, now=timezone.now()
            )
        assert refusal.value.code == code
    assert CaseStep.unscoped.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseStep.unscoped.create(case=case, step=1, done_at=timezone.now(), done_by=cast.handler)


def test_a_group_customer_s_complaint_takes_the_same_steps(cast, as_user):
    """CMP-3: feelings are calmed, on record, before the solution; the page shows the same six steps."""
    desk(cast)
    firm = cast.customers["teammates"]
    assert firm.kind == "group"
    case = bring(cast, "handling", customer="teammates")
    with pytest.raises(DomainError):
        actions.record_step(case_id=case.pk, step=4, data=step_data(4), by=cast.handler, now=timezone.now())
    record(case, [1, 2, 3, 4], cast.handler)
    assert set(CaseStep.unscoped.filter(case=case).values_list("step", flat=True)) == {1, 2, 3, 4}
    page = as_user(cast.handler).get(f"/cases/{case.pk}/").content.decode()
    assert firm.name in page and page.count("step is-done") == 4


@pytest.mark.parametrize(
    ("step", "missing", "problem"),
    [
        (1, "listened", "required"), (2, "apologised", "required"), (3, "facts", "required"),
        (4, "information", "required"), (4, "options", "required"), (5, "agreed", "required"),
        (5, "satisfaction", "required"), (6, "apologised", "required"), (6, "follow_up_on", "required"),
    ],
)  # fmt: skip
def test_a_step_without_what_it_needs_is_not_done(cast, step, missing, problem):
    """CMP-8, CMP-9, CMP-10, CMP-11, CMP-12, CMP-13."""
    desk(cast)
    case = bring(cast, "replied" if step == 6 else "handling")
    record(case, range(1, step) if step < 6 else (), cast.handler)
    data = {name: value for name, value in step_data(step).items() if name != missing}
    with pytest.raises(Invalid) as refusal:
        actions.record_step(case_id=case.pk, step=step, data=data, by=cast.handler, now=timezone.now())
    assert [(row.field, row.code) for row in refusal.value.problems] == [(missing, problem)]


def test_odd_values_of_a_step_are_told_by_field(cast):
    """Bad inputs 2, 10, 18, 19: every problem at once, nothing half written."""
    desk(cast)
    case = bring(cast, "replied")
    today = timezone.localdate()
    for data, codes in (
        ({"apologised": "maybe", "follow_up_on": "2026-02-30"}, {"invalid_choice", "invalid_date"}),
        ({"apologised": True, "follow_up_on": today + timedelta(days=8)}, {"out_of_range"}),
        ({"apologised": True, "follow_up_on": today - timedelta(days=1)}, {"out_of_range"}),
        ({"apologised": True, "follow_up_on": today, "owner": 1}, {"unknown_field"}),
        ({"apologised": True, "follow_up_on": today, "words": "a\x00"}, {"invalid_character"}),
        ({"apologised": True, "follow_up_on": today, "words": ["a"]}, {"invalid"}),
        ({"apologised": True, "follow_up_on": today, "words": "长" * 501}, {"too_long"}),
    ):
        with pytest.raises(Invalid) as refusal:
            actions.record_step(case_id=case.pk, step=6, data=data, by=cast.handler, now=timezone.now())
        assert {row.code for row in refusal.value.problems} == codes, data


def test_one_option_warns(cast):
    """CMP-11: fewer than two options warns and is kept; our words are looked through for service phrases (CMP-16)."""
    desk(cast)
    case = bring(cast, "handling")
    record(case, (1, 2, 3), cast.handler)
    data = step_data(4) | {"options": "换光猫\n\n", "information": "这不归我管"}
    done = actions.record_step(case_id=case.pk, step=4, data=data, by=cast.handler, now=timezone.now())
    assert len(done.warnings) == 1 and done.step.data["options"] == ["换光猫"]
    assert done.phrases == (7,) and PhraseHit.unscoped.get().place == "step"


def test_step_three_never_looks_into_the_customers_words(cast):
    """CMP-16: never in the customer's own words."""
    desk(cast)
    case = bring(cast, "handling")
    record(case, (1, 2), cast.handler)
    data = {"facts": "客户说:你们那人讲“绝对不可能有这种事情发生”"}
    assert actions.record_step(case_id=case.pk, step=3, data=data, by=cast.handler, now=timezone.now()).phrases == ()
    actions.add_said(case_id=case.pk, text="他说不归我管", by=cast.handler, now=timezone.now())
    assert not PhraseHit.unscoped.exists()


def test_a_reply_needs_five_steps_and_a_close_the_sixth(cast):
    """CMP-1, CMP-6: nothing closes without a reply; the database says so too."""
    desk(cast)
    now, case = timezone.now(), bring(cast, "handling")
    record(case, (1, 2, 3, 4), cast.handler)
    with pytest.raises(StepsMissing) as refusal:
        actions.reply_case(case_id=case.pk, **TOLD, by=cast.handler, now=now)
    assert refusal.value.params == {"steps": "5"}
    record(case, [5], cast.handler)
    actions.reply_case(case_id=case.pk, **TOLD, by=cast.handler, now=now)
    with pytest.raises(StepsMissing):
        actions.close_case(case_id=case.pk, by=cast.handler, now=now)
    record(case, [6], cast.handler)
    actions.close_case(case_id=case.pk, by=cast.handler, now=now)
    case = fresh(case)
    assert (case.state, case.satisfaction, case.result) == ("closed", 4, TOLD["text"])
    for values in ({"result": ""}, {"replied_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.unscoped.filter(pk=case.pk).update(**values)


def test_step_six_makes_the_follow_up(cast):
    """CMP-13: the next contact is a task of the customer's manager; closing the case does not tick it off."""
    desk(cast)
    case = bring(cast, "closed")
    task = Task.unscoped.get(kind="follow_up")
    assert (task.staff, task.state, task.due_on) == (
        cast.staff["manager"], "open", timezone.localdate() + timedelta(days=3)
    )  # fmt: skip
    assert task.title == case.number


def test_a_reopened_complaint_takes_its_steps_again(cast):
    """Issue: the reopen policy keeps the history; a round has steps and clocks of its own."""
    desk(cast)
    now, case = timezone.now(), bring(cast, "closed")
    actions.reopen_case(case_id=case.pk, reason="又断了", by=cast.handler, now=now)
    case = fresh(case)
    assert (case.state, case.round, case.result, case.replied_at) == ("handling", 2, "", None)
    detail = case_detail(cast.handler.access, case.pk, now=now)
    assert (len(detail.steps), detail.done_steps, detail.next_step) == (6, frozenset(), 1)
    assert {clock.round for clock in detail.clocks} == {1, 2}
    with pytest.raises(StepsMissing):
        actions.reply_case(case_id=case.pk, **TOLD, by=cast.handler, now=now)
    told = CaseEntry.unscoped.filter(case=case, kind="reply").values_list("round", "text")
    assert list(told) == [(1, TOLD["text"])]


CALL = OneCall(
    listened=True, apologised=True, understood=True, sentence="昨晚断网两小时,误了视频会议", information="已重启端口",
    options=("减免三天月费", "换光猫"), agreed="减免三天", satisfaction=5,
    result="网络已恢复,减免三天月费", method="phone",
)  # fmt: skip


def test_solved_in_one_call_is_one_save_with_every_step(cast):
    """Issue: steps 1–3 as three ticks and one sentence; CMP-6 holds all the same."""
    desk(cast)
    solved = actions.solve_in_one_call(sheet=sheet(cast), call=CALL, by=cast.manager, now=timezone.now())
    case = fresh(solved.case)
    assert (case.state, case.solved_in_one_call, case.satisfaction) == ("closed", True, 5)
    assert list(CaseStep.unscoped.order_by("step").values_list("step", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert Task.unscoped.filter(kind="follow_up").count() == 1 and not solved.warnings


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"listened": False}, "listened"), ({"understood": False}, "understood"), ({"sentence": ""}, "facts"),
        ({"options": ()}, "options"), ({"satisfaction": 9}, "satisfaction"), ({"result": ""}, "text"),
        ({"method": "owl"}, "method"),
    ],
)  # fmt: skip
def test_one_call_skips_nothing(cast, change, field):
    """CMP-6: what is missing in the one save stops all of it; not even the case is left."""
    desk(cast)
    with pytest.raises(Invalid) as refusal:
        actions.solve_in_one_call(sheet=sheet(cast), call=replace(CALL, **change), by=cast.manager, now=timezone.now())
    assert field in {row.field for row in refusal.value.problems}
    assert not Case.unscoped.exists()


def test_one_call_is_for_whoever_may_handle(cast):
    """PLT-7: the service centre takes requests down; it solves no complaint."""
    desk(cast)
    with pytest.raises(DomainError):
        actions.solve_in_one_call(sheet=sheet(cast), call=CALL, by=cast.service_centre, now=timezone.now())
    assert not Case.unscoped.exists()
