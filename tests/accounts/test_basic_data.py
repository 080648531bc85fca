"""Basic data of a customer, through the form (CUS-6), and the two roles of the back office (ORG-16)."""

import pytest

from accounts.models import Customer, PersonProfile
from accounts.rules import ROLE_ABILITIES

pytestmark = pytest.mark.django_db


def save(client, customer, **fields):
    body = {"name": customer.name, "phone": customer.phone, "version": customer.version, **fields}
    return client.post(f"/customers/{customer.pk}/edit/", body)


def test_name_sex_and_phones_are_kept_in_one_form(cast, as_user):
    """CUS-6: the basic data group; phones in any usual writing are stored in one."""
    customer = cast.customers["gold"]
    answer = save(
        as_user(cast.manager), customer, phone="+86 139-0000-5555", other_phone="０５７１－88886666", sex="female"
    )
    assert answer.status_code == 302, answer.content.decode()[:400]
    customer.refresh_from_db()
    assert (customer.phone, customer.other_phone) == ("13900005555", "0571-88886666")
    assert PersonProfile.unscoped.get(customer=customer).sex == "female"


def test_a_wrong_phone_is_refused_beside_its_field_and_nothing_is_written(cast, as_user):
    """CUS-6: phone format validated."""
    customer = cast.customers["gold"]
    answer = save(as_user(cast.manager), customer, phone="1380013800", district="江北")
    assert answer.status_code == 400
    assert "phone" in answer.context["form"].errors
    assert "江北" in answer.content.decode()
    assert Customer.unscoped.get(pk=customer.pk).district == ""


def test_the_home_address_is_private(cast, as_user):
    """CUS-6, CUS-8: the home address stands behind a reason, not on the form."""
    page = as_user(cast.manager).get(f"/customers/{cast.customers['gold'].pk}/edit/")
    assert "home_address" not in page.content.decode()


def test_service_director_and_back_office_are_roles_of_their_own(cast):
    """ORG-16: 客服主任 and 后勤支撑; they read, and have no deed of the managers."""
    for user in (cast.service_director, cast.back_office):
        assert user.access.can("view_customers")
        assert not user.access.can_any("edit_customers", "log_visits", "assign_customers")
    assert {"service_director", "back_office"} <= {role.value for role in ROLE_ABILITIES}


def test_only_these_two_countersign_the_register_of_printed_call_details(cast, as_user):
    """ORG-16: no other role of requirements 3.3 may, the director neither; the page is closed to all others."""
    assert {role.value for role, deeds in ROLE_ABILITIES.items() if "confirm_call_details" in deeds} == {
        "service_director",
        "back_office",
    }
    for user in (cast.manager, cast.supervisor, cast.director, cast.auditor):
        assert not user.access.can("confirm_call_details")
