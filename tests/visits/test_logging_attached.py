"""What hangs on a visit: whom met, companions, customer voice, next step, facts learned, the dial tap."""

from datetime import date, timedelta

import pytest

from accounts.models import ContactPerson, PersonProfile, Task
from crm.core.errors import Invalid
from tests.visits.desk import NOW, TODAY, sheet
from visits.actions import dial, log_visit, undo_visit
from visits.models import CustomerVoice, DialTap, Visit

pytestmark = pytest.mark.django_db


def test_whom_he_met_and_who_came_along(cast):
    """CON-7: contact persons met and companions, each once."""
    person = ContactPerson.unscoped.get(customer=cast.customers["teammates"])
    log_visit(
        sheet=sheet(
            cast.customers["teammates"], met_person_ids=(person.pk,),
            companion_ids=(cast.staff["supervisor"].pk, cast.staff["teammate"].pk),
        ),
        by=cast.teammate,
        now=NOW,
    )  # fmt: skip
    visit = Visit.unscoped.get()
    assert [row.person for row in visit.met.all()] == [person]
    assert [row.staff for row in visit.companions.all()] == [cast.staff["supervisor"]]  # himself left out


def test_somebody_new_is_made_in_one_line(cast):
    """Screens 2: a contact person met for the first time."""
    log_visit(
        sheet=sheet(cast.customers["teammates"], new_persons=((cast.customers["teammates"].pk, " 王小二 "),)),
        by=cast.teammate,
        now=NOW,
    )
    person = ContactPerson.unscoped.get(name="王小二")
    assert person.customer == cast.customers["teammates"]
    assert [row.person for row in Visit.unscoped.get().met.all()] == [person]


def test_a_person_of_another_customer_was_not_met(cast):
    """Decisions 14: a foreign id stops everything."""
    foreign = ContactPerson.unscoped.get(customer=cast.customers["strangers"])
    with pytest.raises(Invalid) as refusal:
        log_visit(sheet=sheet(cast.customers["teammates"], met_person_ids=(foreign.pk,)), by=cast.teammate, now=NOW)
    assert refusal.value.problems[0].field == "met_person_ids"
    assert not Visit.unscoped.exists()


def test_a_vip_has_no_contact_persons_and_nothing_is_half_written(cast):
    """Bad input: the problem stands beside the field of the sheet."""
    with pytest.raises(Invalid) as refusal:
        log_visit(
            sheet=sheet(cast.customers["gold"], new_persons=((cast.customers["gold"].pk, "某人"),)),
            by=cast.manager,
            now=NOW,
        )
    assert refusal.value.problems[0].field == "new_persons"
    assert not Visit.unscoped.exists()


def test_an_opinion_and_a_problem_become_customer_voice(cast):
    """CON-15, CON-16: listed under customer voice."""
    log_visit(sheet=sheet(cast.customers["gold"], opinion="套餐太贵", problem="专线中断三次"), by=cast.manager, now=NOW)
    assert set(CustomerVoice.unscoped.values_list("kind", "text")) == {
        ("opinion", "套餐太贵"),
        ("problem", "专线中断三次"),
    }


def test_the_next_step_is_a_follow_up_of_the_manager_of_record(cast):
    """CON-16: it appears in the manager's to-do on its date."""
    on = TODAY + timedelta(days=5)
    log_visit(sheet=sheet(cast.customers["gold"], next_step="送专线方案", next_on=on), by=cast.manager, now=NOW)
    task = Task.unscoped.get()
    assert (task.kind, task.title, task.due_on, task.staff) == (
        "follow_up", "送专线方案", on, cast.staff["manager"],
    )  # fmt: skip
    assert (task.origin_table, task.origin_id) == ("visits_visit", Visit.unscoped.get().pk)


def test_facts_learned_are_written_to_the_profile(cast):
    """CUS-9: through the same action and rules as the profile page."""
    log_visit(
        sheet=sheet(cast.customers["gold"], learned={"birthday": date(1980, 5, 4), "preferred_time": "上午"}),
        by=cast.manager,
        now=NOW,
    )
    cast.customers["gold"].refresh_from_db()
    assert PersonProfile.unscoped.get(customer=cast.customers["gold"]).birthday == date(1980, 5, 4)
    assert cast.customers["gold"].preferred_time == "上午"


@pytest.mark.parametrize(
    ("learned", "code"),
    [
        ({"tier": "silver"}, "read_only_field"),
        ({"birthday": "2026-02-30"}, "invalid_date"),
        ({"nope": "1"}, "unknown_field"),
    ],
)
def test_a_wrong_fact_stops_the_sheet_and_names_itself(cast, learned, code):
    """Bad input 10, 18: nothing is half-written, a tier is not learned in a talk."""
    with pytest.raises(Invalid) as refusal:
        log_visit(sheet=sheet(cast.customers["gold"], learned=learned), by=cast.manager, now=NOW)
    (problem,) = refusal.value.problems
    assert (problem.field, problem.code) == (f"learned.{next(iter(learned))}", code)
    assert not Visit.unscoped.exists()


def test_logging_a_call_closes_the_taps_it_began_with(cast):
    """Decisions 16: dialled, not logged."""
    first = dial(customer_id=cast.customers["gold"].pk, by=cast.manager, now=NOW - timedelta(minutes=9))
    other = dial(customer_id=cast.customers["silver"].pk, by=cast.manager, now=NOW - timedelta(minutes=8))
    done = log_visit(sheet=sheet(cast.customers["gold"], dial_tap_id=first.tap_id), by=cast.manager, now=NOW)
    assert DialTap.unscoped.get(pk=first.tap_id).visit_id == done.visit_ids[0]
    assert DialTap.unscoped.get(pk=other.tap_id).visit_id is None
    undo_visit(visit_id=done.visit_ids[0], by=cast.manager, now=NOW)
    assert DialTap.unscoped.get(pk=first.tap_id).visit_id is None
