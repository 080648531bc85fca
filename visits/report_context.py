"""What the pages of reports are given."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from visits.queries.reports import ReportRow


def figure_lines(row: ReportRow) -> list[tuple[str, Any, str]]:
    """The figures of the report with the rows behind each: label, number, address."""
    days: dict[str, str | int] = {"staff": row.staff_id, "from": str(row.starts_on), "to": str(row.ends_on)}
    visits = f"{reverse('visits:visit_list')}?{urlencode(days)}"
    specials = f"{reverse('visits:special_list')}?{urlencode(days)}"
    voices = f"{reverse('visits:voice_list')}?{urlencode({'first': str(row.starts_on), 'last': str(row.ends_on)})}"
    duties = f"{reverse('workbench:duty_list')}?{urlencode({'manager': row.staff_id})}"
    customers = f"{reverse('accounts:customer_list')}?{urlencode({'manager': row.staff_id})}"
    found = row.figures
    owed = f"{found.get('met', 0)} / {found.get('owed', 0)}"
    return [
        (_("Customers in service"), found.get("customers"), customers),
        (_("Their monthly spend (CNY)"), found.get("spend"), customers),
        (_("Visits"), found.get("visits"), visits),
        (_("of these on site"), found.get("on_site"), f"{visits}&onsite=1"),
        (_("Customers reached"), found.get("reached"), f"{visits}&reached=1"),
        (_("Duties met"), owed, duties),
        (_("Special visits"), found.get("special"), specials),
        (_("What customers said"), found.get("voices"), voices),
        (_("of these problems"), found.get("problems"), f"{voices}&kind=problem"),
    ]
