"""What every test run needs: the project's own PostgreSQL and Valkey."""

import os

import pytest

TEMPLATE = "CRM_TEST_TEMPLATE"
"""Names the database that new test databases are copies of, for the processes of pytest-xdist too."""


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers once, before the workers of pytest-xdist ask for them."""
    if os.environ.get("PYTEST_XDIST_WORKER") or os.environ.get("DATABASE_URL"):
        return
    from dev import postgres, template, valkey

    postgres.start()
    valkey.start()
    if config.getoption("create_db"):
        os.environ[TEMPLATE] = template.ensure()


LONG = (
    "guards/test_answers.py", "sync/test_demo.py", "visits/test_night_parity.py", "sync/test_demo_loader.py",
    "sync/test_real_data.py",
)  # fmt: skip
"""Files that take a minute each; a process that began the last of them last would keep all others waiting."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; the rest stays in its order."""
    items.sort(key=lambda item: not item.path.as_posix().endswith(LONG))


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

    from accounts.queries import feeds, names
    from crm.core import guide, hours, listed, parameters, row_budget, working_days
    from kpi.queries import indicators
    from visits.queries import switches
    from visits.queries.catalogue import forget

    cache.clear()
    names.forget()
    feeds.forget()
    indicators.forget()
    forget()
    switches.forget()
    guide.forget()
    parameters.forget()
    working_days.forget()
    hours.forget()
    listed.forget()
    row_budget.forget()


DEAD_ROWS = 10_000


@pytest.fixture(scope="module", autouse=True)
def no_dead_rows(django_db_blocker):
    """What a test takes back stays in the tables as dead rows, and every later test would read past them."""
    yield
    from django.db import connection

    if connection.connection is None or connection.connection.closed or connection.in_atomic_block:
        return
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT sum(n_dead_tup) FROM pg_stat_user_tables")
        if (cursor.fetchone()[0] or 0) > DEAD_ROWS:
            cursor.execute("VACUUM (ANALYZE)")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """A new test database is a copy of the migrated template."""
    from django.db import connection

    if template := os.environ.get(TEMPLATE):
        connection.settings_dict["TEST"]["TEMPLATE"] = template


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """A test with real transactions leaves the tables as the migrations made them."""
    from django.test import TransactionTestCase

    from tests import reference

    with django_db_blocker.unblock():
        reference.keep()
        reference.bring_back()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: reference.take_away())
        yield
