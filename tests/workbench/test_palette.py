"""The search palette finds what one may see, however it is typed."""

import pytest

from tests.cast import CANARY
from tests.workbench.world import HTMX

pytestmark = pytest.mark.django_db


def found(client, query):
    response = client.get("/search/", {"q": query}, headers=HTMX)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("query", ["金满", "满堂", "jmt", "0002", "13900000002", "number"])
def test_a_customer_is_found_by_name_initials_number_or_phone_tail(cast, as_user, query):
    """screens: `zgyd` → 中国移动; 2 characters are enough."""
    query = cast.customers["gold"].number if query == "number" else query
    text = found(as_user(cast.manager), query)
    assert "金满堂" in text and f"/customers/{cast.customers['gold'].pk}/" in text


@pytest.mark.parametrize("query", [CANARY, "2222", "13911112222", "jsq"])
def test_nobody_finds_a_strangers_customer(cast, as_user, query):
    """Safety: the palette comes through the same door."""
    assert CANARY not in found(as_user(cast.manager), query).replace(f"“{CANARY}”", "")


def test_phones_are_masked(cast, as_user):
    """Safety: 139****0002."""
    text = found(as_user(cast.manager), "金满")
    assert "139****0002" in text and "13900000002" not in text


def test_people_and_pages_are_found_too(cast, as_user):
    """screens: customers, people, pages."""
    client = as_user(cast.supervisor)
    assert "M1001" in found(client, "林晓") and "M1001" in found(client, "lx")
    assert "/team/" in found(client, "")


def test_the_service_centre_finds_name_and_masked_phone_and_no_page(cast, as_user):
    """Requirements 3.3: it finds out whose customer rings."""
    text = found(as_user(cast.service_centre), "金满")
    assert "139****0002" in text and "林晓" in text
    assert f'href="/customers/{cast.customers["gold"].pk}/"' not in text


def test_who_may_see_nobody_finds_nobody(cast, as_user):
    """Deny by default."""
    assert "金满堂" not in found(as_user(cast.brand_manager), "金满堂").replace("“金满堂”", "")


@pytest.mark.parametrize("query", ["", "%", "_", "'; DROP TABLE", "\\", "x" * 5000, "a\x00b", "🙂🙂"])
def test_odd_queries_find_nothing_and_break_nothing(cast, as_user, query):
    """Bad inputs 1 and 12."""
    assert "金满堂" not in found(as_user(cast.manager), query)


def test_without_javascript_it_is_a_page(cast, as_user):
    """Decisions 36."""
    text = as_user(cast.manager).get("/search/?q=金满").content.decode()
    assert "<html" in text and "金满堂" in text
