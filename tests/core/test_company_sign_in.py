"""Signing in with the company account: an OpenID Connect provider names the person, nobody signs up (sync-api)."""

import http.server
import json
import threading
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.messages import get_messages

from crm.core.models import AccessLog, User

START = "/sign-in/with/house/"


class Provider:
    """A provider on this machine: who signs in there, and what it was asked."""

    def __init__(self):
        self.claims = {"sub": "x1", "preferred_username": "M1001"}
        self.asked = []
        self.is_away = False

    def answer(self, path, body):
        self.asked.append((path, body))
        if self.is_away:
            return 500, {}
        base = self.url
        if path.startswith("/.well-known/"):
            return 200, {
                "issuer": base, "authorization_endpoint": f"{base}/authorize", "token_endpoint": f"{base}/token",
                "userinfo_endpoint": f"{base}/me", "jwks_uri": f"{base}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }  # fmt: skip
        if path == "/token":
            return 200, {"access_token": "t", "token_type": "Bearer", "expires_in": 60}
        return 200, self.claims


@pytest.fixture
def provider(settings):
    made = Provider()

    class Handler(http.server.BaseHTTPRequestHandler):
        def _say(self, body=""):
            status, found = made.answer(urlsplit(self.path).path, body)
            raw = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def do_GET(self):
            self._say()

        def do_POST(self):
            self._say(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    made.url = f"http://127.0.0.1:{server.server_port}"
    settings.OIDC_URL, settings.OIDC_NAME = made.url, "集团账号"
    app = {
        "provider_id": "house", "name": "集团账号", "client_id": "crm", "secret": "s3",
        "settings": {"server_url": made.url, "fetch_userinfo": True},
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def person(db):
    return User.objects.create_user("M1001", name="Ann")


def through(client, **more):
    """Press the button, sign in there, come back."""
    there = client.post(START, more)
    assert there.status_code == 302, there.content[:300]
    query = parse_qs(urlsplit(there["Location"]).query)
    return query, client.get(f"{START}done/", {"code": "c0de", "state": query["state"][0]})


def said(client, answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_whom_the_provider_names_is_signed_in_by_staff_number(client, person, provider):
    """The number is found however it is written; PKCE and state are used, nothing of the provider is stored."""
    assert "集团账号" in client.get("/sign-in/").content.decode()
    provider.claims["preferred_username"] = " m1001 "
    query, back = through(client, next="/guide/")
    assert (back.status_code, back["Location"]) == (302, "/guide/")
    assert query["client_id"] == ["crm"]
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == ["http://testserver/sign-in/with/house/done/"]
    token = next(parse_qs(body) for path, body in provider.asked if path == "/token")
    assert token["code"] == ["c0de"]
    assert token["code_verifier"]
    assert client.get("/notices/").status_code == 200
    assert AccessLog.objects.get(kind="sign_in").user == person
    assert User.objects.count() == 1
    from allauth.socialaccount.models import SocialAccount, SocialToken

    assert not SocialAccount.objects.exists()
    assert not SocialToken.objects.exists()


@pytest.mark.parametrize("who", ["unknown", "disabled", "service", "without"])
def test_nobody_signs_up_and_nobody_who_may_not_comes_in(client, person, provider, who):
    """The same short answer for all of them."""
    if who == "disabled":
        User.objects.update(is_active=False)
    elif who == "service":
        User.objects.update(is_service=True)
    else:
        provider.claims = {"sub": "x1", **({"preferred_username": "Z9999"} if who == "unknown" else {})}
    _query, back = through(client)
    assert (back.status_code, back["Location"]) == (302, "/sign-in/")
    assert len(said(client, back)) == 1
    assert client.get("/notices/").status_code == 302
    assert AccessLog.objects.filter(kind="sign_in_failed").count() == 1
    assert User.objects.count() == 1


def test_a_foreign_state_a_cancelled_sign_in_and_a_provider_that_is_away_lead_back(client, person, provider):
    query, _back = through(client)
    client.logout()
    for params in ({"code": "c", "state": "made up"}, {"error": "access_denied", "state": query["state"][0]}, {}):
        back = client.get(f"{START}done/", params)
        assert (back.status_code, back["Location"]) == (302, "/sign-in/"), params
    provider.is_away = True
    back = client.post(START)
    assert (back.status_code, back["Location"]) == (302, "/sign-in/")
    assert client.get("/notices/").status_code == 302


def test_it_cannot_lead_to_another_site_and_starts_by_a_form_only(client, person, provider):
    _query, back = through(client, next="https://evil.example.com/")
    assert back["Location"] == "/"
    assert client.get(START).status_code == 405
    assert client.post("/sign-in/with/other/").status_code == 404


def test_an_id_token_is_read_when_there_is_no_user_info():
    from crm.core.oidc import staff_number

    assert staff_number({"userinfo": {}, "id_token": {"preferred_username": "Ｍ１００１"}}) == "M1001"
    assert staff_number({"userinfo": {"preferred_username": 7}}) == ""
    assert staff_number(None) == ""
