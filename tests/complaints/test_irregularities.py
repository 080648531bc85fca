"""Irregularity reports: told at once, every hop with its moment, closed with result and copy (CMP-34, 35, ORG-15)."""

from base64 import b64decode
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Unit
from accounts.queries import names
from complaints.choices import IrregularityState
from complaints.models import Irregularity, IrregularityFile
from complaints.rules.irregularities import HOPS, next_hop, refuse
from crm.core.models import Notice
from tests.visits.ledger_world import visit
from tests.visits.pictures import picture
from visits.models import ShopCheck

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(cast):
    """The two departments outside (ORG-15)."""
    for code, name, kind in (("ENF", "专卖管理部门", "enforcement"), ("OPS", "卷烟经营部", "operations")):
        unit = Unit.unscoped.create(code=code, name=name, type=kind, parent=cast.units["CITY"])
        unit.path = f"{cast.units['CITY'].path}{unit.pk}/"
        unit.save()
        cast.units[code] = unit
    return cast


def found(**changes):
    """What was found, as the form sends it."""
    return {
        "kind": "unlicensed", "subject": "路边卡摊", "place": "城东路3号", "facts": "无授权销售号卡",
        "found_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"), "client_key": str(uuid4()),
    } | changes  # fmt: skip


def report(house, as_user, **changes):
    as_user(house.manager).post(reverse("complaints:irregularity_new"), found(**changes))
    return Irregularity.unscoped.latest("pk")


def hop(house, as_user, row, name, who="market_manager", **values):
    return as_user(getattr(house, who)).post(reverse(f"complaints:irregularity_{name}", args=[row.pk]), values)


def test_each_hop_is_possible_in_its_own_state_only():
    """CMP-35: 4 hops × 5 states; none is skipped."""
    for name, (needed, _target) in HOPS.items():
        assert [state for state in IrregularityState if refuse(name, state) == ""] == [needed]
    assert [next_hop(state) for state in IrregularityState] == ["forward", "result", "copy", "close", ""]
    assert refuse("close", "forwarded") == "no_result"


def test_a_report_need_not_be_about_a_customer_and_is_told_at_once(house, as_user):
    """CMP-34, CMP-35: supervisor and regional market manager have their notice; sent twice it is one report."""
    key = str(uuid4())
    row = report(house, as_user, client_key=key)
    assert (row.customer, row.kind, row.staff, row.unit) == (
        None,
        "unlicensed",
        house.staff["manager"],
        house.units["A"],
    )
    told = set(Notice.objects.filter(kind="irregularity_reported").values_list("user__username", flat=True))
    assert told == {"S1001", "R1001"}
    assert report(house, as_user, client_key=key) == row
    assert Irregularity.unscoped.count() == 1
    client = as_user(house.manager)
    later = (timezone.localtime() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    for wrong in ({"subject": ""}, {"place": ""}, {"facts": ""}, {"kind": "else"}, {"found_at": later}):
        assert client.post(reverse("complaints:irregularity_new"), found(**wrong)).status_code == 400, wrong
    assert as_user(house.market_manager).post(reverse("complaints:irregularity_new"), found()).status_code == 403


def test_it_goes_from_hop_to_hop_each_with_its_moment(house, as_user):
    """CMP-35, ORG-15: forward-to and copy-to unit; only units of the right type; the reporter hears of the result."""
    row = report(house, as_user)
    enforcement, operations = house.units["ENF"].pk, house.units["OPS"].pk
    assert hop(house, as_user, row, "forward", who="supervisor", unit=enforcement).status_code == 403
    assert hop(house, as_user, row, "forward", unit=operations).status_code == 400
    assert hop(house, as_user, row, "close").status_code == 409
    assert hop(house, as_user, row, "forward", unit=enforcement).status_code == 302
    assert hop(house, as_user, row, "copy", unit=operations).status_code == 409
    assert hop(house, as_user, row, "result", result="已责令停止").status_code == 302
    assert hop(house, as_user, row, "close").status_code == 409  # the copy is missing
    assert hop(house, as_user, row, "copy", unit=operations).status_code == 302
    assert hop(house, as_user, row, "close").status_code == 302
    row.refresh_from_db()
    moments = (row.reported_at, row.forwarded_at, row.result_at, row.copied_at, row.closed_at)
    assert None not in moments
    assert list(moments) == sorted(moments)
    assert (row.to_unit.code, row.copy_unit.code, row.state) == ("ENF", "OPS", "closed")
    assert Notice.objects.get(kind="irregularity_result").user == house.manager
    page = as_user(house.manager).get(reverse("complaints:irregularity_detail", args=[row.pk])).content.decode()
    assert "专卖管理部门" in page
    assert "卷烟经营部" in page


def test_the_database_does_not_close_it_without_result_and_copy(house, as_user):
    """CMP-35: the constraint behind the rule."""
    row = report(house, as_user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Irregularity.unscoped.filter(pk=row.pk).update(state="closed")


def test_colleagues_of_the_unit_it_was_passed_to_see_it_and_strangers_do_not(house, as_user):
    """ORG-15: recipients read; the manager of another unit finds nothing."""
    row = report(house, as_user)
    url = reverse("complaints:irregularity_detail", args=[row.pk])
    house.staff["stranger_supervisor"].unit = house.units["ENF"]
    house.staff["stranger_supervisor"].save()
    names.forget()
    assert as_user(house.stranger_supervisor).get(url).status_code == 404
    hop(house, as_user, row, "forward", unit=house.units["ENF"].pk)
    assert as_user(house.stranger_supervisor).get(url).status_code == 200
    assert as_user(house.stranger).get(url).status_code == 404
    assert "路边卡摊" not in as_user(house.stranger).get(reverse("complaints:irregularity_list")).content.decode()


def test_photos_go_with_the_report(house, as_user):
    """CMP-34: photo; for who sees the report only."""
    photo = ContentFile(b64decode(picture().split(",")[1]), name="a.png")
    row = report(house, as_user, photos=[photo])
    url = reverse("complaints:irregularity_photo", args=[row.pk, IrregularityFile.unscoped.get().pk])
    assert as_user(house.supervisor).get(url).status_code == 200
    assert as_user(house.stranger).get(url).status_code == 404


def test_a_visit_that_saw_irregular_business_begins_the_report(house, as_user):
    """CON-39, CMP-34: the checklist's sentence stands in the form; somebody else's visit is not there."""
    made = visit(house.customers["channel"], timezone.localdate(), cast=house, by="teammate")
    ShopCheck.unscoped.create(visit=made, irregular_nearby=True, irregular_report="隔壁无证卖卡")
    url = f"{reverse('complaints:irregularity_new')}?visit={made.pk}"
    assert "隔壁无证卖卡" in as_user(house.teammate).get(url).content.decode()
    assert as_user(house.stranger).get(url).status_code == 404
