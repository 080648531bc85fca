"""The end of a month on a desk: a cell opens its 31 rows, three are excused, the month is frozen, one is corrected."""

from datetime import date, datetime
from decimal import Decimal

import pytest
import time_machine
from playwright.sync_api import expect

from crm.core.db import write
from kpi.models import Correction, Result
from kpi.sweeps import freeze_results, refresh
from tests.visits.desk import SHANGHAI, owe
from tests.visits.ledger_world import customer_of, visit
from visits.models import Duty, Excuse
from visits.sweeps.freezing import freeze_months

NOVEMBER, LAST_DAY = date(2026, 11, 1), date(2026, 11, 30)
MORNING = datetime(2026, 12, 1, 8, 30, tzinfo=SHANGHAI)
FROZEN = datetime(2026, 12, 9, 9, 0, tzinfo=SHANGHAI)
ROWS = "/kpi/F14/rows/?month=2026-11"
OWED, MISSING = 40, 31


@pytest.fixture
def traveller():
    """The clock of the server."""
    with time_machine.travel(MORNING, tick=True) as clock:
        yield clock


@pytest.fixture
def november(traveller, cast):
    """Forty gold customers of one manager; nine of them were met, the month has just ended."""
    for place in range(OWED):
        customer = customer_of(cast)
        met = place >= MISSING
        owe(
            customer,
            starts_on=NOVEMBER,
            due_on=LAST_DAY,
            state="met" if met else "provisional",
            met_on=date(2026, 11, 16) if met else None,
        )
    count(MORNING)
    return cast


def count(now):
    """What the quarter of an hour does."""
    with write(label="system:test"):
        refresh(now.date(), now)


def figure():
    """The manager's figure in force."""
    found = Result.unscoped.get(indicator__code="F14", period_on=NOVEMBER, manager__isnull=False, is_current=True)
    return found.numerator, found.denominator, found.excused


def sums(page):
    return int(page.locator("#sum-part").inner_text()), int(page.locator("#sum-whole").inner_text())


def test_the_end_of_a_month_from_the_cell_to_the_correction(november, enter, cast, traveller):
    """Issue 5: cell → 31 rows → 3 excuses → both figures → frozen → late visit → correction with two signatures."""
    boss = enter("supervisor", "/kpi/?month=2026-11&by=managers", width=1440)
    cell = boss.locator(".heat tbody tr", has_text="林晓").locator("a[href*='/kpi/F14/rows/']")
    expect(cell).to_contain_text("22.5")
    expect(boss.locator(".kpi-tile", has_text="钻金卡沟通达标率")).to_contain_text("31 位客户")
    cell.click()
    assert sums(boss) == (9, OWED)
    boss.locator(".chip", has_text="未完成").click()
    expect(boss.locator(".kpi-rows [data-record]")).to_have_count(MISSING)
    assert sums(boss) == (9, OWED), "the sum is that of all rows, whichever are shown"

    mine = enter("manager", f"{ROWS}&only=missing", width=1440)
    for place in range(3):
        mine.locator(".kpi-rows [data-record]").nth(place).locator("a[href*='/excuse/']").click()
        form = mine.locator("#sheet form[method=post]")
        form.locator("label:has([name=kind][value=no_contact])").click()
        form.locator("[name=text]").fill("客户长期在国外")
        form.locator(".btn-primary").last.click()
        mine.locator(".toast-item").last.wait_for()
        mine.goto(f"{ROWS}&only=missing")
    assert Excuse.unscoped.filter(state="requested").count() == 3
    assert figure() == (9, OWED, 0), "asking changes nothing"

    for left in (2, 1, 0):
        boss.goto("/approvals/")
        boss.locator("article.approval [name=grant][value=yes]").first.click()
        boss.locator(".toast-item").last.wait_for()
        assert Excuse.unscoped.filter(state="requested").count() == left
    count(datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI))
    assert figure() == (9, OWED - 3, 3)
    boss.goto(f"{ROWS}&manager={cast.staff['manager'].pk}")
    facts = boss.locator(".kpi-facts")
    expect(facts).to_contain_text("24.3 %")
    expect(facts).to_contain_text("22.5 %")
    assert sums(boss) == (9, OWED - 3)

    traveller.move_to(FROZEN)
    freeze_months(today=FROZEN.date(), now=FROZEN)
    freeze_results(today=FROZEN.date(), now=FROZEN)
    late = Duty.unscoped.filter(state="missed").order_by("pk").first()
    visit(late.customer, date(2026, 11, 20), cast=cast)
    count(datetime(2026, 12, 9, 9, 30, tzinfo=SHANGHAI))
    assert figure() == (9, OWED - 3, 3), "what is frozen stays"

    boss = enter("supervisor", f"{ROWS}&manager={cast.staff['manager'].pk}&only=missing", width=1440)
    expect(boss.locator("main h1")).to_contain_text("月结数据")
    boss.locator(f"[data-record] a[href*='ref={late.pk}']").click()
    boss.locator("[name=reason]").fill("11月20日已当面拜访，纸质记录在案")
    boss.locator("main .btn-primary").click()
    expect(boss.locator("#correction-list")).to_contain_text("纸质记录在案")
    assert not boss.locator(".correction-decide").count(), "nobody signs what he asked for himself"
    assert figure() == (9, OWED - 3, 3), "one signature changes nothing"

    director = enter("director", "/kpi/corrections/", width=1440)
    director.locator(".correction-decide [value=yes]").click()
    director.locator(".toast-item").last.wait_for()
    assert Correction.unscoped.get().state == "signed"
    assert figure() == (10, OWED - 3, 3)
    boss.goto(f"{ROWS}&manager={cast.staff['manager'].pk}")
    assert sums(boss) == (10, OWED - 3)
    expect(boss.locator(".kpi-correction")).to_contain_text("纸质记录在案")
    assert Result.unscoped.get(manager=cast.staff["manager"], indicator__code="F14", revision=1).numerator == 9

    boss.goto("/kpi/month/2026-11/")
    boss.emulate_media(media="print")
    expect(boss.locator("#month")).to_contain_text(f"{Decimal(1000) / 37:.1f} %")
    assert not boss.locator(".rail, .topbar, [data-print]").filter(visible=True).count()
    assert boss.evaluate("document.querySelector('.kpi-sheet').scrollWidth <= document.documentElement.clientWidth")
