"""How much somebody has been shown."""

from __future__ import annotations

from django.db import models


class RowsShown(models.Model):
    """So many rows of lists, searches and API answers somebody was shown on a day (crm.core.row_budget)."""

    user = models.ForeignKey("core.User", models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    rows = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="core_rows_shown_once")]
        indexes = [models.Index(fields=["day"], name="core_rows_shown_day")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day}: {self.rows}"
