"""`contact-persons` (CUS-24; sync-api "manage ids"): known by their own id elsewhere, of customers named in any way."""

import pytest

from accounts.models import Customer, ExternalId
from crm.core.db import write
from tests.api.test_group_members import statuses

pytestmark = pytest.mark.django_db
URL = "/api/v1/contact-persons"


def told(caller, body):
    answer = caller.post(URL, body, format="json")
    return answer.status_code, answer.json()


def test_a_person_told_again_by_his_id_is_the_same_one(billing, cast):
    """Contract: a client that retries blindly makes nobody twice; the answer carries the ETag of today."""
    firm = cast.customers["teammates"]
    with write(label="test"):
        ExternalId.unscoped.create(customer=firm, source="old", external_id="O-7")
    body = {"external_id": "P-1", "customer": {"source": "old", "external_id": "O-7"}, "name": "丁一", "role": "leader"}
    status, person = told(billing, body)
    assert (status, person["customer"], person["source"], person["external_id"]) == (201, firm.pk, "billing", "P-1")
    status, again = told(billing, body)
    assert (status, again) == (200, person)
    answer = billing.post(URL, {"external_id": "P-1", "name": "丁一一"}, format="json")
    assert (answer.status_code, answer.json()["name"], answer["ETag"]) == (200, "丁一一", '"2"')
    (found,) = billing.get(f"{URL}?source=billing&external_id=P-1").json()["items"]
    assert found == answer.json()
    changes = billing.get(f"/api/v1/changes?types=contact_person&cursor={_begin(billing)}").json()["items"]
    assert changes == []


def _begin(caller):
    return caller.get(f"{URL}?limit=1").json()["changes_cursor"]


@pytest.mark.django_db(transaction=True)
def test_many_are_answered_row_by_row_and_the_feed_names_their_ids(billing, cast):
    """Contract: bulk by `items`; a bad row stops no good one; `external_ids` in the feed; the version moves."""
    firm = cast.customers["teammates"]
    begin, version = _begin(billing), firm.version
    items = [
        {"external_id": "P-2", "customer": firm.number, "name": "丙二"},
        {"external_id": "P-3", "customer": firm.pk, "name": ""},
        {"external_id": "P-4", "customer": cast.customers["gold"].pk, "name": "丙四"},
        {"external_id": "P-5", "customer": firm.pk, "name": "丙五", "colour": "red"},
        {"external_id": "P-6", "customer": 10**9, "name": "丙六"},
    ]
    answer = billing.post(URL, {"items": items}, format="json")
    assert answer.status_code == 207
    assert [codes for _status, codes in statuses(answer)] == [
        [], ["blank"], ["not_for_kind"], ["unknown_field"], ["not_found"],
    ]  # fmt: skip
    (change,) = billing.get(f"/api/v1/changes?types=contact_person&cursor={begin}").json()["items"]
    assert change["external_ids"] == {"billing": "P-2"}
    assert Customer.unscoped.get(pk=firm.pk).version > version
    assert told(billing, {"customer": firm.pk, "name": "丙七", "colour": "red"})[0] == 400
    assert told(billing, [])[0] == 400
