"""What happens around every request: its id, who asks, in which language, on which screen."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import cache, lru_cache
from typing import Any

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth import get_user as slow_get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.messages.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject, empty
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from crm.core import access_log, row_budget
from crm.core.abilities import NO_ACCESS, Access
from crm.core.db import Origin, originating
from crm.core.errors import DomainError, LimitReached
from crm.core.models import User
from crm.core.parameters import value
from crm.core.sessions import SessionStore

Respond = Callable[[HttpRequest], HttpResponseBase]
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
MAX_ID = 2**63 - 1
_REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")
_OPEN_WHILE_LOCKED = frozenset(
    {"core:locked", "core:unlock", "core:set_language", "core:set_theme", "account_logout", "account_login"}
)
_GOES_ON_LOCKED = frozenset({"kpi:wall"})
"""The wall goes on when nobody touches it: figures of units, no person, no customer, until the session ends."""
_OPEN_WHILE_SETTING_UP = _OPEN_WHILE_LOCKED | {"account_change_password", "account_reauthenticate"}
_OPEN_WITHOUT_FACTOR = _OPEN_WHILE_SETTING_UP | {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
}


def client_ip(request: HttpRequest) -> str | None:
    """The caller's address: what the nearest of our own proxies saw, never what the caller claims."""
    hops = settings.TRUSTED_PROXIES
    if hops:
        seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        if len(seen) >= hops:
            address = seen[-hops]
            return address if _is_address(address) else None
    address = request.META.get("REMOTE_ADDR") or ""
    return address if _is_address(address) else None


@lru_cache(maxsize=1024)
def _is_address(text: str) -> bool:
    from ipaddress import ip_address

    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def wants_json(request: HttpRequest) -> bool:
    """Whether a machine asks: an API path, or a script that wants JSON."""
    return request.path.startswith("/api/") or "application/json" in request.headers.get("Accept", "")


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx asks for a fragment (a boosted page counts as a page)."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def request_origin(respond: Respond) -> Respond:
    """Give every request an id, shown in the answer, in the log lines and in the change log."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-Id", "")
        request_id = given if _REQUEST_ID.match(given) else uuid.uuid4().hex
        request.id = request_id  # type: ignore[attr-defined]
        request.ip = client_ip(request)  # type: ignore[attr-defined]
        with originating(Origin(request_id=request_id, ip=request.ip)):  # type: ignore[attr-defined]
            response = respond(request)
        response["X-Request-Id"] = request_id
        return response

    return middleware


def session_user(request: HttpRequest) -> User | AnonymousUser:
    """The user of the session, from the same statement that read it; anything odd takes Django's slow, safe path."""
    session: SessionStore = request.session  # type: ignore[assignment]
    user_id = session.get(SESSION_KEY)
    if user_id is None:
        return AnonymousUser()
    user = session.user
    if user is None or str(user.pk) != str(user_id):
        return slow_get_user(request)
    if not user.is_active:
        return AnonymousUser()
    if constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
        return user
    return slow_get_user(request)


def authentication(respond: Respond) -> Respond:
    """`request.user` and `request.access`, both lazy: a page that asks nobody reads nothing."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        def user() -> User | AnonymousUser:
            return session_user(request)

        def access() -> Access:
            asked: Any = request.user
            return asked.access if asked.is_authenticated else NO_ACCESS

        async def auser() -> User | AnonymousUser:
            return session_user(request)

        request.user = SimpleLazyObject(user)  # type: ignore[assignment]
        request.auser = auser
        request.access = SimpleLazyObject(access)  # type: ignore[attr-defined]
        response = respond(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            # SEC-4: what a signed-in person saw is kept nowhere, neither by a proxy nor behind the back button.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def preferred_language(request: HttpRequest) -> str:
    """The user's choice, then the switch, then the browser; Chinese unless it prefers English (decisions 32)."""
    known = dict(settings.LANGUAGES)
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        chosen: str = request.user.language
        if chosen in known:
            return chosen
    switched = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if switched in known:
        return str(switched)
    for code, __ in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:500]):
        if code == "zh" or code.startswith("zh-"):
            return "zh-hans"
        if code == "en" or code.startswith("en-"):
            return "en"
    # A program that says nothing reads English; a person reads Chinese.
    return "en" if request.path.startswith("/api/") else "zh-hans"


def language(respond: Respond) -> Respond:
    """Speak the person's language."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        code = preferred_language(request)
        translation.activate(code)
        request.LANGUAGE_CODE = code
        response = respond(request)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", code)
        return response

    return middleware


def fragment_redirects(respond: Respond) -> Respond:
    """htmx never swaps a sign-in page or an error page into a table cell: it is told where to go instead."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = respond(request)
        if response.status_code not in (301, 302) or not is_htmx(request):
            return response
        location = response.headers.get("Location", "")
        sign_in = reverse(settings.LOGIN_URL)
        if location.split("?")[0] == sign_in:
            here = request.headers.get("HX-Current-URL", "")
            came_from = re.sub(r"^[a-z]+://[^/]+", "", here) or "/"
            answer = HttpResponse(status=401)
            answer["HX-Redirect"] = f"{sign_in}?{urlencode({'next': came_from})}"
            return answer
        return response

    return middleware


class ContentSecurityPolicy(CSPMiddleware):
    """The policy of the settings, put together once: the library would build it twice at every answer."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Set the header; a view with a policy of its own takes the library's way."""
        nonce = getattr(request, "_csp_nonce", None)
        if settings.DEBUG or HEADER in response or any(name.startswith("_csp") for name in vars(response)):
            return super().process_response(request, response)
        if nonce is None:
            request.csp_nonce = CheckableLazyObject(self._csp_nonce_post_response)  # type: ignore[attr-defined]
        response[HEADER] = _policy(bool(nonce)).replace(_NONCE_MARK, nonce or "")
        return response


_NONCE_MARK = "nonce-of-this-answer"


@cache
def _policy(with_nonce: bool) -> str:
    return build_policy(nonce=_NONCE_MARK if with_nonce else None)


class Messages(MessageMiddleware):
    """Django's, for those who ask: most answers show no message and keep none, machines never do."""

    def process_request(self, request: HttpRequest) -> None:
        """Look for messages when somebody wants to see or leave one."""
        request._messages = SimpleLazyObject(lambda: default_storage(request))  # type: ignore[attr-defined]

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Keep what was left unseen, if anybody looked."""
        if getattr(getattr(request, "_messages", None), "_wrapped", empty) is empty:
            return response
        return super().process_response(request, response)


class ScreenMiddleware:
    """What may stand before the page: a locked screen, a first password to change, a missing second factor."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Everything happens once the view is known."""
        return self.respond(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Answer instead of the view when something stands in between; otherwise note the sign of life."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        session: SessionStore = request.session  # type: ignore[assignment]
        now = timezone.now()
        if name in _OPEN_WHILE_LOCKED:
            return None
        if name not in _GOES_ON_LOCKED and session.is_locked(now, timedelta(minutes=value("idle_minutes"))):
            session.lock(now)
            return locked_answer(request)
        if not getattr(view, "is_background", False):
            session.touch(now)
        user: User = request.user
        if user.must_change_password and name not in _OPEN_WHILE_SETTING_UP:
            return self._send(request, "account_change_password")
        roles = value("mfa_roles")
        if roles and name not in _OPEN_WITHOUT_FACTOR and not user.access.roles.isdisjoint(roles):
            from allauth.mfa.utils import is_mfa_enabled

            if not is_mfa_enabled(user):
                return self._send(request, "mfa_activate_totp")
        return None

    def _send(self, request: HttpRequest, name: str) -> HttpResponseBase:
        if wants_json(request):
            return JsonResponse({"status": 403, "code": name}, status=403, content_type="application/problem+json")
        if is_htmx(request):
            answer = HttpResponse(status=403)
            answer["HX-Redirect"] = reverse(name)
            return answer
        return HttpResponseRedirect(reverse(name))


def locked_answer(request: HttpRequest) -> HttpResponseBase:
    """Say that the screen is locked: 423 to scripts (they keep what was typed), a page to people."""
    if wants_json(request) or is_htmx(request):
        body = {"type": "about:blank", "title": _("The screen is locked."), "status": 423, "code": "locked"}
        answer: HttpResponse = JsonResponse(body, status=423, content_type="application/problem+json")
        answer["X-Screen-Locked"] = reverse("core:locked")
        answer["HX-Reswap"] = "none"
        return answer
    if request.method in SAFE_METHODS:
        return HttpResponseRedirect(f"{reverse('core:locked')}?{urlencode({'next': request.get_full_path()})}")
    kept = [(name, text) for name, texts in request.POST.lists() if name != "csrfmiddlewaretoken" for text in texts]
    # A form sent without JavaScript: what was typed stays in this one answer, and is sent on after the password.
    return render(request, "core/locked.html", {"next": request.get_full_path(), "kept": kept}, status=423)


class RefusalMiddleware:
    """What an action refuses and no form shows becomes a page or a problem document of its own status."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """What matters stands in the address, and in what the view raises."""
        return self.respond(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """An address that no row can have leads nowhere: a number beyond the database's, a text with NUL."""
        if any(part > MAX_ID if isinstance(part, int) else "\x00" in str(part) for part in kwargs.values()):
            raise Http404

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponseBase | None:
        """A domain error, by its status; a refusal for lack of right also leaves its row (decisions 13)."""
        from crm.core.views.errors import refused

        if not isinstance(fault, DomainError):
            return None
        if fault.status == 403:
            access_log.record_request(request, "denied", at=timezone.now(), detail={"code": fault.code})
        return refused(request, fault)


class RowBudgetMiddleware:
    """Safety 1.5: what the lists and searches of a day show somebody is counted, and has an end."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """A page without rows asks nothing, not even who is there."""
        response = self.respond(request)
        rows = row_budget.rows_in(response)
        if rows and isinstance(request.user, User) and request.user.is_authenticated:
            row_budget.spend(request.user, rows, now=timezone.now())
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Beyond the limit lists and searches are refused; single records and one's work of the day stay open."""
        from crm.core.views.errors import refused

        match = request.resolver_match
        if not hasattr(view, "list_key") and (match is None or match.view_name != "workbench:palette"):
            return None
        if not isinstance(request.user, User) or not request.user.is_authenticated:
            return None
        try:
            row_budget.refuse_beyond(request.user, now=timezone.now())
        except LimitReached as fault:
            return refused(request, fault)
        return None
