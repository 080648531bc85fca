"""The sheet of a line's details, as it leaves the printer (SEC-6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conduct.actions.call_details import ROWS_A_PAGE
from conduct.models import CallDetailPrint
from crm.core.asked import Asked
from crm.core.text import mask_phone
from sales.queries.line_details import LineDetail, line_details
from sales.queries.usage import product_cards
from sales.usage_context import LABELS


def details_of(row: CallDetailPrint) -> Sequence[LineDetail]:
    """What is known of the line in the month."""
    return line_details(row.line_id, row.month)


def sheet_context(
    request: Asked, row: CallDetailPrint, details: Sequence[LineDetail], *, now: datetime
) -> dict[str, Any]:
    """Pages of lines, each with who printed it, when, and under which registration."""
    cards, language = product_cards(), get_language() or ""
    lines = []
    for detail in details:
        card = cards.get(detail.product_id or 0)
        unit = card.unit_label(language) if card and detail.name in ("uses", "volume") else ""
        lines.append(
            {
                "product": card.label(language) if card else _("All products"),
                "label": _("Charges (CNY)") if detail.name == "revenue" else LABELS.get(detail.name, _("Uses")),
                "figure": detail.figure.normalize() if detail.figure else 0,
                "unit": unit,
            }
        )
    sees_number = request.access.can("reveal_phone")
    return {
        "row": row,
        "number": row.line.number if sees_number else mask_phone(row.line.number),
        "pages": [lines[first : first + ROWS_A_PAGE] for first in range(0, len(lines), ROWS_A_PAGE)],
        "mark": f"D{row.pk} {request.user.name} {request.user.username}",
        "printed_at": now,
    }
