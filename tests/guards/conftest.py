"""One world for all tests of a module, and callers who leave it as they found it."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test import override_settings


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """Both sides with everything (world.py), made once for a module; the tests inside run in savepoints."""
    from tests.guards.world import build_world

    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media), transaction.atomic():
        made = build_world()
        # Each test ends by checking all foreign keys that wait; those of the world wait no longer.
        connection.check_constraints()
        yield made
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def callers(world):
    """Everybody who can ask: the cast by name, "anonymous", and the machines; signed in once."""
    from tests.guards.callers import Callers

    asking = Callers(world)
    with connection.execute_wrapper(asking.count):
        yield asking
