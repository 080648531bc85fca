"""Files of sales through the one wizard: failed rows come back to be mended, words and pairs are understood (SAL-7)."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import Product
from crm.core.models import Job
from sales.models import Quota, SalesOrder, Subscription
from tests.sync.test_import_kinds import bring, counts, run
from tests.sync.test_import_page import upload

pytestmark = pytest.mark.django_db
ORDERS = """订单编号,工号,客户编号,类型,产品编码,数量,状态,受理日期,生效日期,备注
SO1,M1001,K80000002,放号,,2,已生效,2026-01-05,2026-01-06,x
SO2,M1001,,产品,P1,1,已承诺,2026-01-07,,x
SO3,M9999,,放号,,1,已生效,2026-01-05,2026-01-06,x
SO4,M1001,K99999999,放号,,1,已生效,2026-01-05,,x
"""
QUOTAS = """月份,单位编码,工号,类型,产品编码,任务数
2026-01,A,,放号,,60
2026年1月,,M1001,放号,,30
2026-01,,M1001,产品,P1,5
2026-01,A,M1001,放号,,5
2026-13,A,,放号,,5
"""


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def officer(cast):
    """The group department's officer: he may import."""
    Product.objects.create(code="P1", name="集团彩铃")
    return cast.group_department


def test_failed_rows_come_back_mended_and_are_taken(officer, as_user):
    """SAL-7: the reason stands in a column that an import does not read; the page recognises the kind."""
    client = as_user(officer)
    page = upload(client, ORDERS.encode(), source="boss")
    assert page["Location"].endswith("?source=boss&kind=orders")
    fields = [
        "external_id",
        "staff",
        "customer",
        "metric",
        "product",
        "quantity",
        "state",
        "ordered_on",
        "effective_on",
    ]
    client.post(page["Location"], {f"field-{place}": name for place, name in enumerate(fields)})
    dry = run(Job.objects.latest("id"))
    assert counts(dry) == (2, 0, 0, 2) and dry.result["unused_columns"] == ["备注"]
    back = b"".join(client.get(f"/jobs/{dry.pk}/file/").streaming_content).decode("utf-8-sig")
    assert [line.split(",")[0] for line in back.splitlines()] == ["订单编号", "SO3", "SO4"]
    mended = (
        back.replace("M9999", "M1002")
        .replace("K99999999", "K80000003")
        .replace("2026-01-05,,x", "2026-01-05,2026-01-08,x")
    )
    assert counts(bring(officer, "orders", mended)) == (2, 0, 0, 0)


def test_quotas_are_set_once_and_need_no_source(officer, cast):
    """SAL-3, SAL-5: of units and managers, by month and product; a row names a unit or a person, not both."""
    assert counts(bring(officer, "quotas", QUOTAS)) == (3, 0, 0, 2)
    manager = cast.staff["manager"].pk
    rows = {(q.unit.code, q.staff_id, q.metric, q.target) for q in Quota.unscoped.select_related("unit")}
    assert rows == {("A", None, "activation", 60), ("A", manager, "activation", 30), ("A", manager, "product", 5)}
    assert counts(bring(officer, "quotas", QUOTAS.replace(",30", ",35"))) == (0, 1, 2, 2)


def test_pairs_in_one_cell_and_names_in_json_lines(officer):
    """SAL-6: attributes as `code=value`; a customer may be named by the id it has in another system."""
    content = (
        "订购编号,客户编号,产品编码,开通日期,监护人同意,属性\nS1,K80000002,PARENT,2026-01-05,同意,"
        "callable_numbers=13800000001/13800000002\n"
    )
    assert counts(bring(officer, "subscriptions", content)) == (1, 0, 0, 0)
    assert Subscription.unscoped.get().attributes == {"callable_numbers": ["13800000001", "13800000002"]}
    line = {
        "用户编号": "U9",
        "号码": "13800000029",
        "客户编号": {"source": "x", "external_id": "none"},
        "开户日期": "2024-01-01",
    }
    job = bring(officer, "lines", json.dumps(line, ensure_ascii=False) + "\n", name="l.ndjson")
    assert counts(job) == (0, 0, 0, 1)


def test_the_command_does_the_same(cast, tmp_path):
    """`manage.py import_file`: GB18030 too, failed rows beside the file, again unchanged."""
    Product.objects.create(code="P1", name="集团彩铃")
    path = tmp_path / "orders.csv"
    path.write_bytes(ORDERS.encode("gb18030"))

    def command(*more):
        out = StringIO()
        call_command("import_file", str(path), "--kind", "orders", "--source", "boss", "--json", *more, stdout=out)
        return json.loads(out.getvalue())

    assert command("--dry-run")["created"] == 2 and not SalesOrder.unscoped.exists()
    assert command()["created"] == 2 and command()["unchanged"] == 2
    assert "工号" in (tmp_path / "orders.csv.failed.csv").read_text("utf-8-sig")
    with pytest.raises(CommandError):
        call_command("import_file", str(tmp_path / "none.csv"), "--kind", "orders")
