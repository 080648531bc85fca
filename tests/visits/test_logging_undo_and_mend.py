"""Undo and mend: the author, an unsigned record, until the end of the local day; after that a note."""

from datetime import date, datetime, timedelta

import pytest

from accounts.models import Task
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.visits.desk import NOW, SHANGHAI, TODAY, at, owe, sheet
from visits.actions import add_note, log_visit, mend_visit, undo_visit, undo_visits
from visits.models import CustomerVoice, Visit, VisitNote

pytestmark = pytest.mark.django_db
LATE = datetime(2026, 11, 18, 23, 59, tzinfo=SHANGHAI)
NEXT_DAY = datetime(2026, 11, 19, 0, 1, tzinfo=SHANGHAI)


@pytest.fixture
def logged(cast):
    """A call with a promise and an opinion, which settled a duty."""
    duty = owe(cast.customers["gold"])
    done = log_visit(
        sheet=sheet(
            cast.customers["gold"],
            next_step="回电",
            next_on=TODAY + timedelta(days=2),
            opinion="信号不好",
            content="谈了资费",
        ),
        by=cast.manager,
        now=NOW,
    )
    return Visit.unscoped.get(pk=done.visit_ids[0]), duty


def test_undoing_takes_everything_back(cast, logged):
    """Screens 2, decisions 2: the duty is owed again, the promise falls away; the row stays, marked."""
    visit, duty = logged
    undo_visit(visit_id=visit.pk, by=cast.manager, now=LATE)
    visit.refresh_from_db()
    duty.refresh_from_db()
    assert (visit.undone_at, visit.counts) == (LATE, False)
    assert (duty.state, duty.met_by_id) == ("open", None)
    assert Task.unscoped.get().state == "cancelled"
    assert not CustomerVoice.unscoped.exists()
    cast.customers["gold"].standing.refresh_from_db()
    assert cast.customers["gold"].standing.last_visit_on is None


def test_undoing_reopens_the_introduction_and_the_call_back_it_closed(cast):
    """CON-37: what the visit had answered is still to do."""
    customer = cast.customers["gold"]
    kinds = ("introduction", "call_back", "follow_up")
    tasks = [
        Task.unscoped.create(
            kind=kind, customer=customer, staff=cast.staff["manager"], due_on=TODAY, created_at=NOW,
            origin_table="test", origin_id=number,
        )
        for number, kind in enumerate(kinds)
    ]  # fmt: skip
    done = log_visit(sheet=sheet(customer), by=cast.manager, now=NOW)
    states = [Task.unscoped.get(pk=task.pk).state for task in tasks]
    assert states == ["done", "done", "open"]
    undo_visit(visit_id=done.visit_ids[0], by=cast.manager, now=LATE)
    assert [Task.unscoped.get(pk=task.pk).state for task in tasks] == ["open"] * 3
    assert Task.unscoped.get(pk=tasks[0].pk).closed_at is None


def test_mending_reopens_and_closes_what_the_visit_answered(cast):
    """CON-37: not reached after all, the introduction is still to do; reached after all, it is done."""
    task = Task.unscoped.create(
        kind="introduction", customer=cast.customers["gold"], staff=cast.staff["manager"], due_on=TODAY, created_at=NOW,
        origin_table="test", origin_id=1,
    )  # fmt: skip
    (visit_id,) = log_visit(sheet=sheet(cast.customers["gold"]), by=cast.manager, now=NOW).visit_ids
    for changes, state in (
        ({"content": "补一句"}, "done"), ({"outcome": "no_answer"}, "open"), ({"outcome": "effective"}, "done"),
    ):  # fmt: skip
        mend_visit(visit_id=visit_id, changes=changes, version=None, by=cast.manager, now=LATE)
        assert Task.unscoped.get(pk=task.pk).state == state
    undo_visit(visit_id=visit_id, by=cast.manager, now=LATE)
    assert Task.unscoped.get(pk=task.pk).state == "open"


def test_undoing_twice_is_the_same_as_once(cast, logged):
    """Decisions 2."""
    visit, _duty = logged
    undo_visit(visit_id=visit.pk, by=cast.manager, now=NOW)
    assert undo_visits(visit_ids=[visit.pk], by=cast.manager, now=LATE) == ()
    visit.refresh_from_db()
    assert visit.undone_at == NOW


def test_undoing_the_first_leaves_the_second_to_settle(cast, logged):
    """Decisions 2: a row is recomputed from the period's valid visits, earliest wins."""
    visit, duty = logged
    second = log_visit(sheet=sheet(cast.customers["gold"], occurred_at=NOW), by=cast.manager, now=NOW)
    undo_visit(visit_id=visit.pk, by=cast.manager, now=NOW)
    duty.refresh_from_db()
    assert (duty.state, duty.met_by_id) == ("met", second.visit_ids[0])


def test_after_midnight_only_a_note_is_possible(cast, logged):
    """Issue 2: an unsigned record may be mended until the end of the day; after that a note."""
    visit, _duty = logged
    for deed in (
        lambda: undo_visit(visit_id=visit.pk, by=cast.manager, now=NEXT_DAY),
        lambda: mend_visit(visit_id=visit.pk, changes={"content": "x"}, version=1, by=cast.manager, now=NEXT_DAY),
    ):
        with pytest.raises(NotAllowed) as refusal:
            deed()
        assert refusal.value.code == "too_late"
    add_note(visit_id=visit.pk, text="补充:已回电", by=cast.manager, now=NEXT_DAY)
    assert VisitNote.unscoped.get().text == "补充:已回电"


def test_only_the_author_changes_a_visit(cast, logged):
    """Screens 2: the supervisor sees it (403), the stranger does not (404)."""
    visit, _duty = logged
    with pytest.raises(NotAllowed):
        undo_visit(visit_id=visit.pk, by=cast.supervisor, now=NOW)
    with pytest.raises(NotFound):
        mend_visit(visit_id=visit.pk, changes={}, version=1, by=cast.stranger, now=NOW)
    visit.refresh_from_db()
    assert (visit.undone_at, visit.version) == (None, 1)


def test_a_mended_outcome_takes_the_met_duty_back(cast, logged):
    """Decisions 2: mended outcome, either way."""
    visit, duty = logged
    mended = mend_visit(visit_id=visit.pk, changes={"outcome": "no_answer"}, version=1, by=cast.manager, now=LATE)
    duty.refresh_from_db()
    assert (mended.counts, mended.version, duty.state) == (False, 2, "open")
    mend_visit(visit_id=visit.pk, changes={"outcome": "effective"}, version=2, by=cast.manager, now=LATE)
    duty.refresh_from_db()
    assert (duty.state, duty.met_by_id) == ("met", visit.pk)


def test_mending_computes_everything_again(cast, logged):
    """Screens 2: class, category, day and the back-dated mark follow."""
    visit, _duty = logged
    mended = mend_visit(
        visit_id=visit.pk,
        changes={"occasion": "promotion", "occurred_at": at(date(2026, 11, 17), "09:00"), "channel": "wechat"},
        version=1,
        by=cast.manager,
        now=LATE,
    )
    assert (mended.work_class, mended.occurred_on, mended.is_backdated) == ("sales", date(2026, 11, 17), True)
    assert (mended.channel.code, mended.kind, mended.logged_at) == ("wechat", "regular", NOW)


def test_mending_keeps_the_rules_of_logging(cast, logged):
    """CON-34: the limit holds for a mended visit too."""
    visit, _duty = logged
    with pytest.raises(Invalid):
        mend_visit(
            visit_id=visit.pk, changes={"occurred_at": NOW - timedelta(days=9)}, version=1, by=cast.manager, now=LATE
        )
    with pytest.raises(Invalid) as refusal:
        mend_visit(visit_id=visit.pk, changes={"staff_id": 1, "logged_at": NOW}, version=1, by=cast.manager, now=LATE)
    assert {problem.code for problem in refusal.value.problems} == {"read_only_field"}


def test_the_promise_follows_the_mended_record(cast, logged):
    """CON-16: one open follow-up, with the new day."""
    visit, _duty = logged
    later = TODAY + timedelta(days=9)
    mend_visit(visit_id=visit.pk, changes={"next_on": later}, version=1, by=cast.manager, now=NOW)
    assert Task.unscoped.get(state="open").due_on == later
    mend_visit(visit_id=visit.pk, changes={"next_on": None, "next_step": ""}, version=2, by=cast.manager, now=NOW)
    assert not Task.unscoped.filter(state="open").exists()


def test_two_tabs_saving_the_same_record_conflict(cast, logged):
    """Bad input 33: 409 with both values, nothing lost."""
    visit, _duty = logged
    mend_visit(visit_id=visit.pk, changes={"content": "第一个"}, version=1, by=cast.manager, now=NOW)
    with pytest.raises(Conflict) as refusal:
        mend_visit(visit_id=visit.pk, changes={"content": "第二个"}, version=1, by=cast.manager, now=NOW)
    assert (refusal.value.current["content"], refusal.value.current["version"]) == ("第一个", 2)
    visit.refresh_from_db()
    assert visit.content == "第一个"
