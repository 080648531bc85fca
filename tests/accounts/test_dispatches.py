"""Across, then up (RET-13, CMP-24): dispatch, urging, reply; then level by level, each with its time."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import clocks
from accounts.actions.dispatches import reply_dispatch, send_dispatch, urge_dispatch, withdraw_dispatch
from accounts.actions.escalations import accept_escalation, answer_escalation, escalate
from accounts.clocks import late_dispatches, late_escalations
from accounts.models import Cover, Dispatch, Escalation, EscalationStep, Post, Staff, Unit
from accounts.rules.ladder import Rung, due_after, ladder, rung_above
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound
from crm.core.models import Notice
from crm.core.working_days import calendar, seed

pytestmark = pytest.mark.django_db
WEDNESDAY = timezone.make_aware(datetime(2026, 11, 18, 10))


@pytest.fixture
def world(cast):
    """The branch and the group department have heads; the service centre is asked."""
    seed()
    branch, department = cast.units["A"], cast.units["GCD"]
    branch.head, department.head = cast.staff["handler"], cast.staff["group_department"]
    branch.save()
    department.save()
    Staff.unscoped.filter(pk=cast.staff["service_centre"].pk).update(unit=cast.units["SC"])
    return cast


def sent(world, **more):
    return send_dispatch(
        customer_id=world.customers["gold"].pk, to_unit_id=world.units["SC"].pk, text="信号差,请排查", origin_table="x",
        origin_id=1, by=world.manager, now=WEDNESDAY, **more,
    )  # fmt: skip


def reported(world, now=WEDNESDAY):
    return escalate(
        customer_id=world.customers["gold"].pk, origin_table="x", origin_id=1, subject="要求降价", reason="超出权限",
        by=world.manager, now=now,
    )  # fmt: skip


def texts(user):
    return list(Notice.objects.filter(user=user).values_list("kind", flat=True))


def test_the_ladder_names_each_level_once():
    """Decisions 23: supervisor, head of the branch, head of the group department; the same person is one level."""
    assert ladder(1, 2, 3) == (Rung(1, 1), Rung(2, 2), Rung(3, 3))
    assert ladder(1, 1, None) == (Rung(1, 1),)
    assert ladder(None, None, 3) == (Rung(3, 3),)
    assert rung_above(ladder(1, None, 3), 1) == Rung(3, 3)
    assert rung_above(ladder(1, 2, 3), 3) is None


def test_a_working_day_later_is_no_weekend(world):
    friday = timezone.make_aware(datetime(2026, 11, 20, 15, 30))
    assert due_after(friday, 1, calendar()) == timezone.make_aware(datetime(2026, 11, 23, 15, 30))


def test_another_unit_is_asked_urged_and_replies(world):
    """CMP-24, PLAN-19: the reply goes back to who asked; an hour lies between two urgings."""
    row = sent(world)
    assert row.reply_due_at == timezone.make_aware(datetime(2026, 11, 23, 10))
    assert texts(world.service_centre) == ["dispatch_sent"]
    urge_dispatch(dispatch_id=row.pk, by=world.manager, now=WEDNESDAY + timedelta(hours=1))
    with pytest.raises(Conflict):
        urge_dispatch(dispatch_id=row.pk, by=world.manager, now=WEDNESDAY + timedelta(hours=1, minutes=5))
    reply_dispatch(dispatch_id=row.pk, text="已修复", solved=True, by=world.service_centre, now=WEDNESDAY)
    row.refresh_from_db()
    assert (row.state, row.reply, row.urge_count) == ("replied", "已修复", 1)
    assert "dispatch_replied" in texts(world.manager)
    with pytest.raises(Conflict):
        reply_dispatch(dispatch_id=row.pk, text="又", solved=True, by=world.service_centre, now=WEDNESDAY)


def test_only_whom_it_concerns_finds_and_answers_it(world):
    row = sent(world)
    with pytest.raises(NotFound):
        reply_dispatch(dispatch_id=row.pk, text="x", solved=True, by=world.stranger, now=WEDNESDAY)
    with pytest.raises(NotAllowed):
        reply_dispatch(dispatch_id=row.pk, text="x", solved=True, by=world.manager, now=WEDNESDAY)
    with pytest.raises(NotAllowed):
        withdraw_dispatch(dispatch_id=row.pk, by=world.supervisor, now=WEDNESDAY)
    withdraw_dispatch(dispatch_id=row.pk, by=world.manager, now=WEDNESDAY)
    assert Dispatch.unscoped.get().state == "withdrawn"


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"text": " "}, "blank"), ({"to_unit_id": 0}, "not_found"), ({"reply_due_at": WEDNESDAY}, "out_of_range")],
)
def test_a_dispatch_that_cannot_be_is_refused(world, changes, code):
    values = {"customer_id": world.customers["gold"].pk, "to_unit_id": world.units["SC"].pk, "text": "x",
              "origin_table": "x", "origin_id": 1} | changes  # fmt: skip
    with pytest.raises(Invalid) as refusal:
        send_dispatch(**values, by=world.manager, now=WEDNESDAY)
    assert refusal.value.problems[0].code == code
    assert not Dispatch.unscoped.exists()


def test_the_same_matter_is_sent_to_a_unit_once(world):
    sent(world)
    with pytest.raises(Conflict):
        sent(world)


def test_what_cannot_be_solved_there_is_reported_up(world):
    """CMP-24: "cannot be solved here" goes to the asker's supervisor at once."""
    row = sent(world)
    reply_dispatch(dispatch_id=row.pk, text="需扩容,无权限", solved=False, by=world.service_centre, now=WEDNESDAY)
    step = EscalationStep.unscoped.get()
    assert (step.level, step.staff) == (1, world.staff["supervisor"])
    assert texts(world.supervisor) == ["escalated"]


def test_a_missing_reply_is_reported_up_once(world):
    """CMP-24: the breach of the deadline; running again changes nothing."""
    sent(world)
    late = WEDNESDAY + timedelta(days=5, minutes=1)
    assert late_dispatches(today=late.date(), now=WEDNESDAY) == 0
    assert late_dispatches(today=late.date(), now=late) == 1
    assert late_dispatches(today=late.date(), now=late) == 0
    assert Escalation.unscoped.get().started_by is None


def nobody_above(world):
    Unit.unscoped.update(head=None)
    Staff.unscoped.filter(pk=world.staff["manager"].pk).update(supervisor=None)


def test_what_nobody_can_take_holds_up_nothing(world, monkeypatch):
    """RET-13: more stuck matters than a run takes; the directors hear of them once, later ones go up all the same."""
    monkeypatch.setattr(clocks, "BATCH", 2)
    for number in range(3):
        send_dispatch(
            customer_id=world.customers["gold"].pk, to_unit_id=world.units["SC"].pk, text="x", origin_table="y",
            origin_id=number, by=world.manager, now=WEDNESDAY - timedelta(days=1),
        )  # fmt: skip
    other = send_dispatch(
        customer_id=world.customers["teammates"].pk, to_unit_id=world.units["SC"].pk, text="x", origin_table="y",
        origin_id=9, by=world.teammate, now=WEDNESDAY,
    )  # fmt: skip
    nobody_above(world)
    late = WEDNESDAY + timedelta(days=7)
    assert [late_dispatches(today=late.date(), now=late) for _run in range(3)] == [1, 0, 0]
    assert Escalation.unscoped.get().origin_id == other.pk
    assert texts(world.director).count("dispatch_stuck") == 3
    Staff.unscoped.filter(pk=world.staff["manager"].pk).update(supervisor=world.staff["supervisor"])
    assert [late_dispatches(today=late.date(), now=late) for _run in range(3)] == [2, 1, 0]


def test_levels_at_the_top_hold_up_nothing(world, monkeypatch):
    """RET-13: who is told again goes behind those that wait; every late level is reached run by run."""
    monkeypatch.setattr(clocks, "BATCH", 1)
    Unit.unscoped.update(head=None)
    for number in range(3):
        escalate(customer_id=world.customers["gold"].pk, origin_table="x", origin_id=number, subject="x", reason="y",
                 by=world.manager, now=WEDNESDAY)  # fmt: skip
    late = EscalationStep.unscoped.first().due_at
    assert [late_escalations(today=late.date(), now=late) for _run in range(4)] == [1, 1, 1, 0]
    assert set(EscalationStep.unscoped.values_list("due_at", flat=True)) == {late + timedelta(days=1)}


def test_unanswered_levels_pass_it_on_without_skipping_one(world):
    """RET-13: unanswered level 1 after its limit → level 2 notified by job; then level 3; the top is reminded."""
    reported(world)
    now = WEDNESDAY
    for level, who in ((1, "supervisor"), (2, "handler"), (3, "group_department")):
        assert EscalationStep.unscoped.order_by("-level").first().level == level
        assert "escalated" in texts(world.users[who])
        now = EscalationStep.unscoped.order_by("-level").first().due_at
        assert late_escalations(today=now.date(), now=now - timedelta(minutes=1)) == 0
        assert late_escalations(today=now.date(), now=now) == 1
        assert late_escalations(today=now.date(), now=now) == 0
    assert list(EscalationStep.unscoped.order_by("level").values_list("state", flat=True)) == [
        "expired", "expired", "waiting"]  # fmt: skip
    assert Notice.objects.filter(user=world.group_department, kind="escalated").count() == 2


def test_each_level_accepts_and_adds_its_comment(world):
    """RET-13, CMP-24: the owner accepts, comments, passes it up; who is not his turn may not."""
    row = reported(world)
    with pytest.raises(NotAllowed):
        accept_escalation(escalation_id=row.pk, by=world.handler, now=WEDNESDAY)
    accept_escalation(escalation_id=row.pk, by=world.supervisor, now=WEDNESDAY)
    answer_escalation(escalation_id=row.pk, comment="建议九折", settles=False, by=world.supervisor, now=WEDNESDAY)
    answer_escalation(escalation_id=row.pk, comment="同意", settles=True, by=world.handler, now=WEDNESDAY)
    row.refresh_from_db()
    assert row.state == "closed"
    assert list(EscalationStep.unscoped.order_by("level").values_list("comment", flat=True)) == ["建议九折", "同意"]
    assert {"escalation_answered"} <= set(texts(world.manager)) & set(texts(world.supervisor))
    with pytest.raises(Conflict):
        answer_escalation(escalation_id=row.pk, comment="又", settles=True, by=world.handler, now=WEDNESDAY)


def test_a_reason_is_required_and_the_top_cannot_pass_it_up(world):
    """CMP-24: reason required."""
    with pytest.raises(Invalid):
        escalate(customer_id=world.customers["gold"].pk, origin_table="x", origin_id=1, subject="x", reason=" ",
                 by=world.manager, now=WEDNESDAY)  # fmt: skip
    row = reported(world)
    for who in ("supervisor", "handler"):
        answer_escalation(escalation_id=row.pk, comment="上报", settles=False, by=world.users[who], now=WEDNESDAY)
    with pytest.raises(Invalid):
        answer_escalation(
            escalation_id=row.pk, comment="再上报", settles=False, by=world.group_department, now=WEDNESDAY
        )


def test_a_deputy_answers_for_who_is_away(world):
    """Design 4: approvals have a deputy; he is told and may answer."""
    Cover.unscoped.create(
        absent=world.staff["supervisor"], substitute=world.staff["stranger_supervisor"], starts_on=WEDNESDAY.date(),
        ends_on=WEDNESDAY.date(), arranged_by=world.director, arranged_at=WEDNESDAY,
    )  # fmt: skip
    row = reported(world)
    assert texts(world.stranger_supervisor) == ["escalated"]
    answer_escalation(escalation_id=row.pk, comment="同意", settles=True, by=world.stranger_supervisor, now=WEDNESDAY)
    assert Escalation.unscoped.get().state == "closed"


def test_the_pages_show_what_waits_and_take_the_answer(world, as_user):
    """CMP-24: the escalated item is in the upper level's inbox; the manager still sees its state."""
    row, dispatch = reported(world, now=timezone.now()), sent(world, reply_due_at=timezone.now() + timedelta(days=1))
    inbox = as_user(world.supervisor).get(reverse("accounts:dispatch_list") + "?tab=up").content.decode()
    assert "要求降价" in inbox
    seen = as_user(world.manager).get(reverse("accounts:escalation_detail", args=[row.pk])).content.decode()
    assert world.staff["supervisor"].name in seen and 'name="comment"' not in seen
    client = as_user(world.service_centre)
    assert "信号差" in client.get(reverse("accounts:dispatch_list")).content.decode()
    answer = client.post(reverse("accounts:dispatch_detail", args=[dispatch.pk]), {"text": "已修", "solved": "yes"})
    assert answer.status_code == 302 and Dispatch.unscoped.get().state == "replied"
    assert as_user(world.stranger).get(reverse("accounts:dispatch_detail", args=[dispatch.pk])).status_code == 404


def test_posts_of_the_unit_answer_when_it_has_no_head(world):
    """Nobody is named: everybody of the unit whose role answers is told."""
    Post.unscoped.filter(staff=world.staff["service_centre"]).update(role="auditor")
    sent(world)
    assert texts(world.service_centre) == []
