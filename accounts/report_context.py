"""Words for the structure of the base."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import CustomerKind, CustomerState, MarketBand, industry_words
from accounts.queries import names
from accounts.queries.reports import StructureCell

DIMENSION_LABELS: dict[str, str | Promise] = {
    "kind": gettext_lazy("Customer kind"),
    "tier": gettext_lazy("Tier"),
    "industry": gettext_lazy("Industry"),
    "unit": gettext_lazy("Unit"),
    "district": gettext_lazy("District"),
    "band": gettext_lazy("Market band"),
    "state": gettext_lazy("State"),
    "tenure": gettext_lazy("Tenure (years)"),
    "value": gettext_lazy("Monthly value"),
}
# Dimension → filter of the customer list that shows the rows behind a cell.
FILTER_OF = {
    "kind": "kind",
    "unit": "unit",
    "district": "district",
    "industry": "industry",
    "band": "band",
    "state": "state",
}
CHOICES: dict[str, Any] = {"kind": CustomerKind, "state": CustomerState, "band": MarketBand}


def _words(dimension: str, key: Any) -> str:
    if key in (None, ""):
        return _("not known")
    if dimension == "tier":
        tier = names.tier(key)
        return tier.label() if tier else ""
    if dimension == "unit":
        return names.unit_name(key)
    if dimension == "industry":
        return industry_words(key)
    if dimension in CHOICES:
        return str(CHOICES[dimension](key).label)
    return str(key)


def _url(dimensions: Sequence[str], keys: Sequence[Any]) -> str:
    """The rows behind a cell, when every dimension is a filter of the list."""
    query: dict[str, Any] = {}
    for dimension, key in zip(dimensions, keys, strict=True):
        if dimension == "tier" and key is not None:
            tier = names.tier(key)
            query |= {"tier": tier.code, "kind": tier.kind} if tier else {}
        elif dimension in FILTER_OF and key not in (None, ""):
            query[FILTER_OF[dimension]] = key
        else:
            return ""
    return f"{reverse('accounts:customer_list')}?{urlencode(query)}"


def structure_rows(cells: Sequence[StructureCell], dimensions: Sequence[str]) -> list[dict[str, Any]]:
    """Lines of the structure table."""
    return [
        {
            "words": [_words(dimension, key) for dimension, key in zip(dimensions, cell.keys, strict=True)],
            "customers": cell.customers,
            "value": cell.value,
            "url": _url(dimensions, cell.keys),
        }
        for cell in cells
    ]
