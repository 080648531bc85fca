"""``{% load core %}``: dates, masks and abilities in Django templates."""

from __future__ import annotations

from django import template
from django.template import Context

from crm.core import marks, text

register = template.Library()
register.filter("due", marks.due)
register.filter("day_mark", marks.day_mark)
register.filter("ago", marks.ago)
register.filter("amount", marks.amount)
register.filter("mask_phone", text.mask_phone)
register.filter("mask_id", text.mask_id)


@register.simple_tag(takes_context=True)
def can(context: Context, *abilities: str) -> bool:
    """Whether the person has one of the abilities: `{% can "configure" as may_configure %}`."""
    access = getattr(context.get("request"), "access", None)
    return bool(access and access.can_any(*abilities))
