"""Files leave the house by one door: with a reason, registered, marked, within a day's budget (SEC-1, safety 1.5)."""

import csv
import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts.models import Customer
from crm.core import exports, jobs
from crm.core.errors import LimitReached
from crm.core.exports import making
from crm.core.exports.making import forget_old_exports
from crm.core.exports.rules import alarm_above, canary_of, may_unmask
from crm.core.models import AccessLog, Attachment, ExportOrder, Notice
from crm.core.parameters import set_value
from tests.cast import CANARY

pytestmark = pytest.mark.django_db
NEW = "/exports/new/?list=customers"


def ordered(client, query="", **more):
    values = {"reason": "座谈会名单", "file_format": "csv", "columns": ["name", "tier", "number", "phone"]} | more
    answer = client.post(NEW + query, values)
    assert answer.status_code == 302, answer.content.decode()[-600:]
    return ExportOrder.unscoped.select_related("job").order_by("-pk").first()


def made(order):
    jobs.run(order.job_id)
    order.refresh_from_db()
    return order


def fetched(client, order):
    answer = client.get(f"/exports/{order.pk}/file/")
    assert answer.status_code == 200
    return answer, b"".join(answer.streaming_content)


def lines(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def limit(key, number):
    set_value(key, number, effective_from=timezone.localdate(), by=None, now=timezone.now())


def test_a_list_is_ordered_with_a_reason_made_and_fetched_with_its_mark_on_every_row(cast, as_user):
    """SEC-1: log row with the reason, the name of the user on each row, one made-up row, each download logged."""
    client = as_user(cast.manager)
    for reason in ("", "  ", "\u200b"):
        assert client.post(NEW, {"reason": reason, "file_format": "csv"}).status_code == 400
    assert not ExportOrder.unscoped.exists() and not AccessLog.objects.filter(kind="export").exists()
    order = made(ordered(client))
    entry = AccessLog.objects.get(kind="export")
    assert (entry.user, entry.reason, entry.subject_id) == (cast.manager, "座谈会名单", order.pk)
    assert Notice.objects.get(kind="job_done").url == f"/exports/{order.pk}/"
    answer, content = fetched(client, order)
    assert f"customers-E{order.pk}.csv" in answer["Content-Disposition"]
    header, *rows = lines(content)
    assert {row[0] for row in rows} == {"钱多多", "金满堂", "银小满", order.canary} and order.rows == 3
    assert all(row[-1].startswith(f"E{order.pk} 林晓 M1001 ") for row in rows) and len(header) == 5
    assert "13900000001" not in content.decode() and "139****0001" in content.decode()
    assert AccessLog.objects.filter(kind="download", subject_id=order.pk).count() == 1
    assert order.canary == canary_of(order.pk, settings.SECRET_KEY)


def test_the_filters_of_the_list_hold_and_nobody_else_is_in_the_file(cast, as_user):
    """SEC-1, SEC-3: as little as needed; what nobody finds is refused (bad input 44)."""
    client = as_user(cast.supervisor)
    rows = lines(fetched(client, made(ordered(client, "&tier=gold")))[1])[1:]
    assert [row[0] for row in rows if not row[0].startswith("江城")] == ["金满堂"]
    everything = fetched(client, made(ordered(client)))[1].decode()
    assert CANARY not in everything
    assert client.post(f"{NEW}&q=无此人", {"reason": "x", "file_format": "csv"}).status_code == 400
    assert client.post(f"{NEW}&colour=red", {"reason": "x", "file_format": "csv"}).status_code == 400
    assert client.get("/exports/new/?list=nothing").status_code == 404
    assert client.post(NEW, {"reason": "x", "file_format": "csv", "columns": ["password"]}).status_code == 400
    assert as_user(cast.brand_manager).get(NEW).status_code == 403


def test_as_excel_texts_are_texts_and_each_sheet_carries_the_mark(cast, as_user):
    """Scorecard 16, bad input 25: no formula in any cell, CSV or Excel; the register's facts on their own sheet."""
    client = as_user(cast.manager)
    names = ["=1+1", "@SUM(A1)", "-2+3", "+7", "\t=1", "＝1+1"]
    for name in names:
        Customer.unscoped.filter(pk=cast.customers["gold"].pk).update(name=name)
        rows = lines(fetched(client, made(ordered(client, "&tier=gold")))[1])[1:]
        assert "'" + name in [row[0] for row in rows]
    order = made(ordered(client, file_format="xlsx"))
    content = fetched(client, order)[1]
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    first, second = (book.get_sheet_by_name(name).to_python() for name in ("1", "2"))
    assert names[-1] in [row[0] for row in first] and all(f"E{order.pk} 林晓" in row[-1] for row in first[1:])
    assert [row[1] for row in second if row[1] == "座谈会名单"] == ["座谈会名单"]
    with ZipFile(io.BytesIO(content)) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 2 and all("<f>" not in sheet and f"E{order.pk} 林晓" in sheet for sheet in sheets)


def test_a_file_is_for_who_ordered_it_for_a_day(cast, as_user):
    """Bad input 44: the link of another user, and after 24 hours; the night removes the file, the row stays."""
    order = made(ordered(as_user(cast.manager)))
    address = f"/exports/{order.pk}/file/"
    for other in (cast.supervisor, cast.teammate, cast.auditor, cast.director):
        assert as_user(other).get(address).status_code == 404
    assert as_user(cast.auditor).get(f"/exports/{order.pk}/").status_code == 200
    assert as_user(cast.stranger).get(f"/exports/{order.pk}/").status_code == 404
    ExportOrder.unscoped.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert as_user(cast.manager).get(address).status_code == 410
    files = Attachment.objects.count()
    assert forget_old_exports(now=timezone.now()) == 1 and forget_old_exports(now=timezone.now()) == 0
    order.refresh_from_db()
    assert (order.state, order.file_id, Attachment.objects.count()) == ("expired", None, files - 1)
    assert as_user(cast.manager).get(address).status_code == 410
    found = as_user(cast.auditor).get(f"/exports/?q={order.canary}")
    assert f"E{order.pk}" in found.content.decode()


def test_data_in_full_need_a_purpose_and_somebody_else(cast, as_user):
    """Safety 1.5, SEC-24: purpose, approver who is not the requester; then the numbers are in full."""
    asked = {"is_unmasked": "on", "reason": "短信通知", "file_format": "csv", "columns": ["name", "phone"]}
    assert as_user(cast.manager).post(NEW, asked).status_code == 400  # no purpose
    order = ordered(as_user(cast.manager), **asked | {"purpose": "系统割接前逐户通知"})
    assert order.state == "requested" and order.job_id is None
    assert Notice.objects.filter(kind="export_asked", user=cast.supervisor).exists()
    assert as_user(cast.manager).get(f"/exports/{order.pk}/file/").status_code == 409
    decide = f"/exports/{order.pk}/decide/"
    assert as_user(cast.manager).post(decide, {"grant": "yes"}).status_code == 403
    assert as_user(cast.stranger_supervisor).post(decide, {"grant": "yes"}).status_code == 404
    assert f"E{order.pk}" in as_user(cast.supervisor).get("/approvals/").content.decode()
    assert as_user(cast.supervisor).post(decide, {"grant": "no"}).status_code == 400
    assert as_user(cast.supervisor).post(decide, {"grant": "yes"}).status_code == 302
    assert as_user(cast.supervisor).post(decide, {"grant": "yes"}).status_code == 409
    order.refresh_from_db()
    content = fetched(as_user(cast.manager), made(order))[1].decode()
    assert "13900000001" in content and CANARY not in content
    own = ordered(as_user(cast.supervisor), **asked | {"purpose": "通知"})
    assert as_user(cast.supervisor).post(f"/exports/{own.pk}/decide/", {"grant": "yes"}).status_code == 403
    assert (
        as_user(cast.group_department).post(f"/exports/{own.pk}/decide/", {"grant": "no", "remark": "不必"}).status_code
        == 302
    )
    assert as_user(cast.supervisor).get(f"/exports/{own.pk}/file/").status_code == 409
    assert not may_unmask(frozenset({"view_customers"}), ["P2"]) and not may_unmask(frozenset({"reveal_phone"}), ["P3"])


def test_a_day_has_its_budget_over_all_exports_and_a_jump_is_told(cast, as_user):
    """Safety 1.5: row budget per person and day across all lists; alarm at five times one's own median."""
    assert (alarm_above([]), alarm_above([900, 1100, 1000]), alarm_above([3])) == (5000, 5000, 1000)
    limit("export_rows_a_file", 100)
    limit("export_rows_a_day", 100)
    client, now = as_user(cast.manager), timezone.now()
    before = ordered(client)
    ExportOrder.unscoped.filter(pk=before.pk).update(rows=98, state="ready")
    order = ordered(client)
    assert jobs.run(order.job_id) == "failed"
    order.refresh_from_db()
    assert order.state == "failed" and "98" in order.error and order.file_id is None
    page = client.get(f"/exports/{order.pk}/").content.decode()
    assert order.error in page
    with pytest.raises(LimitReached):
        exports.take_along(
            key="kpi_rows", name="x", header=["a"], rows=[(1,)] * 3, reason="x", by=cast.manager, now=now
        )
    limit("export_rows_a_day", 9_000)
    ExportOrder.unscoped.filter(pk=before.pk).update(rows=5_000)
    assert made(ordered(client)).state == "ready"
    assert {notice.user for notice in Notice.objects.filter(kind="export_alarm")} >= {cast.supervisor, cast.director}


def test_too_many_rows_are_refused_and_who_may_no_longer_see_the_list_gets_nothing(cast, as_user, monkeypatch):
    """Safety 1.5, bad input 45: what holds is what one may see when the file is made."""
    monkeypatch.setattr(making, "rows_a_file", lambda: 2)
    order = ordered(as_user(cast.manager))
    assert jobs.run(order.job_id) == "failed"
    order.refresh_from_db()
    assert "2" in order.error
    monkeypatch.undo()
    order = ordered(as_user(cast.teammate))
    cast.staff["teammate"].posts.all().delete()
    assert jobs.run(order.job_id) == "failed"
    order.refresh_from_db()
    assert (order.state, order.file_id) == ("failed", None)


def test_the_old_address_of_the_customer_export_leads_to_the_one_door(cast, as_user):
    """SEC-1: one door for all files."""
    answer = as_user(cast.manager).get("/customers/export/?tier=gold")
    assert answer["Location"] == f"{NEW}&tier=gold"
    page = as_user(cast.manager).get(answer["Location"]).content.decode()
    assert "/customers/?tier=gold" in page


def test_each_look_at_usage_is_in_the_access_log(cast, as_user):
    """SEC-1: usage and call data behind an ability of their own; each view is logged, a refused one too."""
    address = f"/customers/{cast.customers['gold'].pk}/usage/"
    assert as_user(cast.manager).get(address).status_code == 200
    log = AccessLog.objects.get(kind="look")
    assert (log.user, log.subject_table, log.subject_id) == (
        cast.manager, "sales_usagemonth", cast.customers["gold"].pk,
    )  # fmt: skip
    assert as_user(cast.service_director).get(address).status_code == 403
    assert AccessLog.objects.filter(kind="denied", user=cast.service_director).exists()
