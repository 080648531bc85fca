"""``{% load lists %}``: the tools of a list page, drawn by its frame from `request.listed`."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from crm.core.addresses import COLUMNS
from crm.core.listed import Listed
from crm.core.stepping import LIST, position_of

register = template.Library()


def _listed(context: Context) -> Listed | None:
    found: Listed | None = getattr(context.get("request"), "listed", None)
    return found


@register.simple_tag(takes_context=True)
def hidden_columns(context: Context) -> str:
    """Classes of the page that hide the columns which were not chosen: " hide-3 hide-5"; css/parts.css has them."""
    listed = _listed(context)
    if listed is None or listed.is_usual:
        return ""
    return "".join(f" hide-{place}" for place in places(listed, context))


def places(listed: Listed, context: Any) -> list[int]:
    """Where in a row the unwanted columns stand, counted as the page draws them for this person."""
    found, place = [], 1 if listed.kind.leads and context.get(listed.kind.leads) else 0
    for column in listed.kind.columns:
        if not column.on_page or (column.when and not context.get(column.when)):
            continue
        is_chosen = column.key in listed.columns
        if not column.is_default and not is_chosen:
            continue  # drawn only when it is asked for
        place += 1
        if not is_chosen:
            found.append(place)
    return found


@register.simple_tag(takes_context=True)
def list_kept(context: Context) -> SafeString:
    """The columns of the address as a field of a filter form, so that filtering keeps them."""
    request = context.get("request")
    asked = request.GET.get(COLUMNS, "") if request is not None else ""
    return format_html('<input type="hidden" name="{}" value="{}">', COLUMNS, asked) if asked else mark_safe("")


@register.inclusion_tag("core/list_tools.html", takes_context=True)
def list_tools(context: Context) -> dict[str, Any]:
    """The menu of views, the choice of columns and the way to a file."""
    listed = _listed(context)
    if listed is None:
        return {"listed": None}
    rest = context["request"].GET.urlencode()
    tools = reverse("core:list_tools", args=[listed.kind.key])
    return {"listed": listed, "tools_url": f"{tools}?{rest}" if rest else tools, "export_url": _export(listed)}


def _export(listed: Listed) -> str:
    """The page that asks why, for lists whose rows may leave the house."""
    if listed.kind.rows is None:
        return ""
    try:
        url = reverse("core:export_new")
    except NoReverseMatch:
        return ""
    parts = [f"list={listed.kind.key}", *([listed.query] if listed.query else [])]
    parts += [f"{COLUMNS}={listed.asked}"] if listed.asked else []
    return f"{url}?{'&'.join(parts)}"


@register.inclusion_tag("core/steps.html", takes_context=True)
def steps(context: Context) -> dict[str, Any]:
    """On a record's page that was opened from a list: the way to its neighbours and back; asks the database nothing."""
    request = context.get("request")
    position = position_of(request) if request is not None else None
    if request is None or position is None:
        return {"position": None}
    record_id = request.resolver_match.kwargs["pk"]
    return {
        "position": position,
        "here": "" if request.GET.get(LIST) else position.record_url(record_id),
        "previous": position.step_url(record_id, "previous"),
        "next": position.step_url(record_id, "next"),
    }
