"""Colleagues as headquarters sees them on the pages: what the form offers, what the list marks."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.choices import EmploymentForm, Line
from accounts.models import Customer, Qualification, Staff
from crm.core.models import User
from tests.cast import PASSWORD
from tests.workbench.world import HTMX, sheet_values
from visits.models import Visit

pytestmark = pytest.mark.django_db


def colleague(client, **changes):
    values = {
        "number": "M3001", "name": "赵新", "line": "service_hall", "grade": "representative", "post_level": "3",
        "employment_form": "own", "hired_on": "2026-03-01", "password": PASSWORD, "version": "0",
    } | changes  # fmt: skip
    return client.post("/settings/staff/new/", values)


def test_the_form_offers_exactly_the_three_grades(cast, as_user):
    """ORG-4: senior, key-account, representative; ORG-5: the line beside it, independent."""
    fields = as_user(cast.director).get("/settings/staff/new/").context["form"].fields
    assert [value for value, _label in fields["grade"].choices if value] == ["senior", "key_account", "representative"]
    assert {value for value, _label in fields["line"].choices if value} == set(Line.values)


def test_a_colleague_may_be_a_senior_of_the_channel_line(cast, as_user):
    """ORG-5, ORG-6: a staff member has both line and grade."""
    answer = colleague(as_user(cast.director), unit_id=cast.units["A"].pk, line="channel", grade="senior")
    assert answer.status_code == 302, answer.context["form"].errors
    made = Staff.unscoped.get(number="M3001")
    assert (made.line, made.grade) == ("channel", "senior")


def test_every_employment_form_is_in_the_list(cast, as_user):
    """ORG-31, ORG-23: own, contract, agency, society-hired, outsourced; one choice field."""
    offered = as_user(cast.director).get("/settings/staff/new/").context["form"].fields["employment_form"].choices
    assert [value for value, _label in offered] == ["own", "contract", "agency", "society", "outsourced"]


def test_a_hall_representative_signs_in_and_logs_a_visit(cast, as_user, client):
    """ORG-7: same role, line service_hall, a unit of type hall; can sign in and log visits."""
    director = as_user(cast.director)
    assert colleague(director, unit_id=cast.units["A1"].pk).status_code == 302
    made = Staff.unscoped.get(number="M3001")
    post = {"role": "manager", "unit_id": cast.units["A1"].pk}
    assert director.post(f"/settings/staff/{made.pk}/posts/", post).status_code == 302
    Customer.unscoped.filter(pk=cast.customers["gold"].pk).update(manager=made, unit=cast.units["A1"])
    client.logout()
    signed_in = client.post(reverse("account_login"), {"login": "M3001", "password": PASSWORD})
    assert signed_in.status_code == 302, signed_in.content.decode()[:300]
    assert client.post("/log/", sheet_values(cast.customers["gold"]), headers=HTMX).status_code in (200, 204)
    assert Visit.unscoped.get().staff == made


def test_a_supervisor_who_would_be_his_own_subordinate_is_refused_beside_the_field(cast, as_user):
    """ORG-17: setting A's supervisor to his own subordinate is rejected."""
    boss = cast.staff["supervisor"]
    values = {
        "number": boss.number, "name": boss.name, "unit_id": boss.unit_id, "post_level": "3",
        "employment_form": "own", "supervisor_id": cast.staff["manager"].pk, "version": boss.version,
    }  # fmt: skip
    answer = as_user(cast.director).post(f"/settings/staff/{boss.pk}/", values)
    assert answer.status_code == 400
    assert "supervisor_id" in answer.context["form"].errors
    assert Staff.unscoped.get(pk=boss.pk).supervisor is None


def line_of(client, staff):
    text = client.get("/settings/staff/").content.decode()
    return next(
        row for row in re.findall(r"<tr data-record>.*?</tr>", text, re.S) if f"/settings/staff/{staff.pk}/" in row
    )


def test_a_trainee_and_a_missing_qualification_are_marked(cast, as_user):
    """ORG-20: the trainee flag is visible to the supervisor; ORG-27: a badge for who lacks a required qualification."""
    today, member = timezone.localdate(), cast.staff["manager"]
    client = as_user(cast.supervisor)
    assert "ti-certificate-off" in line_of(client, member)
    assert "ti-school" not in line_of(client, member)
    Staff.unscoped.filter(pk=member.pk).update(probation_ends_on=today + timedelta(days=10))
    for kind in ("education", "computer"):
        Qualification.unscoped.create(staff=member, kind=kind, level="本科")
    row = line_of(client, member)
    assert "ti-school" in row
    assert "ti-certificate-off" not in row
    Qualification.unscoped.filter(staff=member, kind="computer").update(expires_on=today - timedelta(days=1))
    assert "ti-certificate-off" in line_of(client, member)


def test_a_manager_with_customers_is_not_deactivated_and_the_page_says_where_to_go(cast, as_user):
    """ORG-29: deactivate a manager with 3 customers → blocked until reassigned."""
    client, member = as_user(cast.director), cast.staff["manager"]
    answer = client.post(f"/settings/staff/{member.pk}/deactivate/", follow=True)
    assert f"/handover/?from={member.pk}" in answer.content.decode()
    assert User.objects.get(pk=cast.manager.pk).is_active
    Customer.unscoped.filter(manager=member).update(manager=cast.staff["teammate"])
    assert client.post(f"/settings/staff/{member.pk}/deactivate/").status_code == 302
    assert not User.objects.get(pk=cast.manager.pk).is_active


def test_an_outsourced_manager_sees_masked_numbers_and_no_private_data(cast, as_user):
    """ORG-23: outsourced sees 138****1234, on the page and in the list, and gets no other on request."""
    Staff.unscoped.filter(pk=cast.staff["manager"].pk).update(employment_form=EmploymentForm.OUTSOURCED)
    client, gold = as_user(cast.manager), cast.customers["gold"]
    for address in ("/customers/", f"/customers/{gold.pk}/", "/"):
        text = client.get(address).content.decode()
        assert "13900000002" not in text
    assert "139****0002" in client.get("/customers/").content.decode()
    assert client.post(f"/customers/{gold.pk}/private/", {"reason": "看看"}).status_code == 403
    api = client.get(f"/api/v1/customers/{gold.pk}")
    assert "13900000002" not in api.content.decode()
