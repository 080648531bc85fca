"""The board's other pages: prints with masked numbers, the analysis whose numbers are its rows, Team, customers."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Product, Unit
from complaints import actions
from complaints.models import Case, CaseClock
from complaints.print_context import masked
from complaints.time_left import left_words, length_words, look_of, time_left
from tests import cast as casting
from tests.complaints.desk import bring, desk, fresh, take
from tests.complaints.test_board_lists import due, numbers

pytestmark = pytest.mark.django_db
ANALYSIS = reverse("complaints:case_analysis")
CELL = re.compile(r'<a[^>]*href="(/cases/\?[^"]+)"[^>]*>(\d+)</a>')


@pytest.fixture
def cast():
    return desk(casting.build())


def judged(cast, judgement, **values):
    """A closed complaint with its judgement and cause."""
    case = bring(cast, "closed", **values)
    now = timezone.now()
    actions.judge_case(case_id=case.pk, judgement=judgement, note="已核实", by=cast.supervisor, now=now)
    actions.set_cause(case_id=case.pk, cause="检修未告知", by=cast.supervisor, now=now)
    return fresh(case)


def test_every_number_of_the_analysis_leads_to_just_its_rows(client, cast):
    """CMP-26, CMP-4, CMP-36, CON-10, F24, F25, F43, SKL-7, SKL-16: counted over the rows that the board shows."""
    product = Product.objects.first()
    judged(cast, "justified", product_id=product.pk if product else None)
    judged(cast, "unjustified", category_code="billing")
    judged(cast, "justified", customer="silver")
    due(take(cast, customer="diamond"), -5)
    for kind in ("need", "handling", "enquiry"):
        bring(cast, "handling", kind)
    sent = bring(cast, "handling")
    actions.send_case(case_id=sent.pk, to_unit_id=cast.units["B"].pk, text="协助核查", by=cast.handler,
                      now=timezone.now())  # fmt: skip
    bring(cast, "merged")
    client.force_login(cast.supervisor)
    for query in ("", f"?unit={cast.units['A'].pk}"):
        page = client.get(ANALYSIS + query).content.decode()
        cells = {(unescape(url), int(number)) for url, number in CELL.findall(page)}
        assert len(cells) > 25
        for url, number in sorted(cells):
            answer = client.get(url)
            assert answer.status_code == 200 and len(numbers(answer)) == number, (url, number)


def test_the_pareto_draws_the_line_of_four_fifths(client, cast):
    """Causes: the largest first, cumulated, with the 80 % line and the table behind the chart."""
    for category in ("network",) * 4 + ("billing",) * 3 + ("other",):
        take(cast, category_code=category)
    client.force_login(cast.supervisor)
    text = client.get(ANALYSIS).content.decode()
    assert 'class="limit"' in text and "<polyline" in text
    shares = re.findall(r'<td class="num">(\d+) %</td>', text)[:3]
    assert shares == ["50", "88", "100"]
    assert text.count('class="is-vital"') == 3  # two categories, and "not set" of the causes


def test_the_analysis_counts_in_scope_only_and_by_month(client, cast):
    """Numbers only in scope; a month without complaints says so."""
    take(cast)
    for who, shown in (("manager", 1), ("stranger", 0), ("stranger_supervisor", 0), ("director", 1)):
        client.force_login(getattr(cast, who))
        text = client.get(ANALYSIS).content.decode()
        assert re.search(rf"<b>{shown}</b>", text), who
        assert ("金满堂" in text) is False
    assert "kind=complaint" in text
    assert client.get(ANALYSIS + "?month=2026-01").status_code == 200
    for wrong in ("?month=x", "?unit=0", "?odd=1"):
        assert client.get(ANALYSIS + wrong).status_code == 400, wrong


def test_who_complains_twice_in_ninety_days_is_listed(client, cast):
    """Repeats: one complaint long ago does not make one."""
    take(cast), take(cast)
    take(cast, customer="silver")
    old = take(cast, customer="silver")
    Case.unscoped.filter(pk=old.pk).update(received_at=timezone.now() - timedelta(days=150))
    client.force_login(cast.supervisor)
    text = client.get(ANALYSIS).content.decode()
    assert f"customer={cast.customers['gold'].pk}" in text
    assert f"customer={cast.customers['silver'].pk}" not in text


def test_a_case_prints_under_its_title_with_masked_numbers(client, cast):
    """PLT-9, SEC: steps, clocks and lines to sign; no number that could be somebody's."""
    case = bring(cast, "replied", facts="请回电13800138000或0571-88886666,昨晚断网", speaker_name="王先生",
                 speaker_phone="13700137000", numbers="13600136000")  # fmt: skip
    client.force_login(cast.handler)
    text = client.get(reverse("complaints:case_print", args=[case.pk])).content.decode()
    assert "客户投诉处理单" in text and case.number in text
    for number in ("13800138000", "88886666", "13700137000", "13600136000"):
        assert number not in text, number
    assert "138****8000" in text and "减免三天并换光猫" in text
    enquiry = take(cast, kind="enquiry")
    assert "客户受理单" in client.get(reverse("complaints:case_print", args=[enquiry.pk])).content.decode()
    book = client.get(reverse("complaints:case_book") + "?state=all").content.decode()
    assert "客户受理登记簿" in book and case.number in book and "13800138000" not in book
    client.force_login(cast.stranger)
    assert client.get(reverse("complaints:case_print", args=[case.pk])).status_code == 404


def test_numbers_of_cases_are_no_phone_numbers():
    """What is masked and what is left."""
    assert masked("TS-20261122-0001") == "TS-20261122-0001"
    assert masked("13800138000、宽带账号88880001") == "138****8000、宽带账号888****0001"
    assert masked("2026年11月22日 20:00") == "2026年11月22日 20:00"


def test_a_deadline_is_late_from_its_very_second():
    """CMP-2: turns red at the minute due; words in the two largest units."""
    now = timezone.now()
    assert look_of(now + timedelta(seconds=1), None, now) == ""
    assert look_of(now + timedelta(seconds=1), now, now) == "soon"
    assert look_of(now, now, now) == "late"
    assert length_words(59) == "0 分" and length_words(26 * 3600) == "1 天 2 小时"
    assert left_words(now + timedelta(minutes=90), now) == "剩 1 小时 30 分"
    assert 'data-due="' in time_left(now, now, now) and time_left(None, None, now) == ""


def test_team_shows_open_and_late_cases_of_each_manager(client, cast):
    """Screens 1b: the numbers lead to their rows."""
    take(cast, kind="need")
    due(take(cast), -5)
    client.force_login(cast.supervisor)
    text = client.get(reverse("workbench:team")).content.decode()
    manager = cast.staff["manager"].pk
    for query, count in ((f"view=list&amp;manager={manager}", 2), (f"view=list&amp;manager={manager}&amp;late=1", 1)):
        assert f"/cases/?{query}" in text
        assert len(numbers(client.get(f"/cases/?{unescape(query)}"))) == count


def test_units_without_a_handler_are_named_to_the_supervisor_and_on_the_unit_page(client, cast):
    """ORG-18: a complaint there goes to the unit's head."""
    warning = "未指定"
    Unit.unscoped.filter(pk=cast.units["A"].pk).update(complaint_handler=None)
    client.force_login(cast.supervisor)
    assert cast.units["A"].name in client.get(reverse("workbench:team")).content.decode()
    assert 'class="mark soon"' in client.get(reverse("accounts:unit_list")).content.decode()
    assert take(cast).owner_id == cast.staff["supervisor"].pk, warning


def test_customers_with_open_complaints_are_a_filter_and_a_column(client, cast):
    """Standing.open_complaints: one index, no join upward."""
    take(cast)
    client.force_login(cast.manager)
    url = reverse("accounts:customer_list")
    text = client.get(url + "?complaints=1").content.decode()
    assert "金满堂" in text and "银小满" not in text
    assert f"/cases/?view=list&amp;kind=complaint&amp;customer={cast.customers['gold'].pk}" in text


def test_the_home_of_a_handler_is_the_board(client, cast):
    """Screens, navigation: handler Board · …"""
    client.force_login(cast.handler)
    answer = client.get(reverse("workbench:today"))
    assert answer.status_code == 302 and answer["Location"] == reverse("complaints:case_list")
    assert CaseClock.unscoped.count() == 0
