"""The sync log, lenient calls, routes that go away (CUS-10, sync-api)."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from accounts.models import Customer
from crm.core.api.deprecation import DEPRECATED, Deprecated
from crm.core.models import Notice
from sync.models import SyncEntry

pytestmark = pytest.mark.django_db
BULK = "/api/v1/customers/bulk"
LENIENT = {"HTTP_PREFER": "handling=lenient"}


def rows(*names, **more):
    return {"items": [{"external_id": name, "name": name, "kind": "group", "unit": "A", **more} for name in names]}


def entries(*fields):
    return list(SyncEntry.unscoped.order_by("pk").values_list(*fields))


def test_every_writing_call_leaves_a_row(billing, cast):
    """CUS-10: log row written: what came, what became of it, from whom; a refused call and a trial leave none."""
    billing.post(BULK, rows("a", "b"), format="json")
    billing.post(BULK, rows("a", "c", ""), format="json", HTTP_IDEMPOTENCY_KEY="k")
    billing.post(BULK, rows("a", "c", ""), format="json", HTTP_IDEMPOTENCY_KEY="k")
    billing.patch("/api/v1/customers/by-external-id/billing/a", {"name": "甲"}, format="json")
    billing.post(BULK, rows("d") | {"dry_run": True}, format="json")
    billing.post(BULK, rows("d", "") | {"mode": "atomic"}, format="json")
    assert billing.post(BULK, {"items": []}, format="json").status_code == 400
    assert billing.get("/api/v1/customers").status_code == 200
    counts = ("rows", "created", "updated", "unchanged", "failed")
    assert entries(*counts) == [
        (2, 2, 0, 0, 0), (3, 1, 0, 1, 1), (3, 0, 0, 3, 0), (1, 0, 1, 0, 0), (2, 0, 0, 0, 1),
    ]  # fmt: skip
    row = SyncEntry.unscoped.first()
    assert (row.client.name, row.source, row.kind, bool(row.request_id)) == ("billing", "billing", "customer", True)
    assert not Customer.unscoped.filter(name="d").exists()


def test_a_lenient_call_names_what_it_left_out(billing, cast):
    """RFC 7240: the row is accepted, `ignored_fields` listed; strict is the default."""
    strange = rows("a", colour="red", person={"shoe": 44}) | {"note": "x"}
    strict = billing.post(BULK, rows("a", colour="red"), format="json")
    assert strict.status_code == 207 and strict.json()["items"][0]["errors"][0]["code"] == "unknown_field"
    assert "Preference-Applied" not in strict
    answer = billing.post(BULK, strange, format="json", **LENIENT)
    assert answer.status_code == 200 and answer["Preference-Applied"] == "handling=lenient"
    assert answer.json()["items"][0]["status"] == "created"
    assert answer.json()["items"][0]["ignored_fields"] == ["colour", "person.shoe"]
    address = "/api/v1/customers/by-external-id/billing/a"
    one = billing.patch(address, {"name": "乙", "size": 1}, format="json", **LENIENT)
    assert one.json()["ignored_fields"] == ["size"]
    assert billing.patch(address, {"name": "丙"}, format="json", **LENIENT).json()["ignored_fields"] == []
    assert billing.patch(address, {"size": 1}, format="json").status_code == 400


def test_rows_of_every_kind_are_taken_leniently(make_client, cast):
    """The one rule of books: a row is taken again without what nobody knows."""
    billing = make_client(scopes=["lines:write", "billing:write", "signals:write"])
    customer = Customer.unscoped.get(pk=cast.customers["gold"].pk).number
    line = {"number": "13800001111", "customer": customer, "opened_on": "2026-01-05", "colour": "red"}
    bill = {"customer": customer, "month": "2026-01", "amount": "5.00", "due_on": "2026-02-10", "tax": 1}
    for address, row in (("bills/bulk", bill), ("lines", line)):
        strict = billing.post(f"/api/v1/{address}", {"items": [row]}, format="json").json()["items"][0]
        assert (strict["status"], "ignored_fields" in strict) == ("failed", False)
        found = billing.post(f"/api/v1/{address}", {"items": [row]}, format="json", **LENIENT).json()["items"][0]
        assert (found["status"], len(found["ignored_fields"])) == ("created", 1), (address, found["errors"])


def test_signals_and_events_are_taken_leniently_one_by_one_and_many_at_once(make_client, cast):
    """They are checked when they are loaded, so what nobody knows is gone before."""
    billing = make_client(scopes=["lines:write", "signals:write"])
    customer = Customer.unscoped.get(pk=cast.customers["gold"].pk).number
    signal = {"customer": customer, "kind": "port_out_query", "happened_at": "2026-02-01T08:00:00+08:00", "colour": 1}
    event = {"customer": customer, "kind": "suspended", "happened_on": "2026-02-02", "colour": 1}
    for address, row in (("signals", signal), ("lifecycle-events", event)):
        path = f"/api/v1/{address}"
        many = billing.post(path, {"items": [row]}, format="json", **LENIENT).json()["items"][0]
        assert (many["status"], many["ignored_fields"]) == ("created", ["colour"]), (address, many["errors"])
        one = billing.post(path, row, format="json", **LENIENT)
        assert (one.status_code, one.json()["ignored_fields"]) == (200, ["colour"]), one.content
        assert billing.post(path, {"mode": "partial"}, format="json", **LENIENT).status_code == 400


def test_the_owner_is_told_once_a_day(billing, cast):
    """Sync-api "tolerance": one notice a day, whatever the number of calls."""
    for name in ("a", "b"):
        billing.post(BULK, rows(name, colour="red"), format="json", **LENIENT)
    notice = Notice.objects.get(kind="fields_ignored")
    assert notice.params == {"client": "billing", "fields": "colour"}
    assert notice.occasion == timezone.localdate().isoformat()


def test_a_route_that_goes_away_says_so_a_year_before(billing, monkeypatch, client):
    """Sync-api: `Deprecation` and `Sunset`, one year."""
    assert "Deprecation" not in billing.get("/api/v1/tiers")
    going = Deprecated(date(2026, 11, 1), date(2027, 11, 1), "api:units")
    monkeypatch.setitem(DEPRECATED, "api:tiers", going)
    answer = billing.get("/api/v1/tiers")
    assert answer["Deprecation"] == "@1793491200" and answer["Sunset"] == "Mon, 01 Nov 2027 00:00:00 GMT"
    assert answer["Link"] == '</api/v1/units>; rel="successor-version"'
    with pytest.raises(ValueError, match="a year"):
        Deprecated(date(2026, 11, 1), date(2027, 10, 1))


def test_a_customer_is_named_by_id_number_or_reference(make_client, cast):
    """Sync-api "manage ids": any reference in any body may be {"source", "external_id"}."""
    billing = make_client(scopes=["billing:write", "billing:read", "customers:write", "customers:read"])
    customer = cast.customers["gold"]
    billing.put(f"/api/v1/customers/{customer.pk}/external-ids/billing", {"external_id": "B-7"}, format="json")
    names = [customer.pk, customer.number, "B-7", {"source": "billing", "external_id": "B-7"}]
    names += [{"source": "billing", "external_id": "B-8"}, {"source": "billing"}, 10**30]
    items = [
        {"customer": name, "month": f"2026-0{place + 1}", "amount": "5.00", "due_on": "2026-10-01"}
        for place, name in enumerate(names)
    ]
    answer = billing.post("/api/v1/bills/bulk", {"items": items}, format="json").json()["items"]
    assert [row["status"] for row in answer] == ["created"] * 4 + ["failed"] * 3
    assert answer[4]["errors"][0]["code"] == "not_found"
    unit = {"source": "directory", "external_id": "A"}
    made = billing.post(
        BULK, {"items": [{"external_id": "u", "name": "甲", "kind": "group", "unit": unit}]}, format="json"
    )
    assert made.json()["items"][0]["status"] == "created"
