"""Reads of API clients and their tokens."""

from __future__ import annotations

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.db.models.functions import Now

from crm.core.scope import Scope
from sync.models import Client, Token


def clients(scope: Scope) -> QuerySet[Client]:
    """Clients of the visible units with their tokens, count of valid ones and last use: a page of a few rows."""
    tokens = Prefetch("tokens", Token.visible_to(scope).order_by("-id"))
    is_valid = Q(tokens__revoked_at=None, tokens__expires_at__gt=Now())
    return (
        Client.visible_to(scope)
        .select_related("unit", "owner")
        .prefetch_related(tokens)
        .annotate(valid_tokens=Count("tokens", filter=is_valid), last_used_at=Max("tokens__last_used_at"))
        .order_by("-is_active", "name")
    )
