"""The customer page tells what he enjoys, what he is worth and what holds him (ENG-7, CUS-16, RET-17)."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from accounts.actions.value import assess_value
from tests.engagement.world import enjoy

NOW = timezone.now()


def ask(cast, as_user, key="gold", user="manager", **asked):
    return as_user(getattr(cast, user)).get(reverse("workbench:customer_care", args=[cast.customers[key].pk]), asked)


def test_the_tab_shows_current_policies_unused_benefits_and_expiry(cast, as_user):
    """ENG-7: what runs with its end and whether it was used; what has ended stands behind."""
    gold = cast.customers["gold"]
    enjoy(gold, "roaming_service", until=12)
    enjoy(gold, "bill_service", used_on=timezone.localdate())
    enjoy(gold, "credit_service", since=60, until=-1)
    page = ask(cast, as_user).content.decode()
    ends_on = timezone.localdate() + timedelta(days=12)
    for words in ("国际漫游服务", "账单服务", "信誉客户服务", ends_on.isoformat(), "尚未使用", "已结束"):
        assert words in page, words
    assert "未享受任何服务政策" not in page
    assert "未享受任何服务政策" in ask(cast, as_user, "silver").content.decode()


def test_the_head_is_asked_for_when_the_page_stands(cast, as_user):
    """RET-17, CUS-16: stickiness and class as a fragment of their own; the page itself asks nothing for them."""
    gold = cast.customers["gold"]
    enjoy(gold)
    assess_value(customer_id=gold.pk, volume=5, growth=5, potential=5, by=cast.manager, now=NOW)
    page = as_user(cast.manager).get(reverse("workbench:customer", args=[gold.pk])).content.decode()
    url = reverse("workbench:customer_care", args=[gold.pk])
    assert f'hx-get="{url}?part=head" hx-trigger="load"' in page
    head = ask(cast, as_user, part="head").content.decode()
    assert "<html" not in head
    assert "1 / 3" in head
    assert "is-A" in head
    tab = as_user(cast.manager).get(reverse("workbench:customer", args=[gold.pk]), {"tab": "care"}).content.decode()
    assert f'hx-get="{url}"' in tab


def test_another_unit_sees_nothing_of_it(cast, as_user):
    """SEC-3."""
    assert ask(cast, as_user, user="stranger").status_code == 404
    page = ask(cast, as_user, user="auditor").content.decode()
    assert "/policies/new/" not in page
