"""A second factor: wanted per role, its secret encrypted, each code good for once (decisions 18, scorecard 11)."""

import time
from dataclasses import replace
from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.core import parameters
from crm.core.abilities import NO_ACCESS
from crm.core.models import SignInLock, User

PASSWORD = "Right-pass-2026"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def person(db):
    return User.objects.create_user("M1001", name="Ann", password=PASSWORD)


@pytest.fixture
def guarded(person, rf):
    from allauth.core import context

    with context.request_context(rf.get("/")):
        TOTP.activate(person, SECRET)
    return person


def code_now():
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def half_way(client):
    response = client.post("/sign-in/", {"login": "M1001", "password": PASSWORD})
    assert response["Location"] == reverse("mfa_authenticate")
    return client


def test_the_secret_is_not_readable_in_the_database(guarded):
    stored = Authenticator.objects.get(user=guarded).data["secret"]
    assert SECRET not in stored
    assert stored.startswith("gAAAA")


def test_password_and_code_sign_in_and_the_password_alone_does_not(client, guarded):
    half_way(client)
    assert client.get(reverse("core:notice_bell")).status_code == 302
    assert client.post(reverse("mfa_authenticate"), {"code": code_now()}).status_code == 302
    assert client.get(reverse("core:notice_bell")).status_code == 200


def test_a_code_works_once_even_in_another_process(client, guarded, monkeypatch):
    """Scorecard 11: TOTP once; the library's own memory is per process, ours is not."""
    from django.core.cache import cache

    used = code_now()
    frozen = time.time()
    monkeypatch.setattr(time, "time", lambda: frozen)
    half_way(client).post(reverse("mfa_authenticate"), {"code": used})
    cache.clear()
    replay = half_way(Client())
    assert replay.post(reverse("mfa_authenticate"), {"code": used}).status_code == 200
    assert replay.get(reverse("core:notice_bell")).status_code == 302


def test_guessing_codes_is_locked_even_with_the_right_password_in_between(client, guarded):
    """Ten wrong codes lock, and signing in with the password does not give new tries."""
    for number in range(10):
        half_way(client).post(reverse("mfa_authenticate"), {"code": f"{number:06}"})
    refused = half_way(client).post(reverse("mfa_authenticate"), {"code": code_now()})
    assert refused.status_code == 200
    assert refused.context["form"].errors
    assert SignInLock.objects.filter(kind="account", locked_until__isnull=False).count() == 1


def test_a_role_that_must_have_a_second_factor_is_led_to_it(client, person, monkeypatch):
    """The parameter mfa_roles decides."""
    access = replace(NO_ACCESS, user_id=person.pk, roles=frozenset({"director"}))
    monkeypatch.setattr("crm.core.abilities.access_for", lambda user, today: access)
    client.force_login(person)
    assert client.get(reverse("core:notice_list")).status_code == 200
    parameters.set_value("mfa_roles", ["director"], effective_from=date(2026, 1, 1), by=None, now=timezone.now())
    stopped = client.get(reverse("core:notice_list"))
    assert (stopped.status_code, stopped["Location"]) == (302, reverse("mfa_activate_totp"))
    assert client.post(reverse("core:notice_read"), HTTP_HX_REQUEST="true")["HX-Redirect"] == reverse(
        "mfa_activate_totp"
    )
    assert client.get(reverse("mfa_index")).status_code == 200
