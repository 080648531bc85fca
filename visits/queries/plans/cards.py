"""One item as the board, the print and the lists show it (CON-14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts.choices import PreferredChannel
from accounts.queries import names
from crm.core.marks import dated
from crm.core.ui import mark, tier_badge
from visits.choices import HalfDay, ItemReason, ItemState
from visits.queries.catalogue import catalogue
from visits.queries.plans.rows import ItemRow

# ti-phone-incoming ti-flag-3 ti-briefcase ti-hand-stop ti-heart-handshake ti-cake ti-walk ti-clock ti-calendar-event
# ti-calendar-plus ti-repeat ti-user-plus ti-target
REASONS = {
    "call_back": ("soon", "phone-incoming"),
    "follow_up": ("info", "flag-3"),
    "assigned": ("info", "briefcase"),
    "introduction": ("info", "hand-stop"),
    "care": ("info", "heart-handshake"),
    "birthday": ("info", "cake"),
    "face_to_face": ("soon", "walk"),
    "due": ("soon", "clock"),
    "suggested": ("", "calendar-event"),
    "forecast": ("", "calendar-plus"),
    "again": ("soon", "repeat"),
    "own": ("plain", "user-plus"),
    "target": ("plain", "target"),
}
# ti-circle-check ti-circle-x ti-circle-minus
STATES = {"done": ("met", "circle-check"), "missed": ("late", "circle-x"), "cancelled": ("quiet", "circle-minus")}
ICONS = {
    "phone": "phone", "on_site": "map-pin", "wechat": "brand-wechat", "sms": "message-2", "email": "mail",
    "reception": "door-enter", "letter": "mail", "mms": "photo",
}  # fmt: skip
# ti-phone ti-map-pin ti-brand-wechat ti-message-2 ti-mail ti-door-enter ti-photo ti-messages


@dataclass(frozen=True, slots=True)
class Card:
    """An item, ready to show."""

    id: int
    name: str
    url: str
    tier: SafeString | str
    reason: SafeString
    reason_text: str
    state_text: str
    state: SafeString | str
    state_code: str
    channel: str
    channel_icon: str
    likes: str
    quiet: str
    place: str
    purpose: str
    promise: str
    helpers: str
    owner: str
    day: str
    half: str
    on: date
    half_text: str
    day_text: str
    due: str
    left_out: str
    visit_url: str
    log_url: str
    is_movable: bool
    is_again: bool
    is_moved: bool


def card_of(item: ItemRow, today: date, *, can_edit: bool) -> Card:
    """What the planner needs beside the name: preferred time, place and channel (CON-14)."""
    channel = catalogue().channels_by_id.get(item.channel_id) if item.channel_id else None
    is_open = item.state in (ItemState.PLANNED, ItemState.MISSED)
    is_seen = item.name is not None
    return Card(
        id=item.id,
        name=item.name or (_("handed over") if item.customer_id else item.segment or item.purpose),
        url=f"/customers/{item.customer_id}/" if is_seen else "",
        tier=tier_mark(item.tier_id),
        reason=reason_mark(item),
        reason_text=reason_words(item),
        state_text=state_words(item),
        state=state_mark(item),
        state_code=item.state,
        channel=channel.label if channel else "",
        channel_icon=ICONS.get(channel.code, "messages") if channel else "messages",
        likes=likes_of(item, channel.code if channel else ""),
        quiet=f"{item.dnd_from:%H:%M}–{item.dnd_to:%H:%M}" if item.dnd_from and item.dnd_to else "",
        place=" ".join(part for part in (item.district, item.address) if part),
        purpose=item.purpose,
        promise=item.promise or "",
        helpers="、".join(names.staff_name(staff_id) for staff_id in item.helper_ids),
        owner=names.staff_name(item.owner_id),
        day=item.planned_on.isoformat(),
        half=item.half,
        on=item.planned_on,
        half_text=str(HalfDay(item.half).label),
        day_text=day_words(item.planned_on),
        due=_("due on %(day)s") % {"day": day_words(item.due_on)} if item.due_on and item.reason != "due" else "",
        left_out=item.leave_out_reason,
        visit_url=f"/visits/{item.visit_id}/" if item.visit_id and is_seen else "",
        log_url=f"/log/?customer={item.customer_id}" if can_edit and is_open and is_seen else "",
        is_movable=can_edit and is_open and is_seen,
        is_again=item.state == ItemState.MISSED or item.planned_on < today,
        is_moved=item.is_moved,
    )


def day_words(day: date | None) -> str:
    """「11月17日 周二」."""
    return dated(day) if day else ""


def tier_mark(tier_id: int | None) -> SafeString | str:
    """The badge of a tier."""
    tier = names.tier(tier_id)
    return tier_badge(tier.code, tier.label()) if tier else mark_safe("")


def reason_words(item: ItemRow) -> str:
    """Why it is in the plan, with the day it speaks of."""
    words = str(ItemReason(item.reason).label)
    if item.reason_on is not None and item.reason in ("due", "again", "birthday"):
        return f"{words} · {date_format(item.reason_on, 'MONTH_DAY_FORMAT')}"
    return words


def reason_mark(item: ItemRow) -> SafeString:
    """The same as a chip."""
    return mark(reason_words(item), *REASONS[item.reason])


def state_mark(item: ItemRow) -> SafeString | str:
    """Done on its day, on another one, missed; nothing while it is ahead."""
    if item.state not in STATES:
        return ""
    if item.state == ItemState.DONE and not item.is_on_day:
        return mark(state_words(item), "soon", "circle-check")
    return mark(state_words(item), *STATES[item.state])


def state_words(item: ItemRow) -> str:
    """What became of it; nothing while it is ahead."""
    if item.state == ItemState.DONE and item.visited_on is not None and not item.is_on_day:
        return _("done on %(day)s") % {"day": date_format(item.visited_on, "MONTH_DAY_FORMAT")}
    return str(ItemState(item.state).label) if item.state in STATES else ""


def likes_of(item: ItemRow, planned: str) -> str:
    """Preferred time, and the preferred channel when another one is planned, in one line."""
    liked = item.preferred_channel
    channel = str(PreferredChannel(liked).label) if liked and liked != planned else ""
    return " · ".join(part for part in (item.preferred_time, channel) if part)
