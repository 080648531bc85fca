"""The log sheet as it opens: who, how, when, the occasions that fit, and what is still missing (screens 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.choices import ContactRole
from crm.core import parameters
from crm.core.scope import Scope
from engagement.queries.policies import open_campaigns
from visits.actions.sheet import Logged
from visits.choices import Mood
from visits.models import DialTap
from visits.parts import OpenPart, PartContext, PartCustomer, known_parts, open_parts
from visits.queries.catalogue import Catalogue, ChannelEntry, OutcomeEntry, catalogue
from visits.queries.occasions import suggested_occasions
from workbench.queries.brief import ago_words, brief_of
from workbench.queries.companions import company
from workbench.queries.learnable import learnable
from workbench.queries.palette import find_customers as search
from workbench.queries.sheet import Choice, Person, QuickDay, Sheet, SheetCustomer

PRIMARY = ("phone", "on_site", "wechat", "sms")
"""The ways of contact that are always in view, in this order; the others one tap further."""
LIKELY = 8
AWAY_SECONDS = 5
MORE = ("next_step", "next_on", "mood", "result", "place", "is_inbound")
FOUND = 8
EVENING = time(18, 0)
CHANNEL_ICONS = {
    "phone": "phone",  # ti-phone
    "on_site": "walk",  # ti-walk
    "visit": "walk",
    "wechat": "brand-wechat",  # ti-brand-wechat
    "sms": "message-2",  # ti-message-2
    "mms": "photo",  # ti-photo
    "reception": "door-enter",  # ti-door-enter
    "email": "mail",  # ti-mail
    "letter": "mailbox",  # ti-mailbox
}


@dataclass(frozen=True, slots=True)
class Opening:
    """How the sheet was asked for."""

    customer_ids: tuple[int, ...] = ()
    tap_id: int | None = None
    seconds: int | None = None
    channel: str = ""
    on: date | None = None
    next: str = ""
    asked: str = ""


def open_sheet(scope: Scope, staff_id: int, opening: Opening, *, now: datetime) -> Sheet:
    """The sheet for these customers; customers outside the scope are not on it."""
    today = timezone.localdate(now)
    sheet = Sheet(next=opening.next, asked=opening.asked)
    sheet.found = find_customers(scope, opening.asked)
    sheet.customers = customers_on_sheet(scope, opening.customer_ids)
    _choices(sheet, scope, today=today)
    _people(sheet, scope, staff_id, now=now)
    if opening.channel in {choice.code for choice in sheet.channels}:
        sheet.channel = opening.channel
    sheet.open_channels = sheet.channel not in PRIMARY
    sheet.parts = open_parts(part_context(sheet.customers, staff_id, today=today))
    _time_limits(sheet, today)
    return sheet


def first_values(sheet: Sheet, staff_id: int, opening: Opening, *, now: datetime) -> dict[str, Any]:
    """What the form begins with: the start of the call that was dialled, else now, else the evening of a past day."""
    local = timezone.localtime(now)
    start, ended = local.replace(second=0, microsecond=0), None
    tap = own_tap(staff_id, opening.tap_id)
    if tap is not None:
        start = timezone.localtime(tap.tapped_at).replace(microsecond=0)
        sheet.tapped_at = start.isoformat()
        if opening.seconds is not None and opening.seconds >= AWAY_SECONDS:
            # The page was left for the call and is back: its length is known.
            ended = start + timedelta(seconds=min(opening.seconds, 86_400))
    elif opening.on is not None and opening.on < local.date():
        start = timezone.make_aware(datetime.combine(opening.on, EVENING))
        sheet.open_time = True
    minutes = -(-(ended - start).seconds // 60) if ended else None
    sheet.time_text = time_words(start, minutes, local.date())
    return {"started_at": start, "ended_at": ended, "client_key": uuid4(), "tap": tap.pk if tap else None}


def own_tap(staff_id: int, tap_id: int | None) -> DialTap | None:
    """One's own tap on dial that no visit was logged from yet."""
    if tap_id is None:
        return None
    return DialTap.unscoped.filter(pk=tap_id, staff_id=staff_id, visit=None).only("id", "tapped_at").first()


def time_words(start: datetime, minutes: int | None, today: date) -> str:
    """「今天 10:32 · 3 分钟」."""
    day = timezone.localdate(start)
    words = ago_words(day, today) if (today - day).days < 2 else date_format(day, "MONTH_DAY_FORMAT")
    text = f"{words} {timezone.localtime(start):%H:%M}"
    if minutes:
        text += " · " + ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    return text


_CUSTOMERS = """
SELECT c.id, c.name, c.kind, c.unit_id,
    (SELECT array_agg(p.id || '|' || p.role || '|' || p.name ORDER BY (p.role <> 'leader'), p.id)
     FROM accounts_contactperson p WHERE p.customer_id = c.id AND p.is_active)
FROM accounts_customer c WHERE c.id = ANY(%s) AND {scope}
"""


def customers_on_sheet(scope: Scope, customer_ids: Sequence[int]) -> list[SheetCustomer]:
    """The chosen customers with their contact persons, in the order chosen; one statement."""
    if not customer_ids:
        return []
    condition, params = scope.sql("c")
    with connection.cursor() as cursor:
        cursor.execute(_CUSTOMERS.format(scope=condition), [list(customer_ids), *params])
        rows = {row[0]: row for row in cursor.fetchall()}
    chosen = [rows[key] for key in customer_ids if key in rows]
    return [SheetCustomer(row[0], row[1], row[2], row[3], persons=_persons(row[4])) for row in chosen]


def _persons(packed: Sequence[str] | None) -> tuple[Person, ...]:
    found = []
    for text in packed or ():
        key, role, name = text.split("|", 2)
        label = "" if role == ContactRole.OTHER else str(ContactRole(role).label)
        found.append(Person(int(key), name, label))
    return tuple(found)


_LIKELY = """
SELECT c.id, c.name, s.next_due_on, s.is_overdue
FROM accounts_standing s JOIN accounts_customer c ON c.id = s.customer_id
WHERE s.manager_id = ANY(%s) ORDER BY s.is_overdue DESC, s.suggested_on, s.customer_id LIMIT %s
"""


def likely_customers(scope: Scope) -> list[SheetCustomer]:
    """Whom a manager most probably means when he opens an empty sheet: those of today's list."""
    if not scope.manager_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LIKELY, [list(scope.manager_ids), LIKELY])
        rows = cursor.fetchall()
    return [SheetCustomer(key, name, hint=_("overdue") if late else "") for key, name, _due, late in rows]


def _choices(sheet: Sheet, scope: Scope, *, today: date) -> None:
    known = catalogue()
    sheet.channels = [_channel(entry) for entry in known.offered_channels()]
    sheet.channels.sort(key=lambda choice: PRIMARY.index(choice.code) if choice.code in PRIMARY else len(PRIMARY))
    sheet.outcomes = [_outcome(entry) for entry in known.offered_outcomes()]
    occasions = [Choice(entry.code, entry.label) for entry in known.offered_occasions()]
    if len(sheet.customers) == 1:
        occasions = _suggested_first(occasions, suggested(scope, sheet.customers[0].id, today=today))
    sheet.occasions = occasions


def _channel(entry: ChannelEntry) -> Choice:
    return Choice(
        entry.code, entry.label, CHANNEL_ICONS.get(entry.code, "message"), is_on_site=entry.is_on_site
    )  # ti-message


def _outcome(entry: OutcomeEntry) -> Choice:
    icon = "circle-check" if entry.is_effective else "phone-off" if entry.is_failed_attempt else "mood-sad"
    return Choice(entry.code, entry.label, icon, is_effective=entry.is_effective)  # ti-phone-off ti-mood-sad


CAMPAIGNS = {"service": "reward", "care": "reward", "marketing": "marketing"}
"""Kind of a service policy → the occasion it gives."""


def _suggested_first(occasions: list[Choice], why: Mapping[str, str]) -> list[Choice]:
    """CON-9: the occasions that fit this customer now come first and say why."""
    chosen = [Choice(item.code, item.label, why=why[item.code]) for item in occasions if item.code in why]
    order = list(why)
    chosen.sort(key=lambda item: order.index(item.code))
    return chosen + [item for item in occasions if item.code not in why]


def suggested(scope: Scope, customer_id: int, *, today: date) -> dict[str, str]:
    """Occasion → why it is offered first; a campaign he is in and has not made use of is the best there is (CON-9)."""
    fitting = suggested_occasions(scope, customer_id, today)
    if not fitting:
        return {}
    found: dict[str, str] = {}
    for kind, policy in open_campaigns(customer_id, today).items():
        found.setdefault(CAMPAIGNS[kind], _("Not used yet: %(policy)s") % {"policy": policy})
    return found | {code: _("Fits this customer now") for code in fitting if code not in found}


def all_choices() -> dict[str, list[tuple[str, str]]]:
    """The choices of the form, from the catalogue of this process; put into words once while it holds."""
    known, language = catalogue(), get_language() or ""
    kept = _in_language.get(language)
    if kept is None or kept[0] is not known:
        kept = _in_language[language] = (known, _in_words(known))
    return kept[1]


_in_language: dict[str, tuple[Catalogue, dict[str, list[tuple[str, str]]]]] = {}


def _in_words(known: Catalogue) -> dict[str, list[tuple[str, str]]]:
    return {
        "channel": [(entry.code, entry.label) for entry in known.offered_channels()],
        "outcome": [(entry.code, entry.label) for entry in known.offered_outcomes()],
        "occasion": [(entry.code, entry.label) for entry in known.offered_occasions()],
        "mood": [(value, str(label)) for value, label in Mood.choices],
    }


def part_context(customers: Sequence[SheetCustomer], staff_id: int, *, today: date) -> PartContext:
    """For whom the parts of the sheet are."""
    return PartContext(tuple(PartCustomer(item.id, item.kind, item.unit_id) for item in customers), staff_id, today)


def people_sheet(scope: Scope, staff_id: int, customer_ids: Sequence[int], *, today: date) -> Sheet:
    """Only the people and the parts of an on-site visit to these customers: when the customers change."""
    sheet = Sheet(customers=customers_on_sheet(scope, customer_ids))
    sheet.parts = open_parts(part_context(sheet.customers, staff_id, today=today))
    return sheet


def typed_parts(
    scope: Scope, staff_id: int, customer_ids: Sequence[int], data: Any, files: Any, *, today: date, whole: bool = False
) -> list[OpenPart]:
    """The parts of a sheet that comes back, bound; nothing is asked of the database when none was filled in."""
    prefixes = tuple(f"{part.code}-" for part in known_parts())
    typed = (name for given in (data, files) for name, value in given.items() if value)
    if not whole and not any(name.startswith(prefixes) for name in typed):
        return []
    customers = customers_on_sheet(scope, customer_ids)
    return open_parts(part_context(customers, staff_id, today=today), data, files)


def keep_typed(sheet: Sheet, data: Any, errors: Mapping[str, Any]) -> None:
    """Show again what was chosen and typed, with everything open that has something in it."""
    sheet.channel, sheet.outcome, sheet.occasion = (data.get(name, "") for name in ("channel", "outcome", "occasion"))
    sheet.met, sheet.companions = _numbers(data.getlist("met")), _numbers(data.getlist("companion"))
    sheet.open_time = bool(errors.keys() & {"started_at", "minutes"})
    sheet.open_more = any(data.get(name) for name in MORE) or any(
        data.get(f"learn_{item.name}") for item in sheet.learn
    )
    sheet.open_more = sheet.open_more or bool(errors.keys() & set(MORE)) or any(i.is_used for i in sheet.more_parts)
    sheet.learn = [
        replace(item, value=data.get(f"learn_{item.name}", ""), errors=tuple(errors.get(f"learn_{item.name}", ())))
        for item in sheet.learn
    ]
    sheet.time_text = data.get("started_at", "").replace("T", " ")[:16]
    here = {customer.id for customer in sheet.customers}
    sheet.gone = tuple(number for number in _numbers(data.getlist("customer")) if number not in here)
    if sheet.gone and not here:
        sheet.draft_key = f"log:{sheet.gone[0]}"
    if sheet.asked:
        sheet.found = [item for item in sheet.found if item.id not in here]


def _numbers(texts: Sequence[str]) -> tuple[int, ...]:
    return tuple(int(text) for text in texts if text.isascii() and text.isdigit() and len(text) <= 18)


def find_customers(scope: Scope, text: str) -> list[SheetCustomer]:
    """One's own customers found by part of a name, initials, number or phone tail."""
    return [SheetCustomer(row.id, row.name, hint=row.phone[-4:]) for row in search(scope, text, FOUND)]


def is_failed_attempt(outcome: str) -> bool:
    """Whether an outcome is an attempt that reached nobody."""
    entry = catalogue().outcomes.get(outcome)
    return entry is not None and entry.is_failed_attempt


def words_for(logged: Logged) -> str:
    """What the toast says: whose duty is met, and the friendly hints (CON-28, CUS-29)."""
    met = len({duty.customer_id for duty in logged.settled})
    text = (
        _("Saved.")
        if not met
        else ngettext("Saved, the duty is met.", "Saved, %(n)d duties are met.", met) % {"n": met}
    )
    return " ".join([text, *logged.warnings])


def _people(sheet: Sheet, scope: Scope, staff_id: int, *, now: datetime) -> None:
    with_him = company(scope, staff_id, [customer.id for customer in sheet.customers])
    sheet.colleagues, sheet.is_guest = with_him.colleagues, with_him.is_guest
    if not sheet.customers:
        sheet.likely = likely_customers(scope)
        sheet.title = _("Log a visit")
        return
    first = sheet.customers[0]
    sheet.title = " · ".join(customer.name for customer in sheet.customers)
    sheet.draft_key = f"log:{first.id}"
    if len(sheet.customers) == 1:
        sheet.card = brief_of(scope, first.id, now=now)
        if not sheet.is_guest:
            sheet.learn = learnable(first.id, first.kind, today=timezone.localdate(now))


def _time_limits(sheet: Sheet, today: date) -> None:
    sheet.today = today.isoformat()
    first = today - timedelta(days=int(parameters.value("back_dating_days", today)))
    sheet.earliest, sheet.latest = f"{first}T00:00", f"{today}T23:59"
    week = today + timedelta(days=7 - today.weekday())
    sheet.quick_days = [
        QuickDay((today + timedelta(days=1)).isoformat(), _("tomorrow")),
        QuickDay((today + timedelta(days=3)).isoformat(), _("in 3 days")),
        QuickDay(week.isoformat(), _("next Monday")),
        QuickDay((today + timedelta(days=14)).isoformat(), _("in 2 weeks")),
    ]
