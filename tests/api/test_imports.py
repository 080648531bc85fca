"""`POST /imports`, `GET /jobs…`: load a file, look how far it is, take it back (sync-api "load a million")."""

import json
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.models import Customer, ExternalId
from crm.core import jobs
from crm.core.models import Attachment, Job
from sync.models import ImportMapping

pytestmark = pytest.mark.django_db
CUSTOMERS = b"id,name,tier\nB1,Zhou Yu,gold\nB2,Huang Gai,nothing\n"
MAPPING = json.dumps(
    {"external_id": "id", "name": "name", "tier": "tier", "kind": {"value": "vip"}, "unit": {"value": "A"}}
)
USAGE = '{"customer": "K80000002", "month": "202601", "revenue": 8.50}\n{"customer": "none", "month": "202601"}\n'
SCOPES = ["imports:write", "customers:read", "customers:write", "billing:write"]


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def loader(make_client):
    """The billing system, which may load files; a file is no JSON body, so the plain test client sends it."""
    made = make_client("billing", "CITY", SCOPES)
    plain = APIClient()
    plain.credentials(**made._credentials)
    return plain


def send(caller, content=CUSTOMERS, key=None, **fields):
    form = {"kind": "customers", "mapping": MAPPING, "file": SimpleUploadedFile("c.csv", content), **fields}
    more = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    return caller.post("/api/v1/imports", form, format="multipart", **more)


def run(answer):
    assert answer.status_code == 202, answer.content
    assert jobs.run(answer.json()["id"]) in ("done", "failed")
    return answer.json()["id"]


def test_a_file_is_loaded_looked_at_and_taken_back(loader, cast):
    """PLT-4: 202 with a job; state, counts, the failed rows as CSV; undo as a job of its own."""
    answer = send(loader)
    job = run(answer)
    assert answer["Location"] == f"/api/v1/jobs/{job}" and answer.json()["state"] == "queued"
    body = loader.get(answer["Location"]).json()
    assert (body["state"], body["counts"]["created"], body["counts"]["failed"]) == ("done", 1, 1)
    errors = b"".join(loader.get(f"/api/v1/jobs/{job}/errors").streaming_content).decode("utf-8-sig")
    assert errors.splitlines()[1].startswith("3,tier,invalid_choice")
    assert ExternalId.unscoped.get(source="billing").customer.name == "Zhou Yu"
    undo = loader.post(f"/api/v1/jobs/{job}/undo")
    assert loader.post(f"/api/v1/jobs/{job}/undo").json()["id"] == undo.json()["id"]
    run(undo)
    body = loader.get(undo["Location"]).json()
    assert (body["type"], body["counts"]["removed"], body["counts"]["refused"]) == ("undo", 1, 0)
    assert loader.get(f"/api/v1/jobs/{job}").json()["undone_by"] == body["id"]
    assert not ExternalId.unscoped.filter(source="billing").exists()
    listed = loader.get("/api/v1/jobs?limit=1").json()
    assert [row["id"] for row in listed["items"]] == [body["id"]]
    assert [row["id"] for row in loader.get(f"/api/v1/jobs?cursor={listed['next']}").json()["items"]] == [job]


def test_a_bare_body_takes_its_fields_as_parameters_and_the_mapping_is_remembered(loader):
    """application/x-ndjson, text/csv and gzip: the headings speak for themselves; then the source's own mapping."""
    table = b"customer,month,revenue\nK80000002,202601,8.50\n"
    for content_type, content in (("application/x-ndjson", USAGE.encode()), ("text/csv", table)):
        answer = loader.generic("POST", "/api/v1/imports?kind=usage", content, content_type=content_type)
        body = loader.get(f"/api/v1/jobs/{run(answer)}").json()
        assert body["kind"] == "usage" and body["counts"]["failed"] == (1 if "json" in content_type else 0)
    assert ImportMapping.objects.get(source="billing", kind="usage")
    assert body["counts"]["unchanged"] == 1
    fen = json.dumps({"customer": "customer", "month": "month", "revenue": {"column": "revenue", "as": "fen"}})
    for mapping in (fen, ""):
        table = b"customer,month,revenue\nK80000002,202602,850\n"
        answer = send(loader, table, kind="usage", mapping=mapping)
        assert loader.get(f"/api/v1/jobs/{run(answer)}").json()["counts"]["failed"] == 0
    from sales.models import UsageMonth

    assert set(UsageMonth.unscoped.values_list("revenue", flat=True)) == {Decimal("8.50")}


def test_repeated_with_its_key_it_is_one_import(loader):
    """Sync-api "repeat safely": the same file is the same job, another one is refused."""
    first = send(loader, key="k1")
    assert send(loader, key="k1").json()["id"] == first.json()["id"] and Job.objects.count() == 1
    assert send(loader, CUSTOMERS + b"B3,x,\n", key="k1").status_code == 422


def test_what_cannot_be_loaded_says_why_and_keeps_nothing(loader, make_client, session, cast):
    """RFC 9457: unknown kind, unknown field, a mapping that is none, another source, a missing scope, no table."""
    for fields, code in (
        ({"kind": "x"}, "invalid_choice"), ({"nope": "1"}, "unknown_field"), ({"mapping": "{"}, "invalid_json"),
        ({"source": "other"}, "not_found"), ({"mapping": '{"name": "name"}'}, "required"),
        ({"mapping": '{"external_id": "none"}'}, "unknown_column"), ({"mode": "x"}, "invalid_choice"),
        ({"content": b""}, ""), ({"content": b"PK\x03\x04xx"}, "damaged"), ({"rows": "-1"}, "min_value"),
    ):  # fmt: skip
        answer = send(loader, **fields)
        assert 400 <= answer.status_code < 500, fields
        assert answer["Content-Type"] == "application/problem+json"
        assert code in answer.content.decode(), (fields, answer.content)
    assert (
        loader.generic("POST", "/api/v1/imports?kind=usage&x=1", b"a\n1\n", content_type="text/csv").status_code == 400
    )
    assert loader.post("/api/v1/imports", {"kind": "usage"}, format="json").status_code == 415
    assert send(loader, kind="visits").status_code == 403
    assert not Job.objects.exists()
    other = make_client("hotline", "A", SCOPES)
    job = run(send(loader))
    assert other.get(f"/api/v1/jobs/{job}").status_code == 404
    assert other.post(f"/api/v1/jobs/{job}/undo").status_code == 404
    assert session("manager").get("/api/v1/jobs").status_code == 403


def test_a_client_of_one_branch_brings_customers_to_it_only(make_client, cast):
    """Decisions 14: an id outside the subtree is not found and never created; the worker sees what the token saw."""
    made = make_client("branch", "B", SCOPES)
    plain = APIClient()
    plain.credentials(**made._credentials)
    here = MAPPING.replace('"A"', '"B"')
    body = plain.get(f"/api/v1/jobs/{run(send(plain, mapping=here))}").json()
    assert (body["counts"]["created"], body["state"]) == (1, "done")
    job = Job.objects.get(pk=run(send(plain, b"id,name,tier\nB9,x,\n")))
    assert job.state == "failed" and not Customer.unscoped.filter(name="x").exists()
    assert Attachment.objects.exclude(name__endswith="-failed.csv").count() == 2  # what was sent, no more
