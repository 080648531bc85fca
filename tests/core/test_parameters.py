"""Numbers live in one registry, hold from a date on, and leave their history (PLT-10)."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.core import parameters
from crm.core.errors import Invalid
from crm.core.models import Change, Parameter, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(db):
    return User.objects.create_user("A1", name="Ann")


@pytest.fixture(autouse=True)
def example():
    parameters.define("test_light", int, default=85, group="test", label="light", minimum=0, maximum=100)
    parameters.define("test_share", Decimal, default=Decimal("3.5"), group="test", label="share", only_future=True)
    yield
    for key in ("test_light", "test_share"):
        parameters.REGISTRY.pop(key)


def test_a_new_value_holds_from_its_date_and_the_old_period_keeps_its_own(person):
    """PLT-10: changing 85 to 90 leaves old periods their old target."""
    parameters.set_value("test_light", 90, effective_from=date(2026, 3, 1), by=person, now=timezone.now())
    assert parameters.value("test_light", on=date(2026, 2, 28)) == 85
    assert parameters.value("test_light", on=date(2026, 3, 1)) == 90


def test_every_change_is_in_the_change_log_with_who(person):
    """PLT-10: one settings table with audit."""
    now = timezone.now()
    parameters.set_value("test_light", 90, effective_from=date(2026, 3, 1), by=person, now=now)
    parameters.set_value("test_light", 95, effective_from=date(2026, 3, 1), by=person, now=now)
    change = Change.objects.filter(tbl="core_parameter").order_by("seq").last()
    assert (change.op, change.actor, change.before["value"], change.after["value"]) == ("U", person.pk, "90", "95")
    assert Parameter.objects.filter(key="test_light").count() == 1


@pytest.mark.parametrize(
    ("raw", "code"),
    [("abc", "invalid"), (True, "invalid"), (1.5, "invalid"), (-1, "out_of_range"), (101, "out_of_range")],
)
def test_a_wrong_value_is_refused_with_a_reason(person, raw, code):
    with pytest.raises(Invalid) as refusal:
        parameters.set_value("test_light", raw, effective_from=date(2026, 3, 1), by=person, now=timezone.now())
    assert refusal.value.code == code
    assert not Parameter.objects.exists()


def test_a_number_that_decides_what_was_owed_cannot_change_the_past(person):
    """Design: rules are data; old periods keep their old numbers."""
    now = timezone.now()
    with pytest.raises(Invalid) as refusal:
        parameters.set_value("test_share", "2.0", effective_from=date(2020, 1, 1), by=person, now=now)
    assert refusal.value.field == "effective_from"
    parameters.set_value("test_share", "2.0", effective_from=timezone.localdate(now), by=person, now=now)
    assert parameters.value("test_share") == Decimal("2.0")


def test_asking_many_times_reads_the_table_once(person, django_assert_num_queries):
    with django_assert_num_queries(1):
        for _ in range(20):
            parameters.value("test_light")
