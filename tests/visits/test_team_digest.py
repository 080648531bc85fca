"""The supervisor's morning: one notice with what of the team is overdue, at risk, waiting; it opens Team (PLT-3)."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.models import Cover, Post
from crm import nightly
from crm.core.models import Notice, SweepRun
from crm.core.notices import shown
from tests.visits.ledger_world import at, customer_of, the_duty
from visits.models import Duty, Excuse
from visits.queries.team import team_rows

pytestmark = pytest.mark.django_db
JUNE_1, JUNE_24, JULY_1, JULY_2 = date(2026, 6, 1), date(2026, 6, 24), date(2026, 7, 1), date(2026, 7, 2)


@pytest.fixture
def world(cast):
    for unit in cast.units.values():
        unit.live_from = date(2024, 1, 1)
        unit.save(update_fields=["live_from"])
    return cast


def night(day, **more):
    return nightly.run_night(day, now=at(day, 0, 30), **more)


def ask_excuse(world, customer):
    duty = the_duty(customer, state="open")
    Excuse.unscoped.create(
        duty=duty, kind="no_contact", requested_by=world.manager, requested_at=at(JULY_1, 9), state="requested"
    )


def digests(user, day=JULY_2):
    return list(Notice.objects.filter(user=user, kind__endswith="digest", occasion=day.isoformat()))


def morning(world):
    """A team with customers overdue and at risk, and one excuse that waits."""
    customers = [customer_of(world) for _ in range(5)] + [customer_of(world, manager="teammate")]
    night(JUNE_1)
    night(JULY_1)
    ask_excuse(world, customers[0])
    night(JULY_2)
    return customers


def test_a_supervisor_gets_one_notice_that_opens_team(world):
    """Issue 2 §4: morning digests; the numbers are those of the page it opens."""
    morning(world)
    (notice,) = digests(world.supervisor)
    assert (notice.kind, notice.url) == ("team_digest", reverse("workbench:team"))
    rows = team_rows(world.supervisor.access.scope_for("view_team"), JULY_2)
    assert notice.params["team_overdue"] == sum(row.overdue for row in rows) >= 6
    assert notice.params["team_at_risk"] == sum(row.at_risk for row in rows)
    assert notice.params["waiting"] == sum(row.excuses for row in rows) == 1


def test_the_number_at_risk_is_that_of_team(world):
    """CON-1: within seven days of the due day."""
    for _ in range(3):
        customer_of(world)
    night(JUNE_1)
    night(JUNE_24)
    (notice,) = digests(world.supervisor, JUNE_24)
    rows = team_rows(world.supervisor.access.scope_for("view_team"), JUNE_24)
    assert notice.params["team_at_risk"] == sum(row.at_risk for row in rows) >= 3


def test_a_second_run_writes_no_second_digest(world):
    """PLT-3: one notification."""
    morning(world)
    night(JULY_2)
    assert len(digests(world.supervisor)) == 1


def test_while_he_is_covered_his_deputy_gets_it_in_his_place(world):
    """Approvals have a deputy (design 4); one notice per person, with his own day and the team's."""
    customers = [customer_of(world) for _ in range(3)]
    night(JUNE_1)
    night(JULY_1)
    ask_excuse(world, customers[0])
    Cover.unscoped.create(
        absent=world.staff["supervisor"], substitute=world.staff["teammate"], starts_on=JULY_2, ends_on=JULY_2,
        arranged_by=world.director, arranged_at=at(JULY_1),
    )  # fmt: skip
    customer_of(world, manager="teammate")
    night(JULY_2)
    assert digests(world.supervisor) == []
    (notice,) = digests(world.users["teammate"])
    assert notice.kind in ("team_digest", "both_digest")
    assert notice.params["waiting"] == 1
    assert notice.url == "/team/"


def test_who_leads_and_holds_customers_gets_one_notice_with_both(world):
    """One digest per person and morning (design 4)."""
    Post.unscoped.create(staff=world.staff["manager"], role="supervisor", unit=world.staff["manager"].unit)
    morning(world)
    (notice,) = digests(world.manager)
    assert notice.kind == "both_digest"
    assert notice.params["team_overdue"] >= notice.params["overdue"] >= 5
    assert notice.params["waiting"] == 0  # his own request is not his to decide (SEC-24)


def test_a_quiet_team_and_other_units_give_no_notice(world):
    """Whoever has nothing to do gets none; nobody hears of another unit."""
    night(JUNE_1)
    Duty.unscoped.all().delete()
    Notice.objects.all().delete()
    SweepRun.objects.all().delete()
    from accounts.models import Standing

    Standing.unscoped.update(is_overdue=False, duty_state="none", suggested_on=date(9999, 12, 31))
    night(JULY_2, steps=["morning_digests"])
    assert not Notice.objects.exists()


def test_the_words_name_the_numbers(world):
    morning(world)
    (notice,) = digests(world.supervisor)
    with translation.override("zh-hans"):
        words = shown(notice).text
    assert str(notice.params["team_overdue"]) in words
    assert "团队" in words
