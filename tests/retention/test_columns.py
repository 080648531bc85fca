"""Columns an operator imports: by a page, with how far they reach, switched on and off (RET-3)."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crm.core.jobs import run
from crm.core.models import Job
from retention.models import ColumnValue, RiskColumn
from retention.queries.features import sources
from tests.retention.churn_world import vip

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 9)


def hand_in(client, text, **more):
    file = SimpleUploadedFile("columns.csv", text.encode(), "text/csv")
    return client.post(reverse("retention:column_list"), {"file": file, "as_of": "2026-06-01"} | more)


def test_a_file_of_further_columns_becomes_signals_that_can_be_switched(client, cast):
    """RET-3: numbers and words tell themselves apart; the page says how many customers a column is known of."""
    one, two = vip(cast), vip(cast)
    client.force_login(cast.group_department)
    text = f"客户编号,Roaming days,Plan\n{one.number},3,A\n{two.number},,B\nK99999999,9,C\n"
    answer = hand_in(client, text, are_features="on")
    assert answer.status_code == 302
    job = Job.objects.get(kind="import_columns")
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"rows": 3, "columns": 2, "values": 3})
    roaming, plan = RiskColumn.objects.order_by("-kind")
    assert (roaming.code, roaming.kind, plan.kind) == ("roaming_days", "numeric", "categorical")
    assert ColumnValue.unscoped.get(column=roaming).number == 3 and "column:roaming_days" in sources()
    page = client.get(reverse("retention:column_list"), headers={"accept-language": "en"}).content.decode()
    assert "Roaming days" in page and re.search(r"\b1 of \d+ customers", page) and "no points yet" in page
    told = {"label_zh": "漫游天数", "label_en": "Roaming", "group": "usage"}
    assert client.post(reverse("retention:column_edit", args=[roaming.pk]), told).status_code == 302
    assert "column:roaming_days" not in sources()


def test_a_file_that_names_no_customer_is_refused_and_only_headquarters_brings_one(client, cast):
    """RET-3: what the headings are is said; a manager has no such page."""
    client.force_login(cast.group_department)
    answer = hand_in(client, "kunde,x\n1,2\n")
    assert answer.status_code == 400 and "kunde" in answer.content.decode() and not Job.objects.exists()
    assert hand_in(client, "kunde,x\n1,2\n", customer="Kunde").status_code == 302
    client.force_login(cast.manager)
    assert hand_in(client, "number,x\n1,2\n").status_code == 403
