"""Signing in resists guessing and says nothing it need not say (decisions 18, scorecard 11)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.core import parameters, sign_in
from crm.core.models import AccessLog, Session, SignInLock, User

PASSWORD = "Right-pass-2026"
SIGN_IN = "/sign-in/"


@pytest.fixture
def person(db):
    return User.objects.create_user("M1001", name="Ann", password=PASSWORD)


def try_once(client, password, username="M1001", **extra):
    return client.post(SIGN_IN, {"login": username, "password": password}, **extra)


def test_the_right_password_signs_in_and_leaves_its_row(client, person):
    """SEC-4: sign-ins are logged."""
    response = try_once(client, PASSWORD)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get(reverse("core:notice_bell")).status_code == 200
    row = AccessLog.objects.get(user=person)
    assert (row.kind, row.ip) == ("sign_in", "127.0.0.1")


@pytest.mark.parametrize("typed", ["m1001", "Ｍ１００１", " M1001 "])
def test_the_staff_number_is_read_without_regard_to_case_width_and_spaces(client, person, typed):
    assert try_once(client, PASSWORD, username=typed).status_code == 302


def test_wrong_password_unknown_person_and_disabled_account_get_the_same_answer(client, person):
    """Neutral answers: nobody learns which numbers exist."""
    gone = User.objects.create_user("M1002", name="Ben", password=PASSWORD, is_active=False)
    service = User.objects.create_user("billing", name="billing", password=PASSWORD, is_service=True)
    answers = set()
    for username, password in [
        ("M1001", "wrong"),
        ("M9999", "wrong"),
        (gone.username, PASSWORD),
        (service.username, PASSWORD),
    ]:
        response = try_once(client, password, username)
        assert response.status_code == 200
        answers.add(tuple(response.context["form"].non_field_errors()))
    assert len(answers) == 1
    assert not Session.objects.filter(user__isnull=False).exists()


def test_ten_wrong_tries_lock_the_account_for_a_quarter_of_an_hour(client, person):
    """Decisions 18: then even the right password is refused, and later it is not."""
    for _ in range(10):
        try_once(client, "wrong")
    assert try_once(client, PASSWORD).status_code == 200
    assert AccessLog.objects.filter(kind="locked").exists()
    SignInLock.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    assert try_once(client, PASSWORD).status_code == 302


def test_a_right_password_in_between_starts_the_count_anew(client, person):
    for _ in range(9):
        try_once(client, "wrong")
    assert try_once(Client(), PASSWORD).status_code == 302
    for _ in range(9):
        try_once(client, "wrong")
    assert try_once(client, PASSWORD).status_code == 302


def test_wrong_tries_long_ago_do_not_count(client, person):
    for _ in range(9):
        try_once(client, "wrong")
    SignInLock.objects.update(failed_at=timezone.now() - timedelta(minutes=16))
    try_once(client, "wrong")
    assert try_once(client, PASSWORD).status_code == 302


def test_unknown_numbers_are_locked_like_known_ones(client, person):
    for _ in range(10):
        try_once(client, "wrong", "M9999")
    said = try_once(client, "wrong", "M9999").context["form"].non_field_errors()
    for _ in range(10):
        try_once(client, "wrong", "M1001", REMOTE_ADDR="10.0.0.2")
    assert try_once(client, "wrong", REMOTE_ADDR="10.0.0.2").context["form"].non_field_errors() == said


def test_one_address_that_tries_many_numbers_is_locked_too(client, person):
    """Decisions 18: per account and per address."""
    for number in range(parameters.value("sign_in_tries_address")):
        try_once(client, "wrong", f"M8{number:03}")
    assert try_once(client, PASSWORD).status_code == 200
    assert try_once(client, PASSWORD, REMOTE_ADDR="10.9.9.9").status_code == 302


def test_a_claimed_address_is_not_believed(client, person):
    """Safety 1.2: X-Forwarded-For counts only behind our own proxies."""
    for number in range(parameters.value("sign_in_tries_address")):
        try_once(client, "wrong", f"M8{number:03}", HTTP_X_FORWARDED_FOR=f"10.1.1.{number}")
    assert try_once(client, PASSWORD).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_fifty_guesses_at_once_are_no_more_than_ten(monkeypatch):
    """Scorecard 11: 50 parallel wrong sign-ins, at most 10 evaluated."""
    User.objects.create_user("M1001", name="Ann", password=PASSWORD)
    checked = []
    original = User.check_password
    monkeypatch.setattr(User, "check_password", lambda self, raw: checked.append(raw) or original(self, raw))

    def guess(number):
        try:
            return try_once(Client(), f"wrong-{number}").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(guess, range(50))) == {200}
    assert len(checked) == 10
    assert SignInLock.objects.get(kind="account").locked_until is not None


@pytest.mark.parametrize(
    "target",
    ["//evil.com", "https://evil.com", "https:evil.com", "/\\evil.com", "http:///evil.com", "javascript:alert(1)"],
)
def test_signing_in_never_leads_to_another_site(client, person, target):
    """Bad input 28."""
    response = client.post(f"{SIGN_IN}?next={target}", {"login": "M1001", "password": PASSWORD, "next": target})
    assert (response.status_code, response["Location"]) == (302, "/")


def test_signing_in_leads_back_to_where_one_wanted_to_go(client, person):
    wanted = client.get(reverse("core:job_list"))
    assert wanted.status_code == 302
    response = client.post(
        wanted["Location"], {"login": "M1001", "password": PASSWORD, "next": reverse("core:job_list")}
    )
    assert response["Location"] == reverse("core:job_list")


@pytest.mark.parametrize("login", ["M1001\x00", "\x00", "x" * 5000, ""])
def test_an_impossible_staff_number_gets_an_answer_and_no_fault(client, person, login):
    """Bad inputs 1, 2, 19."""
    response = try_once(client, PASSWORD, username=login)
    assert response.status_code == 200
    assert response.context["form"].errors


def test_there_is_no_sign_up_no_reset_and_no_other_page_of_the_library(client, person):
    """Decisions 18: only the views we use are mounted."""
    for path in ("/accounts/signup/", "/signup/", "/accounts/password/reset/", "/accounts/login/code/", "/admin/"):
        assert client.get(path).status_code == 404


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(client, person):
    """Scorecard 12."""
    other = Client()
    try_once(other, PASSWORD)
    try_once(client, PASSWORD)
    response = client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "Brand-new-pass-7", "password2": "Brand-new-pass-7"},
    )
    assert response.status_code == 302
    assert client.get(reverse("core:notice_bell")).status_code == 200
    assert other.get(reverse("core:notice_bell")).status_code == 302
    assert Session.objects.filter(user=person).count() == 1


def test_a_wrong_current_password_counts_as_a_wrong_sign_in(client, person):
    client.force_login(person)
    for _ in range(10):
        client.post(
            reverse("account_change_password"),
            {"oldpassword": "x", "password1": "Abcd-1234-x", "password2": "Abcd-1234-x"},
        )
    assert SignInLock.objects.get(kind="account").failures == 10


def test_a_temporary_password_must_be_changed_before_anything_else(client, person):
    raw = sign_in.give_temporary_password(person, by=None)
    assert try_once(client, raw).status_code == 302
    stopped = client.get(reverse("core:notice_list"))
    assert (stopped.status_code, stopped["Location"]) == (302, reverse("account_change_password"))
    client.post(
        reverse("account_change_password"),
        {"oldpassword": raw, "password1": "Brand-new-pass-7", "password2": "Brand-new-pass-7"},
    )
    assert client.get(reverse("core:notice_bell")).status_code == 200


def test_signing_out_needs_a_post_and_leaves_its_row(client, person):
    client.force_login(person)
    client.get(reverse("account_logout"))
    assert client.get(reverse("core:notice_bell")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("core:notice_bell")).status_code == 302
    assert AccessLog.objects.filter(kind="sign_out", user=person).exists()


def test_a_page_without_sign_in_redirects_and_a_fragment_is_told_where_to_go(client, db):
    """Decisions 13; safety 1.2: never a sign-in page inside a table cell."""
    page = client.get(reverse("core:job_list"))
    assert page["Location"] == f"/sign-in/?next={reverse('core:job_list')}"
    fragment = client.get(
        reverse("core:notice_bell"), HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/notices/?a=1"
    )
    assert (fragment.status_code, fragment["HX-Redirect"]) == (401, "/sign-in/?next=%2Fnotices%2F%3Fa%3D1")
