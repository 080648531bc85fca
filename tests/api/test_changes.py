"""`GET /changes` as a machine uses it (PLT-2): load the lists, go on from their cursor, nothing falls between."""

from dataclasses import replace

import pytest

from accounts.models import Customer
from crm.core.db import write
from crm.core.feed import feed_types
from crm.core.feed.cursor import parse
from sync.choices import TokenScope
from tests.cast import CANARY

READS = [scope for scope in TokenScope.values if scope.endswith(":read")]
URL = "/api/v1/changes"


def change(customer, **values):
    with write(label="test"):
        Customer.unscoped.filter(pk=customer.pk).update(**values)


@pytest.mark.django_db(transaction=True)
def test_from_the_first_page_of_a_list_to_what_changed_since(cast, make_client):
    """Contract: `changes_cursor` is taken before the first page, later pages have none; the feed goes on from it."""
    billing = make_client()
    first = billing.get("/api/v1/customers?limit=3").json()
    change(cast.customers["gold"], district="东")
    second = billing.get(f"/api/v1/customers?limit=3&cursor={first['next']}").json()
    assert "changes_cursor" not in second

    told = billing.get(f"{URL}?cursor={first['changes_cursor']}&include=record").json()

    (item,) = told["items"]
    own = billing.get(f"/api/v1/customers/{item['id']}").json()
    assert (item["type"], item["op"], item["fields"], item["record"]) == ("customer", "upsert", ["district"], own)
    assert told["more"] is False
    again = billing.get(f"{URL}?cursor={told['next']}").json()
    assert (again["items"], again["more"]) == ([], False)
    assert billing.get(f"{URL}?cursor={first['changes_cursor']}&types=visit").json()["items"] == []
    ids = billing.get(f"{URL}?cursor={first['changes_cursor']}").json()["items"]
    assert ids == [{key: value for key, value in item.items() if key != "record"}]


@pytest.mark.django_db(transaction=True)
def test_another_subtree_hears_nothing(cast, make_client):
    """SEC-3: not that it changed, not that it is there."""
    narrow = make_client("narrow", "A")
    cursor = narrow.get(URL).json()["next"]
    change(cast.customers["strangers"], district=CANARY)
    answer = narrow.get(f"{URL}?cursor={cursor}&include=record")
    assert answer.json()["items"] == []
    assert CANARY not in answer.content.decode()


@pytest.mark.django_db
def test_what_cannot_be_asked_is_refused(cast, make_client, session):
    """Contract: a type there is not 400, one that is not open 403, a strange cursor 400, another sight's 410."""
    billing, visitor = make_client(), make_client("visitor", scopes=["visits:read"])
    for query, status, code in (
        ("types=customer,castle", 400, "invalid_choice"),
        ("types=bill", 403, "not_allowed"),
        ("cursor=abc", 400, "invalid_cursor"),
        ("include=everything", 400, "invalid_choice"),
        ("limit=0", 400, "out_of_range"),
        ("colour=red", 400, "unknown_parameter"),
        (f"cursor={visitor.get(URL).json()['next']}", 410, "cursor_gone"),
    ):
        answer = billing.get(f"{URL}?{query}")
        assert (answer.status_code, answer.json()["code"]) == (status, code), query
    assert session("manager").get(f"{URL}?types=customer").status_code == 200
    assert make_client("none", scopes=["imports:write"]).get(URL).status_code == 403


@pytest.mark.django_db
def test_a_cursor_ends_with_its_age_its_cluster_and_its_place_in_time(make_client):
    """Contract: kept 180 days; a database set up anew or taken back knows no cursor of before. 410 says the way on."""
    billing = make_client()
    cursor = parse(billing.get("/api/v1/customers?limit=1").json()["changes_cursor"])
    day = 24 * 3600
    ahead = int(cursor.before.split(":")[1]) + 1_000_000
    for changed, reason in (
        (replace(cursor, before_at=cursor.before_at - 180 * day - 60), "180"),
        (replace(cursor, epoch=cursor.epoch + 1), "set up anew"),
        (replace(cursor, before=f"{ahead}:{ahead}:"), "set up anew"),
    ):
        answer = billing.get(f"{URL}?cursor={changed}", HTTP_ACCEPT_LANGUAGE="en")
        assert (answer.status_code, answer.json()["code"]) == (410, "cursor_gone")
        assert reason in answer.json()["detail"] and "changes_cursor" in answer.json()["detail"]
    young = replace(cursor, before_at=cursor.before_at - 179 * day)
    assert billing.get(f"{URL}?cursor={young}").status_code == 200


@pytest.mark.django_db
def test_a_list_as_lines_as_packed_and_not_again_when_unchanged(cast, make_client):
    """Contract: NDJSON streams all pages, gzip on request, ETag and If-None-Match on lists and records."""
    import gzip
    import json

    billing = make_client()
    whole = billing.get("/api/v1/customers?limit=1000")
    items = whole.json()["items"]
    for query in ("", "?limit=2", "?limit=2&sort=name&count=capped"):
        answer = billing.get(f"/api/v1/customers{query}", HTTP_ACCEPT="application/x-ndjson")
        lines = [json.loads(line) for line in answer.getvalue().splitlines()]
        assert answer["Content-Type"] == "application/x-ndjson"
        assert answer["Changes-Cursor"]
        assert sorted(line["id"] for line in lines) == [item["id"] for item in items]
    packed = billing.get("/api/v1/customers", HTTP_ACCEPT_ENCODING="gzip;q=0.8, br")
    assert packed["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.content))["items"] == items
    streamed = billing.get("/api/v1/customers?limit=2", HTTP_ACCEPT="application/x-ndjson", HTTP_ACCEPT_ENCODING="gzip")
    assert len(gzip.decompress(streamed.getvalue()).splitlines()) == len(items)

    same = billing.get("/api/v1/customers?limit=1000", HTTP_IF_NONE_MATCH=whole["ETag"])
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", whole["ETag"])
    Customer.unscoped.filter(pk=items[0]["id"]).update(district="新")
    assert billing.get("/api/v1/customers?limit=1000", HTTP_IF_NONE_MATCH=whole["ETag"]).status_code == 200
    record = billing.get(f"/api/v1/customers/{items[0]['id']}")
    assert billing.get(record.request["PATH_INFO"], HTTP_IF_NONE_MATCH=record["ETag"]).status_code == 304
    for url in (URL, record.request["PATH_INFO"]):
        assert billing.get(url, HTTP_ACCEPT="application/x-ndjson").status_code == 406
    refused = billing.get("/api/v1/customers?limit=0", HTTP_ACCEPT="application/x-ndjson")
    assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")
    assert (
        billing.post("/api/v1/customers/bulk", {}, format="json", HTTP_ACCEPT="application/x-ndjson").status_code == 406
    )


@pytest.mark.django_db
def test_every_record_has_a_tag_that_a_write_may_name(make_client):
    """Contract: ETag on every read; of a unit and a colleague it is the version that If-Match asks for."""
    caller = make_client("directory", scopes=["directory:read", "directory:write", "kpi:read"])
    for address, body in (("/api/v1/units/A", {"area": "东"}), ("/api/v1/staff/M1001", {"phone": "13900000071"})):
        record = caller.get(address)
        assert record["ETag"] == f'"{record.json()["version"]}"'
        assert caller.get(address, HTTP_IF_NONE_MATCH=record["ETag"]).status_code == 304
        answers = [caller.patch(address, body, format="json", HTTP_IF_MATCH=record["ETag"]) for _twice in range(2)]
        assert [answer.status_code for answer in answers] == [200, 412]
        assert caller.get(address, HTTP_IF_NONE_MATCH=record["ETag"]).status_code == 200


@pytest.mark.django_db
def test_every_list_of_a_type_says_where_to_go_on(cast, make_client):
    """Contract: of every type of the feed, the first page of its list has the cursor."""
    from crm.api_urls import urlpatterns

    routes = {
        pattern.callback.cls.feed: pattern
        for pattern in urlpatterns
        if getattr(getattr(pattern.callback, "cls", None), "feed", "")
    }
    assert set(routes) == set(feed_types())
    everything = make_client("everything", scopes=READS)
    for name, pattern in routes.items():
        body = everything.get(f"/api/v1/{pattern.pattern}").json()
        assert body["changes_cursor"], name
