"""What becomes of the rows of a customer who is merged into another one: one rule per table with a customer."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class MergeRule:
    """Rows go along to the survivor, unless something stands in the way.

    In the conditions `m` is a row of the merged customer and `k` one of the survivor, in SQL that comes from code.
    `aside`: these rows never go along. `unless`: they do not when the survivor has such a row. Rows that do not go
    along are set aside with all that hangs on them, and come back when the merge is undone; with `mend` (column and
    new value) a row that meets such a row goes along all the same, changed. `fill`: what the survivor's row leaves
    empty is taken from the one set aside. Without a `label` nobody needs to read of these rows.
    """

    table: str
    label: Text = ""
    unless: str = ""
    aside: str = ""
    mend: tuple[str, str] | None = None
    fill: bool = False
    column: str = "customer_id"

    @property
    def key(self) -> str:
        """Table and column, as an undo remembers them."""
        return f"{self.table}.{self.column}"


@dataclass(frozen=True)
class MergeRefusal:
    """Two customers are not merged while this is so: an SQL condition on %(merged)s and %(survivor)s."""

    code: str
    condition: str
    message: Text
