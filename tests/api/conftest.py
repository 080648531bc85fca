"""A billing system with a token, and one with a smaller subtree; every answer is held against the description."""

import re
from functools import cache

import pytest
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

from sync import actions

SCOPES = ["customers:read", "customers:write", "visits:read", "visits:write", "directory:read"]


@cache
def description():
    """The OpenAPI document, as JSON (labels of choices are translated lazily)."""
    from rest_framework.utils import encoders, json

    document = SchemaGenerator().get_schema(request=None, public=True)
    return json.loads(json.dumps(document, cls=encoders.JSONEncoder))


def hold_against_description(answer, query=""):
    """sync-api: no undocumented status, no body of another shape."""
    match = answer.resolver_match
    if match is None or match.view_name in ("api:unknown", "api:schema", "api:docs"):
        return
    path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", match.route).replace("{pk}", "{id}")
    operation = description()["paths"][path].get(answer.request["REQUEST_METHOD"].lower())
    if operation is None:
        assert answer.status_code == 405, path
        return
    documented = operation["responses"].get(str(answer.status_code))
    assert documented is not None, f"{operation['operationId']} never says {answer.status_code}: {answer.content!r}"
    if answer.streaming or not answer.content or "fields=" in query or answer.has_header("Content-Encoding"):
        return
    shape = documented["content"].get(answer["Content-Type"].split(";")[0])
    assert shape is not None, f"{operation['operationId']} {answer.status_code} is {answer['Content-Type']}"
    whole = {**shape["schema"], "components": description()["components"]}
    faults = [fault.message for fault in Draft202012Validator(whole).iter_errors(answer.json())]
    assert not faults, f"{operation['operationId']} {answer.status_code}: {faults[:3]}"


class DocumentedClient(APIClient):
    """A machine that reads the documentation."""

    def request(self, **kwargs):
        answer = super().request(**kwargs)
        hold_against_description(answer, kwargs.get("QUERY_STRING", ""))
        return answer


@pytest.fixture
def make_client(cast):
    """`make_client("billing", "CITY")` → an API client signed in with a fresh token."""

    def make(name="billing", unit="CITY", scopes=SCOPES):
        now = timezone.now()
        client = actions.create_client(name=name, unit_id=cast.units[unit].pk, by=cast.director, now=now)
        token = actions.issue_token(client=client, scopes=scopes, days=30, by=cast.director, now=now)
        caller = DocumentedClient()
        caller.credentials(HTTP_AUTHORIZATION=f"Bearer {token.secret}")
        return caller

    return make


@pytest.fixture
def billing(make_client):
    """The billing system of the whole city."""
    return make_client()


@pytest.fixture
def session(cast):
    """`session("manager")` → the API as a signed-in person's browser calls it."""

    def sign_in(person):
        caller = DocumentedClient()
        caller.force_login(getattr(cast, person))
        return caller

    return sign_in
