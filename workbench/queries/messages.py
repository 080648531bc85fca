"""Ready texts for one customer, those that fit the moment first (screens 1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.utils import timezone, translation

from accounts.queries import names
from crm.core.scope import Scope
from crm.core.text import mask_phone
from visits.queries.occasions import suggested_occasions
from workbench.queries.brief import Brief, brief_of
from workbench.rules import ReadyText, ready_texts

if TYPE_CHECKING:
    from crm.core.models import User


CARE = "care:"
"""A care task is told with its topic."""


@dataclass(frozen=True, slots=True)
class Text:
    """One message, filled in."""

    occasion: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class MessagePage:
    """The messages for one customer."""

    customer_id: int
    name: str
    phone: str
    can_send: bool
    texts: list[Text]
    brief: Brief | None
    is_without_marketing: bool


def message_page(scope: Scope, customer_id: int, *, by: User, now: datetime) -> MessagePage | None:
    """The texts for one's own or covered customer; None when he is not (CUS-29: no marketing for who wants none)."""
    condition, params = scope.sql("c")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.name, c.phone, c.no_marketing, c.kind FROM accounts_customer c WHERE c.id = %s AND " + condition,
            [customer_id, *params],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    name, phone, no_marketing, _kind = row
    brief = brief_of(scope, customer_id, now=now)
    fitting = _fitting(scope, customer_id, brief, now)
    return MessagePage(
        customer_id=customer_id,
        name=name,
        phone=mask_phone(phone),
        can_send=phone.isdigit() and len(phone) == 11,
        texts=[_filled(text, name, by) for text in ready_texts(no_marketing=no_marketing, occasions=fitting)],
        brief=brief,
        is_without_marketing=no_marketing,
    )


def _fitting(scope: Scope, customer_id: int, brief: Brief | None, now: datetime) -> list[str]:
    """Occasions of the moment: a birthday of these days, an introduction that is owed, then what is suggested."""
    found = []
    if brief is not None and brief.birthday_on is not None and brief.birthday:
        found.append("birthday")
    if brief is not None:
        found += [task.kind.removeprefix(CARE) for task in brief.open_tasks if task.kind.startswith(CARE)]
    if brief is not None and any(task.kind == "introduction" for task in brief.open_tasks):
        found.append("introduction")
    return [*found, *suggested_occasions(scope, customer_id, timezone.localdate(now))]


def _filled(text: ReadyText, customer: str, by: User) -> Text:
    """The label speaks to the manager, the text to the customer: in the language of the country."""
    card = names.staff_of(by.pk)
    with translation.override(settings.LANGUAGE_CODE):
        words = str(text.text) % {"customer": customer, "manager": by.name, "phone": card.phone if card else ""}
    return Text(text.occasion, str(text.label), words)
