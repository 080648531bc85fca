"""Imported columns of the risk score: their list with its file, one of them."""

from __future__ import annotations

from typing import Any

from retention.models import ColumnValue, RiskColumn
from tests.guards.bodies import day
from tests.guards.route_rows import SETTERS, get, page, post

ROUTES = [
    page("retention:column_list", "", get(SETTERS), post(SETTERS)),
    page("retention:column_edit", "risk_column", get(SETTERS), post(SETTERS)),
]


def _table() -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("columns.csv", b"number,share\nK00000001,0.5\n", "text/csv")


BODIES: dict[str, Any] = {
    "retention:column_list": lambda w: {"file": _table(), "as_of": day(0)},
    "retention:column_edit": lambda w: {
        "label_zh": "份额", "label_en": "Share", "group": "usage", "is_feature": "on"},
}  # fmt: skip


FLAGS = frozenset({"is_feature", "are_features"})


def furnish(cast: Any, rows: dict[str, Any], who: Any) -> None:
    """A column belongs to nobody; each side's customer has a value."""
    column, _new = RiskColumn.objects.get_or_create(
        code="share_of_wallet",
        defaults={"label_zh": "钱包份额", "label_en": "Share of wallet", "kind": "numeric", "group": "other"},
    )
    rows["risk_column"] = column
    ColumnValue.unscoped.get_or_create(
        column=column, customer=rows["customer"], defaults={"number": 0.5, "as_of": "2026-01-01"}
    )


EMPTY = {"retention:column_list": ("group_department", "")}
