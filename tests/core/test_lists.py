"""Lists: their columns, their saved views, and the rows that leave the house (screens, "Every list")."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import strip_tags

from crm.core import list_views, listed
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.core.lists import kind_of, kinds
from crm.core.models import SavedView, User

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def kept_view(by, name="我的", **more):
    given = {"query": "overdue=1", "columns": [], "now": NOW} | more
    return list_views.save_view(kind=kind_of("customers"), name=name, by=by, **given)


def heads(page):
    head = re.search(r"<thead>(.*?)</thead>", page.text, re.DOTALL)[1]
    return [strip_tags(cell).strip() for cell in re.findall(r"<th.*?</th>", head, re.DOTALL)]


def test_every_list_is_declared_once_and_opens(cast, as_user):
    """Screens, "Every list": its page answers with the tools, and the page's columns are those it declares."""
    director = as_user(cast.director)
    director.cookies["django_language"] = "en"
    seen = [kind.key for kind in kinds()]
    assert len(seen) == len(set(seen)) and {"customers", "visits", "cases", "alerts", "agreements"} <= set(seen)
    with translation.override("en"):
        for kind in kinds():
            page = director.get(kind.url)
            assert page.status_code == (200 if kind.is_open_to(cast.director.access) else 403), kind.key
            if page.status_code == 403:
                continue
            assert reverse("core:list_tools", args=[kind.key]) in page.text, kind.key
            fixed = [column for column in kind.columns if column.is_fixed]
            assert len(fixed) == 1 and kind.columns[0].is_fixed, kind.key


def test_the_columns_of_a_page_stand_where_its_list_says(cast, as_user):
    """The columns are hidden by their place in the row: declaration and table must agree."""
    from crm.core.templatetags.lists import places

    page = as_user(cast.supervisor).get("/customers/?cols=name,contact,value,district")
    kind = page.wsgi_request.listed.kind
    drawn = [str(column.label) for column in kind.columns if column.on_page and (column.is_default or
             column.key == "district")]  # fmt: skip
    shown = heads(page)
    assert shown[1 : 1 + len(drawn)] == drawn  # the first is the column of ticks
    assert places(page.wsgi_request.listed, {"can_assign": True, "show_manager": True}) == [3, 5, 6, 7]
    assert 'class="main hide-3 hide-5 hide-6 hide-7"' in page.text
    assert places(page.wsgi_request.listed, {}) == [2, 4, 5]


def test_one_chooses_the_columns_of_a_list_for_good(cast, as_user):
    manager = as_user(cast.manager)
    done = manager.post("/lists/customers/columns/", {"columns": ["tier", "completeness"], "query": "kind=vip"})
    assert done.headers["Location"] == "/customers/?kind=vip"
    page = manager.get("/customers/")
    assert "0 %" in page.text and "hide-" in page.text and len(heads(page)) == 8
    assert as_user(cast.teammate).get("/customers/").text.count("hide-") == 0
    manager = as_user(cast.manager)
    assert manager.post("/lists/customers/columns/", {"usual": "1", "columns": ["tier"]}).status_code == 302
    assert User.objects.get(pk=cast.manager.pk).lists == ""
    assert manager.post("/lists/customers/columns/", {"columns": ["nonsense"]}).status_code in (400, 422)
    assert manager.get("/customers/?cols=nonsense").status_code == 400


def test_a_view_is_saved_opened_renamed_and_thrown_away(cast, as_user):
    manager = as_user(cast.manager)
    given = {"name": "钻石", "shown_to": "me", "query": "tier=diamond&cursor=x", "columns": "name,tier"}
    opened = "/customers/?tier=diamond&cols=name%2Ctier"
    assert manager.post("/lists/customers/new/", given).headers["Location"] == opened
    view = SavedView.objects.get()
    assert (view.query, view.columns, view.is_default) == ("tier=diamond", "name,tier", False)
    menu = manager.get("/lists/customers/?tier=diamond", headers={"HX-Request": "true"})
    assert "钻石" in menu.text and 'aria-current="true"' in menu.text and "<html" not in menu.text
    assert manager.get(f"/views/{view.pk}/").headers["Location"] == opened
    renamed = {"name": "钻石卡", "shown_to": "me", "query": view.query, "columns": ""}
    assert manager.post(f"/views/{view.pk}/edit/", renamed).status_code == 302
    assert SavedView.objects.get().name == "钻石卡"
    assert as_user(cast.teammate).get(f"/views/{view.pk}/").status_code == 404
    assert as_user(cast.manager).post(f"/views/{view.pk}/delete/").status_code == 302
    assert not SavedView.objects.exists()


def test_the_standard_view_opens_with_the_bare_list_only(cast, as_user):
    manager = as_user(cast.manager)
    given = {"name": "逾期", "shown_to": "me", "query": "overdue=1", "columns": "", "is_default": "on"}
    manager.post("/lists/customers/new/", given)
    assert manager.get("/customers/").headers["Location"] == "/customers/?overdue=1"
    assert manager.get("/customers/?kind=vip").status_code == 200
    assert manager.get("/customers/", headers={"HX-Request": "true"}).status_code == 200
    assert manager.get("/customers/", headers={"Referer": "http://testserver/customers/?overdue=1"}).status_code == 200
    SavedView.objects.update(query="gone=1")
    page = manager.get("/customers/?gone=1")
    assert page.status_code == 200 and "钱多多" in page.text  # no longer understood: nobody is shut out of his list
    assert manager.get("/customers/?other=1").status_code == 400
    manager.post(f"/views/{SavedView.objects.get().pk}/delete/")
    assert manager.get("/customers/").status_code == 200


def test_a_role_has_a_standard_and_a_person_a_better_one(cast, as_user):
    kept_view(cast.director, "角色", role="manager", query="kind=vip")
    manager = as_user(cast.manager)
    assert manager.get("/customers/").headers["Location"] == "/customers/?kind=vip"
    kept_view(cast.manager, "自己", is_default=True)
    assert as_user(cast.manager).get("/customers/").headers["Location"] == "/customers/?overdue=1"
    assert as_user(cast.supervisor).get("/customers/").status_code == 200
    kept_view(cast.director, "新角色", role="manager", query="kind=group")
    assert SavedView.objects.filter(role="manager", is_default=True).count() == 1
    with pytest.raises(NotAllowed):
        kept_view(cast.manager, "不行", role="manager")


def test_who_leads_a_unit_shows_it_a_view(cast):
    view = kept_view(cast.supervisor, "本单位", unit_id=cast.units["A"].pk)
    kind = kind_of("customers")
    for who, sees in (("manager", True), ("supervisor", True), ("director", True), ("stranger", False)):
        found = list_views.views_of(cast.users[who].access, kind)
        assert ([row.pk for row in found] == [view.pk]) == sees, who
    assert not list_views.may_change(cast.manager.access, view)
    with pytest.raises(NotAllowed):
        list_views.delete_view(view_id=view.pk, by=cast.manager)
    with pytest.raises(NotFound):
        list_views.delete_view(view_id=view.pk, by=cast.stranger)
    for by, unit in ((cast.manager, "A"), (cast.supervisor, "B")):
        with pytest.raises(Invalid):
            kept_view(by, "别的", unit_id=cast.units[unit].pk)


def test_views_have_limits(cast):
    view = kept_view(cast.manager)
    assert kept_view(cast.manager, query="kind=vip").pk == view.pk  # the same name is replaced
    other = kept_view(cast.manager, "另一个")
    with pytest.raises(Invalid):
        kept_view(cast.manager, view_id=other.pk)
    with pytest.raises(Invalid):
        kept_view(cast.manager, "列", columns=["nonsense"])
    with pytest.raises(Invalid):
        kept_view(cast.manager, "")
    SavedView.objects.bulk_create(
        SavedView(list_key="customers", name=f"v{n}", owner=cast.manager, saved_at=NOW) for n in range(list_views.MOST)
    )
    with pytest.raises(Invalid):
        kept_view(cast.manager, "太多")
    nobody = User.objects.get(pk=cast.nobody.pk)
    with pytest.raises(NotAllowed):
        list_views.choose_columns(kind=kind_of("customers"), columns=["name"], by=nobody)


def test_the_file_of_a_list_holds_the_rows_of_its_page(cast):
    """PLT-1: the same rows in the same order, masked unless the file was approved unmasked."""
    kind = kind_of("customers")
    rows = list(kind.rows(cast.manager, {"kind": "vip", "sort": "name"}, ["name", "phone", "tier"], False))
    assert {row[0] for row in rows} == {"钱多多", "金满堂", "银小满"}
    assert all(re.fullmatch(r"\d{3}\*{4}\d{4}", row[1]) for row in rows)
    open_rows = kind.rows(cast.manager, {"q": "金满堂"}, ["phone"], True)
    assert list(open_rows) == [("13900000002",)]
    with pytest.raises(Invalid):
        list(kind.rows(cast.manager, {"nonsense": "1"}, ["name"], False))


def test_every_list_that_leaves_the_house_has_a_value_for_every_column(cast):
    for kind in kinds():
        if kind.rows is not None:
            columns = [column.key for column in kind.columns]
            for row in kind.rows(cast.director, {}, columns, False):
                assert len(row) == len(columns), kind.key


def test_the_rows_of_a_page_are_followed_to_their_end(cast):
    """A file goes on where the page says "load more"."""
    from accounts.models import Task

    staff, today = cast.staff["manager"], timezone.localdate(NOW)
    Task.unscoped.bulk_create(
        Task(staff=staff, kind="assigned", title=f"t{n}", source="unit", due_on=today + timedelta(days=n % 7),
             created_by=cast.supervisor, created_at=NOW)
        for n in range(120)
    )  # fmt: skip
    rows = list(kind_of("tasks").rows(cast.manager, {"tab": "mine"}, ["task", "due"], False))
    assert len({row[0] for row in rows}) == 120
    listed.forget()


def drawn_heads(kind):
    """The heads of a list's table as its template writes them: column of ticks, labels, actions last."""
    app, name = kind.url_name.split(":")
    text = (settings.BASE_DIR / "templates" / app / f"{name}.html").read_text()
    text = re.sub(r'<table class="list whole">.*?</table>', "", text, flags=re.DOTALL)  # beside the list: stays whole
    head = re.search(r"<thead>(.*?)</thead>", text, re.DOTALL)[1]
    found = []
    for cell in re.findall(r"<th[ >].*?</th>", head, re.DOTALL):
        label = re.search(r"""{% translate ["'](.+?)["'] %}""", cell)
        if "c-check" not in cell and "visually-hidden" not in cell and label:
            found.append(label[1])
    return found


def test_the_heads_of_every_table_are_those_its_list_declares():
    """A column is hidden by its place: a head that moves or joins must move or join in `lists.py` too."""
    wrong = {}
    with translation.override("en"):
        for kind in kinds():
            declared = [str(column.label) for column in kind.columns if column.on_page and column.is_default]
            if declared and drawn_heads(kind) != declared:
                wrong[kind.key] = drawn_heads(kind), declared
    assert wrong == {}


def test_what_stands_beside_a_list_keeps_all_its_columns():
    """The columns of a list are taken away from its own table, not from sums and shares beside it."""
    css = (settings.BASE_DIR / "static/css/parts.css").read_text()
    hidden = re.findall(r"\.hide-(\d+) (\S+) tr>:nth-child\((\d+)\)", css)
    assert len(hidden) == 12 and {table for _place, table, _child in hidden} == {".list:not(.whole)"}
    assert all(place == child for place, _table, child in hidden)
    for kind in kinds():  # what is not shown by itself is not drawn at all, so only these are ever hidden
        drawn = [column.is_default for column in kind.columns if column.on_page]
        assert not any(drawn) or len(drawn) - drawn[::-1].index(True) + bool(kind.leads) <= 13, kind.key


def test_a_filter_given_twice_is_kept_once_with_a_comma(cast, as_user):
    """PLT-1: a view, a step and a file of the access log hold every kind that was ticked, not the last one alone."""
    director = as_user(cast.director)
    page = director.get("/settings/access-log/?kind=look&kind=sign_in&person=S1001&before=99999999")
    assert page.status_code == 200 and page.context["chosen"] == ["look", "sign_in"]
    assert page.wsgi_request.listed.query == "kind=look%2Csign_in&person=S1001"
    assert director.get("/settings/access-log/?kind=look,sign_in").context["chosen"] == ["look", "sign_in"]
    assert director.get("/settings/access-log/?kind=look,nonsense").status_code == 400
    order = director.get("/exports/new/?list=access_log&kind=look&kind=sign_in")
    assert order.status_code == 200 and order.context["back"] == "/settings/access-log/?kind=look%2Csign_in"


def test_who_is_signed_in_has_the_lists_of_his_own(cast, as_user):
    """Jobs and exports need no ability: everybody has some of his own."""
    nobody = User.objects.get(pk=cast.nobody.pk)
    assert [kind.key for kind in kinds() if kind.is_open_to(nobody.access)] == ["jobs", "exports"]
    assert as_user(nobody).get("/lists/jobs/").status_code == 200
    assert as_user(nobody).get("/lists/customers/").status_code == 403
