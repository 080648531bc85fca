"""Dialling: one tap, no reason, no limit for own and covered customers; logged, and asked about later."""

from datetime import date, time, timedelta

import pytest

from accounts.models import ContactPerson, Cover, Customer
from crm.core.errors import NotAllowed, NotFound
from crm.core.models import AccessLog
from tests.visits.desk import NOW, sheet
from visits.actions import dial, dismiss_dial, log_visit
from visits.actions.dialling import NoPhone
from visits.models import DialTap
from visits.queries import pending_dials

pytestmark = pytest.mark.django_db


def test_the_manager_gets_the_number_and_the_tap_is_logged(cast):
    """Decisions 16, CUS-8: the tap leaves a row in the access log."""
    done = dial(customer_id=cast.customers["gold"].pk, by=cast.manager, now=NOW)
    tap = DialTap.unscoped.get()
    assert (done.tel, done.tap_id, done.warnings) == ("tel:13900000002", tap.pk, [])
    assert (tap.customer, tap.staff, tap.tapped_at) == (cast.customers["gold"], cast.staff["manager"], NOW)
    row = AccessLog.objects.get(kind="dial")
    assert (row.user, row.subject_id) == (cast.manager, cast.customers["gold"].pk)


def test_a_contact_person_is_dialled_the_same_way(cast):
    """Screens: business numbers of own customers in one tap."""
    person = ContactPerson.unscoped.get(customer=cast.customers["teammates"])
    done = dial(customer_id=cast.customers["teammates"].pk, person_id=person.pk, by=cast.teammate, now=NOW)
    assert done.tel == "tel:13900000104"


def test_who_has_not_the_customer_does_not_dial(cast):
    """Decisions 16: own and covered customers only; the supervisor may look a number up with a reason."""
    with pytest.raises(NotFound):
        dial(customer_id=cast.customers["strangers"].pk, by=cast.manager, now=NOW)
    with pytest.raises(NotAllowed):
        dial(customer_id=cast.customers["gold"].pk, by=cast.supervisor, now=NOW)
    person = ContactPerson.unscoped.get(customer=cast.customers["strangers"])
    with pytest.raises(NotFound):
        dial(customer_id=cast.customers["gold"].pk, person_id=person.pk, by=cast.manager, now=NOW)
    assert not DialTap.unscoped.exists()


def test_the_cover_dials(cast):
    """Decisions 16: covered customers too."""
    Cover.unscoped.create(
        absent=cast.staff["manager"], substitute=cast.staff["teammate"], starts_on=date(2026, 1, 1),
        ends_on=date(2030, 1, 1), arranged_by=cast.supervisor, arranged_at=NOW,
    )  # fmt: skip
    assert dial(customer_id=cast.customers["gold"].pk, by=cast.teammate, now=NOW).tel


def test_quiet_hours_warn_and_no_number_is_said(cast):
    """CUS-29; a customer without a number."""
    rows = Customer.unscoped.filter(pk=cast.customers["gold"].pk)
    rows.update(dnd_from=time(14), dnd_to=time(16))
    assert dial(customer_id=cast.customers["gold"].pk, by=cast.manager, now=NOW).warnings
    rows.update(phone="")
    with pytest.raises(NoPhone):
        dial(customer_id=cast.customers["gold"].pk, by=cast.manager, now=NOW)


def test_dialled_not_logged_is_asked_about_until_it_is_logged_or_dismissed(cast):
    """Screens 1: 已拨未记, one line per customer."""
    staff_id = cast.staff["manager"].pk
    first = dial(customer_id=cast.customers["gold"].pk, by=cast.manager, now=NOW - timedelta(minutes=30))
    again = dial(customer_id=cast.customers["gold"].pk, by=cast.manager, now=NOW - timedelta(minutes=20))
    silver = dial(customer_id=cast.customers["silver"].pk, by=cast.manager, now=NOW - timedelta(minutes=10))
    old = dial(customer_id=cast.customers["diamond"].pk, by=cast.manager, now=NOW - timedelta(days=5))
    assert [row.tap_id for row in pending_dials(staff_id, NOW)] == [silver.tap_id, again.tap_id]
    dismiss_dial(tap_id=silver.tap_id, by=cast.manager, now=NOW)
    log_visit(sheet=sheet(cast.customers["gold"]), by=cast.manager, now=NOW)
    assert pending_dials(staff_id, NOW) == []
    assert DialTap.unscoped.get(pk=first.tap_id).visit_id
    assert DialTap.unscoped.get(pk=old.tap_id).visit_id is None


def test_only_ones_own_tap_is_dismissed(cast):
    """Decisions 13."""
    tap = dial(customer_id=cast.customers["gold"].pk, by=cast.manager, now=NOW)
    with pytest.raises(NotFound):
        dismiss_dial(tap_id=tap.tap_id, by=cast.teammate, now=NOW)
