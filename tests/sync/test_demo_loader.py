"""The demo loader (decisions 31): one seed, one operator; any day will do; never beside real data."""

from datetime import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from accounts.models import Customer, Unit
from crm.core.working_days import seed
from crm.demo.build import build
from crm.demo.portfolio import PORTFOLIO
from visits.models import Duty, Visit

MONDAY = timezone.make_aware(datetime(2026, 11, 16, 15, 20))


def make_small(monkeypatch):
    """A tenth of the customers, two months."""
    portfolio = {line: tuple((kind, count // 10) for kind, count in rows) for line, rows in PORTFOLIO.items()}
    monkeypatch.setattr("crm.demo.portfolio.PORTFOLIO", portfolio)
    monkeypatch.setattr("crm.demo.portfolio.TOTAL", 600)
    monkeypatch.setattr("crm.demo.build.MONTHS", 2)
    seed()


def fingerprint():
    """What was made, without keys and moments."""
    visits = Visit.unscoped.order_by("occurred_at", "customer__name")
    return [
        *Customer.unscoped.order_by("number").values_list("name", "phone", "state", "tier__code", "monthly_spend"),
        *visits.values_list("occurred_at", "channel__code", "content"),
        Duty.unscoped.filter(state="met").count(),
    ]


@pytest.mark.parametrize(("seeds", "kinds"), [((1, 1), 1), pytest.param((1, 2), 2, marks=pytest.mark.slow)])
def test_the_same_seed_makes_the_same_operator(db, monkeypatch, seeds, kinds):
    """Deterministic from a seed; another seed, another operator."""
    make_small(monkeypatch)
    prints = []
    for number in seeds:
        with transaction.atomic():
            build(now=MONDAY, seed=number)
            prints.append(fingerprint())
            transaction.set_rollback(True)
    assert (prints[0] == prints[1]) is (kinds == 1)


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 1, 1, 0, 10),
        datetime(2028, 2, 29, 23, 50),
        pytest.param(datetime(2026, 10, 4, 9, 0), marks=pytest.mark.slow),
        pytest.param(datetime(2027, 3, 31, 12, 0), marks=pytest.mark.slow),
    ],
    ids=["new-year", "leap-day", "holiday", "quarter-end"],
)
def test_it_can_be_made_on_any_day(db, monkeypatch, now):
    make_small(monkeypatch)
    moment = timezone.make_aware(now)
    build(now=moment)
    assert not Visit.unscoped.filter(occurred_at__gt=moment).exists()
    assert not Visit.unscoped.filter(logged_at__gt=moment).exists()
    assert Duty.unscoped.filter(state="open").exists()


def test_the_command_is_refused_where_real_data_may_live(db):
    """Decisions 31: refused when DATABASE_URL is set."""
    with override_settings(SERVED=True), pytest.raises(CommandError):
        call_command("demo", verbosity=0)
    assert not Unit.unscoped.exists()
