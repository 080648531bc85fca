"""Template tags of the site: the same marks as in Jinja2, and the registered navigation."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from crm.core import marks, text
from crm.core.navigation import places_for

register = template.Library()
register.filter("due", marks.due)
register.filter("day_mark", marks.day_mark)
register.filter("ago", marks.ago)
register.filter("amount", marks.amount)
register.filter("mask_phone", text.mask_phone)
register.filter("mask_id", text.mask_id)


@register.simple_tag(takes_context=True)
def nav(context: Context) -> list[Any]:
    """The places this person may go to, in order, the current one marked: `{% nav as places %}`."""
    return places_for(context["request"])


@register.simple_tag(takes_context=True)
def can(context: Context, *abilities: str) -> bool:
    """Whether the person has one of the abilities: `{% can "configure" as may_configure %}`."""
    access = getattr(context.get("request"), "access", None)
    return bool(access and access.can_any(*abilities))
