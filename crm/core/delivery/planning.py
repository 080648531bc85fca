"""From notices to messages: clocks at once, everything else in one digest per person and morning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from crm.core.db import write
from crm.core.delivery.choices import NoticePlan, address_on, addresses_of, notice_plans
from crm.core.models import Delivery, DeliveryKind, Notice, User
from crm.core.notices import shown
from crm.core.sweeps import try_lock

FRESH = timedelta(days=3)
"""What is older stays in the browser."""
MOST = 2000
LINES = 12


def plan_deliveries(*, now: datetime) -> int:
    """Write what is to be sent; each notice is planned once, whoever asks how often. Answers how many messages."""
    with write(label="system:plan_deliveries"):
        if not try_lock("plan_deliveries"):
            return 0
        pending = list(Notice.objects.filter(delivered_at=None).order_by("-urgent", "id")[:MOST])
        if not pending:
            return 0
        users = {user.pk: user for user in User.objects.filter(pk__in={row.user_id for row in pending})}
        plans = notice_plans(users)
        digested = _digested(users, now)
        told: list[Notice] = []
        made: list[Delivery] = []
        for user_id, rows in _by_user(pending).items():
            user, plan = users[user_id], plans[user_id]
            singles, digest, done = _sorted_out(user, plan, rows, now, has_digest=user_id in digested)
            told += done
            made += [message for row in singles for message in _single(user, plan, row, now)]
            made += _digest(user, plan, digest, now)
        Notice.objects.filter(pk__in=[row.pk for row in told]).update(delivered_at=now)
        written = Delivery.objects.bulk_create(_reachable(made, plans), ignore_conflicts=True)
    return len(written)


def _by_user(rows: Sequence[Notice]) -> dict[int, list[Notice]]:
    found: dict[int, list[Notice]] = defaultdict(list)
    for row in rows:
        found[row.user_id].append(row)
    return found


def _sorted_out(
    user: User, plan: NoticePlan, rows: Sequence[Notice], now: datetime, *, has_digest: bool
) -> tuple[list[Notice], list[Notice], list[Notice]]:
    """Clocks, what goes into this morning's digest, and everything that is settled with it."""
    fresh = [row for row in rows if row.read_at is None and row.created_at > now - FRESH]
    gone = [row for row in rows if row not in fresh]
    if not user.is_active or user.is_service or not plan.channels:
        return [], [], list(rows)
    singles = [row for row in fresh if row.urgent]
    digest = [row for row in fresh if not row.urgent]
    # Once a morning, outside the quiet hours.
    if plan.wants_digest and digest and (has_digest or plan.is_quiet(timezone.localtime(now).time())):
        return singles, [], gone + singles
    return singles, digest if plan.wants_digest else [], gone + singles + digest


def _digested(user_ids: Iterable[int], now: datetime) -> set[int]:
    """Who has had this morning's digest."""
    day = timezone.localdate(now).isoformat()
    rows = Delivery.objects.filter(kind=DeliveryKind.DIGEST, occasion=day, user_id__in=list(user_ids))
    return set(rows.values_list("user_id", flat=True))


def _single(user: User, plan: NoticePlan, row: Notice, now: datetime) -> list[Delivery]:
    with translation.override(user.language or settings.LANGUAGE_CODE):
        title, body = gettext("To do now"), shown(row).text
    link = settings.BASE_URL + row.url if row.url else ""
    return [
        Delivery(
            user_id=user.pk, channel=channel, kind=DeliveryKind.SINGLE, occasion=str(row.pk), title=title, body=body,
            url=link, made_at=now, try_after=now,
        )
        for channel in plan.channels
    ]  # fmt: skip


def _digest(user: User, plan: NoticePlan, rows: Sequence[Notice], now: datetime) -> list[Delivery]:
    if not rows:
        return []
    day = timezone.localdate(now).isoformat()
    with translation.override(user.language or settings.LANGUAGE_CODE):
        title = ngettext("%(n)d new notice", "%(n)d new notices", len(rows)) % {"n": len(rows)}
        lines = [f"· {shown(row).text}" for row in rows[:LINES]]
        if len(rows) > LINES:
            lines.append(gettext("and %(n)d more") % {"n": len(rows) - LINES})
    return [
        Delivery(
            user_id=user.pk, channel=channel, kind=DeliveryKind.DIGEST, occasion=day, notices=len(rows), title=title,
            body="\n".join(lines), url=f"{settings.BASE_URL}/notices/", made_at=now, try_after=now,
        )
        for channel in plan.channels
    ]  # fmt: skip


def _reachable(made: Sequence[Delivery], plans: dict[int, NoticePlan]) -> list[Delivery]:
    """Nothing is written for a channel on which somebody has no address."""
    known = addresses_of({message.user_id for message in made}) if made else {}
    return [
        message
        for message in made
        if address_on(message.channel, known.get(message.user_id, {}), plans[message.user_id])
    ]
