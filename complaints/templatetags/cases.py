"""``{% load cases %}{% visit_cases visit_id customer_id %}``: what a visit caused and what was told in it (CON-10)."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from complaints.queries.duplicates import cases_of_visit
from crm.core.abilities import NO_ACCESS

register = template.Library()


@register.inclusion_tag("complaints/visit_cases.html", takes_context=True)
def visit_cases(context: Context, visit_id: int, customer_id: int) -> dict[str, Any]:
    """Its cases in sight, and the way to take one down from here (SAL-42)."""
    access = getattr(context.get("request"), "access", NO_ACCESS)
    sees = access.can("view_cases")
    return {
        "rows": cases_of_visit(access.scope_for("view_cases"), visit_id) if sees else [],
        "visit_id": visit_id,
        "customer_id": customer_id,
        "can_take": access.can("take_requests"),
        "sees": sees,
    }
