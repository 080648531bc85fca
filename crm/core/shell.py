"""The frame round every page: head, navigation, top bar, dialogs.

Rendering is the cost of a page, so each part is rendered once per process for everybody who sees the same
(language, abilities, place) and kept; what differs by person or request is put in by plain text replacement.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from crm.core import notices, personal
from crm.core.abilities import Access
from crm.core.models import User
from crm.core.parameters import value
from crm.core.ui import initials

MANY = 99
HOLES = (
    "USER_NAME",
    "USER_NUMBER",
    "USER_INITIALS",
    "USER_ID",
    "TOKEN",
    "NEXT",
    "BELL",
    "THEME",
    "IDLE_SECONDS",
)
_HOLE = re.compile("%%([A-Z_]+)%%")


def navigation() -> ModuleType:
    """The module that knows the places; it lies above core and is named in the settings."""
    return import_module(settings.NAVIGATION)


def address(url_name: str) -> str:
    """The address of a named page; empty while the page does not exist."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def settings_for(access: Access) -> list[tuple[str, list[dict[str, str]]]]:
    """The settings pages of one person: (group, cards), only groups with something in them."""
    groups = []
    for label, cards in navigation().SETTINGS:
        shown = [
            {"url": url, "icon": card.icon, "label": str(card.label), "text": str(card.text)}
            for card in cards
            if card.is_open_to(access) and (url := address(card.url_name))
        ]
        if shown:
            groups.append((str(label), shown))
    return groups


def _render(template: str, access: Access | None, place: str) -> str:
    context: dict[str, Any] = {name: f"%%{name}%%" for name in HOLES}
    context |= {"LANGUAGE_CODE": get_language(), "place": place}
    if access is not None:
        nav = navigation()
        places = [(found, address(found.url_name)) for found in nav.places_for(access)]
        addresses = dict(places)
        bar, rest = nav.bar_for([found for found, url in places if url])
        context |= {
            "places": [(found, url) for found, url in places if url],
            "bar": [(found, addresses[found]) for found in bar],
            "rest": [(found, addresses[found]) for found in rest],
            "rest_is_current": any(found.key == place for found in rest),
            "role_names": nav.role_names(access.roles),
            "home": "/",
        }
    return str(get_template(template).render(context))


_kept: Callable[..., str] = lru_cache(maxsize=1024)(
    lambda template, language, abilities, roles, place: _render(
        template, None if abilities is None else Access(abilities=abilities, roles=roles), place
    )
)


def part(template: str, access: Access | None = None, place: str = "") -> str:
    """One part of the frame as everybody of these abilities sees it, with holes for the person."""
    if settings.DEBUG:
        return _render(template, access, place)
    if access is None:
        return _kept(template, get_language(), None, None, place)
    return _kept(template, get_language(), access.abilities, access.roles, place)


def current_place(request: HttpRequest) -> str:
    """The place of the page shown."""
    match = request.resolver_match
    place: str = navigation().current_place(match.view_name) if match and match.view_name else ""
    return place


def bell_count(request: HttpRequest) -> str:
    """How many unread notices, as the bell writes it."""
    count = notices.unread_count(cast("User", request.user).pk)
    return str(count) if count <= MANY else f"{MANY}+"


def fill(text: str, values: dict[str, str]) -> SafeString:
    """Put escaped values into the holes of a part."""
    # One pass, so that what is put in is never searched for holes.
    filled = _HOLE.sub(lambda hole: escape(values[hole[1]]), text)
    return mark_safe(filled)  # noqa: S308 - a rendered template with escaped values


def head(request: HttpRequest) -> SafeString:
    """From the doctype to the style sheets; the theme is the user's."""
    theme = personal.theme_of(request)
    return fill(part("shell/head.html"), {"THEME": theme})


def top(request: HttpRequest, access: Access) -> SafeString:
    """The rail and the top bar of a signed-in person."""
    user = cast("User", request.user)
    count = bell_count(request)
    text = part("shell/top.html", access, current_place(request))
    if count == "0":
        start, _, rest = text.partition("<!--bell-->")
        text = start + rest.partition("<!--/bell-->")[2]
    values = {
        "BELL": count,
        "USER_NAME": user.name,
        "USER_NUMBER": user.username,
        "USER_INITIALS": initials(user.name),
        "USER_ID": str(user.pk),
        "TOKEN": get_token(request),
        "NEXT": request.get_full_path(),
    }
    return fill(text, values)


def foot(request: HttpRequest, access: Access) -> SafeString:
    """The bottom bar of a phone, the dialogs and the scripts."""
    values = {
        "TOKEN": get_token(request),
        "USER_NUMBER": str(getattr(request.user, "username", "")),
        "IDLE_SECONDS": str(60 * value("idle_minutes")),
    }
    return fill(part("shell/foot.html", access, current_place(request)), values)


def public_top(request: HttpRequest) -> SafeString:
    """The top of a page without sign-in: the name of the product and the language."""
    return fill(part("shell/public_top.html"), {"TOKEN": get_token(request), "NEXT": request.get_full_path()})
