"""Take in columns an operator has beside our own data; each becomes a feature without code (RET-3)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import orjson
from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import must
from crm.core.db import write
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_text
from retention.choices import FeatureGroup, FeatureKind
from retention.models import RiskColumn

if TYPE_CHECKING:
    from crm.core.models import User

MANAGES = "manage_model"
MOST_COLUMNS, MOST_ROWS, LONGEST = 100, 200_000, 100
_CODE = re.compile(r"[^a-z0-9]+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")

# By customer number, or by the id another system knows him by; newer values take the place of older ones.
_TAKE = """
WITH told AS (
  SELECT j.column_id, j.customer, j.number, j.text FROM jsonb_to_recordset(%(rows)s::jsonb)
    AS j(column_id bigint, customer text, number float8, text text)
), named AS (
  SELECT c.id AS customer_id, t.* FROM told t JOIN accounts_customer c ON c.number = t.customer WHERE %(source)s = ''
  UNION ALL
  SELECT x.customer_id, t.* FROM told t JOIN accounts_externalid x ON x.source = %(source)s
    AND x.external_id = t.customer
), found AS (
  SELECT DISTINCT ON (column_id, customer_id) column_id, customer_id, number, text FROM named
)
INSERT INTO retention_columnvalue AS v (customer_id, column_id, number, text, as_of)
SELECT f.customer_id, f.column_id, f.number, coalesce(f.text, ''), %(as_of)s FROM found f ORDER BY 1, 2
ON CONFLICT (column_id, customer_id) DO UPDATE SET number = EXCLUDED.number, text = EXCLUDED.text,
  as_of = EXCLUDED.as_of
WHERE v.as_of <= EXCLUDED.as_of
  AND (v.number, v.text, v.as_of) IS DISTINCT FROM (EXCLUDED.number, EXCLUDED.text, EXCLUDED.as_of)
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """How many columns are new, and how many values are others than before."""

    columns: int
    values: int


def take_columns(
    rows: Sequence[Mapping[str, str]],
    *,
    customer: str,
    as_of: date,
    by: User | None,
    now: datetime,
    source: str = "",
    are_features: bool = True,
) -> Taken:
    """Values of every column but `customer` (a customer number, or an id of `source`); numbers are told by themselves.

    A column in which every value is a number is numeric, any other a category. Unknown customers are left out. Twice is
    the same as once. `are_features`: whether scores look at a new column at once.
    """
    must(by, MANAGES)
    names = [name for name in (rows[0] if rows else {}) if name and name != customer]
    if not rows or customer not in rows[0] or not names:
        raise Invalid(
            _("The file needs a column that names the customer, and one more."), code="required", field="file"
        )
    if len(names) > MOST_COLUMNS or len(rows) > MOST_ROWS:
        raise Invalid(_("This file is too large."), code="too_large", field="file")
    made = values = 0
    with write(by=by, label="" if by else "system:columns"), connection.cursor() as cursor:
        for name in names:
            told = [(str(row.get(customer) or "").strip(), str(row.get(name) or "").strip()) for row in rows]
            told = [(key, value) for key, value in told if key and value]
            if not told:
                continue
            is_numeric = all(_NUMBER.fullmatch(value) for _key, value in told)
            column, is_new = _column(name, is_numeric=is_numeric, is_feature=are_features)
            made += is_new
            given = [_row(column, key, value) for key, value in told]
            cursor.execute(
                _TAKE, {"rows": orjson.dumps([row for row in given if row]).decode(), "source": source, "as_of": as_of}
            )
            values += int(cursor.rowcount)
    return Taken(made, values)


def _column(name: str, *, is_numeric: bool, is_feature: bool) -> tuple[RiskColumn, bool]:
    """The column of that name; once it is there its kind stays what it is."""
    code = _CODE.sub("_", name.strip().lower()).strip("_")[:40] or f"c{sum(name.encode()) % 10_000}"
    kind = FeatureKind.NUMERIC if is_numeric else FeatureKind.CATEGORICAL
    return RiskColumn.objects.get_or_create(
        code=code,
        defaults={
            "label_zh": name[:60], "label_en": name[:60], "kind": kind, "group": FeatureGroup.OTHER,
            "is_feature": is_feature,
        },
    )  # fmt: skip


def change_column(
    *, column_id: int, label_zh: str, label_en: str, group: str, is_feature: bool, by: User, now: datetime
) -> RiskColumn:
    """Name a column, say what it tells of, switch it on or off: the next night looks at it, or has no data of it."""
    must(by, MANAGES)
    with write(by=by):
        row = RiskColumn.objects.select_for_update().filter(pk=column_id).first()
        if row is None:
            raise NotFound
        row.label_zh = clean_text(label_zh, field="label_zh", max_length=60, blank=False)
        row.label_en = clean_text(label_en, field="label_en", max_length=60, blank=False)
        row.group, row.is_feature = FeatureGroup(group), is_feature
        row.save()
    return row


def _row(column: RiskColumn, customer: str, value: str) -> dict[str, object] | None:
    if column.kind != FeatureKind.NUMERIC:
        return {"column_id": column.pk, "customer": customer, "text": value[:LONGEST]}
    if not _NUMBER.fullmatch(value):
        return None
    return {"column_id": column.pk, "customer": customer, "number": float(value)}
