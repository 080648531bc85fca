"""Views of lists: a filter and a choice of columns under a name."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class SavedView(models.Model):
    """A list as somebody keeps it: his own, shown to a unit, or the standard of a role.

    `unit_id` is a unit of the organisation tree, which the ground does not know. `is_default`: the list opens like
    this, for its owner, or for everybody of `role`.
    """

    list_key = models.CharField(max_length=40)
    name = models.CharField(max_length=50)
    query = models.CharField(max_length=1000, blank=True, default="")
    columns = models.CharField(max_length=1000, blank=True, default="")
    owner = models.ForeignKey("core.User", models.CASCADE, related_name="+")
    unit_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=32, blank=True, default="")
    is_default = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "list_key", "name"], name="core_view_name_once"),
            models.UniqueConstraint(
                fields=["owner", "list_key"], condition=Q(is_default=True, role=""), name="core_view_own_default"
            ),
            models.UniqueConstraint(
                fields=["role", "list_key"],
                condition=Q(is_default=True) & ~Q(role=""),
                name="core_view_role_default",
            ),
            models.CheckConstraint(condition=Q(unit_id=None) | Q(role=""), name="core_view_one_audience"),
        ]
        indexes = [models.Index(fields=["list_key", "unit_id"], name="core_view_by_list")]

    def __str__(self) -> str:
        return f"{self.list_key} {self.name}"
