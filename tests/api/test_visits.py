"""Visits that a machine or a person's browser logs: checked like the form's, settled at once (CON-7, CON-34)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import ExternalId, Standing
from crm.core.models import AccessLog
from tests.visits.desk import owe
from visits.models import Visit

pytestmark = pytest.mark.django_db


def moment(**back):
    return (timezone.localtime() - timedelta(**(back or {"minutes": 20}))).isoformat()


def body_for(who, **changes):
    body = {
        "customer": who.pk,
        "staff": "M1001",
        "channel": "phone",
        "outcome": "effective",
        "occasion": "care",
        "occurred_at": moment(),
    }
    return {name: value for name, value in (body | changes).items() if value is not None}


def post(caller, body, **headers):
    return caller.post("/api/v1/visits", body, format="json", headers=headers)


def test_a_posted_visit_is_a_whole_record(cast, billing):
    answer = post(billing, body_for(cast.customers["gold"], content="续约谈妥", external_id="CALL-1"))
    assert answer.status_code == 201, answer.content
    record = answer.json()["record"]
    assert (record["staff"], record["manager"], record["unit"], record["party"]) == ("M1001", "M1001", "A", "record")
    assert (record["channel"], record["outcome"], record["occasion"]) == ("phone", "effective", "care")
    assert (record["source"], record["external_id"], record["counts"]) == ("billing", "CALL-1", True)
    read = billing.get(f"/api/v1/visits/{record['id']}")
    assert read.json() == record
    assert read["ETag"] == f'"{record["version"]}"'
    row = Visit.unscoped.get(pk=record["id"])
    assert (row.logged_from, row.content, row.logged_by.is_service) == ("api", "续约谈妥", True)


def test_the_customer_may_be_named_by_external_id(cast, billing):
    """sync-api: any reference may be {source, external_id} instead of an id."""
    ExternalId.unscoped.create(customer=cast.customers["gold"], source="billing", external_id="B-77")
    answer = post(billing, body_for(cast.customers["gold"], customer={"source": "billing", "external_id": "B-77"}))
    assert answer.status_code == 201, answer.content
    assert answer.json()["record"]["customer"] == cast.customers["gold"].pk


def test_one_external_id_is_one_visit_even_without_a_key(cast, billing):
    first = post(billing, body_for(cast.customers["gold"], external_id="CALL-9"))
    again = post(billing, body_for(cast.customers["gold"], external_id="CALL-9"))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["is_duplicate"] is True
    assert again.json()["record"]["id"] == first.json()["record"]["id"]
    assert Visit.unscoped.count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"customer": 999999}, "/customer", "not_found"),
        ({"customer": "abc"}, "/customer", "not_an_object"),
        ({"customer": True}, "/customer", "not_an_object"),
        ({"customer": 10**30}, "/customer", "not_found"),
        ({"customer": {"source": "billing", "external_id": "none"}}, "/customer", "not_found"),
        ({"customer": {"source": "billing"}}, "/customer/external_id", "required"),
        ({"staff": None}, "/staff", "not_found"),
        ({"staff": "X9"}, "/staff", "not_found"),
        ({"channel": "pigeon"}, "/channel", "invalid_choice"),
        ({"outcome": "great"}, "/outcome", "invalid_choice"),
        ({"occasion": "party"}, "/occasion", "invalid_choice"),
        ({"direction": "up"}, "/direction", "invalid_choice"),
        ({"mood": "angry?"}, "/mood", "invalid_choice"),
        ({"occurred_at": None}, "/occurred_at", "required"),
        ({"occurred_at": "yesterday"}, "/occurred_at", "invalid"),
        ({"occurred_at": moment(days=5)}, "/occurred_at", "too_late"),
        ({"occurred_at": moment(days=-1)}, "/occurred_at", "in_future"),
        ({"ended_at": moment(minutes=40)}, "/ended_at", "ends_before_start"),
        ({"content": "长" * 2001}, "/content", "too_long"),
        ({"content": "a\u0000b"}, "/content", "invalid_character"),
        ({"counts": True}, "/counts", "unknown_field"),
        ({"manager": "M1002"}, "/manager", "unknown_field"),
        ({"version": 7}, "/version", "unknown_field"),
        ({"next_on": "2026-02-30"}, "/next_on", "invalid"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_written(cast, billing, changes, field, code):
    """CON-34, bad inputs 2-18: what is computed is never taken."""
    answer = post(billing, body_for(cast.customers["gold"], **changes))
    assert answer.status_code == 400, answer.content
    errors = {error["pointer"]: error["code"] for error in answer.json()["errors"]}
    assert errors.get(field) == code, errors
    assert not Visit.unscoped.exists()


def test_a_customer_outside_the_subtree_is_not_found_and_nothing_is_written(cast, make_client):
    """Decisions 14: an id outside a client's subtree is not found and never created."""
    branch = make_client("branch", "A")
    answer = post(branch, body_for(cast.customers["strangers"], staff="M1001"))
    assert answer.status_code == 400
    assert answer.json()["errors"][0] == {
        "pointer": "/customer",
        "code": "not_found",
        "detail": answer.json()["errors"][0]["detail"],
    }
    foreign = post(branch, body_for(cast.customers["gold"], staff="M2001"))
    assert foreign.json()["errors"][0]["pointer"] == "/staff"
    assert not Visit.unscoped.exists()


def test_a_token_without_the_scope_is_refused_and_only_the_access_log_knows(cast, make_client):
    """Decisions 13: a denied call leaves one row in the access log."""
    reader = make_client("reader", "CITY", ["visits:read"])
    assert post(reader, body_for(cast.customers["gold"])).status_code == 403
    assert AccessLog.objects.filter(kind="denied").count() == 1
    assert not Visit.unscoped.exists()


def test_a_person_logs_in_his_own_name_only(cast, session):
    mine = body_for(cast.customers["gold"], staff=None)
    assert post(session("manager"), mine).status_code == 201
    assert Visit.unscoped.get().staff == cast.staff["manager"]
    assert post(session("manager"), mine | {"staff": "M1002"}).status_code == 400
    assert post(session("auditor"), mine).status_code == 403
    assert Visit.unscoped.count() == 1


def test_a_browser_session_needs_its_csrf_token(cast, client):
    """sync-api: browser sessions work too, CSRF enforced."""
    client.handler.enforce_csrf_checks = True
    client.force_login(cast.manager)
    body = body_for(cast.customers["gold"], staff=None)
    answer = client.post("/api/v1/visits", body, content_type="application/json")
    assert answer.status_code == 403
    assert not Visit.unscoped.exists()


def test_an_attempt_is_kept_and_settles_nothing(cast, billing):
    """CON-7: what counts is decided by the table, never by the caller."""
    duty = owe(cast.customers["gold"], starts_on=timezone.localdate().replace(day=1), due_on=timezone.localdate())
    answer = post(billing, body_for(cast.customers["gold"], outcome="no_answer", occasion=None))
    assert answer.status_code == 201, answer.content
    assert answer.json()["settled_duties"] == []
    assert answer.json()["record"]["counts"] is False
    duty.refresh_from_db()
    assert duty.state == "open"
    assert Standing.unscoped.get(customer=cast.customers["gold"]).last_visit_on is None
