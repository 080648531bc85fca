"""What a group's page and a relation's history show (CUS-24, CUS-28, CON-33), and that a long life costs no more."""

import re
from datetime import timedelta

import pytest

from accounts.models import GroupMember, RelationshipStrength
from crm.core.models import Change
from tests.visits.ledger_world import visit
from tests.workbench.world import statements, today

pytestmark = pytest.mark.django_db


def page(client, customer, query=""):
    answer = client.get(f"/customers/{customer.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_group_shows_how_many_members_it_has_and_how_many_are_active(cast, as_user):
    """CUS-28: member count and active count, numbers masked."""
    firm = cast.customers["teammates"]
    for index, state in enumerate(("active", "active", "inactive")):
        GroupMember.unscoped.create(customer=firm, msisdn=f"1380000000{index}", state=state)
    client = as_user(cast.teammate)
    text = client.get(f"/customers/{firm.pk}/?tab=people", headers={"accept-language": "en"}).content.decode()
    assert "3 in all, 2 in use" in text
    assert "13800000000" not in text.replace("13800000000</div>", "")  # the colleague's own number is no secret


def test_the_relation_has_a_chart_and_a_table_of_its_history(cast, as_user):
    """CON-33: strength 1–5 with its history; the chart says in words what it draws."""
    gold = cast.customers["gold"]
    client = as_user(cast.manager)
    assert "strength-chart" not in page(client, gold, "?tab=people")
    for back, strength in ((60, 2), (30, 3), (0, 5)):
        RelationshipStrength.unscoped.create(
            customer=gold, strength=strength, judged_on=today() - timedelta(days=back), by=cast.manager
        )
    text = page(client, gold, "?tab=people")
    chart = re.search(r'<svg class="strength-chart".*?</svg>', text, re.S)[0]
    assert chart.count("<circle") == 3
    assert 'points="6.0,42.0 120.0,30.0 234.0,6.0"' in chart
    assert "2" in chart.split('aria-label="')[1].split('"')[0]
    assert [int(found) for found in re.findall(r'<td class="num">(\d) / 5</td>', text)] == [5, 3, 2]


def test_judging_the_relation_is_one_tap(cast, as_user):
    """CON-33: the manager's own judgement; others do not judge."""
    gold = cast.customers["gold"]
    assert as_user(cast.manager).post(f"/customers/{gold.pk}/strength/", {"strength": "4"}).status_code == 302
    assert RelationshipStrength.unscoped.get().strength == 4
    assert as_user(cast.supervisor).post(f"/customers/{gold.pk}/strength/", {"strength": "1"}).status_code == 403


def test_two_hundred_entries_take_the_statements_of_two(cast, as_user):
    """CUS-35: one page, at most 10 queries for 200 rows, beyond the frame's own 4 (issue 2: 12 in all)."""
    gold, client = cast.customers["gold"], as_user(cast.manager)
    visit(gold, today(), cast=cast)
    page(client, gold)
    with statements() as few:
        page(client, gold)
    for back in range(200):
        visit(gold, today() - timedelta(days=back), cast=cast, content=f"第{back}次")
    with statements() as many:
        page(client, gold)
    assert len(many) == len(few)
    assert len(many) <= 12


def test_the_history_shows_both_values_of_a_changed_tier(cast, as_user):
    """SEC-23: an update of a customer's tier shows both values, who and when; nothing on the page deletes it."""
    from accounts.models import Tier

    gold, client = cast.customers["gold"], as_user(cast.supervisor)
    silver = Tier.objects.get(kind="vip", code="silver")
    deed = {"deed": "tier", "tier": silver.pk, "reason": "年审"}
    assert client.post(f"/customers/{gold.pk}/decide/", deed).status_code == 302
    text = page(client, gold, "?tab=history")
    line = next(row for row in re.findall(r"<tr>.*?</tr>", text, re.S) if "金卡" in row)
    assert "银卡" in line
    assert "陈立" in line
    change = Change.objects.filter(tbl="accounts_customer", row_id=gold.pk).latest("seq")
    assert change.ip
    assert "delete" not in text.lower()
