"""Contract "stale replay": yesterday's file after today's does no harm, whatever the rows are."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import GroupMember, Product
from crm.core.db import write
from crm.core.models import Change
from sync.choices import TokenScope

pytestmark = pytest.mark.django_db
PHONE = "13912340077"


def rows(cast):
    """Address → (a row, the field that changes with its two values)."""
    firm, month = cast.customers["teammates"].number, timezone.localdate().replace(day=1).strftime("%Y-%m")
    last = (timezone.localdate().replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    due = timezone.localdate().isoformat()
    product = Product.objects.filter(category="").first() or Product.objects.first()
    return {
        "customers/bulk": ({"external_id": "S-1", "kind": "vip", "name": "甲一", "unit": "A"}, "district", "东", "西"),
        "contact-persons": ({"external_id": "P-1", "customer": firm, "name": "丁一"}, "position", "一", "二"),
        "group-members": ({"msisdn": PHONE, "customer": firm}, "name", "丁一", "丁二"),
        "lines": (
            {"number": "13912340078", "customer": firm, "opened_on": "2024-01-01"},
            "state",
            "active",
            "suspended",
        ),
        "usage/bulk": ({"customer": firm, "month": last}, "voice_minutes", 10, 11),
        "bills/bulk": ({"customer": firm, "month": last, "due_on": due}, "amount", "10.00", "11.00"),
        "member-uses": ({"member": "13912340079", "product": product.code, "month": last}, "uses", 3, 4),
        "sales/quotas": ({"unit": "A", "month": month, "metric": "product", "product": product.code}, "target", 5, 6),
        "units/bulk": ({"code": "NEW", "name": "新区", "type": "branch", "parent": "CITY"}, "area", "东", "西"),
        "staff/bulk": ({"number": "N77", "name": "新人", "unit": "A"}, "phone", "13912340070", "13912340071"),
    }


def test_what_is_older_than_what_is_stored_is_stale(make_client, cast):
    """Sync-api: an equal row told later confirms what is stored, without a version or a line in the log."""
    caller = make_client("everything", scopes=list(TokenScope.values))
    now = timezone.now()
    with write(label="test"):
        GroupMember.unscoped.create(customer=cast.customers["teammates"], msisdn="13912340079")
    for address, (row, name, before, after) in rows(cast).items():

        def told(value, days, row=row, name=name, address=address):
            moment = (now - timedelta(days=days)).isoformat()
            body = {"items": [{**row, name: value, "source_updated_at": moment}]}
            answer = caller.post(f"/api/v1/{address}", body, format="json").json()
            assert "items" in answer, (address, answer)
            (done,) = answer["items"]
            return done["status"], [problem["code"] for problem in done["errors"]]

        assert told(before, 9) == ("created", []), address
        logged = Change.objects.count()
        assert told(before, 7) == ("unchanged", []), address
        assert Change.objects.count() == logged, address
        assert told(after, 8) == ("stale", []), address
        assert told(after, 6) == ("updated", []), address
        assert told(before, 7) == ("stale", []), address
        assert told(before, -3) == ("failed", ["out_of_range"]), address


def test_a_unit_and_a_colleague_alone_are_stale_too(make_client, cast):
    """The same by PATCH, whose answer says what stands."""
    caller = make_client("directory", scopes=["directory:read", "directory:write"])
    now = timezone.now()
    for address, name in (("units/A", "area"), ("staff/M1001", "phone")):
        for value, days, status in (("13912340070", 1, "updated"), ("13912340071", 2, "stale")):
            body = {name: value, "source_updated_at": (now - timedelta(days=days)).isoformat()}
            answer = caller.patch(f"/api/v1/{address}", body, format="json").json()
            assert (answer["status"], answer["record"][name]) == (status, "13912340070"), address
