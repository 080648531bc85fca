"""Cases for the tests of feedback forms, made with plain rows."""

from datetime import timedelta

from django.utils import timezone

from complaints.models import Case, QualityFeedback


def case_of(cast, customer="channel", *, kind="quality", number="TS-20260101-0001", days=3, **values):
    """A case of a customer, some days old, in hand."""
    now = timezone.now()
    who = cast.customers[customer] if isinstance(customer, str) else customer
    common = {
        "kind": kind, "channel": "visit", "facts": "三台光猫开机后自动重启", "expectation": "换新", "state": "handling",
        "received_at": now - timedelta(days=days), "logged_at": now - timedelta(days=days), "unit_id": who.unit_id,
        "manager_id": who.manager_id, "owner": cast.staff["handler"], "received_by": cast.manager,
    }  # fmt: skip
    return Case.unscoped.create(number=number, customer=who, **common | values)


def form_of(cast, **values):
    """The empty form of a quality case of the channel customer."""
    return QualityFeedback.unscoped.create(case=case_of(cast), **values)
