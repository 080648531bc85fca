"""Needs of customers: the file with its changes, the pipeline by stage, the analysis and its file."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.core.models import AccessLog
from sales.models import Need, NeedStep, NeedType

pytestmark = pytest.mark.django_db
LIST, ANALYSIS = "/sales/needs/", "/sales/needs/analysis/"


def today():
    return timezone.localdate()


def need(customer, kind="voice", text="多人通话", *, stage="found", days_ago=0, **more):
    on = today() - timedelta(days=days_ago)
    return Need.unscoped.create(
        customer=customer, type=NeedType.objects.get(code=kind), text=text, found_on=on, stage=stage, stage_on=on,
        updated_at=timezone.now(), **more,
    )  # fmt: skip


def form(**more):
    return {"type": "data_line", "text": "100M 专线"} | more


def test_two_entries_of_the_same_type_show_as_a_change(cast, as_user):
    """CUS-14: dated entries with type, text, state; the later one of a type shows what it was before."""
    group = cast.customers["teammates"]
    client = as_user(cast.teammate)
    new = f"/customers/{group.pk}/needs/new/"
    earlier = (today() - timedelta(days=30)).isoformat()
    assert client.post(new, form(found_on=earlier)).status_code == 302
    assert client.post(new, form(type="messaging", text="群发短信")).status_code == 302
    assert client.post(new, form(text="改为 500M 专线")).status_code == 302
    page = client.get(f"/customers/{group.pk}/agreements/")
    lines = {line["row"].text: line["row"] for line in page.context["needs"]}
    assert lines["改为 500M 专线"].before == "100M 专线"
    assert str(lines["改为 500M 专线"].before_on) == earlier
    assert lines["群发短信"].before is None and lines["100M 专线"].before is None
    last = Need.unscoped.get(text="改为 500M 专线")
    detail = client.get(f"/sales/needs/{last.pk}/")
    assert [(now.text, before and before.text) for now, before in detail.context["changes"]] == [
        ("改为 500M 专线", "100M 专线"), ("100M 专线", None)]  # fmt: skip
    first = Need.unscoped.get(text="100M 专线")
    assert client.get(f"/sales/needs/{first.pk}/").context["is_superseded"]


def test_what_was_said_before_stays_in_the_history(cast, as_user):
    """CUS-14: rewording a need keeps the former words; an old form is a conflict, the same words change nothing."""
    group = cast.customers["teammates"]
    client = as_user(cast.teammate)
    client.post(f"/customers/{group.pk}/needs/new/", form())
    row = Need.unscoped.get()
    edit = f"/sales/needs/{row.pk}/edit/"
    same = {"found_on": today().isoformat(), "version": 1}
    assert client.post(edit, form(text="双线路", budget="12,000", decision_maker="海总", **same)).status_code == 302
    row.refresh_from_db()
    assert (row.text, row.budget, row.decision_maker.name, row.version) == ("双线路", Decimal("12000.00"), "海总", 2)
    assert NeedStep.unscoped.latest("pk").text_before == "100M 专线"
    assert client.post(edit, form(text="再改", **same)).status_code == 409
    assert (
        client.post(
            edit, form(text="双线路", budget="12000", decision_maker="海总", **same | {"version": 2})
        ).status_code
        == 302
    )
    assert NeedStep.unscoped.count() == 2
    bad = ({"budget": "-1"}, {"budget": "x"}, {"type": "x"}, {"found_on": "2999-01-01"}, {"text": " "},
           {"wanted_on": "2001-01-01"}, {"decision_maker": "无名"})  # fmt: skip
    for changes in bad:
        assert client.post(edit, form(**same | {"version": 2} | changes)).status_code == 400, changes
    assert as_user(cast.stranger).get(f"/sales/needs/{row.pk}/").status_code == 404
    assert as_user(cast.supervisor).post(edit, form()).status_code == 403


def test_a_need_goes_from_found_to_met_and_nowhere_else(cast, as_user):
    """SAL-10: found → passed on → proposed → met or lost; illegal jumps, nobody and no reason are refused."""
    row = need(cast.customers["teammates"], days_ago=9)
    client = as_user(cast.teammate)
    step = f"/sales/needs/{row.pk}/step/"
    assert client.post(step, {"to_stage": "routed"}).status_code == 400
    assert client.post(step, {"to_stage": "lost"}).status_code == 400
    assert client.post(step, {"to_stage": "found"}).status_code == 400
    unit = cast.units["GCD"].pk
    assert client.post(step, {"to_stage": "routed", "routed_to": unit, "version": 1}).status_code == 302
    assert client.post(step, {"to_stage": "proposed", "note": "整体方案", "version": 1}).status_code == 409
    assert client.post(step, {"to_stage": "proposed", "note": "整体方案", "version": 2}).status_code == 302
    assert client.post(step, {"to_stage": "met", "version": 3}).status_code == 302
    assert client.post(step, {"to_stage": "lost", "note": "x"}).status_code == 400
    row.refresh_from_db()
    assert (row.stage, row.stage_on, row.routed_to_id) == ("met", today(), unit)
    steps = NeedStep.unscoped.order_by("pk").values_list("from_stage", "to_stage", "note")
    assert list(steps) == [("found", "routed", ""), ("routed", "proposed", "整体方案"), ("proposed", "met", "")]
    assert client.get(LIST).context["days"] == 9


def test_the_pipeline_counts_each_stage_and_opens_its_needs(cast, as_user):
    """SAL-10: number, budget and rows of each stage, in sight only, with the depth fields."""
    group, vip = cast.customers["teammates"], cast.customers["gold"]
    need(group, budget=Decimal(1000), competitor="电信", pain="掉线")
    need(vip, "tariff", "便宜些", stage="proposed", budget=Decimal(300))
    need(vip, "tariff", "再便宜些", stage="lost")
    need(cast.customers["strangers"], text="别人的")
    client = as_user(cast.supervisor)
    context = client.get(LIST).context
    stages = {stage["one"].stage: stage for stage in context["stages"]}
    assert {name: (stage["one"].count, stage["one"].budget) for name, stage in stages.items()} == {
        "found": (1, 1000), "routed": (0, 0), "proposed": (1, 300), "met": (0, 0), "lost": (1, 0)}  # fmt: skip
    for name, stage in stages.items():
        shown = client.get(LIST + stage["url"]).context["lines"]
        assert [line["row"].stage for line in shown] == [name] * stage["one"].count
    assert [line["row"].text for line in client.get(f"{LIST}?stage=open&type=tariff").context["lines"]] == ["便宜些"]
    assert "别人的" not in client.get(LIST).content.decode()
    assert [line["row"].text for line in as_user(cast.manager).get(LIST).context["lines"]] == ["再便宜些", "便宜些"]
    for wrong in ("stage=x", "type=x", "industry=Z", "from=x", "manager=x", "x=1"):
        assert as_user(cast.manager).get(f"{LIST}?{wrong}").status_code == 400, wrong


def test_the_file_of_the_analysis_equals_the_screen(cast, as_user):
    """PLAN-21: needs by type and industry with counts, rows behind each, and a CSV with the same lines, registered."""
    group, vip = cast.customers["teammates"], cast.customers["gold"]
    group.industry = "C385"
    group.save(update_fields=["industry"])
    need(group, budget=Decimal(500))
    need(group, stage="met")
    need(vip)
    need(vip, "tariff", stage="lost", days_ago=200)
    need(cast.customers["strangers"])
    client = as_user(cast.supervisor)
    for query, total in (("", 4), (f"?from={today() - timedelta(days=90)}", 3)):
        lines = client.get(ANALYSIS + query).context["lines"]
        screen = [(one["type"], one["industry"], *[str(value) for value in (
            one["line"].count, one["line"].customers, one["line"].open, one["line"].met, one["line"].lost,
            one["line"].budget)]) for one in lines]  # fmt: skip
        assert screen[-1][2] == str(total)
        assert sum(one["line"].count for one in lines if one["industry"]) == total
        for one in lines:
            behind = client.get(one["urls"]["all"]).context["lines"]
            assert len(behind) == one["line"].count
        answer = client.post(f"{ANALYSIS}export/{query}", {"reason": "季度经营分析"})
        rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        assert [tuple(row[:8]) for row in rows[1:]] == screen
        assert all("S1001" in row[8] for row in rows[1:])
    assert screen[0][2] == "3" and AccessLog.objects.filter(kind="export", reason="季度经营分析").count() == 2
    assert client.post(f"{ANALYSIS}export/", {"reason": " "}).status_code == 400
    Need.unscoped.all().delete()
    assert client.post(f"{ANALYSIS}export/", {"reason": "x"}).status_code == 400
