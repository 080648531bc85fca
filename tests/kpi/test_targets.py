"""Targets of indicators: from a day on, after a look at whose light would change (issue 5)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from kpi.models import FrozenMonth, Indicator, IndicatorTarget
from tests.kpi.card_world import month_now, result

pytestmark = pytest.mark.django_db


def body(code, value, day, **more):
    given = {"indicator_id": Indicator.objects.get(code=code).pk, "target": value, "effective_from": day.isoformat()}
    return given | more


def test_a_target_is_previewed_then_set_from_its_day_on(cast, as_user):
    """Issue 5: target with effective date; "would change the light of 2 units", nothing written before."""
    for code, met in (("A", 92), ("B", 96), ("CITY", 94)):
        result("F14", month_now(), met, 100, unit=cast.units[code])
    result("F14", month_now(), 92, 100, unit=cast.units["A"], manager=cast.staff["manager"])
    client, today = as_user(cast.director), timezone.localdate()
    answer = client.post(reverse("kpi:target_new"), body("F14", "94", today) | {"step": "preview"})
    preview = answer.context["preview"]
    assert (preview.units, preview.managers, preview.is_now) == (2, 0, True)
    assert answer.context["won"] == ["江城市公司", "城西分公司"] or set(answer.context["won"]) == {
        "江城市公司",
        "城西分公司",
    }
    assert IndicatorTarget.objects.filter(indicator__code="F14").count() == 1
    client.post(reverse("kpi:target_new"), body("F14", "94", today, is_strict="on") | {"step": "do"})
    row = IndicatorTarget.objects.get(indicator__code="F14", effective_from=today)
    assert (row.value, row.is_strict, row.source, row.set_by) == (Decimal("94"), True, "set", cast.director)
    page = client.get(reverse("kpi:target_list")).content.decode()
    assert "&gt; 94" in page


def test_a_target_never_reaches_into_a_frozen_month(cast, as_user):
    """Old periods keep their old numbers (design 4)."""
    last = month_now() - timedelta(days=1)
    FrozenMonth.objects.create(month=last.replace(day=1), frozen_at=timezone.now())
    client = as_user(cast.director)
    for day, status in ((last, 400), (month_now(), 302), (timezone.localdate() + timedelta(days=900), 400)):
        answer = client.post(reverse("kpi:target_new"), body("F14", "90", day) | {"step": "do"})
        assert answer.status_code == status, day


def test_an_indicator_for_information_has_no_target(cast, as_user):
    client = as_user(cast.director)
    answer = client.post(reverse("kpi:target_new"), body("F46", "90", timezone.localdate()) | {"step": "do"})
    assert answer.status_code == 400


def test_only_headquarters_sets_targets_and_everybody_reads_them(cast, as_user):
    """KPI-9."""
    for who in (cast.manager, cast.supervisor):
        client = as_user(who)
        assert client.get(reverse("kpi:target_list")).status_code == 200
        assert client.get(reverse("kpi:target_new")).status_code == 403
