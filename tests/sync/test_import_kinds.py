"""Files of every kind: good, a bad row among good ones, again unchanged, taken back (PLT-4, issue 7)."""

import gzip
import io
import json
from datetime import date

import pytest
from django.utils import timezone
from django.utils.translation import override

from accounts.models import ContactPerson, Customer, ExternalId, GroupMember, LifecycleEvent, Line, Signal, Standing
from complaints.models import Case
from crm.core import jobs
from crm.core.models import Attachment, Job, JobRowError
from sales.models import Agreement, Bill, Need, Payment, Quota, SalesOrder, Subscription, UsageMonth
from sync.actions import receive_file, start_import, undo_import
from sync.imports.guesses import guessed_mapping
from sync.imports.kinds import KINDS, kinds_for, recognised, sample_of
from tests.sales.money_world import bill
from tests.sync.files import table
from visits.models import Duty, Visit

pytestmark = pytest.mark.django_db
GOLD, GROUP = "K80000002", "K80000004"
FILES = {
    "contact_persons": (
        f"联系人编号,客户编号,联系人,角色,联系电话\nP1,{GROUP},周敏,领导,13800000011\nP2,{GROUP},李工,其他,12\n",
        ContactPerson, {"name": "周敏", "role": "leader", "external_source": "old"},
    ),
    "visits": (
        "记录编号,客户编号,工号,沟通时间,沟通方式,沟通结果,沟通内容\n"
        f"V1,{GOLD},M1001,2026-03-02 10:30,电话沟通,已沟通,问候\n"
        f"V2,{GOLD},M9999,2026-03-02 10:30,电话沟通,已沟通,x\n",
        Visit, {"content": "问候", "source": "old", "logged_from": "import", "staff__number": "M1001"},
    ),
    "cases": (
        "工单编号,客户编号,受理类型,受理渠道,事实经过,客户诉求,受理时间,办结时间,处理结果\n"
        f"C1,{GOLD},投诉,热线,多收费用,退费,2026-02-01 09:00,2026-02-02 16:00,已退费\nC2,{GOLD},投诉,热线,,退费,,,\n",
        Case, {"state": "closed", "result": "已退费", "external_source": "old"},
    ),
    "lines": (
        f"用户编号,号码,客户编号,状态,开户日期\nU1,13800000021,{GOLD},在用,2024-03-01\nU2,13800000022,{GOLD},在用,x\n",
        Line, {"number": "13800000021", "state": "active", "source": "old"},
    ),
    "usage": (
        f"客户编号,月份,收入\n{GOLD},202601,120.5\nK99999999,202601,9\n", UsageMonth, {"revenue": "120.50"},
    ),
    "bills": (
        f"客户编号,月份,应收,缴费期限,缴清日期\n{GOLD},2026-01,9,2026-02-15,2026-02-03\n{GOLD},2026-02,8,x,\n",
        Bill, {"amount": 9},
    ),
    "payments": (
        f"缴费流水号,客户编号,账期,缴费金额,缴费日期\nP1,{GOLD},2025-12,30,2026-01-09\nP2,{GOLD},2025-11,8,2026-01-09\n",
        Payment, {"amount": 30},
    ),
    "agreements": (
        f"协议编号,客户编号,协议类型,签订日期\nAG1,{GOLD},合约期,2026-01-05\nAG2,{GOLD},合约期,x\n",
        Agreement, {"number": "AG1", "kind": "contract"},
    ),
    "subscriptions": (
        f"订购编号,客户编号,产品编码,开通日期\nS1,{GOLD},GRBT,2026-01-05\nS2,{GOLD},NONE,2026-01-05\n",
        Subscription, {"external_id": "S1"},
    ),
    "orders": (
        "订单编号,工号,客户编号,类型,产品编码,数量,状态,受理日期,生效日期\n"
        f"SO1,M1001,{GOLD},放号,,2,已生效,2026-01-05,2026-01-06\nSO3,M9999,,放号,,1,已生效,2026-01-05,2026-01-06\n",
        SalesOrder, {"external_id": "SO1", "quantity": 2, "state": "effective"},
    ),
    "members": (
        f"成员号码,集团编码,成员姓名,成员状态\n13800000031,{GROUP},周敏,在用\n13800000032,{GOLD},李工,在用\n",
        GroupMember, {"name": "周敏", "state": "active"},
    ),
    "signals": (
        "预警编号,客户编号,离网信号,发生时间,说明\n"
        f"G1,{GOLD},携转查询,2026-03-02 14:02,问过\nG2,{GOLD},不明,2026-03-02 14:02,x\n",
        Signal, {"kind": "port_out_query", "text": "问过", "source": "old"},
    ),
    "lifecycle_events": (
        f"变动编号,客户编号,变动类型,变动日期\nE1,{GOLD},停机,2026-03-02\nE2,{GOLD},停机,x\n",
        LifecycleEvent, {"kind": "suspended", "state_before": "active"},
    ),
    "needs": (
        f"客户编号,需求类型,发现日期,需求内容,预算\n{GOLD},专线与上网,2026-01-05,要专线,300\n{GOLD},无,2026-01-05,x,\n",
        Need, {"type__code": "data_line", "text": "要专线"},
    ),
    "quotas": ("月份,单位编码,类型,任务数\n2026-01,A,放号,60\n2026-13,A,,5\n", Quota, {"target": 60}),
    "uses": ("成员号码,产品编码,月份,使用次数\n13800000001,SHORTSMS,2026-01,3\n1,SHORTSMS,2026-01,3\n", None, {}),
}  # fmt: skip


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def officer(cast):
    """The group department's officer: he may import."""
    return cast.group_department


def upload(content, name):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content)


def run(job):
    assert jobs.run(job.pk) == "done", Job.objects.get(pk=job.pk).error
    job.refresh_from_db()
    return job


def bring(by, kind, content, *, name="file.csv", raw=None, is_dry=False, **more):
    """The whole way of a file, its mapping guessed from its headings unless one is given."""
    now = timezone.now()
    file = receive_file(upload(content if isinstance(content, bytes) else content.encode(), name), by=by, now=now)
    if raw is None:
        from sync.actions import layout_of

        raw = guessed_mapping("old", KINDS[kind], layout_of(file).header).as_json()
    return run(start_import(file=file, raw={**raw, **more}, is_dry=is_dry, atomic=False, by=by, now=now))


def counts(job):
    return tuple(job.result[name] for name in ("created", "updated", "unchanged", "failed"))


def take_back(job, by):
    return run(undo_import(job=job, by=by, now=timezone.now()))


@pytest.mark.parametrize("kind", FILES)
def test_a_file_of_each_kind(kind, officer, cast):
    """PLT-4: the bad row is named and the good one is stored; again nothing changes; undone it is gone."""
    content, model, values = FILES[kind]
    GroupMember.unscoped.create(customer=cast.customers["gold"], msisdn="13800000001")
    owed = bill(cast.customers["gold"], due=date(2026, 1, 15), amount=50)
    before = model.unscoped.count() if model else 0
    dry = bring(officer, kind, content, is_dry=True)
    assert counts(dry) == (1, 0, 0, 1) and (model is None or model.unscoped.count() == before)
    job = bring(officer, kind, content)
    assert counts(job) == (1, 0, 0, 1), list(JobRowError.objects.values_list("row", "column", "message"))
    assert JobRowError.objects.filter(job=job).values_list("row", flat=True).distinct().get() == 3
    assert job.result_file is not None and (model is None or model.unscoped.filter(**values).count() == 1)
    assert counts(bring(officer, kind, content)) == (0, 0, 1, 1)
    undone = take_back(job, officer)
    assert (undone.result["removed"], undone.result["refused"]) == (1, 0), list(
        JobRowError.objects.filter(job=undone).values_list("column", "message")
    )
    assert model is None or model.unscoped.count() == before
    owed.refresh_from_db()
    assert (owed.paid_amount, owed.told_amount) == (0, None)


def test_what_happened_by_file_is_put_back_unless_something_came_after(officer, cast):
    """Sync-api, RET-9: undone, the line is in use and the customer in service again; a later event keeps its one."""
    gold, silver = cast.customers["gold"], cast.customers["silver"]
    about = {"opened_on": "2024-01-01", "source": "old", "state": "active", "updated_at": timezone.now()}
    line = Line.unscoped.create(customer=gold, number="13800000041", external_id="U1", **about)
    content = (
        f"变动编号,客户编号,号码,变动类型,变动日期\nE1,{GOLD},13800000041,携出,2026-03-02\nE2,{GOLD},,停机,2026-03-03\n"
        f"E3,{silver.number},,停机,2026-03-04\n"
    )
    job = bring(officer, "lifecycle_events", content)
    line.refresh_from_db()
    assert (line.state, str(line.closed_on)) == ("closed", "2026-03-02")
    bring(officer, "lifecycle_events", f"变动编号,客户编号,变动类型,变动日期\nE4,{silver.number},复机,2026-03-09\n")
    undone = take_back(job, officer)
    assert (undone.result["removed"], undone.result["refused"]) == (2, 1)
    line.refresh_from_db()
    assert (line.state, line.closed_on, Customer.unscoped.get(pk=gold.pk).state) == ("active", None, "active")
    assert set(LifecycleEvent.unscoped.values_list("external_id", flat=True)) == {"E3", "E4"}


def test_kinds_are_told_by_their_headings_and_samples_can_be_handed_in(officer):
    kinds = kinds_for(officer.access)
    for kind, (content, _model, _values) in FILES.items():
        assert recognised(tuple(content.splitlines()[0].split(",")), kinds).key == kind
    for kind in KINDS.values():
        header, rows = sample_of(kind.key)
        assert recognised(tuple(header), kinds).key == kind.key
        assert all(len(row) == len(header) for row in rows)


def test_an_imported_visit_keeps_author_date_and_source_and_settles_what_it_can(officer, cast):
    """Decisions 7: no back-dating limit; the duty of its day is met and, undone, open again."""
    gold = cast.customers["gold"]
    from visits.actions.ledger import align

    now = timezone.now()
    align([gold.pk], today=timezone.localdate(now), now=now)
    at = timezone.localtime(now).strftime("%Y-%m-%d 00:01")
    content = f"客户编号,工号,沟通时间,沟通方式,沟通结果,会见人\n{GOLD},M1001,{at},电话,已沟通,\n"
    job = bring(officer, "visits", content)
    visit = Visit.unscoped.get(source="old")
    assert (visit.staff, visit.logged_by, visit.is_backdated) == (cast.staff["manager"], officer, False)
    assert Duty.unscoped.filter(customer=gold, met_by=visit, state="met").exists()
    assert counts(bring(officer, "visits", content)) == (0, 0, 1, 0)
    take_back(job, officer)
    assert not Visit.unscoped.exists()
    assert Duty.unscoped.get(customer=gold, purpose="contact").state == "open"


def test_words_of_an_imported_visit_follow_the_source_and_undoing_brings_the_old_ones_back(officer):
    content, _model, _values = FILES["visits"]
    bring(officer, "visits", content)
    job = bring(officer, "visits", content.replace("问候", "谈续约"))
    assert counts(job) == (0, 1, 0, 1) and Visit.unscoped.get().content == "谈续约"
    take_back(job, officer)
    assert Visit.unscoped.get().content == "问候"


def test_an_open_case_starts_its_clocks_and_cannot_be_taken_back_once_somebody_works_on_it(officer, cast):
    from complaints.actions import accept_case

    content = f"工单编号,客户编号,受理类型,事实经过,客户诉求\nC1,{GOLD},投诉,断线,修好\nC2,{GOLD},投诉,噪音,修好\n"
    job = bring(officer, "cases", content)
    first, second = Case.unscoped.order_by("number")
    assert first.next_due_at is not None and first.state == "received"
    accept_case(case_id=first.pk, by=cast.handler, now=timezone.now())
    undone = take_back(job, officer)
    assert (undone.result["removed"], undone.result["refused"]) == (1, 1)
    error = JobRowError.objects.get(job=undone)
    assert error.column == first.number and cast.handler.name in error.message
    assert list(Case.unscoped.all()) == [first] and second.pk != first.pk
    assert Standing.unscoped.get(customer=cast.customers["gold"]).open_complaints == 1


# --- Customers


CUSTOMERS = {
    "external_id": "id", "name": "name", "phone": "phone", "kind": {"value": "vip"}, "unit": {"value": "A"},
    "tier": "tier", "manager": "manager",
}  # fmt: skip
HEADER = ["id", "name", "phone", "tier", "manager"]
ROW = ["B1", "周瑜", "13900008888", "金卡", "M1001"]


def customers(by, rows, header=HEADER, fields=CUSTOMERS, **more):
    raw = {"source": "billing", "fields": fields, **more}
    return bring(by, "customers", table(header, rows), raw=raw)


def test_undoing_an_import_removes_new_customers_and_gives_changed_ones_their_values_back(officer, cast):
    """Issue 7: undo for 7 days from the change log; run twice it is harmless."""
    customers(officer, [ROW])
    one = Customer.unscoped.get(external_ids__external_id="B1")
    job = customers(officer, [["B1", "周公瑾", "13900009999", "钻石卡", "M1002"], ["B2", "黄盖", "", "", ""]])
    assert counts(job) == (1, 1, 0, 0)
    one.refresh_from_db()
    assert (one.name, one.tier.code, one.manager) == ("周公瑾", "diamond", cast.staff["teammate"])
    undone = take_back(job, officer)
    assert (undone.result["removed"], undone.result["restored"], undone.result["refused"]) == (1, 1, 0)
    one.refresh_from_db()
    assert (one.name, one.initials, one.phone, one.tier.code) == ("周瑜", "zy", "13900008888", "gold")
    assert one.manager == cast.staff["manager"] and one.assignments.get(valid_to=None).staff == one.manager
    assert Standing.unscoped.get(customer=one).manager_id == cast.staff["manager"].pk
    assert not Customer.unscoped.filter(name="黄盖").exists()
    assert undo_import(job=job, by=officer, now=timezone.now()) == undone
    Job.objects.filter(pk=undone.pk).update(state="queued", leased_until=None, lease=None)
    version = Customer.unscoped.get(pk=one.pk).version
    assert jobs.run(undone.pk) == "done" and Customer.unscoped.get(pk=one.pk).version == version


def test_what_somebody_changed_since_is_not_undone_and_named(officer, cast):
    """Issue 7: refuses to undo what somebody has edited since, and says so; what rests on it too."""
    from accounts.actions import update_customer

    job = customers(officer, [ROW, ["B2", "黄盖", "", "", ""], ["B3", "甘宁", "", "", ""]])
    by_id = {row.external_id: row.customer for row in ExternalId.unscoped.filter(source="billing")}
    update_customer(customer_id=by_id["B1"].pk, changes={"email": "z@example.cn"}, by=cast.manager, now=timezone.now())
    ContactPerson.unscoped.create(customer=by_id["B2"], name="阚泽")
    undone = take_back(job, officer)
    assert (undone.result["removed"], undone.result["refused"]) == (1, 2)
    told = dict(JobRowError.objects.filter(job=undone).values_list("column", "message"))
    assert cast.manager.name in told[by_id["B1"].number]
    assert set(told) == {by_id["B1"].number, by_id["B2"].number}
    assert set(ExternalId.unscoped.filter(source="billing").values_list("external_id", flat=True)) == {"B1", "B2"}


def test_an_import_can_be_undone_for_seven_days_only_and_a_dry_run_never(officer):
    from datetime import timedelta

    from crm.core.errors import Conflict

    job = customers(officer, [ROW])
    with pytest.raises(Conflict):
        undo_import(job=job, by=officer, now=timezone.now() + timedelta(days=7, minutes=1))
    dry = bring(officer, "usage", FILES["usage"][0], is_dry=True)
    with pytest.raises(Conflict):
        undo_import(job=dry, by=officer, now=timezone.now())


def test_customers_are_known_by_number_or_phone_and_get_the_id_the_file_names(officer, cast):
    """Issue 7: match keys are chosen; a number nobody has is not created, two with one phone are named."""
    fields = {"number": "number", "external_id": "id", "email": "mail"}
    header = ["number", "id", "mail"]
    job = customers(officer, [[GOLD, "X1", "g@example.cn"], ["K99999999", "X2", ""]], header, fields, match="number")
    assert (*counts(job), job.result["linked"]) == (0, 1, 0, 1, 1)
    gold = Customer.unscoped.get(number=GOLD)
    assert gold.email == "g@example.cn" and gold.external_ids.get(source="billing").external_id == "X1"
    silver = cast.customers["silver"]
    job = customers(officer, [[silver.number, "X9", ""]], header, fields, match="number")
    assert job.result["linked"] == 1 and Customer.unscoped.get(pk=silver.pk).version == silver.version + 1
    take_back(job, officer)
    assert Customer.unscoped.get(pk=silver.pk).version == silver.version + 2
    fields = {"phone": "phone", "name": "name", "external_id": "id", "kind": {"value": "vip"}, "unit": {"value": "A"}}
    Customer.unscoped.filter(pk=cast.customers["silver"].pk).update(phone="13900000001")
    rows = [["13900000002", "金满堂", "X1"], ["13900000001", "x", "X3"], ["13912340000", "新客户", "X4"]]
    job = customers(officer, rows, ["phone", "name", "id"], fields, match="phone")
    assert counts(job) == (1, 0, 1, 1)
    assert JobRowError.objects.get(job=job).code == "ambiguous"
    assert Customer.unscoped.get(external_ids__external_id="X4").phone == "13912340000"
    job = customers(officer, [["13912340000", "新客户", "X1"]], ["phone", "name", "id"], fields, match="phone")
    assert JobRowError.objects.get(job=job).code == "taken"


def test_only_new_rows_or_only_known_ones(officer):
    """Issue 7: create, update or both, of customers and of any other kind."""
    customers(officer, [ROW])
    rows = [["B1", "周公瑾", "", "", ""], ["B2", "黄盖", "", "", ""]]
    job = customers(officer, rows, mode="update")
    assert (*counts(job), job.result["skipped"]) == (0, 1, 0, 0, 1)
    job = customers(officer, [["B1", "x", "", "", ""], ["B2", "黄盖", "", "", ""]], mode="create")
    assert (*counts(job), job.result["skipped"]) == (1, 0, 0, 0, 1)
    usage = f"客户编号,月份,收入\n{GOLD},202601,5\n"
    assert bring(officer, "usage", usage, mode="update").result["skipped"] == 1
    bring(officer, "usage", usage, mode="create")
    job = bring(officer, "usage", usage.replace(",5", ",6"), mode="create")
    assert (job.result["skipped"], job.result["updated"]) == (1, 0) and UsageMonth.unscoped.get().revenue == 5


def test_every_kind_takes_only_new_rows_or_only_known_ones(officer, cast):
    """Issue 7: in each mode the other rows are left as they are, and counted; the bad row stays the bad one."""
    GroupMember.unscoped.create(customer=cast.customers["gold"], msisdn="13800000001")
    bill(cast.customers["gold"], due=date(2026, 1, 15), amount=50)
    for kind, (content, _model, _values) in FILES.items():
        results = [bring(officer, kind, content, mode=mode).result for mode in ("update", "create", "create")]
        told = [(result["created"], result["skipped"], result["failed"]) for result in results]
        assert told == [(0, 1, 1), (1, 0, 1), (0, 1, 1)], (kind, told)
        assert bring(officer, kind, content, mode="update").result["unchanged"] == 1, kind


def test_a_key_that_is_a_field_too_is_told_once(officer):
    """PLT-4: one wrong cell is one reason."""
    fields = {"phone": "phone", "name": "name", "kind": {"value": "vip"}, "unit": {"value": "A"}}
    job = customers(officer, [["12", "某甲"]], ["phone", "name"], fields, match="phone")
    assert JobRowError.objects.get(job=job).code == "invalid_phone"


def test_announced_rows_and_control_sum_are_held_against_the_file(officer):
    """Sync-api: expected rows and control sum may be given and are checked; nothing is written when they differ."""
    content = f"客户编号,月份,收入\n{GOLD},202601,12050\n{GOLD},202602,950\n"
    raw = guessed_mapping("old", KINDS["usage"], ("客户编号", "月份", "收入")).as_json()
    raw["fields"]["revenue"]["as"] = "fen"
    announced = {"rows": 2, "column": "收入", "total": "13000"}
    assert counts(bring(officer, "usage", content, raw=raw, expected=announced)) == (2, 0, 0, 0)
    assert UsageMonth.unscoped.get(month="2026-01-01").revenue == pytest.approx(120.5)
    for wrong in ({"rows": 3}, {"column": "收入", "total": "1"}):
        now = timezone.now()
        file = receive_file(upload(content.encode(), "u.csv"), by=officer, now=now)
        job = start_import(file=file, raw={**raw, "expected": wrong}, is_dry=False, atomic=False, by=officer, now=now)
        assert jobs.run(job.pk) == "failed"


def test_the_version_follows_what_an_undoing_puts_back_beside_the_customer(officer, cast):
    """sync-api: an ETag stands for all of the record: contact persons and the profile of the person too."""
    group, gold = cast.customers["teammates"], cast.customers["gold"]

    def versions():
        return [Customer.unscoped.get(pk=row.pk).version for row in (group, gold)]

    job = bring(officer, "contact_persons", f"联系人编号,客户编号,联系人\nP1,{GROUP},周敏\n")
    before = versions()
    take_back(job, officer)
    assert versions() == [before[0] + 1, before[1]]
    fields = {"number": "number", "sports": "sports"}
    job = customers(officer, [[GOLD, "太极"]], ["number", "sports"], fields, match="number")
    before = versions()
    undone = take_back(job, officer)
    assert versions() == [before[0], before[1] + 1]
    Job.objects.filter(pk=undone.pk).update(state="queued", leased_until=None, lease=None)
    assert jobs.run(undone.pk) == "done" and versions() == [before[0], before[1] + 1]


# --- Forms of files


def workbook(rows):
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def test_workbooks_json_lines_and_gzip_are_the_same_table(officer):
    """Issue 7: CSV and XLSX, NDJSON, gzip; a number in a workbook keeps its digits, null clears."""
    rows = [["客户编号", "月份", "收入", "活跃号码"], [GOLD, "202601", 120.5, 12]]
    lines = [{"客户编号": GOLD, "月份": "202602", "收入": 9.10, "活跃号码": None}, {"客户编号": GOLD, "月份": 202603}]
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()
    assert counts(bring(officer, "usage", workbook(rows), name="u.xlsx")) == (1, 0, 0, 0)
    assert counts(bring(officer, "usage", text, name="u.ndjson")) == (2, 0, 0, 0)
    packed = gzip.compress(f"客户编号\x01月份\x01收入\n{GOLD}\x01202601\x01120.50\n".encode("gb18030"))
    assert counts(bring(officer, "usage", packed, name="u.csv.gz")) == (0, 0, 1, 0)
    found = {row.month.month: (str(row.revenue), row.active_lines) for row in UsageMonth.unscoped.all()}
    assert found == {1: ("120.50", 12), 2: ("9.10", None), 3: ("None", None)}


def test_bombs_and_what_only_looks_like_a_workbook_are_refused(officer):
    """Bad inputs 38, 39, 41: nothing is kept, nobody's memory is eaten."""
    import zipfile

    from crm.core.errors import DomainError

    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("a.txt", "x")
    many = gzip.compress(b"\n" * 60_000_000)
    from unittest import mock

    for content, code in (
        (bomb.getvalue(), "too_large"), (plain.getvalue(), "not_csv"), (many, "too_large"),
        (b"PK\x03\x04" + b"x" * 50, "damaged"), (b"\x1f\x8b" + b"x" * 50, "damaged"),
        (workbook([["a"]])[:-200], "damaged"), (b'[{"a": 1}]', "not_csv"), (b'{"a":\n1}', "not_csv"),
    ):  # fmt: skip
        with (
            mock.patch("sync.actions.imports.most_bytes", return_value=4_000_000),
            pytest.raises(DomainError) as caught,
        ):
            receive_file(upload(content, "b.xlsx"), by=officer, now=timezone.now())
        assert caught.value.code == code, code
    assert not Attachment.objects.exists()


def test_a_bad_line_of_json_is_named_and_the_others_are_taken(officer):
    text = f'{{"客户编号": "{GOLD}", "月份": "202601"}}\n{{bad\n{{"客户编号": "{GOLD}\\u0000", "月份": "202602"}}\n'
    job = bring(officer, "usage", text, name="u.ndjson")
    assert counts(job) == (1, 0, 0, 2)
    assert list(JobRowError.objects.filter(job=job).order_by("row").values_list("row", "code")) == [
        (2, "invalid_json"), (3, "invalid_character"),
    ]  # fmt: skip


def test_reasons_are_worded_for_whoever_reads_them(officer, cast, as_user):
    """Screens 4: an import that ran in Chinese tells an English reader its reasons in English, on page and in file."""
    Customer.unscoped.filter(pk=cast.customers["silver"].pk).update(phone="13900000001")
    fields = {"phone": "phone", "name": "name", "kind": {"value": "vip"}, "unit": {"value": "A"}, "tier": "tier"}
    rows = [
        ["13900000001", "x", ""], ["13912340000", "甲", ""], ["13912340000", "乙", ""], ["13912340001", "丙", "无"],
        ["13912340002", "丁" * 51, ""],
    ]  # fmt: skip
    content = table(["phone", "name", "tier"], rows) + b"13912340003,x\n"
    with override("zh-hans"):
        job = bring(officer, "customers", content, raw={"source": "billing", "fields": fields, "match": "phone"})
        persons = bring(officer, "contact_persons", f"联系人编号,客户编号,联系人\nP1,{GOLD},周敏\n")
    client = as_user(officer)
    for found, count in ((job, 5), (persons, 1)):
        errors = list(JobRowError.objects.filter(job=found).order_by("row"))
        assert len(errors) == count
        for error in errors:
            assert not error.message.isascii(), error.code
            with override("en"):
                assert error.words.isascii() and "%(" not in error.words, error.words
            with override("zh-hans"):
                assert error.words == error.message
    officer.language = "en"
    officer.save(update_fields=["language"])
    file = client.get(f"/jobs/{persons.pk}/errors/", headers={"accept-language": "en"})
    assert "Only groups and channel customers" in b"".join(file.streaming_content).decode("utf-8-sig")
