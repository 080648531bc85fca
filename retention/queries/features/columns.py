"""Any further column an operator imports is a feature without code (RET-3)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import get_language, gettext

from retention.choices import FeatureGroup, FeatureKind
from retention.models import RiskColumn
from retention.queries.features.base import Source

PREFIX = "column:"
_VALUES = """
SELECT v.customer_id, {value} AS value, v.as_of FROM retention_columnvalue v
WHERE v.column_id = %({param})s AND v.as_of <= %(day)s::date AND [[v.customer_id]]
"""
_NUMBER, _TEXT = "v.number", "nullif(v.text, '')"


def column_sources() -> list[Source]:
    """A feature for each imported column that is to be one, in order of code."""
    return [_source(row) for row in RiskColumn.objects.filter(is_feature=True).order_by("code")]


def _source(row: RiskColumn) -> Source:
    param = f"column_{int(row.pk)}"
    value = _NUMBER if row.kind == FeatureKind.NUMERIC else _TEXT
    return Source(
        code=f"{PREFIX}{row.code}",
        group=FeatureGroup(row.group),
        label=label_of(row),
        sql=_VALUES.format(value=value, param=param),
        tell=_tell,
        kind=FeatureKind(row.kind),
        params={param: row.pk},
    )


def label_of(row: RiskColumn) -> str:
    """The column's name in the reader's language."""
    return row.label_zh if (get_language() or "zh").startswith("zh") else row.label_en


def _tell(value: float | str | None, on: date | None, today: date) -> str:
    shown = f"{value:g}" if isinstance(value, float | int) else str(value or "")
    return gettext("%(value)s, as of %(day)s") % {"value": shown, "day": on}
