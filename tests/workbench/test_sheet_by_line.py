"""What the sheet shows beside its questions: the section of the line, what one should know of the customer."""

import re

import pytest

from accounts.models import Customer
from tests.workbench.world import HTMX

pytestmark = pytest.mark.django_db


def sheet(client, customer, channel="on_site"):
    answer = client.get(f"/log/?customer={customer.pk}&channel={channel}", headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def test_stock_price_and_display_are_asked_on_the_channel_line_only(cast, as_user):
    """ORG-6: the channel manager's visit form shows the stock, price and display section; a VIP manager's does not."""
    of_channel = sheet(as_user(cast.teammate), cast.customers["channel"])
    asked = set(re.findall(r'name="shop-(\w+?)(?:_\d+)?"', of_channel))
    assert {"display_improved", "reminded_of_law"} <= asked, asked
    assert "shop-" not in sheet(as_user(cast.teammate), cast.customers["teammates"])
    assert "shop-" not in sheet(as_user(cast.manager), cast.customers["gold"])


def test_special_requests_stand_on_the_form(cast, as_user):
    """ENG-26: the note of personal service is visible on the visit form."""
    Customer.unscoped.filter(pk=cast.customers["gold"].pk).update(service_notes="只在下午联系,不打座机")
    assert "只在下午联系,不打座机" in sheet(as_user(cast.manager), cast.customers["gold"], "phone")
