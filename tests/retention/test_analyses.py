"""Churn analyses (RET-8, KPI-22) and competitor intelligence (RET-10, RET-14)."""

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile

from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound
from crm.core.measures import Time, by_manager
from crm.core.models import Article, Notice
from crm.core.scope import Scope
from crm.core.sweeps import run_step
from retention.actions.analyses import Findings, share_lesson, write_analysis
from retention.actions.intelligence import Seen, record_intelligence
from retention.actions.scoring import score_in_python
from retention.models import ChurnAnalysis, ChurnRecord, Competitor, CompetitorIntel
from retention.queries.analyses import analyses, counts
from retention.queries.intelligence import intelligence, said_on_visits
from retention.queries.saving_measures import CHURN_ANALYSED
from retention.queries.scoring import AsOf
from tests.retention.alert_world import alert
from tests.retention.churn_world import comes_back, leaves, night, vip
from tests.visits.ledger_world import at, visit
from visits.models import CustomerVoice

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 6, 9)
DUE = date(2026, 6, 24)  # ten working days, the Dragon Boat Festival (19 June) between
A_DAY = timedelta(days=1)


def asked(day):
    """The night's step; twice is once."""
    first = run_step("open_analyses", day, at(day, 1))
    assert run_step("open_analyses", day, at(day, 2)).rows == 0
    return first.rows


@pytest.fixture
def lost(cast):
    """A gold VIP who left on Tuesday, with an alert before; the night has written it down."""
    customer = vip(cast)
    visit(customer, TUESDAY - 20 * A_DAY, cast=cast)
    alert(customer, TUESDAY - 5 * A_DAY, level="red")
    leaves(customer, TUESDAY)
    night(TUESDAY + A_DAY)
    return customer


def findings(**more):
    values = {"cause": "price", "depth": "对方两个月前已上门", "countermeasure": "提前三个月续约", "lesson": "早谈续约"}
    return Findings(**values | more)


def share_of(first, last, today):
    found = by_manager(CHURN_ANALYSED, Scope.ALL, Time(first, last, today, at(today, 23)))
    return {key: (int(row.numerator), int(row.denominator), row.mendable) for key, row in found.items()}


def test_each_loss_is_to_be_analysed_within_ten_working_days(cast, lost):
    """RET-8: opened by the night with what the system knew; who had the customer is told, once."""
    assert ChurnAnalysis.unscoped.count() == 0
    assert asked(TUESDAY + A_DAY) == 1
    row = ChurnAnalysis.unscoped.get()
    assert (row.due_on, row.state) == (DUE, "due")
    assert row.facts["alert"]["level"] == "red" and row.facts["last_visit_on"] == "2026-05-20"
    assert Notice.objects.get(kind="analysis_due").user == cast.manager
    assert asked(TUESDAY + 2 * A_DAY) == 0 and Notice.objects.filter(kind="analysis_due").count() == 1


def test_a_loss_without_analysis_is_on_the_overdue_list(cast, lost):
    """RET-8: churned customer without analysis on the overdue list; his supervisor hears of it too."""
    asked(TUESDAY + A_DAY)
    late = DUE + A_DAY
    asked(late)
    told = Notice.objects.filter(kind="analysis_late").values_list("user__username", flat=True)
    assert set(told) == {cast.manager.username, cast.supervisor.username}
    access = cast.supervisor.access
    assert [row.customer for row in analyses(access, today=late, state="late")] == [lost.name]
    assert analyses(access, today=DUE, state="late") == []
    assert counts(access.scope, late) == (1, 1)
    comes_back(lost)
    night(late)
    assert analyses(access, today=late) == []


def test_an_analysis_needs_cause_depth_countermeasure_and_lesson(cast, lost):
    """RET-8: all of them; written in time it counts (KPI-22), and the loss knows its cause and winner."""
    asked(TUESDAY + A_DAY)
    row = ChurnAnalysis.unscoped.get()
    june = (date(2026, 6, 1), date(2026, 6, 30))
    mine = cast.staff["manager"].pk
    assert share_of(*june, TUESDAY + A_DAY) == {mine: (0, 1, 1)}
    for missing in ({"cause": ""}, {"depth": " "}, {"lesson": ""}, {"countermeasure": ""}):
        with pytest.raises(Invalid):
            write(row, cast.manager, DUE, **missing)
    with pytest.raises(NotAllowed):
        write(row, cast.director, DUE)
    with pytest.raises(NotFound):
        write(row, cast.stranger, DUE)
    unicom = Competitor.objects.get(code="unicom")
    write(row, cast.manager, DUE, competitor_id=unicom.pk)
    record = ChurnRecord.unscoped.get()
    assert (record.competitor, record.cause) == (unicom, "对方两个月前已上门")
    write(row, cast.supervisor, DUE + 9 * A_DAY, lesson="再补充")
    assert share_of(*june, DUE + 9 * A_DAY) == {mine: (1, 1, 0)}
    assert ChurnAnalysis.unscoped.get().analysed_by == cast.manager
    with pytest.raises(Conflict):
        write(row, cast.manager, DUE, version=1)


def test_an_analysis_after_its_day_does_not_count(cast, lost):
    """KPI-22: analysed within ten working days or not at all."""
    asked(TUESDAY + A_DAY)
    write(ChurnAnalysis.unscoped.get(), cast.manager, DUE + A_DAY)
    found = share_of(date(2026, 6, 1), date(2026, 6, 30), DUE + A_DAY)
    assert found == {cast.staff["manager"].pk: (0, 1, 0)}


def write(row, by, on, *, version=None, **more):
    return write_analysis(analysis_id=row.pk, findings=findings(**more), version=version, by=by, now=at(on, 10))


def test_a_lesson_goes_to_the_guide_without_the_customers_name(cast, lost):
    """RET-8: the lesson goes to the knowledge base, once, by whoever answers for more than his own customers."""
    asked(TUESDAY + A_DAY)
    row = ChurnAnalysis.unscoped.get()
    with pytest.raises(Conflict):
        share(row, cast.supervisor)
    write(row, cast.manager, DUE)
    with pytest.raises(NotAllowed):
        share(row, cast.manager)
    with pytest.raises(Invalid) as refused:
        share(row, cast.supervisor, text=f"{lost.name}走了")
    assert refused.value.code == "names_customer"
    share(row, cast.supervisor)
    article = Article.objects.get(code=f"lesson-{row.pk}")
    assert (article.area, article.title_zh, article.is_shown) == ("retention", "续约要早谈", True)
    with pytest.raises(Conflict):
        share(row, cast.group_department)


def share(row, by, *, text="到期前三个月就谈。"):
    return share_lesson(analysis_id=row.pk, title="续约要早谈", text=text, by=by, now=at(DUE, 12))


def seen(**more):
    values = {
        "competitor_id": Competitor.objects.get(code="telecom").pk,
        "kind": "price",
        "text": "新套餐",
        "reliability": "sure",
    }
    return Seen(**values | more)


def test_intelligence_is_written_by_area_or_about_a_customer_with_a_file(cast):
    """RET-10: competitor, source customer, date, type, text, reliability, attachment; listed by area."""
    customer = vip(cast)
    file = ContentFile(b"a,1\n", name="price.csv")
    row = record_intelligence(seen=seen(customer_id=customer.pk), file=file, by=cast.manager, now=at(TUESDAY, 9))
    assert (row.unit, row.staff, row.seen_on, row.file.name) == (
        customer.unit, cast.staff["manager"], TUESDAY, "price.csv"
    )  # fmt: skip
    record_intelligence(seen=seen(kind="tender", reliability="rumour"), by=cast.stranger, now=at(TUESDAY, 9))
    assert [one.customer for one in intelligence(cast.supervisor.access, {})] == [customer.name]
    assert len(intelligence(cast.group_department.access, {})) == 2
    assert len(intelligence(cast.group_department.access, {"kind": "tender"})) == 1
    for wrong in ({"kind": "x"}, {"competitor_id": None}, {"seen_on": TUESDAY + A_DAY}, {"text": " "}):
        with pytest.raises(Invalid):
            record_intelligence(seen=seen(**wrong), by=cast.manager, now=at(TUESDAY, 9))
    with pytest.raises(NotFound):
        record_intelligence(seen=seen(customer_id=customer.pk), by=cast.stranger, now=at(TUESDAY, 9))


def test_intelligence_about_a_customer_adds_points_to_his_score(cast):
    """RET-10: an entry with a customer raises that customer's score, an entry about the area nobody's."""
    customer, as_of = vip(cast), AsOf(TUESDAY, at(TUESDAY, 23))
    before = score_in_python(customer.pk, as_of).points
    record_intelligence(seen=seen(), by=cast.manager, now=at(TUESDAY, 9))
    assert score_in_python(customer.pk, as_of).points == before
    record_intelligence(seen=seen(customer_id=customer.pk), by=cast.manager, now=at(TUESDAY, 9))
    assert score_in_python(customer.pk, as_of).points > before


def test_what_was_said_on_a_visit_is_taken_over_once(cast):
    """RET-10, CUS-21: a capture of kind competitor becomes intelligence without typing it again."""
    customer = vip(cast)
    voice = CustomerVoice.unscoped.create(
        customer=customer, kind="competitor", text="电信来过", by=cast.manager, said_at=at(TUESDAY, 9)
    )
    scope = cast.manager.access.scope
    assert [one.id for one in said_on_visits(scope, at(TUESDAY, 1))] == [voice.pk]
    row = record_intelligence(seen=seen(voice_id=voice.pk), by=cast.manager, now=at(TUESDAY, 10))
    assert row.customer == customer and said_on_visits(scope, at(TUESDAY, 1)) == []
    with pytest.raises(Conflict):
        record_intelligence(seen=seen(voice_id=voice.pk), by=cast.manager, now=at(TUESDAY, 11))
    assert CompetitorIntel.unscoped.count() == 1
