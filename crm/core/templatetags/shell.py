"""``{% load shell %}``: the frame of a page, drawn by `crm.core.shell`."""

from typing import Any

from django import template
from django.conf import settings
from django.contrib.messages import get_messages
from django.template.loader import get_template
from django.utils.html import format_html_join
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString

from crm.core import shell

register = template.Library()
LOOKS = {"success": "met", "error": "late", "warning": "soon"}


@register.simple_tag(takes_context=True)
def shell_head(context: template.Context) -> SafeString:
    """The head of every page."""
    return shell.head(context["request"])


@register.simple_tag(takes_context=True)
def nav(context: template.Context) -> SafeString:
    """The rail and the top bar."""
    request = context["request"]
    return shell.top(request, request.access)


@register.simple_tag(takes_context=True)
def shell_foot(context: template.Context) -> SafeString:
    """The bottom bar, the dialogs, the scripts."""
    request = context["request"]
    return shell.foot(request, request.access)


@register.simple_tag(takes_context=True)
def shell_banners(context: template.Context) -> SafeString:
    """What stands above a page: sentences of the module that settings name."""
    found = import_string(settings.BANNERS)(context["request"])
    icon = '<i class="ti ti-plug-connected-x" aria-hidden="true"></i>'
    line = f'<div class="note soon banner" role="status">{icon}<div>{{}}</div></div>'
    return format_html_join("", line, ((text,) for text in found))


@register.simple_tag(takes_context=True)
def shell_public(context: template.Context) -> SafeString:
    """The top of a page without sign-in."""
    return shell.public_top(context["request"])


@register.simple_tag(takes_context=True)
def shell_toasts(context: template.Context) -> str:
    """What has just happened. ``extra_tags="undo=/address/"`` adds a button, ``draft=key`` clears a draft."""
    request = context["request"]
    waiting = get_messages(request)
    if not len(waiting):
        return ""
    items = []
    for message in waiting:
        marks = dict(tag.partition("=")[::2] for tag in (message.extra_tags or "").split())
        items.append(
            {
                "text": message.message,
                "look": LOOKS.get(message.level_tag, ""),
                "undo": marks.get("undo", ""),
                "draft": marks.get("draft", ""),
            }
        )
    return get_template("components/toasts.html").render({"items": items, "token": shell.token_of(request)})


@register.simple_tag
def company_sign_in() -> dict[str, str] | None:
    """The way in by the company's own account; None without one."""
    if not settings.OIDC:
        return None
    from crm.core.oidc import door

    return door()


@register.simple_tag
def demo_logins() -> list[Any]:
    """The logins of the demo, for the sign-in page; none outside demo mode."""
    if not settings.DEMO:
        return []
    found: list[Any] = list(import_string(settings.DEMO_LOGINS_PROVIDER)())
    return found
