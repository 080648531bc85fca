"""Notices: once per occasion, one's own only, in the reader's language (PLT-3, decisions 29)."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.models import Notice, User
from crm.core.notices import NoticeRow, notice_kind, notify, unread_count

pytestmark = pytest.mark.django_db
notice_kind("test_digest", _("%(n)d things wait for you."))


@pytest.fixture
def person(db):
    return User.objects.create_user("M1001", name="Ann", language="en")


def row(person, **more):
    return NoticeRow(user_id=person.pk, kind="test_digest", occasion="2026-03-01", params={"n": 3}, **more)


def test_the_same_occasion_is_told_once(person):
    """PLT-3: run twice, one notification."""
    now = timezone.now()
    assert notify([row(person), row(person)], now) == 1
    assert notify([row(person)], now) == 0
    assert notify([row(person, subject_table="accounts_customer", subject_id=7)], now) == 1
    assert unread_count(person.pk) == 2


def test_thousands_are_written_in_few_statements(person, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        written = notify([row(person, subject_id=number) for number in range(2500)], timezone.now())
    assert written == 2500
    assert unread_count(person.pk) == 100  # counted no further than the bell shows


def test_an_unregistered_kind_is_a_mistake_of_ours(person):
    with pytest.raises(KeyError):
        notify([NoticeRow(user_id=person.pk, kind="no_such_kind")], timezone.now())


def test_the_list_shows_ones_own_notices_only_and_following_one_reads_it(client, person):
    other = User.objects.create_user("M1002", name="Ben")
    notify([row(person, url="/jobs/"), row(other, url="/elsewhere/")], timezone.now())
    mine, theirs = Notice.objects.get(user=person), Notice.objects.get(user=other)
    client.force_login(person)
    page = client.get(reverse("core:notice_list"))
    assert "3 things wait for you." in page.content.decode()
    assert len(page.context["notices"]) == 1
    assert client.post(reverse("core:notice_open", args=[theirs.pk])).status_code == 404
    followed = client.post(reverse("core:notice_open", args=[mine.pk]))
    assert followed["Location"] == "/jobs/"
    assert unread_count(person.pk) == 0
    assert unread_count(other.pk) == 1


def test_marking_somebody_elses_notice_as_read_does_nothing(client, person):
    other = User.objects.create_user("M1002", name="Ben")
    notify([row(other)], timezone.now())
    client.force_login(person)
    client.post(reverse("core:notice_read"), {"id": Notice.objects.get().pk})
    client.post(reverse("core:notice_read"))
    assert unread_count(other.pk) == 1


def test_the_list_goes_on_by_key_and_refuses_a_damaged_place(client, person):
    notify([row(person, subject_id=number) for number in range(60)], timezone.now())
    client.force_login(person)
    first = client.get(reverse("core:notice_list"))
    assert len(first.context["notices"]) == 50
    second = client.get(reverse("core:notice_list"), {"before": first.context["next_before"]})
    assert len(second.context["notices"]) == 10
    for bad in ("abc", "-1", "9" * 30, "1\x00"):
        assert client.get(reverse("core:notice_list"), {"before": bad}).status_code == 400


def test_a_kind_that_is_gone_still_shows_something(client, person):
    Notice.objects.create(user=person, kind="old_kind", params={"x": 1}, created_at=timezone.now())
    Notice.objects.create(user=person, kind="test_digest", params={}, created_at=timezone.now(), occasion="b")
    client.force_login(person)
    assert client.get(reverse("core:notice_list")).status_code == 200
    assert client.get(reverse("core:notice_bell"), {"open": "1"}).status_code == 200
