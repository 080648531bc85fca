"""Pages of visits: list, filters, record, reception log, customer voice, figures."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.cast import CANARY
from tests.visits.desk import sheet
from visits.actions import log_visit, undo_visit
from visits.models import Remark, Visit, VisitNote

pytestmark = pytest.mark.django_db


def logged(cast, customer="gold", by="manager", **changes):
    """A visit of today, or of another day."""
    now = timezone.now()
    changes.setdefault("occurred_at", now - timedelta(minutes=5))
    done = log_visit(sheet=sheet(cast.customers[customer], **changes), by=getattr(cast, by), now=now)
    return Visit.unscoped.get(pk=done.visit_ids[0])


@pytest.fixture
def world(cast):
    """Visits of the manager, of his teammate and of a stranger."""
    logged(cast, "gold", content="谈了宽带")
    logged(cast, "silver", channel="reception", occasion="enquiry", content="来厅咨询", result="已答复")
    logged(cast, "diamond", outcome="no_answer", channel="wechat", occurred_at=timezone.now() - timedelta(days=2))
    logged(cast, "teammates", by="teammate", channel="on_site", occasion="promotion")
    logged(cast, "strangers", by="stranger", content=CANARY, opinion=CANARY)
    return cast


def get(client, name, **params):
    return client.get(reverse(f"visits:{name}"), params)


def test_the_list_shows_the_visits_in_scope_and_nothing_else(world, as_user):
    """Screens 6, SEC-3: newest first; the stranger's canary never appears."""
    page = get(as_user(world.manager), "visit_list").content.decode()
    assert [name in page for name in ("金满堂", "银小满", "钱多多", "江城海尔", CANARY)] == [
        True,
        True,
        True,
        False,
        False,
    ]
    page = get(as_user(world.supervisor), "visit_list").content.decode()
    assert "江城海尔" in page
    assert CANARY not in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"channel": "wechat"}, ["钱多多"]),
        ({"outcome": "no_answer"}, ["钱多多"]),
        ({"direction": "inbound"}, ["银小满"]),
        ({"occasion": "promotion"}, ["江城海尔"]),
        ({"work_class": "sales"}, ["江城海尔"]),
        ({"backdated": "1"}, ["钱多多"]),
        ({"q": "满堂"}, ["金满堂"]),
        ({"q": "mt", "channel": "phone"}, []),
        ({"uncounted": "1"}, ["钱多多"]),
        ({"kind": "special"}, []),
    ],
)
def test_filters_stand_in_the_address(world, as_user, query, shown):
    """Screens: filters as chips in the URL."""
    page = get(as_user(world.supervisor), "visit_list", **query).content.decode()
    names = ("金满堂", "银小满", "钱多多", "江城海尔")
    assert [name for name in names if f"{name}</a>" in page or f"{name}电器有限公司</a>" in page] == shown


@pytest.mark.parametrize(
    "query",
    [
        {"nope": "1"}, {"channel": "pigeon"}, {"staff": "abc"}, {"staff": "9" * 30}, {"on": "2026-02-30"},
        {"from": "x"}, {"from": "2026-11-02", "to": "2026-11-01"}, {"q": "a\x00b"}, {"cursor": "rubbish"},
        {"on": "0001-01-01"}, {"backdated": "yes"}, {"unit": "999999"}, {"customer": "1"},
    ],
)  # fmt: skip
def test_a_wrong_filter_is_refused(world, as_user, query):
    """Bad input 1, 7, 9, 10, 16: 400, never a guess."""
    assert get(as_user(world.manager), "visit_list", **query).status_code == 400


def test_a_customer_out_of_scope_is_no_filter(world, as_user):
    """Leak: the chip would say his name."""
    page = get(as_user(world.manager), "visit_list", customer=world.customers["strangers"].pk)
    assert page.status_code == 400
    assert CANARY not in page.content.decode()


def test_fifty_rows_then_more_by_key(cast, as_user):
    """Screens: keyset "load more"; each visit once."""
    now = timezone.now()
    for index in range(53):
        log_visit(
            sheet=sheet(cast.customers["gold"], occurred_at=now - timedelta(minutes=index)), by=cast.manager, now=now
        )
    client = as_user(cast.manager)
    first = get(client, "visit_list")
    more = first.context["more_url"]
    assert first.content.decode().count("data-record") == 50
    rest = client.get(reverse("visits:visit_list") + more, headers={"HX-Request": "true"}).content.decode()
    assert rest.count("data-record") == 3
    assert "<html" not in rest


def test_the_list_takes_the_same_statements_at_3_rows_and_30(cast, as_user):
    """Issue 2, section 8: at most 6 beyond the frame's own."""
    client = as_user(cast.supervisor)
    counts = []
    for rows in (3, 27):
        for _ in range(rows):
            logged(cast)
        get(client, "visit_list")
        with CaptureQueriesContext(connection) as asked:
            assert get(client, "visit_list").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 10


def test_a_page_of_fifty_rows_is_small(cast, as_user):
    """Issue 2, section 8: at most 70 KB."""
    for _ in range(50):
        logged(cast, content="谈了套餐升级和宽带续费,客户表示要考虑一周")
    assert len(get(as_user(cast.supervisor), "visit_list").content) < 70_000


# --- The record


def test_the_record_says_everything(world, as_user):
    """CON-7: what happened, who, when, what it settled."""
    visit = Visit.unscoped.get(content="来厅咨询")
    page = as_user(world.manager).get(reverse("visits:visit_detail", args=[visit.pk])).content.decode()
    for words in ("银小满", "来厅咨询", "已答复", "林晓"):
        assert words in page


def test_the_record_of_a_stranger_is_not_there(world, as_user):
    """Decisions 13: invisible → 404, by every verb."""
    visit = Visit.unscoped.get(content=CANARY)
    client = as_user(world.manager)
    for name in ("visit_detail", "visit_mend"):
        assert client.get(reverse(f"visits:{name}", args=[visit.pk])).status_code == 404
    for name in ("visit_undo", "visit_note"):
        assert client.post(reverse(f"visits:{name}", args=[visit.pk]), {"text": "x"}).status_code == 404
    visit.refresh_from_db()
    assert visit.undone_at is None


def test_the_supervisor_remarks_and_goes_on_to_the_next(world, as_user):
    """Screens 1b: remark on any visit with next/previous."""
    newest, older = Visit.unscoped.filter(customer__unit=world.units["A"]).order_by("-occurred_at", "-id")[:2]
    client = as_user(world.supervisor)
    address = reverse("visits:visit_detail", args=[newest.pk]) + "?unremarked=1"
    page = client.get(address)
    assert page.context["older_url"] == reverse("visits:visit_detail", args=[older.pk]) + "?unremarked=1"
    assert page.context["newer_url"] == ""
    answer = client.post(
        reverse("visits:visit_remark", args=[newest.pk]), {"text": "很好", "next": page.context["older_url"]}
    )
    assert answer["Location"] == page.context["older_url"]
    assert Remark.unscoped.get().visit == newest
    # The list it came from no longer has the first one, and the way back still leads on.
    assert client.get(page.context["older_url"]).context["newer_url"] == ""


def test_an_empty_remark_comes_back_with_its_reason(world, as_user):
    """Bad input: 400 and nothing written."""
    visit = Visit.unscoped.filter(customer=world.customers["gold"]).get()
    answer = as_user(world.supervisor).post(reverse("visits:visit_remark", args=[visit.pk]), {"text": " \u200b"})
    assert answer.status_code == 400
    assert not Remark.unscoped.exists()


def test_the_manager_may_not_remark(world, as_user):
    """PLT-7."""
    visit = Visit.unscoped.filter(customer=world.customers["gold"]).get()
    assert (
        as_user(world.manager).post(reverse("visits:visit_remark", args=[visit.pk]), {"text": "x"}).status_code == 403
    )


def test_the_author_mends_and_takes_back(world, as_user):
    """Screens 2: by plain forms that work without JavaScript."""
    visit = Visit.unscoped.filter(customer=world.customers["gold"]).get()
    client = as_user(world.manager)
    address = reverse("visits:visit_mend", args=[visit.pk])
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields} | {"outcome": "no_answer", "minutes": "4"}
    values["occurred_at"] = timezone.localtime(visit.occurred_at).strftime("%Y-%m-%dT%H:%M")
    values = {name: value for name, value in values.items() if value is not None}
    assert client.post(address, values).status_code == 302
    visit.refresh_from_db()
    assert (visit.outcome.code, visit.counts, visit.version) == ("no_answer", False, 2)
    assert visit.ended_at - visit.occurred_at == timedelta(minutes=4)
    client.post(reverse("visits:visit_undo", args=[visit.pk]))
    visit.refresh_from_db()
    assert visit.undone_at


def test_two_tabs_get_both_values_and_keep_what_was_typed(world, as_user):
    """Bad input 33: 409; saving again is meant."""
    visit = Visit.unscoped.filter(customer=world.customers["gold"]).get()
    client = as_user(world.manager)
    address = reverse("visits:visit_mend", args=[visit.pk])
    values = {
        "channel": "phone", "outcome": "effective", "direction": "outbound", "version": 1, "content": "我写的",
        "occurred_at": timezone.localtime(visit.occurred_at).strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip
    Visit.unscoped.filter(pk=visit.pk).update(content="别的标签页写的", version=2)
    answer = client.post(address, values)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "别的标签页写的" in page
    assert "我写的" in page
    values["version"] = answer.context["form"]["version"].value()
    assert client.post(address, values).status_code == 302
    visit.refresh_from_db()
    assert (visit.content, visit.version) == ("我写的", 3)


def test_after_the_day_only_a_note(world, as_user):
    """Issue 2: the mend page is refused, the note is written."""
    visit = Visit.unscoped.filter(customer=world.customers["gold"]).get()
    Visit.unscoped.filter(pk=visit.pk).update(logged_at=timezone.now() - timedelta(days=2))
    client = as_user(world.manager)
    assert client.get(reverse("visits:visit_mend", args=[visit.pk])).status_code == 403
    assert client.post(reverse("visits:visit_note", args=[visit.pk]), {"text": "补充"}).status_code == 302
    assert VisitNote.unscoped.get().text == "补充"


def test_the_same_text_again_is_seen_and_leads_to_its_rows(cast, as_user):
    """CON-34: duplicate-text detection for whoever reads the visits."""
    first, second = (logged(cast, name, content="客户对当前套餐满意,暂无新需求") for name in ("gold", "silver"))
    client = as_user(cast.supervisor)
    page = client.get(reverse("visits:visit_detail", args=[first.pk])).content.decode()
    assert f"?same_text={first.pk}" in page
    rows = get(client, "visit_list", same_text=second.pk).content.decode()
    assert rows.count("data-record") == 2
    assert get(as_user(cast.stranger), "visit_list", same_text=second.pk).status_code == 400


@pytest.mark.parametrize("name", ["visit_detail", "visit_mend", "excuse_new", "excuse_decide"])
@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**30])
def test_a_number_nobody_has_is_not_found(cast, as_user, name, number):
    """Bad input 12: 404, no stack."""
    user = cast.supervisor if name == "excuse_decide" else cast.manager
    assert as_user(user).get(reverse(f"visits:{name}", args=[number])).status_code == 404


# --- Other pages


def test_the_reception_log_lists_the_inbound_contacts_of_a_day(world, as_user):
    """PLAN-15: time, customer, matter, handling, result."""
    client = as_user(world.supervisor)
    page = get(client, "reception_log").content.decode()
    assert [words in page for words in ("银小满", "业务咨询", "来厅咨询", "已答复", "金满堂")] == [True] * 4 + [False]
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert "银小满" not in get(client, "reception_log", on=yesterday).content.decode()
    assert get(client, "reception_log", on="2026-02-30").status_code == 400


def test_customer_voice_is_listed(world, as_user):
    """CON-15: an opinion typed in the visit is listed under customer voice, in scope only."""
    logged(world, "gold", opinion="希望增加网点", problem="发票开错")
    page = get(as_user(world.supervisor), "voice_list").content.decode()
    assert [words in page for words in ("希望增加网点", "发票开错", CANARY)] == [True, True, False]
    page = get(as_user(world.supervisor), "voice_list", kind="problem").content.decode()
    assert [words in page for words in ("希望增加网点", "发票开错")] == [False, True]
    assert get(as_user(world.supervisor), "voice_list", kind="x").status_code == 400


def test_six_outbound_of_eight_are_75_per_cent(cast, as_user):
    """CON-11: proactive share per manager; every number leads to its rows."""
    for index in range(8):
        logged(cast, direction="inbound" if index < 2 else "outbound")
    page = get(as_user(cast.supervisor), "visit_figures")
    figures = page.context["figures"]
    assert (figures.total, figures.outbound, figures.proactive) == (8, 6, 75.0)
    assert [(row.name, row.proactive) for row in figures.staff] == [("林晓", 75.0)]
    rows = as_user(cast.supervisor).get(page.context["outbound_url"]).content.decode()
    assert rows.count("data-record") == 6


def test_classes_and_categories_add_up_to_all_contacts(world, as_user):
    """ORG-8, CON-38: the report sums to all contacts."""
    figures = get(as_user(world.supervisor), "visit_figures", month=timezone.localdate().strftime("%Y-%m")).context[
        "figures"
    ]
    for parts in (figures.by_class, figures.by_category, figures.by_service):
        assert sum(part.count for part in parts) == figures.total
    assert figures.total == sum(row.total for row in figures.staff) > 0


def test_an_undone_visit_is_in_no_figure(cast, as_user):
    """Screens 2."""
    visit = logged(cast)
    undo_visit(visit_id=visit.pk, by=cast.manager, now=timezone.now())
    assert get(as_user(cast.supervisor), "visit_figures").context["figures"].total == 0
    assert "金满堂</a>" not in get(as_user(cast.supervisor), "visit_list").content.decode()
    assert "金满堂</a>" in get(as_user(cast.supervisor), "visit_list", undone="1").content.decode()


@pytest.mark.parametrize("month", ["", "1999-01"])
def test_a_month_without_figures_shows_the_present_one(cast, as_user, month):
    """Bad input 11."""
    page = get(as_user(cast.supervisor), "visit_figures", month=month)
    assert page.context["month"].first == timezone.localdate().replace(day=1)


@pytest.mark.parametrize("month", ["2026-13", "x", "2999-01", "9" * 40])
def test_a_month_that_does_not_exist_is_refused(cast, as_user, month):
    """Bad input 10."""
    assert get(as_user(cast.supervisor), "visit_figures", month=month).status_code == 400


@pytest.mark.parametrize("name", ["visit_list", "reception_log", "voice_list", "visit_figures"])
def test_the_pages_say_when_there_is_nothing(cast, as_user, name):
    """Screens: an empty state that says what to do next."""
    assert 'class="empty"' in get(as_user(cast.manager), name).content.decode()


@pytest.mark.parametrize("name", ["visit_list", "reception_log", "voice_list", "visit_figures", "what_counts"])
def test_nobody_without_right_sees_a_page(cast, client, as_user, name):
    """Decisions 13: 302 without sign-in, 403 without the ability."""
    assert get(client, name).status_code == 302
    assert get(as_user(cast.nobody), name).status_code == 403


def test_dates_are_shown_in_the_list_by_local_day(cast, as_user):
    """Time: 23:30 in Shanghai is still that day."""
    when = timezone.localtime().replace(hour=0, minute=1, second=0, microsecond=0)
    visit = logged(cast, occurred_at=when)
    assert visit.occurred_on == timezone.localdate()
    assert isinstance(visit.occurred_on, date)
