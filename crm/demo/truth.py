"""Missed calls, callbacks and outings of the demo's last days, by the same actions as the pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from accounts.models import Customer
from conduct.actions import come_back, register_outing
from conduct.models import Outing
from crm.core.errors import DomainError
from crm.core.models import User
from crm.demo.deeds import acting
from crm.demo.organisation import Organisation
from visits.actions import answer_callback, record_missed_call
from visits.models import Callback, Visit
from visits.queries.missed_calls import answering_scope

ASKER = "C1001"
MATTERS = ("网络慢，请回电", "账单疑问", "想办国际漫游", "")
SAID = ("服务很好", "", "", "希望多介绍新套餐", "联系及时")
ANSWERED = 40
DENIED = 2


class Truth:
    """The last days of who checks what was logged."""

    def __init__(self, random: Random, organisation: Organisation, now: datetime) -> None:
        self.random, self.organisation, self.now = random, organisation, now
        self.users = {user.username: user for user in User.objects.filter(is_service=False)}

    def live(self) -> None:
        """A few of everything; cheap."""
        if ASKER not in self.users:
            return
        with acting(self.users[ASKER]):
            self._missed()
            self._callbacks()
        self._outings()

    def _missed(self) -> None:
        """Two wait now, one is late, some were called back."""
        asker = self.users[ASKER]
        scope = answering_scope(asker.access)
        numbers = [self.organisation.members[number].id for number in ("M1001", "M1002", "M2001")]
        rows = Customer.unscoped.filter(manager_id__in=numbers, state="active").exclude(phone="")
        for place, customer in enumerate(rows.order_by("manager_id", "-pk")[:6]):
            minutes = (6, 18, 41)[place % 3]
            record_missed_call(
                customer_id=customer.pk, called_at=self.now - timedelta(minutes=minutes), by=asker, now=self.now,
                scope=scope, note=MATTERS[place % len(MATTERS)],
            )  # fmt: skip

    def _callbacks(self) -> None:
        """Most contacts are confirmed; two never happened."""
        asker = self.users[ASKER]
        rows = list(Callback.unscoped.filter(state="waiting").order_by("pk").values_list("pk", flat=True)[:ANSWERED])
        for place, pk in enumerate(rows):
            took_place = place >= DENIED
            try:
                answer_callback(
                    callback_id=pk, took_place=took_place, by=asker, now=self.now,
                    satisfaction=self.random.choice((3, 4, 4, 5, 5, 5)) if took_place else None,
                    knows_manager=True if took_place else None, data_correct=self.random.random() > 0.1,
                    remark=self.random.choice(SAID) if took_place else "最近没有人联系过我",
                )  # fmt: skip
            except DomainError:
                continue

    def _outings(self) -> None:
        """An outing round most on-site visits of the last days, one without a contact."""
        since = self.now - timedelta(days=12)
        rows = Visit.unscoped.filter(channel__is_on_site=True, occurred_at__gte=since, undone_at=None)
        seen: set[tuple[int, object]] = set()
        for visit in rows.select_related("customer", "staff__user").order_by("occurred_at")[:40]:
            key = (visit.staff_id, visit.occurred_on)
            if key in seen or self.random.random() < 0.15:
                continue
            seen.add(key)
            back = (visit.ended_at or visit.occurred_at) + timedelta(minutes=25)
            self._out(visit.staff.user, visit.occurred_at - timedelta(minutes=25), back, visit.customer.name)
        member = self.organisation.members["M1001"]
        start = timezone.localtime(self.now - timedelta(days=2)).replace(hour=15, minute=0)
        self._out(User.objects.get(pk=member.user_id), start, start + timedelta(hours=1), "城东商业街")

    def _out(self, user: User, left: datetime, back: datetime, destination: str) -> None:
        if back > self.now:
            return
        with acting(user):
            outing: Outing = register_outing(
                leaves_at=left, returns_at=back, destination=destination[:100], purpose="上门拜访", leaving=True,
                by=user, now=left,
            )  # fmt: skip
            come_back(outing_id=outing.pk, by=user, now=back)
