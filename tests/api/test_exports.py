"""Clients order a list as a file and get it with their own token (sync-api; SEC-1)."""

import pytest

from crm.core import jobs
from crm.core.models import AccessLog, ExportOrder
from tests.cast import CANARY

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/exports"


def post(api, **body):
    return api.post(ADDRESS, {"list": "customers", "reason": "对账"} | body, format="json")


def test_a_client_orders_a_list_and_gets_the_file_masked(make_client):
    """sync-api: 202 with Location; masked, of its own subtree, with its mark; each download logged."""
    api = make_client(unit="A", scopes=["exports:write"])
    answer = post(api, columns=["name", "phone"], query="kind=vip")
    assert answer.status_code == 202, answer.content
    order = ExportOrder.unscoped.get()
    assert answer["Location"] == f"{ADDRESS}/{order.pk}" and answer.json()["state"] == "making"
    assert api.get(f"{ADDRESS}/{order.pk}/file").status_code == 409
    assert jobs.run(order.job_id) == "done"
    record = api.get(answer["Location"]).json()
    assert (record["state"], record["rows"], record["file"]) == ("ready", 3, f"{ADDRESS}/{order.pk}/file")
    text = b"".join(api.get(record["file"]).streaming_content).decode()
    assert "139****0001" in text and "13900000001" not in text and CANARY not in text and f"E{order.pk} " in text
    assert AccessLog.objects.filter(kind="download", subject_id=order.pk).count() == 1


def test_what_is_wrong_is_named_and_full_data_need_their_scope_a_purpose_and_a_person(make_client):
    """Problems name the field; `private:read` and an approver for full data."""
    api = make_client(unit="A", scopes=["exports:write"])
    for body, code in (
        ({"reason": " "}, 400), ({"columns": ["password"]}, 400), ({"list": "nothing"}, 404), ({"colour": 1}, 400),
        ({"query": "colour=red"}, 400), ({"query": "q=无此人"}, 400), ({"format": "doc"}, 400),
        ({"unmasked": True, "purpose": "对账", "columns": ["phone"]}, 403), ({"list": "staff"}, 403),
    ):  # fmt: skip
        assert post(api, **body).status_code == code, body
    assert not ExportOrder.unscoped.exists()
    api = make_client("dwh", unit="A", scopes=["exports:write", "private:read"])
    assert post(api, unmasked=True, columns=["phone"]).status_code == 400
    answer = post(api, unmasked=True, purpose="逐户核对", columns=["phone"])
    assert (answer.status_code, answer.json()["state"]) == (202, "requested")
    assert ExportOrder.unscoped.get().job_id is None
