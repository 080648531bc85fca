"""Every page of the day as a person meets it: nothing for axe to say, no console error, nothing sideways.

WCAG 2.2 AA, both languages, light and dark, phone and desk. The pictures are the CI's to keep.
"""

import pytest
from django.db import transaction

from tests.e2e.axe import violations
from tests.guards.world import build_world
from tests.workbench.world import owe_today

PAGES = {
    "manager": (
        "/",
        "/?group=district",
        "/customers/",
        "/customers/{customer}/",
        "/customers/{customer}/?tab=people",
        "/customers/{customer}/?tab=duties",
        "/customers/{customer}/?tab=files",
        "/customers/{customer}/?tab=history",
        "/customers/{firm}/",
        "/customers/{customer}/edit/",
        "/customers/{customer}/decide/",
        "/customers/{customer}/message/",
        "/customers/new/",
        "/contacts/{person}/edit/",
        "/log/?customer={customer}",
        "/visits/",
        "/visits/{visit}/",
        "/visits/voices/",
        "/cases/",
        "/cases/new/?customer={customer}",
        "/cases/{case}/",
        "/duties/",
        "/notices/",
        "/search/?q=客户",
        "/kpi/",
        "/kpi/F19/rows/",
    ),
    "supervisor": (
        "/team/",
        "/team/compliance/",
        "/exports/new/?list=customers",
        "/team/{manager}/cover/",
        "/approvals/",
        "/customers/",
        "/handover/",
        "/duties/?state=owed",
        "/visits/reception/",
        "/visits/figures/",
        "/cases/?view=list",
        "/cases/analysis/",
        "/irregularities/",
        "/settings/",
        "/settings/staff/",
        "/kpi/",
        "/kpi/F14/",
        "/kpi/corrections/",
    ),
    "director": (
        "/team/",
        "/customers/structure/",
        "/settings/",
        "/settings/tiers/",
        "/settings/units/",
        "/settings/staff/{manager}/",
        "/settings/roles/",
        "/settings/required-fields/",
        "/settings/what-counts/",
        "/sla/",
        "/phrases/",
        "/settings/parameters/",
        "/settings/parameters/day_slots/",
        "/settings/working-days/",
        "/settings/nights/",
        "/settings/access-log/",
        "/settings/clients/",
        "/import/",
        "/jobs/",
        "/kpi/wall/",
        "/kpi/month/2026-01/",
    ),
}
# Each language, scheme and width once; every mix of them is a long proof (decisions 33).
LOOKS = [
    ("zh-CN", "light", 390),
    ("en-US", "dark", 1440),
    pytest.param("zh-CN", "dark", 390, marks=pytest.mark.slow),
    pytest.param("en-US", "light", 390, marks=pytest.mark.slow),
    pytest.param("en-US", "dark", 390, marks=pytest.mark.slow),
    pytest.param("zh-CN", "light", 1440, marks=pytest.mark.slow),
]


@pytest.fixture
def world(transactional_db, settings, tmp_path):
    """One row of everything that a page can show, and something to do today."""
    settings.MEDIA_ROOT = tmp_path
    with transaction.atomic():
        world = build_world()
    owe_today(world.cast.customers["diamond"], is_overdue=True)
    owe_today(world.cast.customers["silver"])
    return world


@pytest.fixture
def cast(world):
    """The people of this world, for `enter`."""
    return world.cast


def faults_of(page, place):
    """What axe finds, and whether the page can be pushed sideways."""
    found = [
        f"{place} {rule['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for rule in violations(page)
        for node in rule["nodes"][:3]
    ]
    if not page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
        found.append(f"{place}: wider than the screen")
    return found


@pytest.mark.parametrize(("language", "scheme", "width"), LOOKS)
@pytest.mark.parametrize("person", PAGES)
def test_axe_finds_nothing_on_the_pages_of_the_day(enter, world, person, language, scheme, width):
    """Screens "Look and feel", PLT-1: WCAG 2.2 AA, Chinese and English, light and dark."""
    numbers = {name: world.pk(name) for name in ("customer", "firm", "person", "visit", "manager", "case")}
    page = enter(person, "/notices/", width=width, language=language, color_scheme=scheme)
    faults = []
    for address in PAGES[person]:
        place = address.format(**numbers)
        answer = page.goto(place)
        assert answer.status == 200, f"{place}: {answer.status}"
        page.wait_for_selector("html[data-ready]")
        faults += faults_of(page, place)
    if person == "manager":
        page.goto("/")
        page.locator(".today-row a[data-log-visit]").first.click()
        page.locator("#sheet form[data-log-form]").wait_for()
        page.locator("#sheet .log-more > summary").click()
        faults += faults_of(page, "the log sheet")
    assert not faults, "\n".join(faults)
