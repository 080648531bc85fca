"""Contact compliance: the share of what was owed that was met, and the rows behind every number."""

from datetime import date

import pytest
from django.utils import timezone

from accounts.choices import Grade
from accounts.models import Customer
from tests.visits.desk import owe
from visits.queries.compliance import compliance

pytestmark = pytest.mark.django_db
PAGE = "/team/compliance/?month=2026-10"


def october(customer, state="met", **more):
    met_on = date(2026, 10, 5) if state == "met" else None
    return owe(customer, starts_on=date(2026, 10, 1), due_on=date(2026, 10, 31), state=state, met_on=met_on, **more)


@pytest.fixture
def five_diamonds(cast):
    """Five diamonds of one manager, four of them met in October; one gold missed, one excused."""
    model = cast.customers["diamond"]
    five = [model] + [
        Customer.unscoped.create(
            number=f"K7{number:07d}", kind="vip", name=f"钻石{number}", unit=model.unit, manager=model.manager,
            tier=model.tier, created_at=model.created_at, updated_at=model.updated_at,
        )
        for number in range(4)
    ]  # fmt: skip
    for customer in five[:4]:
        october(customer)
    october(five[4], "missed")
    october(cast.customers["gold"], "missed")
    october(cast.customers["silver"], "excused")
    october(cast.customers["teammates"])
    october(cast.customers["strangers"], "missed")
    return cast


def figures(client, by):
    answer = client.get(f"{PAGE}&by={by}")
    assert answer.status_code == 200, answer.content.decode()[-500:]
    return {
        line.figures.key: (line.figures.met, line.figures.owed, line.figures.per_cent, line.urls)
        for line in answer.context["page"].lines
    }


def test_four_of_five_diamonds_are_eighty_per_cent(five_diamonds, as_user):
    """CON-3: fixture 4 of 5 diamond → 80.0 %, per tier; excused ones are in neither number (decisions 6)."""
    client = as_user(five_diamonds.supervisor)
    tiers = figures(client, "tier")
    assert tiers[five_diamonds.customers["diamond"].tier_id][:3] == (4, 5, 80.0)
    assert tiers[five_diamonds.customers["gold"].tier_id][:3] == (0, 1, 0.0)
    assert five_diamonds.customers["silver"].tier_id not in tiers
    assert "80.0 %" in client.get(f"{PAGE}&by=tier").content.decode()


def test_per_manager_unit_and_period(five_diamonds, as_user):
    """CON-3: per manager, unit and period; a supervisor sees his own people, a director all units."""
    client = as_user(five_diamonds.supervisor)
    manager, teammate = five_diamonds.staff["manager"].pk, five_diamonds.staff["teammate"].pk
    managers = figures(client, "manager")
    assert {key: row[:3] for key, row in managers.items()} == {manager: (4, 6, 66.7), teammate: (1, 1, 100.0)}
    assert not client.get("/team/compliance/?month=2026-09").context["page"].lines
    units = figures(as_user(five_diamonds.director), "unit")
    assert {key: row[2] for key, row in units.items()} == {
        five_diamonds.units["A"].pk: 71.4, five_diamonds.units["B"].pk: 0.0,
    }  # fmt: skip


@pytest.mark.parametrize("by", ["manager", "unit", "tier", "grade", "line"])
def test_every_number_opens_as_many_rows(five_diamonds, as_user, by):
    """Screens: every number that counts rows is a link to these rows."""
    five_diamonds.staff["manager"].grade = Grade.KEY_ACCOUNT
    five_diamonds.staff["manager"].save()
    client = as_user(five_diamonds.supervisor)
    for met, owed, _share, urls in figures(client, by).values():
        for state, count in (("met", met), ("owed", owed), ("left", owed - met)):
            if urls[state]:
                rows = client.get(urls[state])
                assert rows.content.decode().count("data-record") == count, (by, urls[state])


def test_grouped_by_grade(five_diamonds, as_user):
    """ORG-4: the dashboard can be grouped by grade."""
    five_diamonds.staff["manager"].grade = Grade.SENIOR
    five_diamonds.staff["manager"].save()
    client = as_user(five_diamonds.supervisor)
    assert {key: row[2] for key, row in figures(client, "grade").items()} == {"senior": 66.7, "": 100.0}
    text = client.get(f"{PAGE}&by=grade", headers={"accept-language": "en"}).content.decode()
    assert "Senior account manager" in text


def test_a_corrected_miss_counts_once(five_diamonds):
    """Decisions 2: the highest revision is read."""
    first = october(five_diamonds.customers["channel"], "missed")
    october(five_diamonds.customers["channel"], "met", rule=first.rule, revision=2, frozen_at=timezone.now())
    found = compliance(
        five_diamonds.director.access.scope,
        first=date(2026, 10, 1),
        last=date(2026, 10, 31),
        now=timezone.now(),
        by="manager",
    )
    assert next((line.met, line.owed) for line in found if line.key == five_diamonds.staff["teammate"].pk) == (2, 2)


def test_who_became_owed_later_is_not_counted_in_that_month(five_diamonds, as_user):
    """Decisions 4: owed all period; the rows behind the number leave him out too, those of Today do not."""
    october(five_diamonds.customers["channel"], "missed", owed_from=date(2026, 10, 2))
    client = as_user(five_diamonds.supervisor)
    teammate = five_diamonds.staff["teammate"].pk
    met, owed, _share, urls = figures(client, "manager")[teammate]
    assert (met, owed) == (1, 1)
    assert client.get(urls["owed"]).content.decode().count("data-record") == 1
    assert (
        client.get(f"/duties/?state=owed&month=2026-10&manager={teammate}").content.decode().count("data-record") == 2
    )


@pytest.mark.parametrize("query", ["by=password", "month=2026-13", "unit=x", "by=manager%00"])
def test_a_wrong_address_is_refused(cast, as_user, query):
    """Bad inputs 7, 9, 10."""
    assert as_user(cast.supervisor).get(f"/team/compliance/?{query}").status_code == 400


@pytest.mark.parametrize("query", ["grade=x", "line=x", "month=x", "tier=x", "counted=x"])
def test_a_wrong_filter_of_the_rows_is_refused(cast, as_user, query):
    """Bad inputs 7, 9, 10."""
    assert as_user(cast.supervisor).get(f"/duties/?{query}").status_code == 400


def test_who_leads_nobody_gets_no_page(cast, as_user):
    """Decisions 13."""
    assert as_user(cast.manager).get(PAGE).status_code == 403
