"""The board: what it shows to whom, in which order, by which filters, in how many statements."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from complaints.models import Case, CaseClock
from complaints.queries import board as queries
from crm.core.scope import Scope
from tests import cast as casting
from tests.complaints.desk import bring, desk, fresh, take
from tests.guards.crowd import copy

pytestmark = pytest.mark.django_db
LIST = reverse("complaints:case_list")


@pytest.fixture
def cast():
    return desk(casting.build())


@pytest.fixture
def board(client, cast):
    client.force_login(cast.handler)
    return client


def numbers(answer):
    """The cases on a page in their order."""
    page = answer.content.decode()
    found = [(page.index(f'href="/cases/{case.pk}/"'), case.number) for case in Case.unscoped.all()
             if f'href="/cases/{case.pk}/"' in page]  # fmt: skip
    return [number for _place, number in sorted(found)]


def due(case, minutes):
    """The nearest deadline of a case so many minutes from now."""
    moment = timezone.now() + timedelta(minutes=minutes)
    CaseClock.unscoped.filter(case=case, state="running").update(due_at=moment, warn_at=moment - timedelta(minutes=10))
    Case.unscoped.filter(pk=case.pk).update(next_due_at=moment)
    return case


def test_the_board_has_a_column_for_each_state_and_the_nearest_deadline_stands_first(board, cast):
    """CMP-2: by state and time left; what is late says so in words."""
    later, sooner, late = (due(bring(cast, "received"), minutes) for minutes in (90, 30, -5))
    for state in ("handling", "waiting_customer", "appointed", "replied"):
        bring(cast, state)
    closed = bring(cast, "closed")
    page = board.get(LIST)
    text = page.content.decode()
    assert [text.count(f'id="column-{code}"') for code in queries.COLUMNS] == [1, 1, 1, 1]
    assert numbers(page)[:3] == [late.number, sooner.number, later.number]
    assert closed.number not in numbers(page)
    counts = {column.code: str(column.count) for column in queries.board(Scope.ALL, {}, now=timezone.now())}
    assert counts == {"received": "3", "handling": "1", "waiting": "2", "replied": "1"}
    assert 'class="due late"' in text and 'class="case-card is-late"' in text


def test_the_list_is_sorted_by_time_left_and_goes_on_by_key(board, cast, monkeypatch):
    """What has no deadline stands at the end; the next page begins where the first ended."""
    cases = [due(take(cast), minutes) for minutes in (50, 10, 30)]
    without = take(cast)
    Case.unscoped.filter(pk=without.pk).update(next_due_at=None)
    wanted = [cases[1].pk, cases[2].pk, cases[0].pk, without.pk]
    seen, cursor = [], ""
    for _page in range(4):
        page = queries.case_page(Scope.ALL, {}, cursor=cursor, limit=1)
        seen += [row.id for row in page.rows]
        cursor = page.next
    assert seen == wanted and not cursor
    newest = [row.id for row in queries.case_page(Scope.ALL, {}, newest=True).rows]
    assert newest == sorted(wanted, reverse=True)


def test_every_filter_narrows_to_its_rows(board, cast):
    """Filters stand in the address; an unknown one, or an unknown value, is a 400."""
    mine = take(cast)
    other = take(cast, kind="need", level="serious")
    late = due(take(cast, customer="silver", category_code="billing"), -5)
    soon = due(take(cast), 5)
    done = bring(cast, "closed")
    manager = cast.staff["manager"].pk
    solution = CaseClock.unscoped.get(case=done, kind="solution").due_at
    asked = {
        "mine=1": {mine, late, soon},
        "kind=need": {other},
        "kind=request": {other},
        "level=serious": {other},
        "late=1": {late},
        "soon=1": {soon},
        "category=billing": {late},
        f"customer={cast.customers['silver'].pk}": {late},
        f"owner={manager}": {other},
        f"manager={manager}&kind=complaint": {mine, late, soon},
        f"unit={cast.units['B'].pk}": set(),
        f"unit={cast.units['A'].pk}&level=serious": {other},
        "state=closed": {done},
        f"state=closed&closed={timezone.localdate():%Y-%m}&score=4": {done},
        "state=all&action=m15": {done},
        f"state=all&due={timezone.localtime(solution):%Y-%m}&solved=in_time": {done},
        f"month={timezone.localdate():%Y-%m}&level=serious": {other},
        "month=2020-01": set(),
        "judged=justified": set(),
        f"q={mine.number}": {mine},
        f"q={late.number[-4:]}": {late},
        "q=银小满": {late},
        "q=zzzz": set(),
    }
    for query, rows in asked.items():
        answer = board.get(f"{LIST}?view=list&{query}")
        assert answer.status_code == 200, query
        assert set(numbers(answer)) == {case.number for case in rows}, query
    for wrong in ("kind=odd", "state=odd", "unit=0", "customer=9999999", "category=odd", "late=2", "solved=late",
                  "sent=2026-11", "month=2026-13", "owner=x", "odd=1", "view=odd", "cursor=abc", "reply=odd",
                  f"customer={cast.customers['strangers'].pk}"):  # fmt: skip
        assert board.get(f"{LIST}?{wrong}").status_code == 400, wrong


def test_each_sees_the_cases_of_his_customers_only(client, cast):
    """SEC-3: the board, its counts and its search are inside the scope."""
    case = take(cast)
    for who, sees in (("manager", True), ("supervisor", True), ("director", True), ("teammate", False),
                      ("stranger", False), ("stranger_supervisor", False)):  # fmt: skip
        client.force_login(getattr(cast, who))
        for query in ("", "?view=list", f"?q={case.number}", "?state=all"):
            assert (case.number in numbers(client.get(LIST + query))) is sees, (who, query)
        assert (queries.waiting(getattr(cast, who).access.scope_for("view_cases"), staff_id=None,
                                now=timezone.now()).open.number == 1) is sees  # fmt: skip
    client.force_login(cast.auditor)
    assert client.get(LIST).status_code == 403


def test_board_and_list_take_twelve_statements_at_most_whatever_their_size(board, cast):
    """Issue: the board in ≤ 12 statements, for three cases as for sixty."""
    case = take(cast)
    taken = {}
    for many in (3, 60):
        Case.unscoped.bulk_create(copy(case, number=f"TS-20200101-{many}-{place}", client_key=None)
                                  for place in range(many))  # fmt: skip
        for query in ("", "?view=list", "?view=list&q=金满堂"):
            board.get(LIST + query)
            with CaptureQueriesContext(connection) as asked:
                assert board.get(LIST + query).status_code == 200
            taken.setdefault(query, []).append(len(asked))
    for query, counts in taken.items():
        assert counts[0] == counts[1] <= 12, (query, counts)


def test_a_list_that_has_not_changed_is_answered_with_304(board, cast):
    """No polling storms: the second look costs no rows; a deed of anybody makes it new."""
    case = take(cast)
    url = reverse("complaints:case_fresh") + "?view=board"
    first = board.get(url)
    assert first.status_code == 200 and f"/cases/{case.pk}/" in first.content.decode()
    again = board.get(url, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert first["ETag"] in board.get(LIST).content.decode().replace("&quot;", '"')
    take(cast)
    changed = board.get(url, HTTP_IF_NONE_MATCH=first["ETag"])
    assert changed.status_code == 200 and changed["ETag"] != first["ETag"]
    other = board.get(reverse("complaints:case_fresh") + "?view=list", HTTP_IF_NONE_MATCH=changed["ETag"])
    assert other.status_code == 200


def bulk(client, deed, cases, **more):
    return client.post(reverse("complaints:case_bulk"), {"deed": deed, "ids": [case.pk for case in cases], **more})


def test_a_deed_on_many_goes_through_the_guard_of_one_and_answers_row_by_row(board, cast):
    """Bulk is no way around: what one case refuses is told beside it, the others are done."""
    one, two = take(cast), take(cast)
    answer = bulk(board, "accept", [one, two])
    assert answer.status_code == 302 and {fresh(one).state, fresh(two).state} == {"handling"}
    told, untold = bring(cast, "replied", "enquiry"), take(cast)
    page = bulk(board, "close", [told, untold])
    text = page.content.decode()
    assert page.status_code == 200 and told.number in text and untold.number in text
    assert "mark met" in text and "mark soon" in text
    assert (fresh(told).state, fresh(untold).state) == ("closed", "received")
    assert bulk(board, "correct", [untold], category="billing").status_code == 302
    assert fresh(untold).category.code == "billing"
    assert bulk(board, "assign", [untold], to_staff=cast.staff["supervisor"].pk).status_code == 302
    assert fresh(untold).owner_id == cast.staff["supervisor"].pk


def test_a_foreign_case_stops_all_and_nonsense_is_refused(client, cast):
    """Decisions 14: one id out of sight is a 404 and nothing is done."""
    mine, foreign = take(cast), take(cast, customer="strangers", by=cast.stranger_supervisor)
    client.force_login(cast.handler)
    assert bulk(client, "accept", [mine, foreign]).status_code == 404
    assert fresh(mine).state == "received"
    for wrong in ({"deed": "judge"}, {"deed": "assign"}, {"deed": "correct"}, {"deed": "accept", "ids": ["x"]}):
        values = {"ids": [mine.pk], **wrong}
        assert client.post(reverse("complaints:case_bulk"), values).status_code == 400, wrong
