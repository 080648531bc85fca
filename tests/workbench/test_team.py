"""Team: who is behind, and what a supervisor does from a row (screens 1b)."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from accounts.models import Cover, Leave
from crm.core.models import Notice
from tests.visits.desk import owe
from tests.visits.ledger_world import customer_of, visit
from tests.workbench.world import HTMX, month, owe_today, statements, today

pytestmark = pytest.mark.django_db


def page(client, address="/team/"):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_one_row_per_manager_with_every_number_a_link(cast, as_user):
    """screens 1b, ORG-28: owed, met, at risk, overdue, last logged, capacity, customers."""
    owe_today(cast.customers["gold"], is_overdue=True)
    owe(cast.customers["diamond"], starts_on=month()[0], due_on=month()[1], state="met", met_on=today())
    visit(cast.customers["diamond"], today(), cast=cast)
    text = page(as_user(cast.supervisor))
    manager = cast.staff["manager"].pk
    assert "林晓" in text and "周宁" in text and "吴桐" not in text
    assert (
        f"/duties/?manager={manager}&amp;state=met" in text and f"/customers/?manager={manager}&amp;overdue=1" in text
    )


def test_a_manager_who_owes_nothing_has_no_full_bar(cast, as_user):
    """screens 1b: "nothing owed" is not "all met"."""
    owe_today(cast.customers["gold"])
    text = page(as_user(cast.supervisor))
    assert text.count("没有应沟通客户") == 1 and text.count("<progress") == 1


def test_leave_and_cover_are_on_the_row(cast, as_user):
    """screens 1b: capacity and leave; nobody covering is said."""
    Leave.unscoped.create(staff=cast.staff["manager"], starts_on=today(), ends_on=today() + timedelta(days=2))
    assert "ti-plane-departure" in page(as_user(cast.supervisor))
    assert "ti-alert-triangle" in page(as_user(cast.supervisor))
    Cover.unscoped.create(
        absent=cast.staff["manager"], substitute=cast.staff["teammate"], starts_on=today(), ends_on=today(),
        arranged_by=cast.supervisor, arranged_at=timezone.now(),
    )  # fmt: skip
    assert "ti-user-shield" in page(as_user(cast.supervisor))


def test_a_director_sees_the_units_and_can_look_into_one(cast, as_user):
    """screens 1b: a director's home adds the units."""
    text = page(as_user(cast.director))
    assert "城东分公司" in text and "城西分公司" in text and 'id="units-title"' in text
    inside = page(as_user(cast.director), f"/team/?unit={cast.units['A'].pk}")
    assert "林晓" in inside and "吴桐" not in inside


def test_a_foreign_unit_shows_nobody(cast, as_user):
    """Safety: the scope decides, not the address."""
    assert "吴桐" not in page(as_user(cast.supervisor), f"/team/?unit={cast.units['B'].pk}")


def test_team_is_for_those_who_lead(cast, as_user):
    """Abilities: 403."""
    assert as_user(cast.manager).get("/team/").status_code == 403


def test_urging_writes_one_digest_notice_a_day(cast, as_user):
    """screens 1b: urge (one digest)."""
    owe_today(cast.customers["gold"], is_overdue=True)
    client, manager = as_user(cast.supervisor), cast.staff["manager"].pk
    assert client.post(f"/team/{manager}/urge/", headers=HTMX).status_code == 204
    assert client.post(f"/team/{manager}/urge/", headers=HTMX).status_code == 409
    notice = Notice.objects.get(kind="urged")
    assert notice.user == cast.manager and notice.params["overdue"] == 1


def test_nobody_urges_somebody_of_another_unit(cast, as_user):
    """Safety: 404, no notice."""
    client = as_user(cast.supervisor)
    assert client.post(f"/team/{cast.staff['stranger'].pk}/urge/", headers=HTMX).status_code == 404
    assert as_user(cast.manager).post(f"/team/{cast.staff['teammate'].pk}/urge/").status_code == 403
    assert not Notice.objects.exists()


def cover_values(cast, **changes):
    first = today()
    return {
        "substitute_id": cast.staff["teammate"].pk, "starts_on": str(first), "ends_on": str(first + timedelta(days=2)),
    } | changes  # fmt: skip


def test_three_days_cover_with_preview(cast, as_user):
    """Issue 2: three days' cover with preview; the preview writes nothing."""
    client, address = as_user(cast.supervisor), f"/team/{cast.staff['manager'].pk}/cover/"
    assert client.get(address, headers=HTMX).status_code == 200
    look = client.post(address, cover_values(cast, look="1"), headers=HTMX)
    assert look.status_code == 200 and 'class="card cover-preview"' in look.content.decode()
    assert not Cover.unscoped.exists()
    assert client.post(address, cover_values(cast), headers=HTMX).status_code == 204
    cover = Cover.unscoped.get()
    assert (cover.absent, cover.substitute) == (cast.staff["manager"], cast.staff["teammate"])


def test_cover_by_somebody_who_is_away_is_refused_beside_the_field(cast, as_user):
    """Issue 2, bad input."""
    Leave.unscoped.create(staff=cast.staff["teammate"], starts_on=today(), ends_on=today())
    address = f"/team/{cast.staff['manager'].pk}/cover/"
    response = as_user(cast.supervisor).post(address, cover_values(cast), headers=HTMX)
    text = response.content.decode()
    assert response.status_code == 400 and "field-error" in text
    assert text.index("field-substitute_id") < text.index("field-error") < text.index("field-starts_on")
    assert not Cover.unscoped.exists()


def test_cover_is_arranged_inside_one_s_own_unit_only(cast, as_user):
    """Safety: a foreign absentee is 404; a foreign substitute is no choice."""
    client = as_user(cast.supervisor)
    assert client.get(f"/team/{cast.staff['stranger'].pk}/cover/").status_code == 404
    foreign = cover_values(cast, substitute_id=cast.staff["stranger"].pk)
    assert client.post(f"/team/{cast.staff['manager'].pk}/cover/", foreign).status_code == 400
    assert not Cover.unscoped.exists()


def test_the_rows_behind_a_number(cast, as_user):
    """screens: every number that counts rows is a link to these rows."""
    owe_today(cast.customers["gold"])
    owe(cast.customers["diamond"], starts_on=month()[0], due_on=month()[1], state="met", met_on=today())
    client = as_user(cast.supervisor)
    assert page(client, "/duties/?state=owed").count("<tr data-record") == 2
    assert page(client, "/duties/?state=left").count("<tr data-record") == 1
    assert "钱多多" in page(client, "/duties/?state=met")
    assert page(as_user(cast.stranger_supervisor), "/duties/?state=owed").count("<tr data-record") == 0


def test_a_duty_of_a_customer_handed_over_counts_without_name(cast, as_user):
    """Decisions 6: listed without name or link, and counts."""
    duty = owe_today(cast.customers["gold"])
    type(duty).unscoped.filter(pk=duty.pk).update(manager=cast.staff["teammate"])
    text = page(as_user(cast.teammate), "/duties/?state=owed")
    assert text.count("<tr data-record") == 1 and "金满堂" not in text


def test_an_unknown_state_is_a_400_that_names_it(cast, as_user):
    """Bad input 7."""
    assert as_user(cast.supervisor).get("/duties/?state=nope").status_code == 400
    assert as_user(cast.supervisor).get("/duties/?cursor=x").status_code == 400


def test_team_asks_no_more_with_many_managers(cast, as_user):
    """Query budget: the same at few rows and many."""
    from accounts.models import Post, Staff
    from crm.core.models import User

    client = as_user(cast.supervisor)
    page(client)
    with statements() as few:
        page(client)
    for index in range(27):
        user = User.objects.create(username=f"X{index:03}", name=f"经理{index}")
        staff = Staff.unscoped.create(user=user, number=user.username, name=user.name, unit=cast.units["A"])
        Post.unscoped.create(staff=staff, role="manager", unit=cast.units["A"])
    customer_of(cast)
    page(client)
    with statements() as many:
        assert page(client).count("<tr data-record") == 29
    assert len(few) == len(many) <= 12


def test_every_link_of_the_page_can_be_opened(cast, as_user):
    """screens: every number that counts rows is a link to these rows."""
    owe_today(cast.customers["gold"], is_overdue=True)
    for who in (cast.supervisor, cast.director):
        client = as_user(who)
        main = page(client).split("<main", 1)[1].split("</main>", 1)[0]
        for link in set(re.findall(r'href="(/[^"]*)"', main)):
            assert client.get(unescape(link)).status_code == 200, link


def test_units_that_name_no_complaint_handler_are_on_the_dashboard(cast, as_user):
    """ORG-18: a unit without handler is listed on the supervisor's dashboard until one is named."""
    text = page(as_user(cast.supervisor))
    note = text.split('class="note soon"')[1].split("</div>")[0]
    assert "城东分公司" in note
    assert "城西分公司" not in note
    unit = cast.units["A"]
    unit.complaint_handler = cast.staff["handler"]
    unit.save()
    assert 'class="note soon"' not in page(as_user(cast.supervisor))


def test_who_is_away_himself_is_no_first_choice_for_cover(cast, as_user):
    """Issue 2, bad input: cover to somebody who is away himself is not even proposed; he is marked in the list."""
    Leave.unscoped.create(staff=cast.staff["teammate"], starts_on=today(), ends_on=today() + timedelta(days=9))
    form = as_user(cast.director).get(f"/team/{cast.staff['manager'].pk}/cover/", headers=HTMX).context["form"]
    assert form.initial["substitute_id"] == cast.staff["stranger"].pk
    words = dict(form.fields["substitute_id"].choices)
    assert words[cast.staff["teammate"].pk].count(" · ") == 2
