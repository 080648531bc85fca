"""Pages of what hangs on a customer: contact persons, private group, members, files (CUS-8, 12, 24, 28)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions, queries
from accounts.field_labels import field_label
from accounts.forms.records import CONTACT, PRIVATE, FamilyForm, FileForm, JobForm, MemberForm, RecordForm
from accounts.models import ContactPerson
from accounts.queries.customers import file_for
from crm.core import access_log, attachments
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.errors import Conflict
from crm.core.pages import domain_errors

DONE = "workbench:customer"


def _form_page(request: Asked, form: Any, customer: Any, title: str, **more: Any) -> HttpResponse:
    """The one template of a small form about a customer."""
    context = {"form": form, "customer": customer, "title": title} | more
    status = 409 if "conflict_rows" in more else 400 if form.errors else 200
    return render(request, "accounts/record_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
@ability("edit_customers")
def contact_person_new(request: Asked, pk: int) -> HttpResponse:
    """Add a contact person (CUS-24)."""
    customer = queries.customer_for(request.access.scope, pk)
    form = RecordForm(CONTACT, request.POST or None, initial={"role": "other"})
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            actions.save_contact_person(customer_id=pk, values=form.values(), by=request.user, now=timezone.now())
            messages.success(request, _("Saved."), extra_tags=f"draft=contact:{pk}")
            return redirect(DONE, pk)
    return _form_page(request, form, customer, _("New contact person"), draft=f"contact:{pk}")


@require_http_methods(["GET", "POST"])
@ability("edit_customers")
def contact_person_edit(request: Asked, pk: int) -> HttpResponse:
    """Change a contact person; two who save see both values (409)."""
    person = get_object_or_404(ContactPerson.visible_to(request.access.scope).select_related("customer"), pk=pk)
    initial = {name: getattr(person, name) for name in (*CONTACT, "is_active", "version")}
    form = RecordForm((*CONTACT, "is_active"), request.POST or None, initial=initial)
    more: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        try:
            with domain_errors(form):
                version = form.cleaned_data["version"]
                actions.save_contact_person(
                    person_id=pk, values=form.values(), version=version, by=request.user, now=timezone.now()
                )
                messages.success(request, _("Saved."))
                return redirect(DONE, person.customer_id)
        except Conflict as conflict:
            more = {"conflict_rows": form.accept(conflict.current), "conflict": conflict.current}
    return _form_page(request, form, person.customer, person.name, **more)


@require_POST
@ability("view_private_profile")
def reveal_private(request: Asked, pk: int) -> HttpResponse:
    """Look at the private group with a reason, logged; who may edit the customer changes it here too (CUS-8)."""
    customer = queries.customer_for(request.access.scope_for("view_private_profile"), pk)
    form = RecordForm(PRIVATE, request.POST if "save" in request.POST else None)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            actions.save_private(customer_id=pk, values=form.values(), by=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return redirect(DONE, pk)
    context: dict[str, Any] = {"form": form, "customer": customer}
    if not form.is_bound:
        reason = request.POST.get("reason", "")
        seen = actions.reveal_private(customer_id=pk, reason=reason, by=request.user, now=timezone.now())
        context |= private_context(seen, RecordForm(PRIVATE, initial=seen.values))
    own = request.access.scope_for("edit_customers")
    context["can_edit"] = own.allows(unit_id=customer.unit_id, manager_id=customer.manager_id)
    return render(request, "accounts/private.html", context, status=400 if form.errors else 200)


def private_context(seen: actions.PrivateView, form: RecordForm) -> dict[str, Any]:
    """What was looked at, in words, and the form to change it."""
    facts = [(field_label(name), seen.values[name]) for name in PRIVATE if seen.values[name]]
    return {"seen": seen, "facts": facts, "form": form}


@require_http_methods(["GET", "POST"])
@ability("view_private_profile")
def family_new(request: Asked, pk: int) -> HttpResponse:
    """Add a family member; needs recorded consent (CUS-8)."""
    customer = queries.customer_for(request.access.scope_for("view_private_profile"), pk)
    form = FamilyForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            actions.add_family_member(customer_id=pk, values=form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return redirect(DONE, pk)
    return _form_page(request, form, customer, _("New family member"))


@require_http_methods(["GET", "POST"])
@ability("view_private_profile")
def job_change_new(request: Asked, pk: int) -> HttpResponse:
    """Add a dated change of job (CUS-8)."""
    customer = queries.customer_for(request.access.scope_for("view_private_profile"), pk)
    form = JobForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            actions.add_job_change(customer_id=pk, values=form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return redirect(DONE, pk)
    return _form_page(request, form, customer, _("New change of job"))


@require_http_methods(["GET", "POST"])
@ability("edit_customers")
def member_new(request: Asked, pk: int) -> HttpResponse:
    """Add a subscriber line to a group (CUS-28)."""
    customer = queries.customer_for(request.access.scope, pk)
    form = MemberForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            actions.save_member(customer_id=pk, values=form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return redirect(DONE, pk)
    return _form_page(request, form, customer, _("New group member"))


@require_http_methods(["GET", "POST"])
@ability("edit_customers")
def file_upload(request: Asked, pk: int) -> HttpResponse:
    """Put a file into the archive (CUS-12)."""
    customer = queries.customer_for(request.access.scope, pk)
    form = FileForm(request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            actions.add_file(customer_id=pk, **form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return redirect(DONE, pk)
    return _form_page(request, form, customer, _("New file"), has_file=True)


@require_GET
@ability("view_customers")
def file_download(request: Asked, pk: int) -> HttpResponseBase:
    """Stream a file after asking for the customer again; the download is logged (SEC-4)."""
    found = file_for(request.access.scope, pk)
    detail = {"title": found.title, "version": found.file_version}
    access_log.record_request(
        request, "download", at=timezone.now(), subject_table="accounts_customer", subject_id=found.customer_id,
        detail=detail,
    )  # fmt: skip
    return attachments.stream(found.attachment)
