"""The bell and the list of one's notices."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from crm.core import notices
from crm.core.abilities import person_of, signed_in
from crm.core.middleware import is_htmx
from crm.core.models import Notice
from crm.core.pages import background, came_from, own_path, place_of

PAGE = 50


@require_GET
@background
@signed_in
def notice_bell(request: HttpRequest) -> HttpResponse:
    """The bell's fragment: how many unread, and the newest few when it is opened."""
    user_id = person_of(request).pk
    context = {"unread": notices.unread_count(user_id)}
    if "open" in request.GET:
        context["notices"] = notices.notices_of(user_id, limit=7)[:7]  # type: ignore[assignment]
    return render(request, "core/notice_bell.html", context)


@require_GET
@signed_in
def notice_list(request: HttpRequest) -> HttpResponse:
    """One's notices, newest first."""
    shown = notices.notices_of(person_of(request).pk, before=place_of(request), limit=PAGE)
    following = shown[PAGE - 1].id if len(shown) > PAGE else None
    return render(request, "core/notice_list.html", {"notices": shown[:PAGE], "next_before": following})


@require_POST
@signed_in
def notice_read(request: HttpRequest) -> HttpResponse:
    """Mark all as read, or those named."""
    ids = [int(raw) for raw in request.POST.getlist("id") if raw.isascii() and raw.isdigit() and len(raw) < 19]
    notices.mark_read(by=person_of(request), now=timezone.now(), notice_ids=ids or None)
    if is_htmx(request):
        return render(request, "core/notice_bell.html", {"unread": notices.unread_count(person_of(request).pk)})
    return HttpResponseRedirect(came_from(request))


@require_POST
@signed_in
def notice_open(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Follow a notice: it is read, and leads to what it is about."""
    notice = get_object_or_404(Notice, pk=notice_id, user=request.user)
    notices.mark_read(by=person_of(request), now=timezone.now(), notice_ids=[notice.pk])
    return HttpResponseRedirect(own_path(notice.url))
