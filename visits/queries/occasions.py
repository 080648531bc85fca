"""Suggested occasions for a due customer (CON-9): what there is to talk about, read from what is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from accounts.choices import SimKind
from crm.core import parameters
from crm.core.scope import Scope
from visits.rules.pace import next_birthday


@dataclass(frozen=True, slots=True)
class OccasionFacts:
    """What decides: open reasons of the customer, SIM, birthday, last contact."""

    kinds: frozenset[str] = frozenset()
    sim_kind: str = ""
    birthday: date | None = None
    is_lunar_birthday: bool = False
    no_marketing: bool = False
    last_visit_on: date | None = None


def suggest_occasions(facts: OccasionFacts, today: date) -> tuple[str, ...]:
    """Codes of occasions, the best first; marketing never for who wants none."""
    found = []
    if "call_back" in facts.kinds:
        found.append("enquiry")
    if "care" in facts.kinds:
        found.append("care")
    soon = today + timedelta(days=parameters.value("birthday_days", today))
    born, is_lunar = facts.birthday, facts.is_lunar_birthday
    if born is not None and next_birthday(born, today, is_lunar=is_lunar) <= soon:
        found.append("care")
    if facts.sim_kind == SimKind.ORDINARY:
        found.append("sim")
    long_ago = today - timedelta(days=parameters.value("silence_days", today))
    silent = facts.last_visit_on is None or facts.last_visit_on < long_ago
    if silent or "overdue" in facts.kinds or "introduction" in facts.kinds:
        found.append("care")
    if not facts.no_marketing:
        found.append("promotion")
    return tuple(dict.fromkeys(found or ["care"]))


def suggested_occasions(scope: Scope, customer_id: int, today: date) -> tuple[str, ...]:
    """The same for one customer (CON-9); nothing for one who is not visible."""
    condition, params = scope.sql("c")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.sim_kind, p.birthday, p.is_lunar_birthday, c.no_marketing, s.last_visit_on, s.is_overdue,"
            " ARRAY(SELECT t.kind FROM accounts_task t WHERE t.customer_id = c.id AND t.state = 'open')"
            " FROM accounts_customer c LEFT JOIN accounts_personprofile p ON p.customer_id = c.id"
            f" LEFT JOIN accounts_standing s ON s.customer_id = c.id WHERE {condition} AND c.id = %s",
            [*params, customer_id],
        )
        row = cursor.fetchone()
    if row is None:
        return ()
    kinds = frozenset(row[6]) | (frozenset({"overdue"}) if row[5] else frozenset())
    return suggest_occasions(OccasionFacts(kinds, row[0], row[1], bool(row[2]), row[3], row[4]), today)
