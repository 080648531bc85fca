"""The frame of every page: navigation by role, language, theme, the bell, sign-in, and what it costs."""

import re

import pytest
from django.test import override_settings
from django.urls import get_resolver, reverse

from crm import navigation
from crm.core import shell, ui
from crm.core.abilities import Access
from crm.core.models import User

pytestmark = pytest.mark.django_db


def access(*abilities, roles=()):
    return Access(abilities=frozenset(abilities), roles=frozenset(roles))


def keys(places):
    return [place.key for place in places]


def test_each_place_is_listed_only_to_those_who_may_use_it():
    """PLT-7, screens: Navigation."""
    everything = {ability for place in navigation.NAV for ability in place.abilities}
    for ability in sorted(everything):
        found = navigation.places_for(access(ability))
        assert found == [place for place in navigation.NAV if ability in place.abilities], ability
    manager = navigation.places_for(access("view_customers", "serve_customers", "log_visits"))
    assert {"log", "today", "customers", "visits", "guide"} <= set(keys(manager))
    assert not {"team", "approvals", "settings", "callbacks"} & set(keys(manager))
    supervisor = navigation.places_for(access("view_customers", "view_team", "decide_excuses", "log_visits"))
    assert {"log", "team", "customers", "visits", "callbacks", "approvals", "settings"} <= set(keys(supervisor))
    assert "today" not in keys(supervisor)
    assert keys(navigation.bar_for(supervisor)[0]) == ["team", "customers", "log", "approvals"]
    assert not {"log", "today", "team"} & set(keys(navigation.places_for(access("view_customers"))))
    assert navigation.places_for(access()) == []
    assert "settings" in keys(navigation.places_for(access("configure")))
    assert "approvals" not in keys(navigation.places_for(access("view_team")))


def test_the_phone_bar_has_the_log_button_in_its_middle_and_at_most_five_places():
    """PLT-1, screens: Navigation."""
    manager = access("view_customers", "serve_customers", "plan_week", "log_visits")
    bar, rest = navigation.bar_for(navigation.places_for(manager))
    assert keys(bar) == ["today", "customers", "log", "plan"]
    assert "visits" in keys(rest)
    supervisor = access("view_customers", "view_team", "decide_excuses", "log_visits")
    assert keys(navigation.bar_for(navigation.places_for(supervisor))[0]) == ["team", "customers", "log", "approvals"]
    bar, rest = navigation.bar_for(navigation.places_for(access("view_customers", "serve_customers", "log_visits")))
    assert keys(bar) == ["today", "customers", "log", "visits"]
    assert not {"today", "customers", "log"} & set(keys(rest))
    everything = {ability for place in navigation.NAV for ability in place.abilities}
    bar, rest = navigation.bar_for(navigation.places_for(access(*everything)))
    assert keys(bar) == ["team", "customers", "log", "approvals"]
    assert {"today", "settings", "import"} <= set(keys(rest))


def test_every_place_and_every_settings_card_leads_to_a_page():
    for place in navigation.NAV:
        assert reverse(place.url_name)
    for _, cards in navigation.SETTINGS:
        for card in cards:
            assert reverse(card.url_name)


def test_a_page_lights_up_the_place_it_belongs_to():
    assert navigation.current_place("accounts:customer_list") == "customers"
    assert navigation.current_place("workbench:customer") == "customers"
    assert navigation.current_place("core:settings_index") == "settings"
    assert navigation.current_place("core:notice_list") == ""


@pytest.mark.parametrize("person", ["manager", "supervisor", "director", "auditor", "nobody"])
def test_the_frame_shows_a_person_his_places_and_no_others(cast, as_user, person):
    """PLT-7: what is drawn is what the table allows."""
    user = getattr(cast, person)
    page = as_user(user).get(reverse("core:notice_list"))
    assert page.status_code == 200
    allowed = {reverse(place.url_name) for place in navigation.places_for(user.access)}
    html = page.content.decode()
    rail = html[html.index("<nav aria-label=") : html.index("</nav>")]
    assert set(re.findall(r'href="([^"]+)"', rail)) == allowed
    assert user.name in html


def test_the_settings_index_lists_only_ones_own_cards(cast, as_user):
    client = as_user(cast.director)
    page = client.get(reverse("core:settings_index"))
    assert page.status_code == 200
    assert reverse("core:parameter_list") in page.content.decode()
    client.force_login(cast.manager)
    assert client.get(reverse("core:settings_index")).status_code == 403


def test_chinese_is_shown_unless_the_browser_prefers_english_and_the_switch_wins(cast, as_user, client):
    """Decisions 32, PLT-1."""
    sign_in = reverse("account_login")
    assert 'lang="zh-Hans"' in client.get(sign_in, headers={"accept-language": "fr"}).content.decode()
    assert 'lang="en"' in client.get(sign_in, headers={"accept-language": "en-GB,zh;q=0.5"}).content.decode()
    client = as_user(cast.manager)
    switched = client.post(reverse("core:set_language"), {"language": "en", "next": "/notices/"})
    assert switched.headers["Location"] == "/notices/"
    page = client.get("/notices/", headers={"accept-language": "zh-CN"})
    assert 'lang="en"' in page.content.decode()
    assert User.objects.get(pk=cast.manager.pk).language == "en"


def test_the_theme_is_stored_for_the_person_and_drawn_by_the_server(cast, as_user):
    client = as_user(cast.manager)
    assert 'data-bs-theme="auto"' in client.get("/notices/").content.decode()
    assert client.post(reverse("core:set_theme"), {"theme": "dark", "next": "/notices/"}).status_code == 302
    assert User.objects.get(pk=cast.manager.pk).theme == "dark"
    assert 'data-bs-theme="dark"' in client.get("/notices/").content.decode()


def test_the_bell_counts_unread_notices_and_is_silent_without(cast, as_user):
    """PLT-6: unread badge."""
    from django.utils import timezone

    from crm.core.models import Notice

    client = as_user(cast.manager)
    assert 'bell-count"><' not in client.get("/notices/").content.decode().split('id="bell-count"')[1][:60]
    Notice.objects.create(user=cast.manager, kind="test", created_at=timezone.now())
    bell = client.get("/notices/").content.decode().split('id="bell-count"')[1].split("</summary>")[0]
    assert re.search(r'class="bell-count">1<', bell)


def test_a_name_is_escaped_in_the_frame_and_cannot_fill_its_holes(cast, as_user):
    """Bad input 26."""
    cast.manager.name = "<b>%%TOKEN%%</b>"
    cast.manager.save()
    html = as_user(cast.manager).get("/notices/").content.decode()
    assert "<b>%%TOKEN%%" not in html
    assert "&lt;b&gt;%%TOKEN%%&lt;/b&gt;" in html


def test_the_demo_logins_are_on_the_sign_in_page_in_demo_mode_only(client):
    """Issue 7: listed in demo mode only."""
    assert "data-demo-login" not in client.get(reverse("account_login")).content.decode()
    with override_settings(DEMO=True):
        assert "data-demo-login" in client.get(reverse("account_login")).content.decode()


def test_no_page_of_the_frame_has_inline_scripts_or_handlers(cast, as_user, client):
    """Safety 8: strict script policy."""
    pages = [client.get(reverse("account_login")), as_user(cast.director).get("/notices/")]
    for page in pages:
        html = page.content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)", html)
        assert not re.search(r"\son[a-z]+=", html)


def test_at_most_twenty_routes_are_open_without_sign_in():
    """Decisions 18: public routes are few."""

    def views(resolver):
        for entry in resolver.url_patterns:
            yield from views(entry) if hasattr(entry, "url_patterns") else [entry]

    public = [entry for entry in views(get_resolver()) if getattr(entry.callback, "access_rule", "") == "public"]
    assert 0 < len(public) <= 20


def test_the_frame_is_rendered_once_for_all_who_see_the_same(cast, as_user):
    """Mechanisms E: rendering is the cost of a page."""
    client = as_user(cast.manager)
    client.get("/notices/")
    before = shell._kept.cache_info().misses
    client.get("/notices/")
    assert shell._kept.cache_info().misses == before


@pytest.mark.parametrize(
    ("name", "letters"), [("陈晓琳", "晓琳"), ("王芳", "王芳"), ("欧阳雪", "阳雪"), ("Ann Lee", "AL"), ("", "")]
)
def test_initials_of_a_person(name, letters):
    assert ui.initials(name) == letters


def test_marks_escape_their_text_even_when_a_safe_text_was_drawn_first():
    from django.utils.safestring import mark_safe

    assert "&lt;i&gt;" in ui.mark(mark_safe("<i>"))
    assert "&lt;i&gt;" in ui.mark("<i>")
    assert "&lt;" in ui.tier_badge("gold", "<")
    assert ui.tier_badge("", "x") == ""


def test_a_ring_never_shows_more_than_the_whole():
    assert 'stroke-dasharray="100 100"' in ui.ring(12, 10)
    assert 'visibility="hidden"' in ui.ring(0, 0)
    assert "0/0" not in ui.ring(0, 0)
