"""Headquarters' scorecards as every installation has them."""

from collections import defaultdict

import pytest
from django.utils import timezone

from kpi.choices import ASSESSED
from kpi.models import ScorecardVersion

pytestmark = pytest.mark.django_db
SUB_ITEMS = {1: 3, 2: 2, 3: 10, 4: 5, 5: 2, 6: 3}
WEIGHTS = {1: 25, 2: 20, 3: 30, 4: 10, 5: 5, 6: 10}


@pytest.mark.parametrize("audience", ["unit", "manager"])
def test_the_seeded_scorecard_has_six_categories_and_twenty_five_sub_items(audience):
    """KPI-11, D18: exactly 3 + 2 + 10 + 5 + 2 + 3 sub-items; 25, 20, 30, 10, 5 and 10 of 100 points."""
    version = ScorecardVersion.unscoped.get(unit=None, audience=audience, state="in_force")
    assert version.year == timezone.localdate().year
    items, weights = defaultdict(set), defaultdict(int)
    for line in version.lines.select_related("indicator"):
        items[line.indicator.category].add(line.indicator.sub_no)
        weights[line.indicator.category] += line.weight
    assert {category: len(found) for category, found in items.items()} == SUB_ITEMS
    assert dict(weights) == WEIGHTS
    assert tuple(sorted(items)) == ASSESSED
    assert sum(weights.values()) == 100
