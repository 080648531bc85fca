"""Sessions end after 12 hours and with the account; an idle screen locks and loses nothing (SEC-4, scorecard 12)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.core import sessions, sign_in
from crm.core.models import Session, User

PASSWORD = "Right-pass-2026"


@pytest.fixture
def person(db):
    return User.objects.create_user("M1001", name="Ann", password=PASSWORD)


@pytest.fixture
def inside(client, person):
    client.force_login(person)
    return client


def bell():
    return reverse("core:notice_bell")


def go_idle(minutes=31):
    Session.objects.update(seen_at=timezone.now() - timedelta(minutes=minutes))


def test_session_and_user_are_read_in_one_statement(inside, django_assert_num_queries):
    """Mechanisms 4."""
    inside.get(bell())
    with django_assert_num_queries(2) as queries:  # the session with its user, and the bell's own count
        inside.get(bell())
    # Planned once per connection, so the log shows its name; what it reads stands in the store.
    assert queries.captured_queries[0]["sql"].startswith("EXECUTE ")
    assert "JOIN core_user" in sessions._read()[0]


def test_a_session_ends_twelve_hours_after_sign_in_however_busy(inside, person):
    """Scorecard 12: 12 h total."""
    ends = Session.objects.get().expire_date
    assert timedelta(hours=11, minutes=59) < ends - timezone.now() <= timedelta(hours=12)
    store = inside.session
    store["something"] = 1
    store.save()
    assert Session.objects.get().expire_date == ends
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert inside.get(bell()).status_code == 302


def test_disabling_somebody_ends_his_sessions_at_once(inside, person):
    """Scorecard 12: the next request is signed out, no survivor."""
    sign_in.set_active(person, False, by=None)
    assert inside.get(bell()).status_code == 302
    assert not Session.objects.filter(user=person).exists()


def test_somebody_disabled_by_other_means_is_signed_out_too(inside, person):
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert inside.get(bell()).status_code == 302


def test_an_idle_screen_is_covered_and_uncovered_by_the_password(inside):
    """SEC-4: 30 minutes; back to where one was."""
    go_idle()
    page = inside.get(reverse("core:notice_list") + "?before=7")
    assert page.status_code == 302
    assert page["Location"] == f"{reverse('core:locked')}?next=%2Fnotices%2F%3Fbefore%3D7"
    assert inside.get(page["Location"]).status_code == 200
    assert inside.get(bell()).status_code == 302
    answer = inside.post(reverse("core:unlock"), {"password": PASSWORD, "next": "/notices/?before=7"})
    assert (answer.status_code, answer["Location"]) == (302, "/notices/?before=7")
    assert inside.get(bell()).status_code == 200


def test_a_wrong_password_does_not_unlock_and_is_counted(inside):
    go_idle()
    inside.get(bell())
    assert inside.post(reverse("core:unlock"), {"password": "wrong"}).status_code == 422
    assert inside.get(bell()).status_code == 302
    for _ in range(10):
        inside.post(reverse("core:unlock"), {"password": "wrong"})
    assert inside.post(reverse("core:unlock"), {"password": PASSWORD}).status_code == 422


def test_the_lock_stays_until_the_password_even_if_the_clock_is_turned(inside):
    go_idle()
    inside.get(bell())
    Session.objects.update(seen_at=timezone.now())
    assert inside.get(bell()).status_code == 302


def test_working_keeps_the_screen_open_and_polling_does_not(inside):
    go_idle(minutes=20)
    inside.get(bell())
    assert timezone.now() - Session.objects.get().seen_at > timedelta(minutes=19)
    inside.get(reverse("core:job_file", args=[1]))
    assert timezone.now() - Session.objects.get().seen_at < timedelta(minutes=1)


@pytest.mark.parametrize("headers", [{"HTTP_HX_REQUEST": "true"}, {"HTTP_ACCEPT": "application/json"}])
def test_a_script_that_sends_while_locked_is_told_so_and_keeps_what_it_has(inside, headers):
    """423 with a header; nothing is written, nothing is lost."""
    go_idle()
    answer = inside.post(reverse("core:notice_read"), {}, **headers)
    assert answer.status_code == 423
    assert answer["X-Screen-Locked"] == reverse("core:locked")
    assert inside.post(reverse("core:unlock"), {"password": PASSWORD}, **headers).status_code == 204
    assert inside.get(bell()).status_code == 200


def test_a_plain_form_sent_while_locked_is_carried_over_the_password(inside):
    """Screens: nothing typed is ever lost; what was typed stays in the answer, not on the server."""
    go_idle()
    answer = inside.post(reverse("core:notice_read"), {"note": "<b>long text</b>", "id": ["1", "2"]})
    assert answer.status_code == 423
    assert "&lt;b&gt;long text&lt;/b&gt;" in answer.content.decode()
    kept = {
        "password": PASSWORD,
        "next": reverse("core:notice_read"),
        "kept.note": "<b>long text</b>",
        "kept.id": ["1", "2"],
    }
    resumed = inside.post(reverse("core:unlock"), kept)
    assert resumed.status_code == 200
    page = resumed.content.decode()
    assert f'action="{reverse("core:notice_read")}"' in page
    assert page.count('name="id"') == 2
    assert "&lt;b&gt;long text&lt;/b&gt;" in page


def test_leaving_the_locked_screen_never_leads_to_another_site(inside):
    answer = inside.post(reverse("core:unlock"), {"password": PASSWORD, "next": "//evil.com"})
    assert answer["Location"] == "/"


def test_a_stolen_old_cookie_is_worth_nothing_after_signing_out(inside):
    key = inside.cookies["sessionid"].value
    inside.post(reverse("account_logout"))
    thief = Client()
    thief.cookies["sessionid"] = key
    assert thief.get(bell()).status_code == 302
