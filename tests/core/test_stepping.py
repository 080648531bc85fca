"""J and K: from one record of a list to the next, in the order of the list one came from."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

pytestmark = pytest.mark.django_db
LIST = "http://testserver/customers/?sort=name"


def bar(page):
    """The links of the bar: previous and next."""
    text = page.content.decode()
    if "data-steps" not in text:
        return None
    nav = text.split("data-steps", 1)[1].split("</nav>", 1)[0]
    return {
        rel: nav.split(f'rel="{rel}" href="', 1)[1].split('"', 1)[0].replace("&amp;", "&") for rel in ("prev", "next")
    }


def names_in(cast, client, start, to, times):
    """Where so many steps lead, from a record on."""
    keys = {customer.pk: key for key, customer in cast.customers.items()}
    found, page = [], client.get(f"/customers/{cast.customers[start].pk}/", HTTP_REFERER=LIST)
    for _time in range(times):
        answer = client.get(bar(page)[to])
        path = urlsplit(answer["Location"]).path
        found.append(keys[int(path.split("/")[2])] if path != "/customers/" else "list")
        if found[-1] == "list":
            break
        page = client.get(answer["Location"])
    return found


def test_one_steps_through_the_list_one_came_from(cast, as_user):
    """screens: J/K next/previous record, in the order of the list; at its end one is back in it."""
    client = as_user(cast.manager)
    order = [
        int(one.split("/")[2])
        for one in client.get("/customers/?sort=name").content.decode().split('href="')
        if one.startswith("/customers/") and one.split("/")[2].isdigit()
    ]
    order = list(dict.fromkeys(order))
    keys = [next(key for key, row in cast.customers.items() if row.pk == pk) for pk in order]
    assert len(keys) == 3
    assert names_in(cast, client, keys[0], "next", 3) == [keys[1], keys[2], "list"]
    assert names_in(cast, client, keys[2], "prev", 3) == [keys[1], keys[0], "list"]


def test_the_bar_asks_nothing_and_is_there_only_when_one_came_from_a_list(cast, as_user):
    """The page pays no statement for it; a foreign address, another page or no address gives no bar."""
    client = as_user(cast.manager)
    url = f"/customers/{cast.customers['gold'].pk}/"
    client.get(url)
    asked = []
    for referrer in (
        "",
        LIST,
        "http://elsewhere.test/customers/",
        "http://testserver/visits/",
        "http://testserver/%00",
    ):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get(url, HTTP_REFERER=referrer)
        asked.append((bool(bar(page)), len(queries)))
    assert [has for has, _number in asked] == [False, True, False, False, False]
    assert len({number for _has, number in asked}) == 1


def test_a_record_that_left_the_list_gives_its_place_to_the_one_that_moved_up(cast, as_user):
    """After a deed one goes on where one was."""
    client = as_user(cast.manager)
    gold = cast.customers["gold"].pk
    query = {"in": "customers", "q": "tier=diamond", "at": gold, "to": "next"}
    assert client.get(reverse("core:step"), query)["Location"] == "/customers/?tier=diamond"
    answer = client.get(reverse("core:step"), query | {"n": 0})
    assert urlsplit(answer["Location"]).path == f"/customers/{cast.customers['diamond'].pk}/"
    assert parse_qs(urlsplit(answer["Location"]).query)["n"] == ["0"]


def test_steps_stay_within_what_one_sees_and_may(cast, as_user):
    """SEC-3: a list of another role is refused, an unknown one is not there."""
    client = as_user(cast.nobody)
    assert client.get(reverse("core:step"), {"in": "customers", "at": "1"}).status_code == 403
    client = as_user(cast.manager)
    for query in ({}, {"in": "nothing", "at": "1"}, {"in": "customers", "at": "x"}, {"in": "customers"}):
        assert client.get(reverse("core:step"), query).status_code == 404
    assert client.get(reverse("core:step"), {"in": "customers", "q": "tier=nonsense", "at": "1"}).status_code == 400
