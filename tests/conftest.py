"""What every test run needs: the project's own PostgreSQL and Valkey."""

import os

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers once, before the workers of pytest-xdist ask for them."""
    if os.environ.get("PYTEST_XDIST_WORKER") or os.environ.get("DATABASE_URL"):
        return
    from dev import postgres, valkey

    postgres.start()
    valkey.start()


@pytest.fixture
def cast(db):
    """The fixed cast of people with their customers; see tests/cast.py."""
    from tests.cast import build

    return build()


@pytest.fixture
def as_user(client):
    """A client signed in as somebody: `as_user(cast.manager).get("/")`."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture(autouse=True)
def fresh_caches():
    """What processes keep for half a minute belongs to one test only."""
    from django.core.cache import cache

    from accounts.queries import names
    from crm.core import parameters, working_days
    from visits.queries.catalogue import forget

    cache.clear()
    names.forget()
    forget()
    parameters.forget()
    working_days.forget()


@pytest.fixture(scope="session", autouse=True)
def empty_change_log():
    """A test with real transactions ends with a flush; the log is no model's table, so it is emptied with it here."""
    from django.db import connection
    from django.db.models.signals import post_migrate

    def empty(sender, **options):
        if sender.label == "core":
            with connection.cursor() as cursor:
                cursor.execute("TRUNCATE core_change")

    post_migrate.connect(empty, weak=False)
    yield
    post_migrate.disconnect(empty)


@pytest.fixture(scope="session", autouse=True)
def reference_rows():
    """The same flush takes tiers, channels and what counts away; they come back, as migrations made them."""
    from django.db.models.signals import post_migrate

    from accounts.models import RequiredField, Tier, TierRule
    from accounts.seed import seed_required_fields, seed_tiers
    from visits.models import Channel, CountingRule, Occasion, Outcome
    from visits.seed import seed_catalogue

    def seed(sender, **options):
        if sender.label == "visits":
            seed_tiers(Tier, TierRule)
            seed_required_fields(RequiredField)
            seed_catalogue(Channel, Outcome, Occasion, CountingRule)

    post_migrate.connect(seed, weak=False)
    yield
    post_migrate.disconnect(seed)
