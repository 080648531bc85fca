"""Call details are printed only from the register: asked for, registered by a second person, once (SEC-6)."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Line
from accounts.rules import add_months
from conduct import actions
from conduct.models import CallDetailPrint
from crm.core.errors import OwnRequest
from crm.core.models import AccessLog, Notice
from sales.models import UsageMonth

pytestmark = pytest.mark.django_db
LIST = "/registers/call-details/"
PAPER = b"%PDF-1.4 authorisation"


@pytest.fixture
def line(cast):
    """The only line of a customer, with figures of last month."""
    today = timezone.localdate()
    made = Line.unscoped.create(
        customer=cast.customers["gold"], number="13900000002", opened_on=today - timedelta(days=300),
        updated_at=timezone.now(),
    )  # fmt: skip
    UsageMonth.unscoped.create(
        customer=cast.customers["gold"], month=last_month(), voice_minutes=321, messages=12, revenue=88, source="boss",
        updated_at=timezone.now(),
    )  # fmt: skip
    return made


def last_month():
    return add_months(timezone.localdate().replace(day=1), -1)


def body(asked_line, /, **more):
    paper = SimpleUploadedFile("authorisation.pdf", PAPER, "application/pdf")
    values = {"line": asked_line.pk, "month": last_month().isoformat(), "purpose": "客户核对账单",
              "authorised_by": "金满堂", "upload": paper}  # fmt: skip
    return {name: value for name, value in (values | more).items() if value is not None}


def asked(cast, line):
    return actions.request_print(
        customer_id=line.customer_id, line_id=line.pk, month=last_month(), purpose="客户核对账单",
        authorised_by="金满堂", upload=SimpleUploadedFile("a.pdf", PAPER), by=cast.manager, now=timezone.now(),
    )  # fmt: skip


def test_asked_registered_by_a_second_person_and_printed_once(cast, as_user, line):
    """SEC-6: customer, number, month, requester, purpose, authorisation, second person, pages, time; then once."""
    answer = as_user(cast.manager).post(f"/customers/{line.customer_id}/call-details/new/", body(line))
    row = CallDetailPrint.unscoped.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}{row.pk}/")
    assert Notice.objects.filter(kind="call_details_asked").count() == 2  # director of services and back office
    sheet = f"{LIST}{row.pk}/print/"
    assert as_user(cast.manager).post(sheet).status_code == 403
    assert f"D{row.pk}" in as_user(cast.back_office).get("/approvals/").content.decode()
    assert as_user(cast.back_office).post(f"{LIST}{row.pk}/decide/", {"grant": "yes"}).status_code == 302
    assert Notice.objects.filter(kind="call_details_registered", user=cast.manager).exists()
    text = as_user(cast.manager).post(sheet).content.decode()
    assert "321" in text and "13900000002" in text and text.count("林晓 M1001") > 6
    row.refresh_from_db()
    assert (row.state, row.pages, row.registered_by) == ("printed", 1, cast.back_office)
    log = AccessLog.objects.get(kind="print")
    assert (log.user, log.subject_id, log.reason, log.detail["pages"]) == (cast.manager, row.pk, "客户核对账单", 1)
    assert as_user(cast.manager).post(sheet).status_code == 410
    assert AccessLog.objects.filter(kind="print").count() == 1


def test_without_authorisation_purpose_or_the_right_line_there_is_no_request(cast, as_user, line):
    """SEC-6: the customer authorises it; a line he did not have then is nobody's to print."""
    address = f"/customers/{line.customer_id}/call-details/new/"
    client = as_user(cast.manager)
    for wrong in ({"upload": None}, {"purpose": " "}, {"authorised_by": ""}, {"line": "999999"},
                  {"month": "2099-01-01"}, {"upload": SimpleUploadedFile("a.exe", b"MZ\x00\x01")}):  # fmt: skip
        assert client.post(address, body(line, **wrong)).status_code == 400, wrong
    Line.unscoped.filter(pk=line.pk).update(opened_on=timezone.localdate().replace(day=1))
    assert client.post(address, body(line)).status_code == 400
    assert client.post(f"/customers/{cast.customers['strangers'].pk}/call-details/new/", body(line)).status_code == 404
    assert not CallDetailPrint.unscoped.exists()


def test_nobody_registers_his_own_and_no_manager_registers_at_all(cast, as_user, line):
    """SEC-6, SEC-24: an account manager cannot confirm his own print; the row needs the second person."""
    row = asked(cast, line)
    assert as_user(cast.manager).post(f"{LIST}{row.pk}/decide/", {"grant": "yes"}).status_code == 403
    assert as_user(cast.supervisor).post(f"{LIST}{row.pk}/decide/", {"grant": "yes"}).status_code == 403
    CallDetailPrint.unscoped.filter(pk=row.pk).update(requested_by=cast.back_office)
    with pytest.raises(OwnRequest):
        actions.decide_print(print_id=row.pk, grant=True, remark="", by=cast.back_office, now=timezone.now())
    row.refresh_from_db()
    assert row.state == "requested"


def test_a_refused_one_an_old_one_and_one_of_another_do_not_print(cast, as_user, line):
    """SEC-6: without a valid row of one's own there is no sheet, by any address."""
    row, now = asked(cast, line), timezone.now()
    assert as_user(cast.service_director).post(f"{LIST}{row.pk}/decide/", {"grant": "no"}).status_code == 400  # say why
    as_user(cast.service_director).post(f"{LIST}{row.pk}/decide/", {"grant": "no", "remark": "授权书不全"})
    assert as_user(cast.manager).post(f"{LIST}{row.pk}/print/").status_code == 403
    assert as_user(cast.service_director).post(f"{LIST}{row.pk}/decide/", {"grant": "yes"}).status_code == 409
    row = asked(cast, line)
    actions.decide_print(print_id=row.pk, grant=True, remark="", by=cast.back_office, now=now - timedelta(hours=25))
    assert as_user(cast.manager).post(f"{LIST}{row.pk}/print/").status_code == 410
    text = as_user(cast.auditor).get(f"{LIST}?state=expired").content.decode()
    assert f"D{row.pk}" in text
    CallDetailPrint.unscoped.filter(pk=row.pk).update(expires_at=now + timedelta(hours=1))
    assert as_user(cast.teammate).post(f"{LIST}{row.pk}/print/").status_code == 404
    assert as_user(cast.manager).post(f"{LIST}999999/print/").status_code == 404
    assert as_user(cast.manager).get(f"{LIST}{row.pk}/print/").status_code == 405
    assert not AccessLog.objects.filter(kind="print").exists()


def test_a_month_nobody_told_of_is_not_printed_and_the_row_stays(cast, as_user, line):
    """An empty sheet uses nothing up."""
    row = asked(cast, line)
    UsageMonth.unscoped.all().delete()
    actions.decide_print(print_id=row.pk, grant=True, remark="", by=cast.back_office, now=timezone.now())
    assert as_user(cast.manager).post(f"{LIST}{row.pk}/print/").status_code == 400
    row.refresh_from_db()
    assert row.state == "registered" and isinstance(row.month, date)


def test_the_authorisation_is_read_by_who_sees_the_row_and_each_look_is_logged(cast, as_user, line):
    """SEC-4, SEC-6: the paper is private, too."""
    row = asked(cast, line)
    address = f"{LIST}{row.pk}/authorisation/"
    assert b"".join(as_user(cast.back_office).get(address).streaming_content) == PAPER
    assert as_user(cast.stranger).get(address).status_code == 404
    assert AccessLog.objects.filter(kind="download", subject_id=row.pk).count() == 1
