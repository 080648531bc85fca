"""What a phone keeps for a place without signal (decisions 18): minimal cards of one's own and covered customers.

No telephone number, no address, no birthday, no note, nothing private; a free text loses every long number in it.
Days come as days, not as words: the page that shows them says how long ago, whenever it is opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.choices import ContactRole, PreferredChannel
from accounts.queries import names
from crm.core import parameters
from crm.core.abilities import Access
from crm.core.marks import NEVER
from crm.core.scope import Scope
from crm.core.ui import TIER_ICONS
from visits.parts import open_parts
from visits.queries import ring
from visits.queries.catalogue import catalogue
from visits.queries.journal.day_logs import is_closed
from visits.queries.today import TodayRow, today_rows
from workbench.forms import LogSheetForm
from workbench.queries import log_sheet
from workbench.queries.companions import company
from workbench.queries.reasons import CHIPS, PROMISES, reason_look, reason_words
from workbench.queries.sheet import Sheet, SheetCustomer

MOST_CUSTOMERS = 400
"""A manager has fewer; whoever covers a whole district keeps those that are due first."""
SHORT = 60
_LONG_NUMBER = re.compile(r"\d(?:[\s.\-()（）]?\d){5,}")
_DAY = re.compile(r"(?:19|20)\d\d[-.]\d{1,2}[-.]\d{1,2}")

_FIRST = """
SELECT customer_id FROM accounts_standing WHERE manager_id = ANY(%s)
ORDER BY is_overdue DESC, suggested_on, customer_id LIMIT %s
"""
_CARDS = """
SELECT c.id, c.name, c.initials, c.kind, c.unit_id, c.tier_id, c.preferred_channel, c.preferred_time, c.dnd_from,
    c.dnd_to, s.next_due_on, s.is_overdue, v.occurred_on, v.channel_id, v.outcome_id, v.content, v.next_step, v.next_on,
    (SELECT array_agg(p.id || '|' || p.role || '|' || p.name ORDER BY (p.role <> 'leader'), p.id)
     FROM accounts_contactperson p WHERE p.customer_id = c.id AND p.is_active)
FROM accounts_customer c
LEFT JOIN accounts_standing s ON s.customer_id = c.id
LEFT JOIN LATERAL (
    SELECT occurred_on, channel_id, outcome_id, content, next_step, next_on FROM visits_visit
    WHERE customer_id = c.id AND undone_at IS NULL ORDER BY occurred_on DESC, id DESC LIMIT 1
) v ON true
WHERE c.id = ANY(%s) AND {scope} ORDER BY c.id
"""


def offline_bundle(access: Access, *, now: datetime) -> dict[str, Any]:
    """Everything the pages without signal show; a fixed number of statements."""
    scope, staff_id = access.scope_for("serve_customers"), access.staff_id or 0
    today = timezone.localdate(now)
    managers = scope.manager_ids
    rows = today_rows(managers, today, now=now) if managers else []
    ids = dict.fromkeys(row.customer_id for row in rows)
    cards = _cards(scope, list(ids | dict.fromkeys(_first(managers)))[:MOST_CUSTOMERS])
    figures = ring(managers, today, staff_id=staff_id)
    return {
        "user": access.user_id,
        "language": get_language(),
        "now": now.isoformat(),
        "day": today.isoformat(),
        "back_days": int(parameters.value("back_dating_days", today)),
        "closed": is_closed(staff_id, today),
        "ring": {"met": figures.met, "owed": figures.owed},
        "today": [_today(row, today) for row in rows],
        "customers": cards,
        "sheets": _sheets(access, staff_id, cards, now=now),
        "frame": render_to_string("workbench/offline_frame.html"),
    }


def hide_numbers(text: str) -> str:
    """A free text without the numbers somebody wrote into it: telephone, account, identity card."""
    return _LONG_NUMBER.sub(lambda found: found[0] if _DAY.fullmatch(found[0]) else found[0][:2] + "****", text)


def short(text: str | None) -> str:
    """The beginning of a text, long numbers hidden before it is cut."""
    told = hide_numbers(text or "").replace("\n", " ")
    return told if len(told) <= SHORT else told[: SHORT - 1] + "…"


def _first(managers: Sequence[int]) -> Iterable[int]:
    """Whose turn it is first, far beyond today."""
    if not managers:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_FIRST, [list(managers), MOST_CUSTOMERS])
        return [row[0] for row in cursor.fetchall()]


def _cards(scope: Scope, ids: Sequence[int]) -> list[dict[str, Any]]:
    if not ids:
        return []
    condition, params = scope.sql("c")
    with connection.cursor() as cursor:
        cursor.execute(_CARDS.format(scope=condition), [list(ids), *params])
        return [_card(row) for row in cursor.fetchall()]


def _card(row: Sequence[Any]) -> dict[str, Any]:
    """One customer, empty things left out."""
    (
        key, name, initials, kind, unit_id, tier_id, channel, at, dnd_from, dnd_to, due_on, is_overdue,
        last_on, last_channel, last_outcome, content, next_step, next_on, persons,
    ) = row  # fmt: skip
    tier = names.tier(tier_id)
    card = {
        "id": key,
        "name": name,
        "initials": initials,
        "kind": kind,
        "unit": unit_id,
        "tier": [tier.code, tier.label(), TIER_ICONS.get(tier.code, "")] if tier else None,
        "due": None if due_on is None or due_on == NEVER else due_on.isoformat(),
        "late": bool(is_overdue),
        "last": _last(last_on, last_channel, last_outcome, content),
        "promise": {"text": short(next_step), "on": next_on.isoformat() if next_on else None} if next_step else None,
        "prefers": " · ".join(part for part in (str(PreferredChannel(channel).label) if channel else "", at) if part),
        "quiet": f"{dnd_from:%H:%M}–{dnd_to:%H:%M}" if dnd_from and dnd_to else "",
        "persons": [_person(text) for text in persons or ()],
    }
    return {name: value for name, value in card.items() if value not in (None, "", [], False)}


def _last(
    on: date | None, channel_id: int | None, outcome_id: int | None, content: str | None
) -> dict[str, str] | None:
    if on is None:
        return None
    known = catalogue()
    channel = known.channels_by_id.get(channel_id) if channel_id else None
    outcome = known.outcomes_by_id.get(outcome_id) if outcome_id else None
    failed = outcome.label if outcome is not None and not outcome.is_effective else ""
    how = " · ".join(part for part in (channel.label if channel else "", failed) if part)
    return {"on": on.isoformat(), "how": how, "text": short(content)}


def _person(packed: str) -> list[Any]:
    key, role, name = packed.split("|", 2)
    return [int(key), name, "" if role == ContactRole.OTHER else str(ContactRole(role).label)]


def _today(row: TodayRow, today: date) -> dict[str, Any]:
    """A row of Today: its reasons, and what was promised."""
    promised = next((reason for reason in row.reasons if reason.kind in PROMISES and reason.text), None)
    line: dict[str, Any] = {
        "id": row.customer_id,
        "late": row.is_overdue,
        "chips": [
            [reason_words(reason, today), reason_look(reason, today), CHIPS[reason.kind][1]] for reason in row.reasons
        ],
    }
    if promised is not None:
        line["promise"] = {"text": short(promised.text), "on": promised.on.isoformat() if promised.on else None}
    return line


# --- The log sheet, blank


def _sheets(access: Access, staff_id: int, cards: Sequence[dict[str, Any]], *, now: datetime) -> dict[str, str]:
    """The very sheet of the site, blank and without a form token: one per kind of customer, each with its parts."""
    kinds: dict[str, dict[str, Any]] = {}
    for card in cards:
        kinds.setdefault(card["kind"], card)
    if not kinds:
        return {}
    opening, today = log_sheet.Opening(), timezone.localdate(now)
    sheet = log_sheet.open_sheet(Scope.NOTHING, staff_id, opening, now=now)
    sheet.likely, sheet.title = [], _("Log a visit")
    sheet.colleagues = company(access.scope_for("log_visits"), staff_id, []).colleagues
    first = log_sheet.first_values(sheet, staff_id, opening, now=now)
    form = LogSheetForm(initial=first, choices=log_sheet.all_choices())
    return {kind: _blank(sheet, form, card, staff_id, today) for kind, card in kinds.items()}


def _blank(sheet: Sheet, form: LogSheetForm, card: dict[str, Any], staff_id: int, today: date) -> str:
    """The sheet for a kind of customer; the page puts customer, persons and time on it."""
    sheet.customers = [SheetCustomer(0, "", card["kind"], card["unit"])]
    of_kind = [SheetCustomer(card["id"], "", card["kind"], card["unit"])]
    sheet.parts = open_parts(log_sheet.part_context(of_kind, staff_id, today=today))
    return render_to_string("workbench/log_sheet.html", {"form": form, "sheet": sheet, "card": None})
