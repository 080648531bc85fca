"""The frame round every page: head, navigation, top bar, dialogs.

Rendering is the cost of a page, so each part is rendered once per process for everybody who sees the same
(language, abilities, place) and kept in pieces; what differs by person or request is put between them.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.urls import reverse
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
Pieces = tuple[str, ...]
_HOLE = re.compile("%%([A-Z_]+)%%")


def navigation() -> ModuleType:
    """The module that knows the places; it lies above core and is named in the settings."""
    return import_module(settings.NAVIGATION)


def page_words(view_name: str) -> str:
    """What the page of a route is called; empty when nothing is known of it."""
    places = navigation()
    known: dict[str, Any] = {place.url_name: place.label for place in places.NAV}
    known |= {views: place.label for place in places.NAV for views in place.views}
    known |= {card.url_name.rpartition("_")[0]: card.label for __, cards in places.SETTINGS for card in cards}
    known |= places.PAGES
    fits = [beginning for beginning in known if view_name.startswith(beginning)]
    return str(known[max(fits, key=len)]) if fits else ""


def settings_for(access: Access) -> list[tuple[str, list[dict[str, str]]]]:
    """The settings pages of one person: (group, cards), only groups with something in them."""
    groups = []
    for label, cards in navigation().SETTINGS:
        shown = [
            {
                "url": reverse(card.url_name),
                "icon": card.icon,
                "label": str(card.label),
                "text": str(card.text),
            }
            for card in cards
            if card.is_open_to(access)
        ]
        if shown:
            groups.append((str(label), shown))
    return groups


def _render(template: str, access: Access | None, place: str, has_unread: bool) -> Pieces:
    """Draw a part and cut it at its holes: text, hole, text, hole, … text."""
    context: dict[str, Any] = {name: f"%%{name}%%" for name in HOLES}
    context |= {"LANGUAGE_CODE": get_language(), "place": place, "has_unread": has_unread, "home": "/"}
    if access is not None:
        nav = navigation()
        addresses = {found: reverse(found.url_name) for found in nav.places_for(access)}
        bar, rest = nav.bar_for(addresses)
        context |= {
            "places": list(addresses.items()),
            "bar": [(found, addresses[found]) for found in bar],
            "rest": [(found, addresses[found]) for found in rest],
            "rest_is_current": any(found.key == place for found in rest),
            "role_names": nav.role_names(access.roles),
        }
    return tuple(_HOLE.split(str(get_template(template).render(context))))


@lru_cache(maxsize=2048)
def _kept(
    template: str,
    language: str | None,
    abilities: frozenset[str] | None,
    roles: frozenset[str],
    place: str,
    has_unread: bool,
) -> Pieces:
    """The part as everybody sees it who speaks this language and has these abilities."""
    access = None if abilities is None else Access(abilities=abilities, roles=roles)
    return _render(template, access, place, has_unread)


def part(
    template: str,
    values: Mapping[str, str],
    access: Access | None = None,
    place: str = "",
    has_unread: bool = False,
) -> SafeString:
    """One part of the frame, its holes filled with the escaped values of this person and request."""
    if settings.DEBUG:
        pieces = _render(template, access, place, has_unread)
    elif access is None:
        pieces = _kept(template, get_language(), None, frozenset(), place, has_unread)
    else:
        pieces = _kept(template, get_language(), access.abilities, access.roles, place, has_unread)
    filled = [escape(values[piece]) if number % 2 else piece for number, piece in enumerate(pieces)]
    return mark_safe("".join(filled))  # noqa: S308 - a rendered template with escaped values


def current_place(request: HttpRequest) -> str:
    """The place of the page shown."""
    match = request.resolver_match
    return _place_of(match.view_name) if match and match.view_name else ""


@lru_cache(maxsize=512)
def _place_of(view_name: str) -> str:
    place: str = navigation().current_place(view_name)
    return place


def token_of(request: HttpRequest) -> str:
    """The form token, masked once per page: each mask costs 0.04 ms."""
    token: str | None = getattr(request, "page_token", None)
    if token is None:
        token = get_token(request)
        request.page_token = token  # type: ignore[attr-defined]
    return token


def head(request: HttpRequest) -> SafeString:
    """From the doctype to the style sheets; the theme is the person's, else the browser's."""
    return part("shell/head.html", {"THEME": personal.theme_of(request)})


def top(request: HttpRequest, access: Access) -> SafeString:
    """The rail and the top bar of a signed-in person."""
    user = cast("User", request.user)
    unread = notices.unread_count(user.pk)
    values = {
        "BELL": str(unread) if unread <= MANY else f"{MANY}+",
        "USER_NAME": user.name,
        "USER_NUMBER": user.username,
        "USER_INITIALS": initials(user.name),
        "USER_ID": str(user.pk),
        "TOKEN": token_of(request),
        "NEXT": request.get_full_path(),
    }
    return part("shell/top.html", values, access, current_place(request), unread > 0)


def foot(request: HttpRequest, access: Access) -> SafeString:
    """The bottom bar of a phone, the dialogs and the scripts."""
    values = {
        "TOKEN": token_of(request),
        "USER_NUMBER": cast("User", request.user).username,
        "IDLE_SECONDS": str(60 * value("idle_minutes")),
    }
    return part("shell/foot.html", values, access, current_place(request))


def public_top(request: HttpRequest) -> SafeString:
    """The top of a page without sign-in: the name of the product and the language."""
    return part("shell/public_top.html", {"TOKEN": token_of(request), "NEXT": request.get_full_path()})
