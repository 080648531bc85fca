"""Results from outside: entered with evidence, signed by another, by hand and by file (KPI-3, KPI-48, issue 5)."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Unit
from crm.core.measures import MEASURES, Time, refs
from crm.core.scope import Scope
from kpi.models import EnteredResult, FrozenMonth, Indicator, Result, Score
from kpi.queries.unit_rules import UNIT_RULES
from kpi.sweeps.scores import count_month
from tests.kpi.card_world import month_now, version

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year
REPORT = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def body(cast, code="F9", who="manager", **more):
    staff = cast.staff[who]
    given = {
        "indicator_id": Indicator.objects.get(code=code).pk, "period": str(YEAR), "unit_id": staff.unit_id,
        "manager_id": staff.pk, "numerator": "92.5", "denominator": "100", "evidence": "第三方报告第12页",
    }  # fmt: skip
    return given | more


def enter(client, cast, **more):
    return client.post(reverse("kpi:entry_new"), body(cast, **more))


def test_an_entered_result_counts_once_another_person_has_signed_it(cast, as_user):
    """KPI-3: a result stores its evidence source; issue 5: entered with evidence and signature."""
    client = as_user(cast.group_department)
    file = SimpleUploadedFile("报告.pdf", REPORT, content_type="application/pdf")
    assert enter(client, cast, file=file).status_code == 302
    row = EnteredResult.unscoped.get()
    assert (row.state, row.attachment.name, row.entered_by) == ("entered", "报告.pdf", cast.group_department)
    assert not Result.unscoped.filter(source="entered").exists()
    # SEC-24: nobody signs what he entered.
    assert client.post(reverse("kpi:entry_sign", args=[row.pk])).status_code == 403
    assert as_user(cast.director).post(reverse("kpi:entry_sign", args=[row.pk])).status_code == 302
    own = Result.unscoped.get(indicator__code="F9", manager=cast.staff["manager"])
    assert (own.source, own.value, own.evidence, own.is_unit) == ("entered", Decimal("92.5"), "第三方报告第12页", False)
    sums = Result.unscoped.filter(indicator__code="F9", is_unit=True).values_list("unit__code", "value")
    assert dict(sums) == {"A": Decimal("92.5"), "CITY": Decimal("92.5")}
    count_month(month_now(), now=timezone.now())
    assert Score.unscoped.get(staff=cast.staff["manager"]).total == Decimal("100.00")
    assert client.get(reverse("kpi:entry_file", args=[row.pk])).status_code == 200


def test_a_refused_entry_goes_back_with_its_reason_and_may_be_entered_anew(cast, as_user):
    """SEC-24."""
    enter(as_user(cast.supervisor), cast)
    row = EnteredResult.unscoped.get()
    client = as_user(cast.director)
    assert client.post(reverse("kpi:entry_refuse", args=[row.pk]), {"remark": ""}).status_code == 400
    client.post(reverse("kpi:entry_refuse", args=[row.pk]), {"remark": "样本太小"})
    row.refresh_from_db()
    assert (row.state, row.remark) == ("refused", "样本太小")
    assert client.post(reverse("kpi:entry_sign", args=[row.pk])).status_code == 409
    assert enter(as_user(cast.supervisor), cast).status_code == 302


def test_two_entries_of_one_subject_do_not_wait_at_once(cast, as_user):
    client = as_user(cast.group_department)
    enter(client, cast)
    assert enter(client, cast).status_code == 409
    assert EnteredResult.unscoped.count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"numerator": "101"}, "numerator"),
        ({"denominator": "0"}, "denominator"),
        ({"period": "2026-04"}, "period"),
        ({"period": str(YEAR + 1)}, "period"),
        ({"evidence": " "}, "evidence"),
        ({"who": "stranger"}, "unit_id"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(cast, as_user, changed, field):
    """Screens: errors beside the field; a unit enters for its own people only."""
    answer = enter(as_user(cast.supervisor), cast, **changed)
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert not EnteredResult.unscoped.exists()


def test_nothing_is_entered_into_a_frozen_period(cast, as_user):
    """Decisions 3: after the freeze only a signed correction."""
    enter(as_user(cast.supervisor), cast)
    FrozenMonth.objects.create(month=f"{YEAR}-12-01", frozen_at=timezone.now())
    row = EnteredResult.unscoped.get()
    assert as_user(cast.director).post(reverse("kpi:entry_sign", args=[row.pk])).status_code == 400
    assert enter(as_user(cast.supervisor), cast, who="teammate").status_code == 400
    assert not Result.unscoped.exists()


def bring(client, text, name="结果.csv", encoding="utf-8"):
    file = SimpleUploadedFile(name, text.encode(encoding), content_type="text/csv")
    return client.post(reverse("kpi:entry_import"), {"file": file})


def test_a_file_keeps_good_rows_and_names_what_is_wrong_with_the_others(cast, as_user):
    """Issue 5: results by import, row errors named, good rows saved."""
    text = (
        "指标,周期,单位编码,工号,分子,分母,依据\n"
        f"F9,{YEAR},A,M1001,92.5,100,报告第12页\n"
        f"F9,{YEAR},A,M9999,90,100,报告第13页\n"
        f"F14,{YEAR}-04,A,M1001,9,10,不可录入\n"
        "\n"
        f"F8,{YEAR},A,,八十,100,\n"
        f"F9,{YEAR},B,M1002,80,100,不是本单位\n"
        f"f13,{YEAR}Q1,A,M1002,88,100,考试\n"
    )
    answer = bring(as_user(cast.group_department), text, encoding="gb18030")
    assert answer.status_code == 200
    read = answer.context["read"]
    assert read.kept == 2
    assert [(row.number, row.column) for row in read.bad] == [(3, "工号"), (4, "指标"), (6, "分子"), (7, "工号")]
    found = EnteredResult.unscoped.order_by("pk").values_list("indicator__code", "manager__number", "period_on")
    assert [(code, number, f"{day:%m}") for code, number, day in found] == [
        ("F9", "M1001", "01"),
        ("F13", "M1002", "01"),
    ]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "\x00\x01"])
def test_a_file_that_is_no_table_is_refused(cast, as_user, text):
    """Bad inputs: nothing half done."""
    assert bring(as_user(cast.group_department), text).status_code == 400
    assert not EnteredResult.unscoped.exists()


def test_entries_of_other_units_are_not_there(cast, as_user):
    """SEC-3: 404 beyond the scope."""
    enter(as_user(cast.group_department), cast, who="stranger")
    row = EnteredResult.unscoped.get()
    client = as_user(cast.supervisor)
    assert "吴桐" not in client.get(reverse("kpi:entry_list")).content.decode()
    assert client.get(reverse("kpi:entry_file", args=[row.pk])).status_code == 404
    assert client.post(reverse("kpi:entry_sign", args=[row.pk])).status_code == 403
    assert as_user(cast.manager).get(reverse("kpi:entry_list")).status_code == 403


# --- KPI-48


def points(month=None, *, at=None):
    """Unit code → points of F38."""
    now = at or timezone.now()
    first = now.date().replace(month=1, day=1)
    time = Time(first, first.replace(month=12, day=31), timezone.localdate(now), now)
    codes = dict(Unit.unscoped.values_list("pk", "code"))
    return {codes[row[1]]: row[3] for row in refs(UNIT_RULES, Scope.ALL, time)}


def judge(cast, unit, number):
    first = timezone.localdate().replace(month=1, day=1)
    EnteredResult.unscoped.create(
        indicator=Indicator.objects.get(code="F38"), period_on=first, unit=cast.units[unit], numerator=number,
        denominator=100, evidence="细则完整", state="signed", entered_by=cast.group_department,
        entered_at=timezone.now(), signed_by=cast.director, signed_at=timezone.now(),
    )  # fmt: skip


def test_a_unit_without_its_own_rules_scores_nothing_once_they_are_due(cast):
    """KPI-48: unit without a version scores 0; in time: the points given; too late: fewer; before it is due: n/a."""
    assert MEASURES["unit_rules"] is UNIT_RULES
    spring = timezone.now().replace(month=2, day=10)
    autumn = timezone.now().replace(month=10, day=10)
    assert points(at=spring) == {}
    assert points(at=autumn) == {"A": 0, "B": 0}
    version({"F14": 100}, unit=cast.units["A"], published_at=timezone.now().replace(month=2, day=1))
    version({"F14": 100}, unit=cast.units["B"], published_at=timezone.now().replace(month=6, day=1))
    assert points(at=autumn) == {}
    judge(cast, "A", 92)
    judge(cast, "B", 92)
    assert points(at=autumn) == {"A": 92, "B": 72}


def test_the_score_of_the_department_is_entered_like_any_result_but_counted_by_the_measure(cast, as_user):
    """KPI-48: GCD score, entered and signed; the engine reads it as a row of the unit's own rules."""
    version({"F14": 100}, unit=cast.units["A"], published_at=timezone.now().replace(month=1, day=5))
    client = as_user(cast.group_department)
    enter(client, cast, code="F38", manager_id="", numerator="90")
    as_user(cast.director).post(reverse("kpi:entry_sign", args=[EnteredResult.unscoped.get().pk]))
    assert not Result.unscoped.filter(indicator__code="F38").exists()
    assert points()["A"] == 90
