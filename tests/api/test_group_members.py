"""`group-members` (CUS-28): numbers under a group, told by billing, known by the number."""

import pytest

from accounts.models import Customer, GroupMember

URL = "/api/v1/group-members"


@pytest.fixture
def lines_client(make_client):
    return make_client("lines", scopes=["lines:read", "lines:write"])


def bulk(caller, *items, **more):
    return caller.post(URL, {"items": list(items), **more}, format="json")


def statuses(answer):
    return [(row["status"], [error["code"] for error in row["errors"]]) for row in answer.json()["items"]]


@pytest.mark.django_db
def test_members_come_are_told_again_and_move(lines_client, cast):
    """CUS-28: created, unchanged, moved to another group; missing fields stay."""
    firm = cast.customers["teammates"]
    other = Customer.unscoped.create(
        kind="group", name="江城木业", number="K90000001", unit=firm.unit, manager=firm.manager, tier=firm.tier,
        created_at=firm.created_at, updated_at=firm.updated_at,
    )  # fmt: skip
    item = {"msisdn": "+86 138 1234 0010", "customer": firm.number, "name": "丁一"}
    assert statuses(bulk(lines_client, item)) == [("created", [])]
    assert statuses(bulk(lines_client, item)) == [("unchanged", [])]
    assert statuses(bulk(lines_client, {"msisdn": "13812340010", "state": "inactive"})) == [("updated", [])]
    assert statuses(bulk(lines_client, {"msisdn": "13812340010", "customer": other.pk})) == [("updated", [])]
    (row,) = lines_client.get(f"{URL}?customer={other.pk}").json()["items"]
    assert (row["msisdn"], row["name"], row["state"]) == ("13812340010", "丁一", "inactive")


@pytest.mark.django_db
def test_what_is_no_member_is_refused_by_name(lines_client, make_client, cast):
    """CUS-28: no number, no group, no customer, another side's number; a good row among them is taken."""
    firm, person = cast.customers["teammates"], cast.customers["gold"]
    answer = bulk(
        lines_client,
        {"msisdn": "12", "customer": firm.pk},
        {"msisdn": "13812340011", "customer": person.pk},
        {"msisdn": "13812340011", "customer": 10**9},
        {"msisdn": "13812340011"},
        {"msisdn": "13812340011", "customer": firm.pk, "colour": "red"},
        {"msisdn": "13812340011", "customer": firm.pk},
    )
    assert answer.status_code == 207
    assert [codes for _status, codes in statuses(answer)] == [
        ["invalid_phone"], ["not_for_kind"], ["not_found"], ["not_found"], ["unknown_field"], [],
    ]  # fmt: skip
    stranger = make_client("narrow", "B", ["lines:read", "lines:write"])
    assert statuses(bulk(stranger, {"msisdn": "13812340011", "state": "inactive"})) == [("failed", ["taken"])]
    assert GroupMember.unscoped.get(msisdn="13812340011").state == "active"
