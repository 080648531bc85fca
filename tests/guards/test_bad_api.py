"""The API takes what it knows, in its own form, within the caller's subtree (safety 5, scorecard 5 and 7; SEC-3)."""

from __future__ import annotations

import json

import pytest

from accounts.models import Customer, ExternalId
from tests.guards.bodies import body_of
from tests.guards.callers import address_of, undone
from tests.guards.rooms import united
from tests.guards.route_table import TABLE

pytestmark = pytest.mark.django_db
METHODS = ("POST", "PUT", "PATCH")
WRITES = [(row, cell) for row in TABLE for cell in row.cells if cell.method in METHODS and row.is_api]
WRITE_IDS = [f"{row.name} {cell.method}" for row, cell in WRITES]


def bulk(callers, who, items, **more):
    return callers.ask(who, "POST", "/api/v1/customers/bulk", {"items": items} | more)


def test_a_bulk_call_answers_a_foreign_row_as_not_found(world, callers):
    """Decisions 14: partial → that row `failed/not_found`; atomic → 422 and nothing done; never created."""
    foreign = {"external_id": world.rows["a"]["external"], "district": "城北"}
    good = {"external_id": "S1", "name": "新客户", "kind": "vip", "unit": "B"}
    partial = bulk(callers, "strange-billing", [good, foreign])
    rows = json.loads(partial.text)["items"]
    assert (partial.status, rows[0]["status"], rows[1]["status"]) == (207, "created", "failed")
    assert rows[1]["errors"][0]["code"] == "not_found"
    atomic = bulk(callers, "strange-billing", [good, foreign], mode="atomic")
    assert atomic.status == 422
    assert {row["status"] for row in json.loads(atomic.text)["items"]} <= {"failed", "created"}
    assert not ExternalId.unscoped.filter(external_id="S1").exists()


@pytest.mark.parametrize("items", [[], [{}] * 1001, "x", [1], [[]], None])
def test_a_bulk_call_has_one_to_a_thousand_rows(world, callers, items):
    """Bad input 35."""
    answer = bulk(callers, "billing", items)
    assert answer.status == 400
    assert json.loads(answer.text)["errors"]


PROTECTED = sorted({field.name for field in Customer._meta.get_fields()} | {"owner", "is_staff", "pk", "created_by"})


@pytest.mark.parametrize(("row", "cell"), WRITES, ids=WRITE_IDS)
def test_an_unknown_or_protected_field_is_refused(world, callers, row, cell):
    """Bad input 18, scorecard 5: no mass assignment, every name of the model included."""
    good, wrong = body_of(world, row.name, cell.method), {}
    if row.name in united("BODILESS"):
        return  # nothing is read
    names = [name for name in PROTECTED if name not in set(good) | KNOWN.get(row.name, set())]

    def refused(*added):
        """Which of these fields are refused by name when they stand in one body; what is wrong with the answer."""
        more = dict.fromkeys(added, 1)
        body = good | more if "items" not in good else {"items": [good["items"][0] | more]}
        answer = callers.ask("billing", cell.method, address_of(world, row), body)
        problem = json.loads(answer.text)
        errors = [*problem.get("errors", ()), *(one for item in problem.get("items", ()) for one in item["errors"])]
        left = set(answer.business) - {"core_accesslog", "sync_syncentry"}
        found = [error for error in errors if error["code"] in ("unknown_field", "read_only_field")]
        told = {error["pointer"].rpartition("/")[2] for error in found}
        return set() if left else told, bool(found) and not left, (answer.status, errors, left)

    together, _is_refused, _why = refused(*names)
    for name in names:
        if name not in together:  # not every door tells all of them at once
            _told, is_refused, why = refused(name)
            if not is_refused:
                wrong[name] = why
    assert wrong == {}


WRITABLE = {
    "kind", "name", "state", "unit", "manager", "tier", "phone", "other_phone", "email", "district", "person",
    "business_address", "credit_code", "industry", "market_band", "monthly_spend", "joined_on", "exited_on",
    "preferred_channel", "preferred_time", "no_marketing", "sim_kind", "sim_issued_on", "source_updated_at",
}  # fmt: skip
KNOWN = {
    "api:customer_by_external_id": WRITABLE,
    # A bulk row is checked by the rules of every door; these are not in its description.
    "api:customers_bulk": WRITABLE | {"dnd_from", "dnd_to", "sim_replaced_on", "service_notes"},
    "api:sales_orders": {"customer", "state", "source_updated_at"},
    "api:sales_quotas": {"unit", "source_updated_at"},
    "api:member_uses": {"source_updated_at"},
    "api:agreements": {"kind", "number", "source_updated_at"},
    "api:subscriptions": {"source_updated_at"},
    "api:payments_bulk": {"source_updated_at", "customer", "line", "month"},
    "api:usage_bulk": {"source_updated_at"},
    "api:bills_bulk": {"source_updated_at"},
    "api:group_members": {"name", "state", "source_updated_at"},
    "api:lines": {"state", "source_updated_at", "source", "customer", "external_id", "number"},
    "api:lifecycle_events": {"kind", "source", "customer", "external_id"},
    "api:signals": {"kind", "source", "customer", "external_id"},
    "api:unit": {"name", "source_updated_at"},
    "api:units_bulk": {"name", "source_updated_at"},
    "api:staff_member": {"name", "phone", "unit", "source_updated_at"},
    "api:staff_bulk": {"name", "number", "phone", "unit", "source_updated_at"},
    "api:contact_persons": {"phone", "external_id", "source_updated_at"},
    "api:contact_person": {"name", "phone"},
}


@pytest.mark.parametrize(("row", "cell"), WRITES, ids=WRITE_IDS)
@pytest.mark.parametrize(
    ("raw", "kind", "status"),
    [
        ("{bad", "application/json", 400),
        ('{"name": NaN}', "application/json", 400),
        ('{"name": "\\u0000"}', "application/json", 400),
        ('{"name": "\\ud800"}', "application/json", 400),
        ("[" * 5000, "application/json", 400),
        ("[]", "application/json", 400),
        ("null", "application/json", 400),
        ("", "application/json", 400),
        ("name=x", "application/x-www-form-urlencoded", 415),
        ("<a/>", "text/xml", 415),
    ],
)
def test_a_body_in_no_form_of_ours_is_refused(world, row, cell, raw, kind, status):
    """Bad inputs 2, 4, 6: a problem document with code and request id."""
    if not raw and (cell.method == "PATCH" or row.name in united("BODILESS")):
        return  # nothing to change, or nothing to say, is fine
    if row.expected(cell, "billing") == 404:
        return  # not its own, before anything is read
    if raw and row.name in united("FILES"):
        status = 415  # a file is no JSON, whatever stands in it
    with undone():
        answer = world.machines["billing"].generic(cell.method, address_of(world, row), raw, content_type=kind)
    assert answer.status_code == status
    problem = answer.json()
    assert problem["code"] and problem["request_id"] == answer["X-Request-Id"]


LISTED = [row for row in TABLE if row.is_api and any(cell.method == "GET" for cell in row.cells)]


@pytest.mark.parametrize("row", LISTED, ids=[row.name for row in LISTED])
def test_every_list_slims_counts_and_refuses_fields_it_has_not(world, callers, row):
    """PLT-2, sync-api "Lists": `fields` and `count=capped` hold for all of them."""
    address = address_of(world, row)
    more = "&" if "?" in address else "?"
    text = callers.ask("billing", "GET", address).text
    if not text.startswith('{"items":') or '"next":' not in text or '"more":' in text:
        return  # no list, or the feed
    whole = json.loads(text)
    count = json.loads(callers.ask("billing", "GET", f"{address}{more}count=capped&limit=1").text)
    assert set(count) >= {"items", "next", "count"}
    assert count["count"]["capped"] is False
    if whole["next"] is None:
        assert count["count"]["value"] == len(whole["items"])
    if whole["items"]:
        name = sorted(set(whole["items"][0]) - {"id"})[0]
        slim = json.loads(callers.ask("billing", "GET", f"{address}{more}fields={name}").text)
        assert slim["items"] == [{key: item[key] for key in ("id", name) if key in item} for item in whole["items"]]
    refused = callers.ask("billing", "GET", f"{address}{more}fields=no_such_field")
    assert (refused.status, json.loads(refused.text)["errors"][0]["code"]) == (400, "unknown_field")
