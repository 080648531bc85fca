"""A customer list leaves the house only with a reason, masked, registered, and safe for a spreadsheet (SEC-1)."""

import csv
import io

import pytest

from accounts.models import Customer
from crm.core.models import AccessLog
from tests.cast import CANARY

pytestmark = pytest.mark.django_db
ADDRESS = "/customers/export/"


def taken(client, query="", reason="座谈会名单"):
    answer = client.post(ADDRESS + query, {"reason": reason})
    assert answer.status_code == 200, answer.content.decode()[-400:]
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return answer, list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("reason", ["", "  ", "\u200b"])
def test_without_a_reason_there_is_no_file_and_no_row(cast, as_user, reason):
    """SEC-1: export without reason refused."""
    answer = as_user(cast.manager).post(ADDRESS, {"reason": reason})
    assert answer.status_code == 400
    assert "text/html" in answer["Content-Type"]
    assert "reason" in answer.context["form"].errors
    assert not AccessLog.objects.filter(kind="export").exists()


def test_an_export_leaves_its_row_and_names_who_took_it_on_every_line(cast, as_user):
    """SEC-1: log row with reason and number of rows; the name of the user as the watermark."""
    answer, rows = taken(as_user(cast.manager))
    entry = AccessLog.objects.get(kind="export")
    assert (entry.user, entry.reason, entry.detail["rows"]) == (cast.manager, "座谈会名单", 3)
    assert f"customers-E{entry.pk}.csv" in answer["Content-Disposition"]
    assert {row["姓名"] if "姓名" in row else row["名称"] for row in rows} == {"钱多多", "金满堂", "银小满"}
    mark = list(rows[0])[-1]
    assert all(row[mark].startswith(f"E{entry.pk} 林晓 M1001 ") for row in rows)


def test_numbers_are_masked_and_nobody_else_is_in_the_file(cast, as_user):
    """SEC-1, SEC-3: what one may see, as the pages show it."""
    _answer, rows = taken(as_user(cast.supervisor))
    text = str(rows)
    assert "138****" in text or "139****0001" in text
    assert "13900000001" not in text
    assert CANARY not in text


def test_the_filters_of_the_list_hold(cast, as_user):
    """SEC-1: as little as needed."""
    _answer, rows = taken(as_user(cast.supervisor), "?tier=gold")
    assert [row[list(row)[1]] for row in rows] == ["金满堂"]
    assert as_user(cast.supervisor).post(ADDRESS + "?colour=red", {"reason": "x"}).status_code == 400


def test_nothing_to_take_is_said(cast, as_user):
    """Bad input 44: an export of 0 rows."""
    answer = as_user(cast.manager).post(ADDRESS + "?q=无此人", {"reason": "名单"})
    assert answer.status_code == 400
    assert not AccessLog.objects.filter(kind="export").exists()


def test_too_many_are_refused(cast, as_user, monkeypatch):
    """Safety 1.5: bulk theft."""
    from accounts.actions import exports

    monkeypatch.setattr(exports, "MAX_ROWS", 2)
    answer = as_user(cast.manager).post(ADDRESS, {"reason": "名单"})
    assert answer.status_code == 400
    assert "2" in str(answer.context["form"].errors)


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "-2+3", "+7", "\t=1", "＝1+1"])
def test_a_name_is_no_formula_in_the_file(cast, as_user, name):
    """Bad input 25: stored as typed, escaped in every export."""
    Customer.unscoped.filter(pk=cast.customers["gold"].pk).update(name=name)
    _answer, rows = taken(as_user(cast.manager), "?tier=gold")
    assert rows[0][list(rows[0])[1]] == "'" + name


def test_many_pages_are_one_file(cast, as_user, monkeypatch):
    """Keyset pages: nobody twice, nobody left out."""
    from accounts.actions import exports

    monkeypatch.setattr(exports, "STEP", 2)
    _answer, rows = taken(as_user(cast.director))
    numbers = [next(iter(row.values())) for row in rows]
    assert len(numbers) == len(set(numbers)) == Customer.unscoped.count()


def test_the_page_says_how_many_go_into_the_file(cast, as_user):
    """Screens: every list has its export."""
    client = as_user(cast.manager)
    assert "/customers/export/?tier=gold" in client.get("/customers/?tier=gold").content.decode()
    assert client.get(ADDRESS + "?tier=gold").context["count"].number == 1
