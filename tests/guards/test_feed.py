"""The feed has no shape of its own: its records are those of the lists, with the same sight and the same masks."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.utils import timezone

from accounts.queries import names
from crm.core.abilities import access_for
from crm.core.api.lists import dumps
from crm.core.feed import Reader, feed_types
from sync.authentication import caller_access
from sync.choices import TokenScope

pytestmark = pytest.mark.django_db
WITHOUT_PAGES = ("product", "tier")


def lists():
    """Feed type → address of its list."""
    from crm.api_urls import urlpatterns

    routes = [(getattr(pattern.callback, "cls", None), pattern) for pattern in urlpatterns]
    return {view.feed: f"/api/v1/{pattern.pattern}" for view, pattern in routes if getattr(view, "feed", "")}


def reader_of(world, who):
    today = timezone.localdate()
    if who == "manager":
        return Reader(access_for(world.cast.manager, today), today)
    units = None if who == "billing" else list(names.subtree(world.cast.units["B"].pk))
    scopes = [scope.value for scope in TokenScope]
    return Reader(caller_access(world.cast.director.pk, scopes, units), today, frozenset(scopes), 1, 1)


def listed(callers, who, name, address):
    """The records that a caller's list gives him, by id."""
    answer = callers.get(who, address if name in WITHOUT_PAGES else f"{address}?limit=1000")
    assert answer.status in (200, 403), (who, address, answer.text)
    return {item["id"]: item for item in json.loads(answer.text).get("items", ())}


@pytest.mark.parametrize("who", ["billing", "strange-billing", "manager"])
def test_the_feed_gives_the_records_of_the_lists(world, callers, who):
    """Contract: one shape; and what a caller's list does not have, the feed gives him neither (SEC-3)."""
    reader = reader_of(world, who)
    for name, address in lists().items():
        kind = feed_types()[name]
        ids = list(listed(callers, "billing", name, address))
        own = listed(callers, who, name, address)
        assert who == "manager" or own, name
        assert (name in reader.readable) == (callers.get(who, address).status == 200), name
        given = kind.records(reader, ids) if reader.may_read(kind) else {}
        assert json.loads(dumps(given)) == {str(pk): item for pk, item in own.items()}, name
        rows, params = kind.seen(reader.scope_of(kind))
        with connection.cursor() as db:
            db.execute(f"SELECT x.id FROM {rows} AND x.id = ANY(%s)", [*params, ids])
            assert {row[0] for row in db.fetchall()} == set(own), name
