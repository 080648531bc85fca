"""An empty list is no hole: it says what to do next (screens: states; issue 2, 5)."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from accounts.models import Customer, Post, Standing
from tests.cast import build
from tests.guards.callers import sign_in
from tests.guards.rooms import merged, united
from tests.guards.route_table import TABLE

pytestmark = pytest.mark.django_db

# Every list, and who opens it with what in a house without a single customer.
EMPTY: dict[str, tuple[str, str]] = {
    "workbench:today": ("manager", ""),
    "workbench:team": ("market_manager", ""),
    "workbench:duty_list": ("manager", ""),
    "workbench:approvals": ("supervisor", ""),
    "accounts:customer_list": ("manager", ""),
    "accounts:handover_new": ("supervisor", ""),
    "visits:visit_list": ("manager", ""),
    "visits:reception_log": ("manager", ""),
    "visits:visit_figures": ("manager", ""),
    "accounts:structure": ("supervisor", ""),
    "accounts:archive_quality": ("supervisor", ""),
    "sync:import_new": ("director", ""),
    "sync:client_list": ("director", ""),
    "core:notice_list": ("manager", ""),
    "core:job_list": ("manager", ""),
    "core:sweep_run_list": ("director", ""),
    "core:access_log_list": ("director", ""),
    "core:working_day_list": ("director", "?year=2030"),
}
EMPTY |= merged("EMPTY")
# A search or filter that finds nothing, and another stretch of a list.
NOTHING_FOUND: dict[str, tuple[str, str]] = {
    "workbench:duty_list": ("manager", "?state=met"),
    "accounts:customer_list": ("manager", "?q=zzzz&overdue=1"),
    "visits:visit_list": ("manager", "?q=zzzz&channel=phone"),
    "core:access_log_list": ("director", "?person=zzzz&kind=dial"),
    "core:sweep_run_list": ("director", "?date=2020-01-01"),
}
NOTHING_FOUND |= merged("NOTHING_FOUND")
# These always have rows: the house's own people, units and settings.
NEVER_EMPTY = {
    "accounts:staff_list", "accounts:unit_list", "accounts:tier_list", "accounts:required_field_list",
    "accounts:role_list", "core:parameter_list",
}  # fmt: skip
NEVER_EMPTY |= united("NEVER_EMPTY")
TABS = ("overview", "people", "duties", "files")


@pytest.fixture
def house(db):
    """The cast before the first customer."""
    cast = build(with_customers=False)
    # The market manager of an area that has no account managers yet.
    Post.unscoped.filter(staff=cast.staff["market_manager"]).update(unit=cast.units["A1"])
    return cast


def open_as(client, cast, who, address):
    sign_in(client, cast.users[who])
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def empty_states(page):
    """The texts of the empty states of a page."""
    return [
        re.sub(r"<[^>]+>", " ", found).strip() for found in re.findall(r'<div class="empty">(.*?)</div>', page, re.S)
    ]


def says_what_to_do(page):
    """Whether an empty state holds a sentence beside its heading, or a button."""
    found = re.findall(r'<div class="empty">.*?<b>.+?</b>(.*?)</div>', page, re.S)
    return bool(found) and all("<p>" in rest or "<a " in rest for rest in found)


def test_every_list_is_tried():
    """A new list joins here: its route is named …_list."""
    lists = {row.name for row in TABLE if row.name.endswith("_list") and row.kind == "page"}
    assert lists - set(EMPTY) - NEVER_EMPTY == set()


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_list_says_what_to_do_next(house, client, name):
    """Screens, states."""
    who, query = EMPTY[name]
    page = open_as(client, house, who, reverse(name) + query)
    assert says_what_to_do(page), empty_states(page)


@pytest.mark.parametrize("name", NOTHING_FOUND)
def test_a_search_without_a_hit_says_how_to_go_on(house, client, name):
    """Screens, states."""
    who, query = NOTHING_FOUND[name]
    page = open_as(client, house, who, reverse(name) + query)
    assert says_what_to_do(page), empty_states(page)


@pytest.mark.parametrize("tab", TABS)
def test_the_page_of_a_customer_of_whom_nothing_is_known_has_no_hole(house, client, tab):
    """CUS-35: every tab of a customer without a single entry."""
    customer = Customer.unscoped.create(
        number="K80009999", kind="group", name="新公司", unit=house.units["A"], manager=house.staff["manager"],
        created_at="2026-01-01T00:00:00Z", updated_at="2026-01-01T00:00:00Z",
    )  # fmt: skip
    Standing.unscoped.create(customer=customer, unit_id=customer.unit_id, manager_id=customer.manager_id)
    page = open_as(client, house, "manager", reverse("workbench:customer", args=[customer.pk]) + f"?tab={tab}")
    assert says_what_to_do(page), empty_states(page)


def test_the_palette_says_what_can_be_typed(house, client):
    """Screens: search palette."""
    page = open_as(client, house, "manager", reverse("workbench:palette") + "?q=zzzz")
    assert "palette-none" in page


def test_somebody_without_a_post_is_told_whom_to_ask(house, client):
    """Screens: Navigation by role."""
    page = open_as(client, house, "nobody", "/")
    assert says_what_to_do(page)
