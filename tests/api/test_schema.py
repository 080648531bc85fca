"""The OpenAPI description: complete, valid, and what sign-in it speaks of (sync-api "Conventions")."""

import pytest
from django.core.management import call_command
from django.urls import get_resolver
from drf_spectacular.generators import SchemaGenerator

from tests.api.conftest import description

pytestmark = pytest.mark.django_db


def test_the_description_is_made_without_a_warning(tmp_path):
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yml"))


def test_every_route_is_described_with_sign_in_by_token_and_by_session():
    document = description()
    assert document["openapi"].startswith("3.1")
    assert set(document["components"]["securitySchemes"]) == {"token", "session"}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert [set(way) for way in operation["security"]] == [{"token"}, {"session"}], (method, path)
            (scopes,) = operation["security"][0].values()
            assert len(scopes) == 1, (method, path)
            assert {"401", "403", "405", "429"} <= set(operation["responses"]), (method, path)
            assert operation["description"], (method, path)


def test_nothing_below_the_api_is_left_out_of_the_description():
    (api,) = [part for part in get_resolver().url_patterns if getattr(part, "app_name", "") == "api"]
    described = {operation["operationId"] for path in description()["paths"].values() for operation in path.values()}
    routes = [view.callback.cls for view in api.url_patterns if hasattr(view.callback, "cls")]
    methods = {
        (route.__name__, method)
        for route in routes
        for method in getattr(route, "abilities", {})
        if method != "HEAD" and hasattr(route, method.lower())
    }
    assert len(described) == len(methods)


def test_filters_are_described_by_their_type():
    parameters = {one["name"]: one["schema"] for one in description()["paths"]["/api/v1/duties"]["get"]["parameters"]}
    assert parameters["customer"]["type"] == "integer"
    assert parameters["due_by"]["format"] == "date"
    assert "met" in parameters["state"]["enum"]
    assert (parameters["limit"]["minimum"], parameters["limit"]["maximum"]) == (1, 1000)


def test_the_description_says_what_is_refused_and_what_is_not():
    """As a fuzzer reads it: bodies are closed, any preference is taken (RFC 7240), nothing has two ways to be null."""
    document = description()
    shapes = document["components"]["schemas"]
    assert shapes["CustomerIn"]["additionalProperties"] is False
    headers = document["paths"]["/api/v1/customers/bulk"]["post"]["parameters"]
    assert "enum" not in next(one["schema"] for one in headers if one["name"] == "Prefer")
    for name, shape in shapes.items():
        for field, value in shape.get("properties", {}).items():
            assert {} not in value.get("oneOf", []), (name, field)


def test_the_description_and_its_pages_are_for_the_signed_in_only(client, as_user, cast, billing):
    assert client.get("/api/v1/schema/").status_code == 401
    assert client.get("/api/v1/docs/").status_code == 401
    assert billing.get("/api/v1/schema/", HTTP_ACCEPT="application/json").json()["info"]["title"] == "CRM"
    assert as_user(cast.manager).get("/api/v1/docs/").status_code == 200


def test_a_number_is_no_text(billing, cast):
    """The description says text, so a number is refused, not turned into one."""
    body = {"customer": cast.customers["gold"].pk, "name": 0, "position": 1.5}
    answer = billing.post("/api/v1/contact-persons", body, format="json")
    assert answer.status_code == 400
    assert {one["pointer"] for one in answer.json()["errors"]} == {"/name", "/position"}


@pytest.mark.parametrize("kind", ["application/json", "application/yaml"])
def test_the_description_is_written_once_for_all_who_ask(as_user, cast, billing, monkeypatch, kind):
    """It takes a second to write; nobody can keep a process busy by asking for it again and again."""
    first = {name: billing.get(f"/api/v1/schema/?lang={name}", HTTP_ACCEPT=kind) for name in ("zh-hans", "en")}
    monkeypatch.setattr(SchemaGenerator, "get_schema", None)
    again = as_user(cast.manager).get("/api/v1/schema/?lang=en&version=9", HTTP_ACCEPT=kind)
    assert (again.content, again["Content-Type"]) == (first["en"].content, first["en"]["Content-Type"])
    assert again["Content-Type"].startswith(kind)
    assert "内" not in first["en"].content.decode() != first["zh-hans"].content.decode()
