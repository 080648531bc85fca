"""A bulk load logs the keys of its rows; what happens to them afterwards is logged in full (mechanisms A)."""

import pytest
from django.utils import timezone

from crm.core.db import write
from crm.core.models import Change, User

pytestmark = pytest.mark.django_db


def make(count):
    with write(label="import"):
        now = timezone.now()
        return User.objects.bulk_create(
            User(username=f"B{number}", name=f"name {number}", password="", date_joined=now) for number in range(count)
        )


def test_more_than_a_thousand_new_rows_of_one_statement_are_logged_by_key():
    people = make(1001)
    logged = Change.objects.filter(tbl="core_user", op="I")
    assert logged.count() == 1001
    assert set(logged.values_list("row_id", flat=True)) == {person.pk for person in people}
    assert {(row.after, row.actor_label) for row in logged} == {(None, "import")}


def test_their_first_values_can_be_walked_back_to():
    person = make(1001)[7]
    with write(label="test"):
        User.objects.filter(pk=person.pk).update(name="other")
    change = Change.objects.get(tbl="core_user", row_id=person.pk, op="U")
    assert (change.before["name"], change.after["name"]) == ("name 7", "other")


def test_a_thousand_rows_are_logged_with_their_values():
    person = make(1000)[0]
    assert Change.objects.get(tbl="core_user", row_id=person.pk, op="I").after["name"] == "name 0"
