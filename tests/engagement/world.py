"""Enrolments made by hand, for tests of what follows from them."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from engagement.models import PolicyEnrolment, ServicePolicy


def policy(code="bill_service"):
    """A policy of the seeded catalogue."""
    return ServicePolicy.objects.get(code=code)


def enjoy(customer, code="bill_service", *, since=30, until=None, **more):
    """The customer enjoys a policy since so many days ago, until so many days from today (None: for good)."""
    today = timezone.localdate()
    return PolicyEnrolment.unscoped.create(
        customer=customer,
        policy=policy(code),
        starts_on=today - timedelta(days=since),
        ends_on=None if until is None else today + timedelta(days=until),
        enrolled_at=timezone.now(),
        **more,
    )
