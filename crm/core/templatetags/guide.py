"""``{% load guide %}{% tip "silent_phone" %}``: a tip of the guide where it helps."""

from typing import Any

from django import template

from crm.core import guide

register = template.Library()


@register.inclusion_tag("core/tip.html")
def tip(code: str) -> dict[str, Any]:
    """The tip with a link to its article; nothing when headquarters has hidden it."""
    text, title = guide.tip(code)
    return {"code": code, "text": text, "title": title}
