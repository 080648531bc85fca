"""API clients and their tokens: named, shown once, stored as a digest, ended at once (sync-api, decisions 17)."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from crm.core.models import AccessLog, User
from sync.actions.clients import digest_of
from sync.models import Client, Token

pytestmark = pytest.mark.django_db
LIST = "/settings/clients/"


@pytest.fixture
def director(cast, as_user):
    return as_user(cast.director)


@pytest.fixture
def erp(cast, director):
    """A client of the branch, made by the page."""
    answer = director.post(LIST, {"name": "erp", "unit": cast.units["A"].pk})
    assert answer.status_code == 302, answer.content.decode()
    return Client.unscoped.get()


def issue(director, client, *scopes, days=30):
    answer = director.post(f"{LIST}{client.pk}/", {"scopes": scopes or ["customers:read"], "days": days})
    found = re.search(r"crm_[\w-]{20,}", answer.content.decode())
    return answer, found[0] if found else ""


def asked(secret, address="/api/v1/customers"):
    caller = APIClient()
    caller.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return caller.get(address).status_code


def test_a_client_has_a_service_user_that_cannot_sign_in(cast, erp):
    """Decisions 17: each API client has a service user."""
    assert (erp.name, erp.source, erp.unit, erp.owner) == ("erp", "erp", cast.units["A"], cast.director)
    user = User.objects.get(username="api:erp")
    assert (user.is_service, user.has_usable_password()) == (True, False)


def test_a_token_is_shown_once_stored_as_a_digest_and_opens_its_subtree(director, erp):
    answer, secret = issue(director, erp)
    assert answer.status_code == 200
    token = Token.unscoped.get()
    assert token.digest == digest_of(secret)
    assert secret not in director.get(f"{LIST}{erp.pk}/").content.decode()
    assert asked(secret) == 200
    token.refresh_from_db()
    assert token.last_used_at is not None


def test_a_revoked_an_expired_and_a_closed_client_s_token_are_refused_at_once(cast, director, erp):
    _answer, revoked = issue(director, erp)
    assert director.post(f"/settings/tokens/{Token.unscoped.get().pk}/revoke/").status_code == 302
    assert asked(revoked) == 401
    _answer, expired = issue(director, erp)
    Token.unscoped.filter(digest=digest_of(expired)).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert asked(expired) == 401
    _answer, last = issue(director, erp)
    assert asked(last) == 200
    assert director.post(f"{LIST}{erp.pk}/close/").status_code == 302
    assert asked(last) == 401
    assert not User.objects.get(username="api:erp").is_active
    again, secret = issue(director, erp)
    assert (again.status_code, secret) == (409, "")


def test_a_disabled_service_user_ends_its_tokens(director, erp):
    _answer, secret = issue(director, erp)
    User.objects.filter(username="api:erp").update(is_active=False)
    assert asked(secret) == 401


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"name": "Hat Leerzeichen"}, "name"), ({"name": ""}, "name"), ({"name": "计费"}, "name"), ({"unit": "0"}, "unit"),
     ({"unit": "x"}, "unit"), ({"source": "a b"}, "source"), ({"name": "a" * 40}, "name")],
)  # fmt: skip
def test_a_bad_client_is_refused_beside_the_field(cast, director, changes, field):
    answer = director.post(LIST, {"name": "billing", "unit": cast.units["A"].pk} | changes)
    assert answer.status_code == 400
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not Client.unscoped.exists()


def test_a_name_is_taken_once(cast, director, erp):
    assert director.post(LIST, {"name": "ERP", "unit": cast.units["A"].pk}).status_code == 409
    assert Client.unscoped.count() == 1


@pytest.mark.parametrize(
    "values", [{"days": 30}, {"scopes": ["root"], "days": 30}, {"scopes": ["customers:read"], "days": 9999}]
)
def test_a_bad_token_is_refused(director, erp, values):
    assert director.post(f"{LIST}{erp.pk}/", values).status_code == 400
    assert not Token.unscoped.exists()


def test_only_who_may_manage_clients_does(cast, as_user, erp):
    """Decisions 13: 403, one row in the access log, nothing else."""
    client = as_user(cast.supervisor)
    assert client.get(LIST).status_code == 403
    assert client.post(LIST, {"name": "mine", "unit": cast.units["A"].pk}).status_code == 403
    assert client.post(f"{LIST}{erp.pk}/", {"scopes": ["customers:read"], "days": 3}).status_code == 403
    assert AccessLog.objects.filter(kind="denied", user=cast.supervisor).count() == 3
    assert (Client.unscoped.count(), Token.unscoped.count()) == (1, 0)


def test_a_token_cannot_mint_tokens(director, erp):
    """sync-api: a token cannot mint tokens."""
    _answer, secret = issue(director, erp, "customers:read", "customers:write", "directory:write")
    caller = APIClient()
    caller.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    assert caller.get(LIST).status_code == 302
    assert caller.post(f"{LIST}{erp.pk}/", {"scopes": ["customers:read"], "days": 3}).status_code in (302, 403)
    assert Token.unscoped.count() == 1


def test_a_token_in_the_address_opens_nothing(client, director, erp):
    """sync-api: never in a URL."""
    _answer, secret = issue(director, erp)
    client.logout()
    assert client.get(f"/api/v1/customers?token={secret}").status_code == 401


def test_the_minute_has_a_limit_and_says_so(director, erp):
    """sync-api "Limits": per-client rate limit with headers and 429."""
    _answer, secret = issue(director, erp)
    Client.unscoped.filter(pk=erp.pk).update(requests_per_minute=2)
    caller = APIClient()
    caller.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    answers = [caller.get("/api/v1/tiers" if number else "/api/v1/customers") for number in range(4)]
    assert answers[0]["RateLimit-Limit"] == "2"
    assert answers[-1].status_code == 429
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert answers[-1].json()["code"] == "throttled"
