"""The contract of the API as its Python client sees it: written once, answered truly, mirrored row by row (PLT-2)."""

import httpx
import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone

from accounts.actions.merging import merge_customers
from accounts.models import Customer
from crm.core.feed import feed_types
from crm.wsgi import application
from crm_client import Client, Mirror, PreconditionFailed
from crm_client.mirror import DERIVED, PATHS
from sync import actions
from sync.choices import TokenScope

SCOPES = ["customers:read", "customers:write", "visits:read", "visits:write", "directory:read"]
TYPES = ["customer", "contact_person", "visit"]


@pytest.fixture(autouse=True)
def one_connection():
    """The application must not let go of the test's own connection after each request."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture
def make_caller(cast):
    """`make_caller("billing", "A")`: the client on the application itself, without a wire."""

    def make(name="billing", unit="CITY", scopes=SCOPES, **more):
        now = timezone.now()
        client = actions.create_client(name=name, unit_id=cast.units[unit].pk, by=cast.director, now=now)
        token = actions.issue_token(client=client, scopes=scopes, days=30, by=cast.director, now=now)
        wire = more.pop("wire", httpx.WSGITransport(application))
        return Client("http://testserver/api/v1", token.secret, transport=wire, **more)

    return make


def listed(crm, kind):
    """What the list says today, as a mirror keeps it."""
    left_out = DERIVED.get(kind, frozenset())
    return {
        item["id"]: {name: value for name, value in item.items() if name not in left_out}
        for item in crm.list(PATHS[kind])
    }


def same(mirror, crm):
    return all(mirror.records(kind) == listed(crm, kind) for kind in mirror.types)


@pytest.mark.django_db
def test_one_record_is_written_once_and_said_truly(make_caller):
    """Contract: created, unchanged, stale, proposed; ETag against somebody else's edit."""
    crm = make_caller()
    body = {"kind": "vip", "name": "周瑜", "unit": "A", "manager": "M1001", "tier": "gold", "phone": "13900008888"}
    assert crm.upsert("billing", "B-1", body | {"source_updated_at": "2026-01-02T00:00:00+08:00"}).status == "created"
    assert crm.upsert("billing", "B-1", body).status == "unchanged"
    stale = {"district": "旧", "source_updated_at": "2026-01-01T00:00:00+08:00"}
    assert crm.upsert("billing", "B-1", stale).status == "stale"
    lower = crm.upsert("billing", "B-1", {"tier": "silver", "district": "新"})
    assert (lower.status, lower.proposed, lower.record["tier"]) == ("updated", ["tier"], "gold")
    record, etag = crm.get_by_external_id("billing", "B-1")
    assert crm.upsert("billing", "B-1", {"district": "东"}, if_match=etag).record["version"] == record["version"] + 1
    with pytest.raises(PreconditionFailed) as late:
        crm.upsert("billing", "B-1", {"district": "西"}, if_match=etag)
    assert late.value.current["district"] == "东"
    with pytest.raises(PreconditionFailed):
        crm.upsert("billing", "B-1", {"district": "西"}, create_only=True)


@pytest.mark.django_db
def test_many_rows_are_answered_one_by_one(make_caller):
    """Contract: a bad row stops no good one; atomic keeps all or none; a dry run keeps none."""
    crm = make_caller()
    rows = [{"external_id": f"B-{n}", "kind": "vip", "name": f"客户{n}", "unit": "A"} for n in range(3)]
    rows.append({"external_id": "B-9", "kind": "castle", "name": "不"})
    assert crm.bulk("customers/bulk", rows, dry_run=True).count("created") == 3
    assert len(crm.bulk("customers/bulk", rows, mode="atomic").failed) == 1
    assert not Customer.unscoped.filter(name="客户0").exists()
    done = crm.bulk("customers/bulk", rows)
    assert ([row.status for row in done.rows], done.failed[0].problems[0].pointer) == (
        ["created"] * 3 + ["failed"],
        "/items/3/kind",
    )
    assert crm.bulk("customers/bulk", rows).count("unchanged") == 3


@pytest.mark.django_db
def test_a_lost_answer_is_asked_again_and_written_once(make_caller, cast):
    """Contract: the key travels with every try; the second one gets the first one's answer."""

    class Losing(httpx.WSGITransport):
        lost = 0

        def handle_request(self, request):
            answer = super().handle_request(request)
            if request.method == "POST" and not self.lost:
                self.lost += 1
                raise httpx.ReadTimeout("lost")
            return answer

    crm = make_caller(wire=Losing(application), sleep=lambda _seconds: None)
    body = {"customer": cast.customers["teammates"].pk, "name": "丁一", "role": "finance"}
    made = crm.post("contact-persons", body)
    rows = crm.list("contact-persons", customer=body["customer"])
    assert [row["id"] for row in rows if row["name"] == "丁一"] == [made["id"]]


@pytest.mark.django_db(transaction=True)
def test_a_mirror_is_the_database_row_by_row(make_caller, cast, tmp_path):
    """PLT-2: loads, edits, handovers, merges; what leaves one's sight leaves the mirror, and its children too."""
    city, narrow = make_caller(), make_caller("narrow", "A")
    whole, part = (Mirror(tmp_path / f"{name}.db", TYPES) for name in ("whole", "part"))
    group = {"kind": "group", "name": "江城木业", "unit": "A", "manager": "M1002"}
    firm = city.upsert("billing", "G-1", group).record["id"]
    city.post("contact-persons", {"customer": firm, "name": "丁一", "role": "finance"})
    for mirror, crm in ((whole, city), (part, narrow)):
        mirror.sync(crm)
        assert same(mirror, crm)
    assert len(whole.records("customer")) > len(part.records("customer"))
    before = set(part.records("contact_person"))

    city.upsert("billing", "B-1", {"kind": "vip", "name": "新来", "unit": "A", "manager": "M1001"})
    city.upsert("billing", "G-1", {"unit": "B", "manager": "M2001"})
    gold, diamond = cast.customers["gold"].pk, cast.customers["diamond"].pk
    merge_customers(survivor_id=diamond, merged_id=gold, by=cast.supervisor, now=timezone.now())
    city.post("contact-persons", {"customer": firm, "name": "王二", "role": "finance"})
    for mirror, crm in ((whole, city), (part, narrow)):
        mirror.sync(crm)
        assert same(mirror, crm)
    assert gold not in whole.records("customer")
    assert firm in whole.records("customer")
    assert firm not in part.records("customer")
    assert len(before - set(part.records("contact_person"))) == 1

    city.upsert("billing", "G-1", {"unit": "A", "manager": "M1002"})
    part.sync(narrow)
    assert same(part, narrow)
    city.post("contact-persons", {"customer": firm, "name": "丁三", "role": "finance"})
    part.sync(narrow)
    assert same(part, narrow), "one person more is a version more"
    names = [row["name"] for row in part.records("contact_person").values() if row["customer"] == firm]
    assert sorted(names) == ["丁一", "丁三", "王二"]


@pytest.mark.django_db
def test_the_client_knows_every_type_of_the_feed(make_caller):
    """Each type of the feed has a list of its name, and the client knows it."""
    assert set(PATHS) == set(feed_types())
    scopes = [scope for scope in TokenScope.values if scope.endswith(":read")]
    crm = make_caller(scopes=scopes)
    for kind, path in PATHS.items():
        page = next(crm.pages(path, limit=1))
        assert page["changes_cursor"], kind
