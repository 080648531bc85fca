"""Regular, irregular or special (CON-15): computed from what was owed and what waited, never asked."""

from datetime import timedelta

import pytest

from tests.visits.desk import NOW, owe, sheet
from visits.actions import log_visit, mend_visit
from visits.models import SpecialVisit, Visit
from visits.rules.kinds import kind_of

pytestmark = pytest.mark.django_db


def situation(cast, customer, *, found_at=NOW - timedelta(hours=3), **more):
    return SpecialVisit.unscoped.create(
        customer=customer, staff=cast.staff["manager"], trigger="水浸机房", found_at=found_at, created_by=cast.manager,
        created_at=found_at, **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("owed", "awaited", "effective", "kind"),
    [
        (False, False, True, "irregular"),
        (True, False, True, "regular"),
        (True, False, False, "regular"),
        (True, True, True, "special"),
        (False, True, True, "special"),
        (True, True, False, "regular"),
        (False, True, False, "irregular"),
    ],
)
def test_the_rule(owed, awaited, effective, kind):
    """CON-15: special before regular before irregular."""
    assert kind_of(effective, is_owed=owed, is_awaited=awaited) == kind


def test_the_visit_a_special_situation_waited_for_is_special_and_still_counts(cast):
    """CON-15, PLAN-8; CON-1: it meets what is owed like any other."""
    customer = cast.customers["gold"]
    duty = owe(customer)
    situation(cast, customer)
    log_visit(sheet=sheet(customer), by=cast.manager, now=NOW)
    duty.refresh_from_db()
    assert (Visit.unscoped.get().kind, duty.state) == ("special", "met")


def test_nobody_reached_nothing_special(cast):
    customer = cast.customers["gold"]
    situation(cast, customer)
    log_visit(sheet=sheet(customer, outcome="no_answer"), by=cast.manager, now=NOW)
    assert Visit.unscoped.get().kind == "irregular"


def test_a_visit_before_the_discovery_or_after_the_answer_is_not_special(cast):
    """PLAN-8: the clock runs from the discovery to the visit."""
    customer = cast.customers["gold"]
    situation(cast, customer, found_at=NOW + timedelta(minutes=1))
    situation(cast, customer, visited_at=NOW - timedelta(hours=1))
    log_visit(sheet=sheet(customer), by=cast.manager, now=NOW)
    assert Visit.unscoped.get().kind == "irregular"


def test_somebody_elses_situation_makes_nothing_special(cast):
    situation(cast, cast.customers["silver"])
    log_visit(sheet=sheet(cast.customers["gold"]), by=cast.manager, now=NOW)
    assert Visit.unscoped.get().kind == "irregular"


def test_a_mended_special_visit_stays_special(cast):
    """CON-15: mending its words changes nothing about what it was."""
    customer = cast.customers["gold"]
    row = situation(cast, customer)
    log_visit(sheet=sheet(customer), by=cast.manager, now=NOW)
    visit = Visit.unscoped.get()
    row.visit, row.visited_at = visit, NOW
    row.save()
    mend_visit(visit_id=visit.pk, changes={"content": "已恢复"}, version=visit.version, by=cast.manager, now=NOW)
    visit.refresh_from_db()
    assert (visit.kind, visit.content) == ("special", "已恢复")
