"""The everyday door of the billing system: read and upsert customers (sync-api, PLT-1, CUS-10)."""

import pytest

from accounts.models import Customer, ExternalId, TierProposal
from crm.core.models import Change
from tests.cast import CANARY

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/customers/by-external-id/billing/{}"


def patch(billing, external_id, body, **headers):
    return billing.patch(ADDRESS.format(external_id), body, format="json", headers=headers)


def test_a_token_reads_the_customers_of_its_subtree_with_manager_and_backup(cast, billing):
    """ORG-10: the API returns manager and backup manager with phones."""
    answer = billing.get(f"/api/v1/customers/{cast.customers['gold'].pk}")
    assert answer.status_code == 200
    body = answer.json()
    assert body["manager"] == {"number": "M1001", "name": "林晓", "phone": "13800000000"}
    assert body["backup_manager"]["number"] == "M1002"
    assert body["tier"] == "gold"
    assert answer["ETag"] == f'"{body["version"]}"'


def test_a_smaller_subtree_sees_nothing_of_another_unit(cast, make_client):
    """SEC-3: rows outside the client's subtree do not exist for it."""
    small = make_client("branch-b", "A1")
    assert small.get("/api/v1/customers").json()["items"] == []
    branch = make_client("branch-a", "A")
    text = branch.get("/api/v1/customers").content.decode()
    assert "钱多多" in text
    assert CANARY not in text
    assert branch.get(f"/api/v1/customers/{cast.customers['strangers'].pk}").status_code == 404


def test_a_list_runs_in_keyset_pages_and_counts_on_request(cast, billing):
    first = billing.get("/api/v1/customers?limit=3&count=capped").json()
    assert len(first["items"]) == 3
    assert first["count"] == {"value": 7, "capped": False}
    seen = {item["id"] for item in first["items"]}
    following = first["next"]
    while following:
        page = billing.get("/api/v1/customers", {"limit": 3, "cursor": following}).json()
        seen |= {item["id"] for item in page["items"]}
        following = page["next"]
    assert len(seen) == 7


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("colour=red", "unknown_parameter"),
        ("limit=0", "out_of_range"),
        ("limit=abc", "out_of_range"),
        ("sort=password", "unknown_sort"),
        ("cursor=%00", "invalid_cursor"),
        ("cursor=WzEsMl0", "invalid_cursor"),
        ("fields=secret", "unknown_field"),
        ("due_by=2026-02-30", "invalid_date"),
        ("overdue=maybe", "invalid_choice"),
        ("q=a%00b", "invalid_character"),
        ("tier=gold&tier=silver", "repeated_parameter"),
    ],
)
def test_a_wrong_query_says_which_parameter_and_why(billing, query, code):
    answer = billing.get(f"/api/v1/customers?{query}")
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"].startswith("application/problem+json")
    body = answer.json()
    assert code in [body["code"], *(error["code"] for error in body["errors"])]
    assert body["request_id"]


def test_patch_creates_then_merges_then_says_unchanged(cast, billing):
    """CUS-10: a push by external id creates once, updates after, never doubles."""
    created = patch(
        billing, "B-1", {"kind": "vip", "name": "赵新客", "unit": "A", "tier": "gold", "phone": "+86 139 0000 7777"}
    )
    assert created.status_code == 201, created.content
    record = created.json()["record"]
    assert (record["name"], record["phone"], record["tier"]) == ("赵新客", "13900007777", "gold")
    merged = patch(billing, "B-1", {"district": "江北"})
    assert (merged.status_code, merged.json()["status"]) == (200, "updated")
    assert merged.json()["record"]["phone"] == "13900007777"
    before = Change.objects.count()
    again = patch(billing, "B-1", {"district": "江北"})
    assert again.json()["status"] == "unchanged"
    assert again.json()["record"]["version"] == merged.json()["record"]["version"]
    assert Change.objects.count() == before
    assert ExternalId.unscoped.filter(source="billing", external_id="B-1").count() == 1


def test_null_clears_and_put_replaces(billing):
    patch(billing, "B-2", {"kind": "vip", "name": "钱二", "unit": "A", "email": "a@example.com", "district": "江北"})
    assert patch(billing, "B-2", {"email": None}).json()["record"]["email"] == ""
    replaced = billing.put(ADDRESS.format("B-2"), {"kind": "vip", "name": "钱二"}, format="json")
    assert replaced.json()["record"]["district"] == ""


def test_yesterdays_body_after_todays_is_stale(billing):
    """sync-api: an item older than what is stored answers `stale`, nothing written."""
    today = {
        "kind": "vip",
        "name": "孙三",
        "unit": "A",
        "district": "今天",
        "source_updated_at": "2026-11-20T08:00:00+08:00",
    }
    assert patch(billing, "B-3", today).status_code == 201
    stale = patch(billing, "B-3", {"district": "昨天", "source_updated_at": "2026-11-19T08:00:00+08:00"})
    assert (stale.status_code, stale.json()["status"]) == (200, "stale")
    assert stale.json()["record"]["district"] == "今天"


def test_a_pushed_lower_tier_is_proposed_not_done(billing):
    """CUS-4: a tier that would lower an active customer waits for a supervisor."""
    patch(billing, "B-4", {"kind": "vip", "name": "李四", "unit": "A", "tier": "gold"})
    lowered = patch(billing, "B-4", {"tier": "silver", "district": "河西"})
    assert lowered.status_code == 200, lowered.content
    body = lowered.json()
    assert body["proposed"] == ["tier"]
    assert (body["record"]["tier"], body["record"]["district"]) == ("gold", "河西")
    assert TierProposal.unscoped.filter(customer_id=body["record"]["id"], state="open").count() == 1


def test_if_match_protects_from_overwriting(billing):
    created = patch(billing, "B-5", {"kind": "vip", "name": "周五", "unit": "A"})
    tag = created["ETag"]
    assert patch(billing, "B-5", {"district": "甲"}, if_match=tag).status_code == 200
    refused = patch(billing, "B-5", {"district": "乙"}, if_match=tag)
    assert refused.status_code == 412
    assert refused.json()["current"]["district"] == "甲"
    assert patch(billing, "B-5", {"name": "x"}, if_none_match="*").status_code == 412


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"owner": 1}, "/owner", "unknown_field"),
        ({"version": 9}, "/version", "unknown_field"),
        ({"phone": "1380013800"}, "/phone", "invalid_phone"),
        ({"name": "\u200b\u200b"}, "/name", "blank"),
        ({"name": "长" * 51}, "/name", "too_long"),
        ({"joined_on": "9999-12-31"}, "/joined_on", "out_of_range"),
        ({"unit": "NOWHERE"}, "/unit", "not_found"),
        ({"tier": "platinum"}, "/tier", None),
        ({"kind": "alien"}, "/kind", "invalid_choice"),
    ],
)
def test_bad_fields_are_named_and_nothing_is_written(billing, body, field, code):
    before = Customer.unscoped.count()
    answer = patch(billing, "B-6", {"kind": "vip", "name": "吴六", "unit": "A"} | body)
    assert answer.status_code == 400, answer.content
    errors = {error["pointer"]: error["code"] for error in answer.json()["errors"]}
    assert field in errors, errors
    assert code in (None, errors[field])
    assert Customer.unscoped.count() == before


def test_bulk_answers_every_row_in_order(billing):
    patch(billing, "K-1", {"kind": "vip", "name": "旧客", "unit": "A"})
    items = [
        {"external_id": "K-1", "district": "新区"},
        {"external_id": "K-2", "kind": "vip", "name": "新客", "unit": "A"},
        {"external_id": "K-3", "kind": "vip", "name": "坏客", "unit": "A", "phone": "12"},
        {"external_id": "K-1", "district": "再来"},
        {"external_id": 5},
    ]
    answer = billing.post("/api/v1/customers/bulk", {"items": items}, format="json")
    assert answer.status_code == 207, answer.content
    rows = answer.json()["items"]
    assert [row["status"] for row in rows] == ["updated", "created", "failed", "failed", "failed"]
    assert rows[2]["errors"][0]["pointer"] == "/items/2/phone"
    assert rows[1]["id"]


def test_atomic_bulk_is_all_or_nothing(billing):
    items = [
        {"external_id": "A-1", "kind": "vip", "name": "好客", "unit": "A"},
        {"external_id": "A-2", "kind": "vip", "name": "坏客", "unit": "NOWHERE"},
    ]
    answer = billing.post("/api/v1/customers/bulk", {"mode": "atomic", "items": items}, format="json")
    assert answer.status_code == 422
    assert not ExternalId.unscoped.filter(source="billing").exists()


def test_bulk_refuses_more_than_a_thousand(billing):
    items = [{"external_id": str(number)} for number in range(1001)]
    assert billing.post("/api/v1/customers/bulk", {"items": items}, format="json").status_code == 400


def test_the_same_idempotency_key_gives_the_same_answer(billing):
    items = {"items": [{"external_id": "I-1", "kind": "vip", "name": "一次", "unit": "A"}]}
    first = billing.post("/api/v1/customers/bulk", items, format="json", headers={"Idempotency-Key": "abc"})
    second = billing.post("/api/v1/customers/bulk", items, format="json", headers={"Idempotency-Key": "abc"})
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    other = billing.post("/api/v1/customers/bulk", {"items": [{"external_id": "I-2"}]}, format="json",
                         headers={"Idempotency-Key": "abc"})  # fmt: skip
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    long = billing.post("/api/v1/customers/bulk", items, format="json", headers={"Idempotency-Key": "x" * 10_000})
    assert (long.status_code, long.json()["code"]) == (400, "key_too_long")


@pytest.mark.parametrize(
    ("raw", "code"),
    [(b"{bad", "invalid_json"), (b'{"name": NaN}', "invalid_json"), (b'{"name": "a\\u0000b"}', "invalid_character"),
     (b"[" * 30 + b"]" * 30, "too_deep"), (b'{"name": "\\ud800"}', None), (b"", None)],
)  # fmt: skip
def test_broken_json_is_refused_with_a_reason(billing, raw, code):
    answer = billing.patch(ADDRESS.format("X"), raw, content_type="application/json")
    assert answer.status_code == 400, answer.content
    assert code in (None, answer.json()["code"])


def test_no_token_a_wrong_token_a_revoked_token_and_a_missing_scope(cast, client, make_client):
    assert client.get("/api/v1/customers").status_code == 401
    assert client.get("/api/v1/customers", headers={"Authorization": "Bearer crm_nonsense"}).status_code == 401
    reader = make_client("reader", "CITY", ["customers:read"])
    assert reader.get("/api/v1/customers").status_code == 200
    assert patch(reader, "S-1", {"kind": "vip", "name": "无权"}).status_code == 403
    assert reader.get("/api/v1/visits").status_code == 403
    assert client.get("/api/v1/nowhere").json()["code"] == "not_found"


def test_external_ids_are_one_per_source_and_belong_to_one_customer(cast, billing):
    address = f"/api/v1/customers/{cast.customers['gold'].pk}/external-ids/billing"
    assert billing.put(address, {"external_id": "E-1"}, format="json").json() == {"external_ids": {"billing": "E-1"}}
    other = f"/api/v1/customers/{cast.customers['silver'].pk}/external-ids/billing"
    assert billing.put(other, {"external_id": "E-1"}, format="json").status_code == 409
    assert billing.delete(address).status_code == 204
    assert billing.delete(address).status_code == 404
    answers = [billing.put(address, {"external_id": "B-2"}, format="json", HTTP_IF_MATCH=tag) for tag in ('"999"', "*")]
    assert [answer.status_code for answer in answers] == [412, 200]
    assert answers[0].json()["current"]["external_ids"] == {}
    assert billing.delete(address, HTTP_IF_MATCH='"999"').status_code == 412
    foreign = f"/api/v1/customers/{cast.customers['gold'].pk}/external-ids/hotline"
    assert billing.put(foreign, {"external_id": "H-1"}, format="json").status_code == 404
