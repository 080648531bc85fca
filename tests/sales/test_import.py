"""Quotas and orders by file: dry run, row errors as a file, again changes nothing (SAL-3, SAL-5, SAL-7)."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import GroupMember, Product
from crm.core import jobs
from crm.core.models import Job
from sales.imports.headings import LABELS
from sales.models import Quota, SalesOrder, Subscription, UsageMonth

pytestmark = pytest.mark.django_db
NEW = "/sales/import/"
ORDERS = """订单编号,工号,客户编号,类型,产品编码,数量,状态,受理日期,生效日期,备注
SO1,M1001,K80000002,放号,,2,已生效,2026-01-05,2026-01-06,x
SO2,M1001,,产品,P1,1,已承诺,2026-01-07,,x
SO3,M9999,,放号,,1,已生效,2026-01-05,2026-01-06,x
SO4,M1001,K99999999,放号,,1,已生效,2026-01-05,,x
"""
QUOTAS = """月份,单位编码,工号,类型,产品编码,任务数
2026-01,A,,放号,,60
2026年1月,,M1001,,,30
2026-01,,M1001,产品,P1,5
2026-01,A,M1001,,,5
2026-13,A,,,,5
"""


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def officer(cast, as_user):
    """The group department's officer: he may import."""
    Product.objects.create(code="P1", name="集团彩铃")
    return as_user(cast.group_department)


def hand_in(client, content, name="sales.csv"):
    file = SimpleUploadedFile(name, content.encode(), content_type="text/csv")
    return client.post(NEW, {"source": "boss", "file": file}, headers={"accept-language": "en"})


def run_last():
    job = Job.objects.latest("id")
    assert jobs.run(job.pk) == "done"
    job.refresh_from_db()
    return job


def test_the_way_from_the_file_to_the_orders(officer, cast):
    """SAL-7: dry run naming row, column and reason; good rows saved, bad ones back as a file; again nothing."""
    assert hand_in(officer, ORDERS).status_code == 302
    dry = run_last()
    assert {name: dry.result[name] for name in ("kind", "rows", "created", "failed")} == {
        "kind": "orders", "rows": 4, "created": 2, "failed": 2,
    }  # fmt: skip
    assert not SalesOrder.unscoped.exists() and dry.result["unused_columns"] == ["备注"]
    text = officer.get(f"{NEW}{dry.pk}/", headers={"accept-language": "en"}).content.decode()
    assert "工号" in text and "There is no such staff number." in text and "Import now" in text
    answer = officer.post(f"{NEW}{dry.pk}/commit/")
    done = run_last()
    assert answer["Location"] == f"{NEW}{done.pk}/" and done.pk != dry.pk
    assert officer.post(f"{NEW}{dry.pk}/commit/")["Location"] == answer["Location"]
    one = SalesOrder.unscoped.get(external_id="SO1")
    assert (one.staff, one.customer, one.quantity, one.state) == (
        cast.staff["manager"], cast.customers["gold"], 2, "effective",
    )  # fmt: skip
    failed = b"".join(officer.get(f"/jobs/{done.pk}/file/").streaming_content).decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in failed] == ["订单编号", "SO3", "SO4"] and "生效日期" in failed[2]
    before = SalesOrder.unscoped.get(external_id="SO1").updated_at
    hand_in(officer, ORDERS)
    again = run_last()
    assert (again.result["unchanged"], again.result["created"], again.result["updated"]) == (2, 0, 0)
    assert officer.post(f"{NEW}{again.pk}/commit/").status_code == 400
    assert SalesOrder.unscoped.get(external_id="SO1").updated_at == before


def test_mended_rows_are_taken_from_the_file_that_came_back(officer):
    """SAL-7: the failed rows carry their reason in a column that an import does not read."""
    hand_in(officer, ORDERS)
    dry = run_last()
    back = b"".join(officer.get(f"/jobs/{dry.pk}/file/").streaming_content).decode("utf-8-sig")
    mended = (
        back.replace("M9999", "M1002")
        .replace("K99999999", "K80000003")
        .replace("2026-01-05,,x", "2026-01-05,2026-01-08,x")
    )
    hand_in(officer, mended)
    assert run_last().result["created"] == 2


def test_quotas_by_file_are_set_once(officer, cast):
    """SAL-3, SAL-5: of units and managers, by month and product; a row names a unit or a person, not both."""
    hand_in(officer, QUOTAS)
    dry = run_last()
    assert (dry.result["kind"], dry.result["created"], dry.result["failed"]) == ("quotas", 3, 2)
    officer.post(f"{NEW}{dry.pk}/commit/")
    run_last()
    rows = {(q.unit.code, q.staff_id, q.metric, q.target) for q in Quota.unscoped.select_related("unit")}
    manager = cast.staff["manager"].pk
    assert rows == {("A", None, "activation", 60), ("A", manager, "activation", 30), ("A", manager, "product", 5)}
    hand_in(officer, QUOTAS.replace(",30", ",35"))
    dry = run_last()
    assert (dry.result["updated"], dry.result["unchanged"]) == (1, 2)


def test_a_file_that_is_neither_is_refused_with_what_it_needs(officer):
    """Safety 38: an unknown table, an empty file, another's import."""
    answer = hand_in(officer, "a,b\n1,2\n")
    assert answer.status_code == 400 and "任务数" in answer.content.decode() and not Job.objects.exists()
    assert hand_in(officer, "").status_code == 400


def test_another_officers_import_is_not_there(officer, cast, as_user):
    """SEC-3: whoever did not start it does not see it."""
    hand_in(officer, ORDERS)
    job = Job.objects.latest("id")
    director = as_user(cast.director)
    assert director.get(f"{NEW}{job.pk}/").status_code == 404
    assert director.post(f"{NEW}{job.pk}/commit/").status_code == 404


def test_a_sample_is_a_file_that_can_be_handed_in(officer):
    """Its headings are those that are recognised."""
    for kind in LABELS:
        sample = b"".join(officer.get(f"{NEW}sample/{kind}.csv").streaming_content).decode("utf-8-sig")
        assert hand_in(officer, sample).status_code == 302
        assert Job.objects.latest("id").params["what"] == kind


def test_the_command_does_the_same(cast, tmp_path):
    """`manage.py import_sales`: GB18030 too, failed rows beside the file, again unchanged."""
    Product.objects.create(code="P1", name="集团彩铃")
    path = tmp_path / "orders.csv"
    path.write_bytes(ORDERS.encode("gb18030"))

    def run(*more):
        out = StringIO()
        call_command("import_sales", str(path), "--source", "boss", "--json", *more, stdout=out)
        return json.loads(out.getvalue())

    assert run("--dry-run")["created"] == 2 and not SalesOrder.unscoped.exists()
    assert run()["created"] == 2 and run()["unchanged"] == 2
    assert "SO3" in (tmp_path / "orders.csv.failed.csv").read_text("utf-8-sig")
    with pytest.raises(CommandError):
        call_command("import_sales", str(tmp_path / "none.csv"))


def test_usage_bills_subscriptions_and_uses_come_by_file_too(officer, cast, tmp_path):
    """SAL-35, SAL-6, CUS-18: each kind is told by its headings; the same file again changes nothing."""
    gold = "K80000002"
    GroupMember.unscoped.create(customer=cast.customers["gold"], msisdn="13800000001")
    files = {
        "usage": f"客户编号,月份,产品编码,收入,流量MB\n{gold},2026-01,,120.5,800\n{gold},202601,GRBT,9,\n",
        "bills": f"客户编号,月份,应收,缴费期限,缴清日期\n{gold},2026-01,9,2026-02-15,2026-02-03\n{gold},2026-02,8,x,\n",
        "subscriptions": f"订购编号,客户编号,产品编码,开通日期,监护人同意,属性\nS1,{gold},PARENT,2026-01-05,同意,"
        "callable_numbers=13800000001/13800000002\nS2,K80000002,PARENT,2026-01-05,同意,"
        "callable_numbers=13800000001/13800000002/13800000003/13800000004\n",
        "uses": "成员号码,产品编码,月份,使用次数\n13800000001,SHORTSMS,2026-01,3\n",
    }
    created = {"usage": (2, 0), "bills": (1, 1), "subscriptions": (1, 1), "uses": (1, 0)}
    for kind, text in files.items():
        path = tmp_path / f"{kind}.csv"
        path.write_text(text, "utf-8")
        out = StringIO()
        call_command("import_sales", str(path), "--kind", kind, "--source", "boss", "--json", stdout=out)
        found = json.loads(out.getvalue())
        assert (found["kind"], found["created"], found["failed"]) == (kind, *created[kind])
        assert hand_in(officer, text).status_code == 302
        again = run_last().result
        assert (again["kind"], again["unchanged"], again["created"]) == (kind, created[kind][0], 0)
    row = Subscription.unscoped.get()
    assert row.attributes == {"callable_numbers": ["13800000001", "13800000002"]}
    assert set(UsageMonth.unscoped.values_list("product__code", "revenue")) == {
        (None, Decimal("120.50")), ("GRBT", Decimal(9)), ("SHORTSMS", None),
    }  # fmt: skip
