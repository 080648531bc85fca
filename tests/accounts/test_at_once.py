"""Two people, or two machines, at the same moment: real transactions in parallel."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import connection
from django.utils import timezone

from accounts import actions
from accounts.models import Assignment, Customer, ExternalId
from crm.core.errors import DomainError
from crm.core.models import AccessLog, User

pytestmark = pytest.mark.django_db(transaction=True)


def now():
    return timezone.make_aware(datetime(2026, 11, 18, 10))


def at_once(*deeds):
    """Run the deeds in parallel connections; what each answered or refused."""

    def run(deed):
        try:
            return deed()
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_two_saves_of_the_same_form_and_one_is_told(cast):
    """Scorecard 25: never a silent overwrite."""

    def save(district):
        return lambda: actions.update_customer(
            customer_id=cast.customers["gold"].pk, changes={"district": district}, version=1,
            by=User.objects.get(pk=cast.manager.pk), now=now(),
        ).status  # fmt: skip

    assert sorted(at_once(save("东"), save("西"), save("南"))) == ["conflict", "conflict", "updated"]
    assert Customer.unscoped.get(pk=cast.customers["gold"].pk).version == 2


def test_the_limit_of_looks_is_exact_under_parallel_looks(cast):
    """Scorecard 4: the reveal limit is exact."""
    for _look in range(27):
        actions.reveal_phone(customer_id=cast.customers["gold"].pk, reason="x", by=cast.supervisor, now=now())

    def look():
        by = User.objects.get(pk=cast.supervisor.pk)
        return actions.reveal_phone(customer_id=cast.customers["gold"].pk, reason="x", by=by, now=now()).looks_left

    assert sorted(map(str, at_once(*[look] * 6))) == ["0", "1", "2", "reveal_limit", "reveal_limit", "reveal_limit"]
    assert AccessLog.objects.filter(kind="reveal").count() == 30


def test_the_same_new_record_pushed_twice_makes_one_customer(cast):
    """CUS-10: an unattended client retries blindly."""

    def push():
        item = actions.UpsertItem(external_id="B-1", values={"kind": "vip", "name": "周瑜", "unit": "A"})
        return actions.upsert_customers(items=[item], source="billing", by=None, now=now())[0].status

    assert sorted(at_once(*[push] * 4)) == ["created", "unchanged", "unchanged", "unchanged"]
    assert ExternalId.unscoped.count() == 1


def test_two_supervisors_hand_over_the_same_customers(cast):
    """ORG-1: one open assignment each, whoever was faster; the second has nothing left to do or moves them on."""
    ids = [cast.customers[key].pk for key in ("diamond", "gold", "silver")]

    def hand_over():
        by = User.objects.get(pk=cast.supervisor.pk)
        done = actions.hand_over(customer_ids=ids, to_staff_id=cast.staff["teammate"].pk, reason="x", by=by, now=now())
        return len(done.customer_ids)

    assert sorted(map(str, at_once(hand_over, hand_over))) == ["3", "nothing_to_do"]
    assert Assignment.unscoped.filter(customer_id__in=ids, valid_to=None).count() == 3


def test_a_cover_is_arranged_once(cast):
    """One substitute at a time, whoever was faster."""
    today = now().date()

    def arrange():
        by = User.objects.get(pk=cast.supervisor.pk)
        actions.arrange_cover(
            absent_id=cast.staff["manager"].pk, substitute_id=cast.staff["teammate"].pk, starts_on=today,
            ends_on=today, by=by, now=now(),
        )  # fmt: skip
        return "arranged"

    assert sorted(at_once(arrange, arrange, arrange)) == ["arranged", "cover_overlaps", "cover_overlaps"]
