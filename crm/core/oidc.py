"""Signing in with the house's OpenID Connect provider, when the settings name one (sync-api, "Trust").

The provider says who somebody is, by a claim that holds the staff number; nobody signs up by it, and nothing of it is
stored. A second factor that a person has here is still asked for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.openid_connect import views
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from crm.core import access_log
from crm.core.abilities import public
from crm.core.models import User
from crm.core.pages import is_own_path
from crm.core.text import narrow

PROVIDER = "house"
LONGEST_NUMBER = 150
FAILED = gettext_noop("Signing in with the company account did not work. Please try again.")

logger = logging.getLogger(__name__)


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Whom the provider names is signed in, if he may sign in at all; otherwise the same short answer for all."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Accounts are made by directors."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the person by his staff number."""
        number = staff_number(sociallogin.account.extra_data)
        user = User.objects.filter(username__iexact=number, is_active=True, is_service=False).first()
        if not number or user is None:
            known = User.objects.filter(username__iexact=number).first() if number else None
            access_log.record("sign_in_failed", known, at=timezone.now(), detail={"way": "oidc"})
            text = _("The company account belongs to nobody who may sign in here.")
            raise ImmediateHttpResponse(_back(request, text))
        sociallogin.user = user

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Cancelled there, or the provider is away: back to the sign-in page."""
        logger.warning("sign-in by the provider failed", extra={"error": str(error), "fault": type(exception).__name__})
        raise ImmediateHttpResponse(_back(request, _(FAILED)))

    def is_safe_url(self, url: str | None) -> bool:
        """Only paths of this site."""
        return is_own_path(url)


def _back(request: HttpRequest, text: str) -> HttpResponse:
    messages.error(request, text)
    return HttpResponseRedirect(reverse("account_login"))


def _steady(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A provider that is away, or answers something else than it should, is no fault of ours."""

    @wraps(view)
    def steady(request: HttpRequest, provider_id: str) -> HttpResponse:
        try:
            return view(request, provider_id)
        except (RequestException, ValueError, KeyError) as fault:
            logger.warning("the provider did not answer as it should", extra={"fault": type(fault).__name__})
            return _back(request, _(FAILED))

    return steady


def staff_number(data: Any) -> str:
    """The claim that holds the staff number, of the user info or of the id token."""
    for part in ("userinfo", "id_token"):
        claims = data.get(part) if isinstance(data, dict) else None
        value = claims.get(settings.OIDC_CLAIM) if isinstance(claims, dict) else None
        if isinstance(value, str) and value.strip():
            return narrow(value.strip())[:LONGEST_NUMBER]
    return ""


def patterns() -> list[URLPattern]:
    """The two routes of the library that we use; `providers` knows only ours."""
    return [
        path(
            "sign-in/with/<slug:provider_id>/", public(require_POST(_steady(views.login))), name="openid_connect_login"
        ),
        path(
            "sign-in/with/<slug:provider_id>/done/",
            public(require_GET(_steady(views.callback))),
            name="openid_connect_callback",
        ),
    ]


def door() -> dict[str, str] | None:
    """What the sign-in page offers; None without a provider."""
    if not settings.OIDC_URL:
        return None
    url = reverse("openid_connect_login", kwargs={"provider_id": PROVIDER})
    return {"url": url, "name": settings.OIDC_NAME or _("company account")}
