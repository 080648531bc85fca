"""The site as an app on the phone: its manifest, its service worker, the page that opens without signal."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.core.abilities import public
from workbench.app_files import LATER_SCRIPTS, app_files, app_version

BRAND = "#0b5a75"
GROUND = "#f4f6f7"


@public
@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest, in the language of the reader."""
    icons = [
        {"src": static(f"img/icon-{name}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for name, size, purpose in (("192", 192, "any"), ("512", 512, "any"), ("maskable", 512, "maskable"))
    ]
    shortcuts = [
        {"name": _("Log a visit"), "url": reverse("workbench:log_visit")},
        {"name": _("My customers"), "url": reverse("accounts:customer_list")},
    ]
    told = {
        "id": "/", "start_url": "/", "scope": "/", "display": "standalone", "lang": get_language(),
        "name": _("Customer Desk"), "short_name": _("Customer Desk"), "description": _("Every customer kept in touch."),
        "theme_color": BRAND, "background_color": GROUND, "icons": icons, "shortcuts": shortcuts,
    }  # fmt: skip
    return JsonResponse(told, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@public
@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker of the whole site; a new version of any file that it keeps makes it a new worker."""
    kept = {"version": app_version(), "shell": reverse("workbench:offline"), "files": app_files()}
    text = f"self.KEPT = {json.dumps(kept)};\nimportScripts({json.dumps(static('js/service_worker.js'))});\n"
    answer = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@public
@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """The page that opens without signal: the same for everybody and in no language; what it shows is on the phone."""
    return render(request, "workbench/offline.html", {"scripts": [static(name) for name in LATER_SCRIPTS]})
