"""Weather warnings, and the customer a trip note is about (ENG-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import Customer
from crm.core.errors import NotFound
from crm.core.scope import Scope
from visits.models import WeatherWarning


@dataclass(frozen=True, slots=True)
class WarningRow:
    """One warning as the page shows it."""

    district: str
    text: str
    starts_on: date
    ends_on: date
    by: str
    at: datetime


def weather_warnings(limit: int = 50) -> list[WarningRow]:
    """The newest warnings; a district's weather is no secret."""
    rows = WeatherWarning.objects.select_related("by").order_by("-at", "-pk")[:limit]
    return [WarningRow(row.district, row.text, row.starts_on, row.ends_on, row.by.name, row.at) for row in rows]


def districts() -> list[str]:
    """Every district that has customers, for the form."""
    rows = Customer.unscoped.exclude(district="").values_list("district", flat=True)
    return sorted(set(rows.order_by("district").distinct()[:500]))


def customer_name(scope: Scope, customer_id: int) -> str:
    """The name, or 404."""
    name = Customer.visible_to(scope).filter(pk=customer_id).values_list("name", flat=True).first()
    if name is None:
        raise NotFound
    return name
