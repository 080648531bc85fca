"""Units and staff told by the directory of the company: every owner is kept (sync-api "Trust")."""

from __future__ import annotations

import pytest

from accounts.models import Customer, Staff, Unit
from crm.core.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def directory(make_client):
    """A client that may write units and staff."""
    return make_client("directory", scopes=["directory:read", "directory:write"])


def test_a_unit_is_made_changed_and_moved_with_all_below(directory, cast):
    """PUT and PATCH by code; the same again is unchanged; If-Match refuses a stale copy."""
    made = directory.put("/api/v1/units/NEW", {"name": "新区", "type": "branch", "parent": "CITY"}, format="json")
    assert made.status_code == 201 and made.json()["record"]["parent"] == "CITY"
    child = {"name": "新区一部", "type": "team", "parent": "NEW"}
    types = {row["code"]: row["type"] for row in directory.get("/api/v1/units").json()["items"]}
    child["type"] = types["A"]
    assert directory.patch("/api/v1/units/NEW1", child, format="json").status_code == 201
    assert directory.patch("/api/v1/units/NEW1", child, format="json").json()["status"] == "unchanged"
    moved = directory.patch("/api/v1/units/NEW", {"parent": "A"}, format="json", HTTP_IF_MATCH=made["ETag"])
    assert moved.json()["status"] == "updated"
    top = Unit.unscoped.get(code="A")
    assert Unit.unscoped.get(code="NEW1").path.startswith(top.path)
    assert directory.patch("/api/v1/units/NEW", {"area": "东"}, format="json", HTTP_IF_MATCH='"1"').status_code == 412
    assert directory.patch("/api/v1/units/A", {"parent": "NEW1"}, format="json").status_code == 400
    assert directory.patch("/api/v1/units/A", {"is_active": False}, format="json").status_code == 400
    assert directory.put("/api/v1/units/NEW", {"name": "x", "colour": 1}, format="json").status_code == 400


def test_nobody_signs_in_unless_it_was_asked_for(directory, cast):
    """A colleague is made without a sign-in; asked for once, he keeps it."""
    body = {"name": "新人", "unit": "A", "phone": "13811112222"}
    assert directory.put("/api/v1/staff/N1", body, format="json").status_code == 201
    user = User.objects.get(username="N1")
    assert not user.is_active and not user.has_usable_password()
    assert directory.patch("/api/v1/staff/N1", {"can_sign_in": True}, format="json").json()["status"] == "updated"
    assert directory.put("/api/v1/staff/N1", body, format="json").json()["status"] == "unchanged"
    user.refresh_from_db()
    assert user.is_active
    assert (
        directory.put("/api/v1/staff/N1", {"name": "新人", "unit": "A"}, format="json").json()["record"]["phone"] == ""
    )


def test_a_resync_keeps_every_owner(directory, cast):
    """Who holds customers is not deactivated: his row fails with the reason; the others are done, in any order."""
    before = dict(Customer.unscoped.values_list("pk", "manager_id"))
    number = cast.staff["manager"].number
    rows = [
        {"number": "N2", "name": "下属", "unit": "A", "supervisor": "N3"},
        {"number": "N3", "name": "上级", "unit": "A"},
        {"number": number, "is_active": False},
        {"number": "N4", "name": "无处", "unit": "NOWHERE"},
        {"name": "没有工号", "unit": "A"},
    ]
    answer = directory.post("/api/v1/staff/bulk", {"items": rows}, format="json")
    items = answer.json()["items"]
    assert answer.status_code == 207
    assert [row["status"] for row in items] == ["created", "created", "failed", "failed", "failed"]
    assert items[2]["errors"][0]["code"] == "has_customers" and items[3]["errors"][0]["pointer"] == "/items/3/unit"
    assert Staff.unscoped.get(number="N2").supervisor.number == "N3"
    assert Staff.unscoped.get(number=number).is_active
    assert dict(Customer.unscoped.values_list("pk", "manager_id")) == before
    again = directory.post("/api/v1/staff/bulk", {"items": rows[:2]}, format="json").json()["items"]
    assert [row["status"] for row in again] == ["unchanged", "unchanged"]
    idle = directory.patch("/api/v1/staff/N2", {"is_active": False}, format="json").json()
    assert idle["record"]["is_active"] is False


def test_all_or_nothing_and_trials_write_nothing(directory, cast):
    rows = [{"code": "X1", "name": "一", "type": "branch", "parent": "CITY"}, {"code": "X2", "name": "二"}]
    trial = directory.post("/api/v1/units/bulk", {"items": rows[:1], "dry_run": True}, format="json")
    assert trial.json()["items"][0] == {"index": 0, "key": "X1", "status": "created", "id": None, "errors": []}
    atomic = directory.post("/api/v1/units/bulk", {"items": rows, "mode": "atomic"}, format="json")
    assert atomic.status_code == 422 and not Unit.unscoped.filter(code__in=("X1", "X2")).exists()


def test_outside_its_subtree_there_is_nothing(make_client, cast):
    """Decisions 14: a unit or colleague elsewhere is not found and never made there."""
    narrow = make_client("narrow", unit="B", scopes=["directory:read", "directory:write"])
    assert narrow.patch("/api/v1/units/A", {"area": "东"}, format="json").status_code == 404
    assert (
        narrow.patch(f"/api/v1/staff/{cast.staff['manager'].number}", {"phone": ""}, format="json").status_code == 404
    )
    made = narrow.put("/api/v1/staff/N9", {"name": "别处", "unit": "A"}, format="json")
    assert made.status_code == 400 and not Staff.unscoped.filter(number="N9").exists()
