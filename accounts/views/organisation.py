"""Settings pages of units and staff (ORG-4…12, 16…21, 23, 27, 31)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions
from accounts.forms.organisation import LeaveForm, PostForm, QualificationForm, StaffForm, UnitForm
from accounts.models import Staff
from accounts.queries import staff as people
from accounts.staff_context import staff_context
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.errors import Conflict, Invalid
from crm.core.listed import listed
from crm.core.pages import came_from, domain_errors

STAFF, UNITS = "manage_staff", "manage_units"


@require_GET
@ability(STAFF, "view_team")
@listed("staff")
def staff_list(request: Asked) -> HttpResponse:
    """Everybody of one's units: roles, line, grade, supervisor, backup, customers, missing qualifications."""
    scope = request.access.scope_for(STAFF).union(request.access.scope_for("view_team"))
    rows, today = list(people.staff_rows(scope)), timezone.localdate()
    roles = people.roles_of([row.pk for row in rows], today)
    context = {
        "staff": [(row, roles.get(row.pk, "")) for row in rows],
        "missing": people.missing_qualifications([row.pk for row in rows], today),
        "can_manage": request.access.can(STAFF),
        "today": today,
    }
    return render(request, "accounts/staff_list.html", context)


@require_http_methods(["GET", "POST"])
@ability(STAFF)
def staff_new(request: Asked) -> HttpResponse:
    """A new colleague; the staff number is the name to sign in with."""
    form = StaffForm(request.POST or None, scope=request.access.scope_for(STAFF))
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            password = form.cleaned_data["password"]
            made = actions.save_staff(values=form.values(), password=password, by=request.user, now=timezone.now())
            messages.success(request, _("Saved. Now give a post: without one there is nothing to see."))
            return redirect("accounts:staff_detail", made.pk)
    context = {"form": form, "title": _("New colleague"), "back": "accounts:staff_list"}
    return render(request, "accounts/settings_form.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@ability(STAFF, "view_team")
def staff_detail(request: Asked, pk: int) -> HttpResponse:
    """One colleague: record, posts, qualifications, leave and cover."""
    scope = request.access.scope_for(STAFF).union(request.access.scope_for("view_team"))
    member = people.staff_for(scope, pk)
    form = StaffForm(request.POST or None, scope=scope, staff=member)
    if form.is_bound and form.is_valid():
        given = {"values": form.values(), "version": form.cleaned_data["version"]}
        try:
            with domain_errors(form):
                actions.save_staff(staff_id=pk, **given, by=request.user, now=timezone.now())
                messages.success(request, _("Saved."))
                return redirect("accounts:staff_detail", pk)
        except Conflict as conflict:
            shown = {"form": form, "conflict_rows": form.accept(conflict.current)}
            return _staff_page(request, member, shown, status=409)
    return _staff_page(request, member, {"form": form}, status=400 if form.errors else 200)


def _staff_page(request: Asked, member: Staff, forms: dict[str, Any], *, status: int) -> HttpResponse:
    """The page of a colleague with its small forms; a form that was refused comes in `forms`."""
    context = staff_context(request.access, member, timezone.localdate()) | forms
    return render(request, "accounts/staff_detail.html", context, status=status)


@require_POST
@ability(STAFF)
def post_new(request: Asked, pk: int) -> HttpResponse:
    """Give a role in a unit; a person may hold several."""
    scope = request.access.scope_for(STAFF)
    member = people.staff_for(scope, pk)
    form = PostForm(request.POST, scope=scope)
    if form.is_valid():
        with domain_errors(form):
            actions.save_post(staff_id=pk, **form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return redirect("accounts:staff_detail", pk)
    return _staff_page(request, member, {"post_form": form}, status=400)


@require_POST
@ability(STAFF)
def post_end(request: Asked, pk: int) -> HttpResponse:
    """End a post today."""
    now = timezone.now()
    post = actions.end_post(post_id=pk, ends_on=timezone.localdate(now) - timedelta(days=1), by=request.user, now=now)
    messages.success(request, _("The post has ended."))
    return redirect("accounts:staff_detail", post.staff_id)


@require_POST
@ability(STAFF)
def qualification_new(request: Asked, pk: int) -> HttpResponse:
    """Record a qualification (ORG-27)."""
    member = people.staff_for(request.access.scope_for(STAFF), pk)
    form = QualificationForm(request.POST)
    if form.is_valid():
        with domain_errors(form):
            actions.save_qualification(staff_id=pk, values=form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return redirect("accounts:staff_detail", pk)
    return _staff_page(request, member, {"qualification_form": form}, status=400)


@require_POST
@ability("arrange_cover", STAFF, "serve_customers")
def leave_new(request: Asked, pk: int) -> HttpResponse:
    """Record days away: capacity sinks, suggestions move."""
    form = LeaveForm(request.POST)
    if form.is_valid():
        with domain_errors(form):
            done = actions.record_leave(staff_id=pk, **form.cleaned_data, by=request.user, now=timezone.now())
            for text in done.warnings:
                messages.warning(request, str(text))
            messages.success(request, _("Saved."))
            return redirect(came_from(request))
    scope = request.access.scope_for(STAFF).union(request.access.scope_for("view_team"))
    return _staff_page(request, people.staff_for(scope, pk), {"leave_form": form}, status=400)


@require_POST
@ability(STAFF)
def staff_deactivate(request: Asked, pk: int) -> HttpResponse:
    """Refused while he still has customers (ORG-29); says where to hand them over."""
    try:
        actions.deactivate_staff(staff_id=pk, by=request.user, now=timezone.now())
    except Invalid as refusal:
        member = people.staff_for(request.access.scope_for(STAFF), pk)
        return _staff_page(request, member, {"refusal": refusal.text}, status=400)
    messages.success(request, _("The colleague can no longer sign in."))
    return redirect("accounts:staff_list")


@require_POST
@ability(STAFF)
def staff_reactivate(request: Asked, pk: int) -> HttpResponse:
    """Somebody came back."""
    actions.reactivate_staff(staff_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("Saved."))
    return redirect("accounts:staff_detail", pk)


@require_POST
@ability(STAFF, "view_private_profile")
def private_grant(request: Asked, pk: int) -> HttpResponse:
    """Let a manager see the private data of his own customers, or take that back (decisions 12)."""
    if "revoke" in request.POST:
        actions.revoke_private(staff_id=pk, by=request.user, now=timezone.now())
    else:
        reason = request.POST.get("reason", "")
        actions.grant_private(staff_id=pk, reason=reason, by=request.user, now=timezone.now())
    messages.success(request, _("Saved."))
    return redirect("accounts:staff_detail", pk)


@require_GET
@ability(UNITS, "view_team")
@listed("units")
def unit_list(request: Asked) -> HttpResponse:
    """The tree, with a warning where nobody handles VIP complaints (ORG-11, ORG-18)."""
    scope = request.access.scope_for(UNITS).union(request.access.scope_for("view_team"))
    context = {
        "units": people.unit_rows(scope),
        "without_handler": {unit.pk for unit in people.units_without_handler(scope)},
        "can_manage": request.access.can(UNITS),
    }
    return render(request, "accounts/unit_list.html", context)


@require_http_methods(["GET", "POST"])
@ability(UNITS)
def unit_new(request: Asked) -> HttpResponse:
    """A new unit."""
    form = UnitForm(request.POST or None, scope=request.access.scope_for(UNITS))
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            actions.save_unit(values=form.values(), by=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return redirect("accounts:unit_list")
    context = {"form": form, "title": _("New unit"), "back": "accounts:unit_list"}
    return render(request, "accounts/settings_form.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@ability(UNITS)
def unit_edit(request: Asked, pk: int) -> HttpResponse:
    """Change a unit; a new parent moves everything below it."""
    scope = request.access.scope_for(UNITS)
    unit = people.unit_for(scope, pk)
    form = UnitForm(request.POST or None, scope=scope, unit=unit)
    context: dict[str, Any] = {"form": form, "title": unit.name, "back": "accounts:unit_list"}
    if form.is_bound and form.is_valid():
        given = {"values": form.values(), "version": form.cleaned_data["version"]}
        try:
            with domain_errors(form):
                actions.save_unit(unit_id=pk, **given, by=request.user, now=timezone.now())
                messages.success(request, _("Saved."))
                return redirect("accounts:unit_list")
        except Conflict as conflict:
            context["conflict_rows"] = form.accept(conflict.current)
            return render(request, "accounts/settings_form.html", context, status=409)
    return render(request, "accounts/settings_form.html", context, status=400 if form.errors else 200)
