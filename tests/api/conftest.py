"""A billing system with a token, and one with a smaller subtree."""

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from sync import actions

SCOPES = ["customers:read", "customers:write", "visits:read", "visits:write", "directory:read"]


@pytest.fixture
def make_client(cast):
    """`make_client("billing", "CITY")` → an API client signed in with a fresh token."""

    def make(name="billing", unit="CITY", scopes=SCOPES):
        now = timezone.now()
        client = actions.create_client(name=name, unit_id=cast.units[unit].pk, by=cast.director, now=now)
        token = actions.issue_token(client=client, scopes=scopes, days=30, by=cast.director, now=now)
        caller = APIClient()
        caller.credentials(HTTP_AUTHORIZATION=f"Bearer {token.secret}")
        return caller

    return make


@pytest.fixture
def billing(make_client):
    """The billing system of the whole city."""
    return make_client()
