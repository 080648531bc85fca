"""Imports of sales files."""

from __future__ import annotations

from django.db.models import QuerySet

from crm.core.models import Job, User
from sales.imports.jobs import KIND


def imports_of(user: User) -> QuerySet[Job]:
    """Somebody's own imports, newest first."""
    return Job.objects.filter(kind=KIND, by=user).select_related("result_file").order_by("-id")
