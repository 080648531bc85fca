"""One's own screen: locked or not, in which language, light or dark."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from crm.core import personal
from crm.core.abilities import public, signed_in
from crm.core.errors import Invalid
from crm.core.forms import UnlockForm
from crm.core.middleware import is_htmx, wants_json
from crm.core.pages import came_from, own_path
from crm.core.views import errors

COOKIE_AGE = 365 * 24 * 3600


@require_GET
@never_cache
@signed_in
def locked(request: HttpRequest) -> HttpResponse:
    """SEC-4: the covered screen; it asks for the password and shows nothing else. Opening it locks."""
    personal.lock(request, now=timezone.now())
    return render(request, "core/locked.html", {"form": UnlockForm(), "next": own_path(request.GET.get("next"))})


@require_POST
@never_cache
@sensitive_post_parameters("password")
@signed_in
def unlock(request: HttpRequest) -> HttpResponse:
    """The password again; back to where one was, with what was typed (a plain form sends it on)."""
    form = UnlockForm(request.POST)
    following, kept = own_path(request.POST.get("next")), personal.kept_fields(request.POST)
    if not form.is_valid() or not personal.unlock(request, form, now=timezone.now()):
        if wants_json(request) or is_htmx(request):
            return errors.answer(
                request, 422, " ".join(str(error) for error in form.errors.get("password", [])), code="wrong_password"
            )
        context = {"form": form, "next": following, "kept": kept}
        return render(request, "core/locked.html", context, status=422)
    if wants_json(request) or is_htmx(request):
        return HttpResponse(status=204)
    if kept:
        return render(request, "core/resume.html", {"next": following, "kept": kept})
    return HttpResponseRedirect(following)


@require_POST
@public
def set_language(request: HttpRequest) -> HttpResponse:
    """The switch: remembered in the browser and, signed in, for the person (decisions 32)."""
    code = request.POST.get("language", "")
    if code not in dict(settings.LANGUAGES):
        raise Invalid(_("There is no such language."), code="invalid_choice", field="language")
    if request.user.is_authenticated:
        personal.choose(by=request.user, language=code)
    response = HttpResponseRedirect(came_from(request))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


@require_POST
@public
def set_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or like the device."""
    theme = request.POST.get("theme", "")
    if theme not in personal.THEMES:
        raise Invalid(_("There is no such theme."), code="invalid_choice", field="theme")
    if request.user.is_authenticated:
        personal.choose(by=request.user, theme=theme)
    response = HttpResponse(status=204) if is_htmx(request) else HttpResponseRedirect(came_from(request))
    response.set_cookie("theme", theme, max_age=COOKIE_AGE, secure=settings.LANGUAGE_COOKIE_SECURE, samesite="Lax")
    return response
