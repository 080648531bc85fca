"""Chinese unless the browser prefers English; the switch wins and is remembered (decisions 32, PLT-1)."""

import pytest
from django.urls import reverse

from crm.core.models import Change, User


@pytest.fixture
def person(db):
    return User.objects.create_user("M1001", name="Ann")


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ("", "zh-hans"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-hans"),
        ("en-US,en;q=0.9", "en"),
        ("en;q=0.5,zh;q=0.9", "zh-hans"),
        ("de-DE,de;q=0.9,en;q=0.8", "en"),
        ("fr", "zh-hans"),
        ("x" * 5000, "zh-hans"),
    ],
)
def test_the_browser_decides_between_chinese_and_english(client, db, wanted, shown):
    response = client.get("/sign-in/", HTTP_ACCEPT_LANGUAGE=wanted)
    assert response["Content-Language"] == shown


def test_a_program_that_says_nothing_reads_english(client, db):
    assert client.get("/api/v1/customers")["Content-Language"] == "en"
    assert client.get("/api/v1/customers", HTTP_ACCEPT_LANGUAGE="zh-CN")["Content-Language"] == "zh-hans"


def test_the_switch_wins_over_the_browser_and_is_kept_for_the_person(client, person):
    client.force_login(person)
    response = client.post(reverse("core:set_language"), {"language": "en", "next": "/notices/"})
    assert (response.status_code, response["Location"]) == (302, "/notices/")
    person.refresh_from_db()
    assert person.language == "en"
    client.cookies.pop("django_language")
    assert client.get("/notices/", HTTP_ACCEPT_LANGUAGE="zh-CN")["Content-Language"] == "en"
    assert Change.objects.filter(tbl="core_user", actor=person.pk).count() == 1


def test_the_switch_works_before_signing_in(client, db):
    client.post(reverse("core:set_language"), {"language": "en"})
    assert client.get("/sign-in/", HTTP_ACCEPT_LANGUAGE="zh-CN")["Content-Language"] == "en"


@pytest.mark.parametrize(("url", "field"), [("core:set_language", "language"), ("core:set_theme", "theme")])
def test_an_unknown_choice_is_refused(client, db, url, field):
    assert client.post(reverse(url), {field: "klingon"}).status_code == 400
    assert client.get(reverse(url)).status_code == 405


def test_the_theme_is_kept_and_choosing_it_again_writes_nothing(client, person):
    client.force_login(person)
    for _ in range(2):
        assert client.post(reverse("core:set_theme"), {"theme": "dark"}, HTTP_HX_REQUEST="true").status_code == 204
    person.refresh_from_db()
    assert person.theme == "dark"
    assert Change.objects.filter(tbl="core_user", op="U").count() == 1
