"""The tab of a customer's lines, and the note that he wants to leave (RET-3, RET-9)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import GroupMember, LifecycleEvent, Line, Signal
from accounts.queries.lines import net_movement
from accounts.rules import add_months

pytestmark = pytest.mark.django_db


def line(customer, number, **more):
    values = {"opened_on": timezone.localdate() - timedelta(days=800), "updated_at": timezone.now()} | more
    return Line.unscoped.create(customer=customer, number=number, **values)


def test_the_tab_shows_lines_masked_with_what_happened(cast, as_user):
    """RET-9: lines by state, events and signals, numbers masked; htmx gets the part only, others a page."""
    gold, today, now = cast.customers["gold"], timezone.localdate(), timezone.now()
    line(gold, "13812340001")
    gone = line(gold, "13812340002", state="closed", closed_on=today)
    LifecycleEvent.unscoped.create(
        customer=gold, line=gone, kind="ported_out", happened_on=today, destination="unicom", source="billing",
        external_id="E1", received_at=now,
    )  # fmt: skip
    client = as_user(cast.manager)
    url = f"/customers/{gold.pk}/lines/"
    page = client.get(url)
    text = page.content.decode()
    assert "<html" in text and "138****0001" in text and "13812340002" not in text and "中国联通" in text
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "138****0002" in part
    closed = client.get(f"{url}?state=closed").content.decode()
    assert "138****0002" in closed and "138****0001" not in closed
    assert client.get(f"{url}?state=lost").status_code == 400
    assert f'hx-get="{url}"' in client.get(f"/customers/{gold.pk}/?tab=lines").content.decode()
    assert as_user(cast.stranger).get(url).status_code == 404


def test_a_group_shows_who_came_and_left_by_month(cast, as_user):
    """RET-9: net movement of members and of its own lines, and how many of those that left were ported."""
    firm, today = cast.customers["teammates"], timezone.localdate()
    this = today.replace(day=1)
    last = add_months(this, -1)
    member = GroupMember.unscoped.create(customer=firm, msisdn="13812340009")
    line(firm, "13812340001", opened_on=this)
    line(firm, "13812340002", opened_on=last)
    line(firm, "13812340003", state="closed", closed_on=last)
    ported = line(firm, "13812340004", member=member, state="closed", closed_on=last)
    LifecycleEvent.unscoped.create(
        customer=firm, line=ported, kind="ported_out", happened_on=last, source="billing", external_id="E1",
        received_at=timezone.now(),
    )  # fmt: skip
    now, before, *_rest = net_movement(firm.pk, today)
    assert (now.month, now.lines_in, now.lines, now.members) == (this, 1, 1, 0)
    assert (before.lines_in, before.lines_out, before.members_out, before.members, before.ported) == (1, 1, 1, -1, 1)
    assert f"{last:%Y-%m}" in as_user(cast.teammate).get(f"/customers/{firm.pk}/lines/").content.decode()


def test_the_manager_notes_that_a_customer_wants_to_leave(cast, as_user):
    """RET-3: one form, one signal, however often it is sent; a colleague's customer is not there."""
    gold = cast.customers["gold"]
    url = f"/customers/{gold.pk}/signals/new/"
    client = as_user(cast.manager)
    form = {"kind": "asked_to_leave", "text": "对方送宽带", "key": str(uuid4())}
    assert client.get(url).status_code == 200
    for _again in range(2):
        assert client.post(url, form).status_code == 302
    row = Signal.unscoped.get()
    assert (row.kind, row.text, row.source, row.by, row.handled_at) == (
        "asked_to_leave", "对方送宽带", "manual", cast.manager, None,
    )  # fmt: skip
    assert client.post(url, form | {"kind": "sulks", "key": str(uuid4())}).status_code == 400
    assert as_user(cast.teammate).post(url, form).status_code == 404
    assert as_user(cast.handler).post(url, form).status_code == 403
    assert url in as_user(cast.manager).get(f"/customers/{gold.pk}/").content.decode()
