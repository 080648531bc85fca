"""Plans of weeks, months and years: the board, its small forms, the team's plans (PLAN-1, 2, 5, 6, 7, 18, 22)."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.abilities import ability
from crm.core.addresses import given_of, unknown_value
from crm.core.asked import Asked
from crm.core.errors import Conflict, Invalid
from crm.core.listed import listed
from crm.core.pages import came_from, domain_errors
from visits.actions import plans as actions
from visits.choices import PlanPeriod
from visits.filters import read_day, read_id
from visits.forms.plans import AddForm, FocusForm, ItemForm, LeaveOutForm, LongItemForm, MoveForm
from visits.models import Plan
from visits.plan_context import plan_item_context
from visits.queries.plans import sheets
from visits.queries.plans.levelling import proposed_moves
from visits.queries.plans.page import PlanWanted, plan_page, plan_url
from visits.queries.plans.team import team_plans
from visits.views.answers import done

OFFERED = ("period", "on", "week", "staff")


@require_GET
@ability("plan_week", "view_team")
def plan(request: Asked) -> HttpResponse:
    """One's own plan, or with `staff` that of somebody one covers or leads."""
    page = plan_page(request.access, _wanted(request), now=timezone.now())
    if page is None:
        return HttpResponseRedirect(reverse("visits:plan_team"))
    return render(request, "visits/plan.html", {"page": page})


def _wanted(request: Asked) -> PlanWanted:
    given = dict(given_of(request.GET, OFFERED))
    period = given.get("period", PlanPeriod.WEEK.value)
    if period not in PlanPeriod.values:
        raise unknown_value("period")
    on = given.get("on") or given.get("week")
    staff = given.get("staff")
    return PlanWanted(period, read_day(on, "on") if on else None, read_id(staff, "staff") if staff else None)


@require_POST
@ability("plan_week")
def plan_draft(request: Asked) -> HttpResponse:
    """The draft of a week that has none, now."""
    staff_id = read_id(request.POST.get("staff", ""), "staff")
    monday = read_day(request.POST.get("on", ""), "on")
    actions.draft_own_week(staff_id=staff_id, monday=monday, by=request.user, now=timezone.now())
    of = None if staff_id == request.access.staff_id else staff_id
    return HttpResponseRedirect(plan_url("week", monday, of))


@require_POST
@ability("plan_week")
def plan_accept(request: Asked, pk: int) -> HttpResponse:
    """PLAN-6: one tap; PLAN-2: whoever is due is in it or left out with a reason."""
    row = actions.accept_plan(plan_id=pk, by=request.user, now=timezone.now())
    return done(request, _("The plan is accepted."), then=_back(request, row))


@require_http_methods(["GET", "POST"])
@ability("plan_week")
def plan_focus(request: Asked, pk: int) -> HttpResponse:
    """What the week, month or year is about."""
    sheet = sheets.plan_sheet(request.access, pk, today=timezone.localdate())
    form = FocusForm(request.POST or None, initial={"focus": sheet.focus, "version": sheet.version})
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            row = actions.save_focus(plan_id=pk, **form.cleaned_data, by=request.user, now=timezone.now())
            return done(request, _("Saved."), then=_back(request, row))
    return _form(request, "focus", sheet, form, _("Focus"))


@require_http_methods(["GET", "POST"])
@ability("plan_week")
def plan_item_add(request: Asked, pk: int) -> HttpResponse:
    """Put somebody into a week; a segment or a matter into a month or year."""
    sheet = sheets.plan_sheet(request.access, pk, today=timezone.localdate(), with_customers=True)
    given = {"on": request.GET.get("on", ""), "half": "am", "customer": request.GET.get("customer", "")}
    form: AddForm | LongItemForm
    if sheet.period == "week":
        form = AddForm(
            request.POST or None, initial=given, days=sheet.days, colleagues=sheet.colleagues, customers=sheet.customers
        )
    else:
        form = LongItemForm(
            request.POST or None, initial={"on": sheet.first, "target": 1}, customers=sheet.customers,
            segments=sheet.segments,
        )  # fmt: skip
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            item = actions.add_item(plan_id=pk, wish=form.wish, by=request.user, now=timezone.now())
            return done(request, _("It is in the plan."), then=sheet.back, undo=_remove_url(item.pk))
    return _form(request, "add", sheet, form, _("Put into the plan"))


def _remove_url(item_id: int) -> str:
    return reverse("visits:plan_item_remove", args=[item_id])


@require_http_methods(["GET", "POST"])
@ability("plan_week")
def plan_item(request: Asked, pk: int) -> HttpResponse:
    """The plain form of an item: day, half-day, how, what for, with whom."""
    sheet = sheets.item_sheet(request.access, pk, today=timezone.localdate())
    form = ItemForm(request.POST or None, initial=sheet.initial, days=sheet.plan.days, colleagues=sheet.plan.colleagues)
    more: dict[str, object] = {"card": sheet.card}
    if form.is_bound and form.is_valid():
        try:
            with domain_errors(form):
                wish, now = form.wish, timezone.now()
                moved = actions.change_item(item_id=pk, wish=wish, drawn=form.drawn, by=request.user, now=now)
                return done(request, _moved(moved), then=sheet.plan.back)
        except Conflict as refusal:
            more["conflicts"] = form.take(refusal.current) if refusal.code == "changed" else []
            more["closed"] = "" if refusal.code == "changed" else refusal.text
    return _form(request, "item", sheet.plan, form, sheet.card.name, **more)


@require_POST
@ability("plan_week")
def plan_item_move(request: Asked, pk: int) -> HttpResponse:
    """To another half-day, dragged or by keys; elsewhere by now is a conflict (409)."""
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("This is not a valid value."), code="invalid", field="on")
    given = form.cleaned_data
    moved = actions.move_item(
        item_id=pk, on=given["on"], half=given["half"], place=given["place"], seen=form.seen,
        by=request.user, now=timezone.now(),
    )  # fmt: skip
    return done(request, _moved(moved), then=came_from(request, reverse("visits:plan")))


def _moved(moved: actions.Moved) -> str:
    day = f"{date_format(moved.item.planned_on, 'MONTH_DAY_FORMAT')} {date_format(moved.item.planned_on, 'D')}"
    words = _("Planned again for %(day)s.") if moved.is_again else _("Planned for %(day)s.")
    return words % {"day": day}


@require_http_methods(["GET", "POST"])
@ability("plan_week")
def plan_item_remove(request: Asked, pk: int) -> HttpResponse:
    """Leave an item out; PLAN-2 asks for the reason when the customer is due."""
    sheet = sheets.item_sheet(request.access, pk, today=timezone.localdate())
    form = LeaveOutForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            actions.remove_item(item_id=pk, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
            undo = reverse("visits:plan_item_restore", args=[pk])
            return done(request, _("Left out of the plan."), then=sheet.plan.back, undo=undo)
    return _form(
        request, "remove", sheet.plan, form, _("Leave out: %(name)s") % {"name": sheet.card.name}, card=sheet.card,
        needs_reason=sheet.needs_reason,
    )  # fmt: skip


@require_POST
@ability("plan_week")
def plan_item_restore(request: Asked, pk: int) -> HttpResponse:
    """Back into the plan."""
    actions.restore_item(item_id=pk, by=request.user, now=timezone.now())
    return done(request, _("It is in the plan."), then=came_from(request, reverse("visits:plan")))


@require_http_methods(["GET", "POST"])
@ability("plan_week")
def plan_leave_out(request: Asked, pk: int, customer_id: int) -> HttpResponse:
    """PLAN-2: a due customer stays out of the plan, with the reason."""
    sheet, name = sheets.leave_out_sheet(request.access, pk, customer_id, today=timezone.localdate())
    form = LeaveOutForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            item = actions.leave_out(
                plan_id=pk, customer_id=customer_id, reason=form.cleaned_data["reason"], by=request.user,
                now=timezone.now(),
            )  # fmt: skip
            return done(
                request,
                _("Left out of the plan."),
                then=sheet.back,
                undo=reverse("visits:plan_item_restore", args=[item.pk]),
            )
    return _form(request, "remove", sheet, form, _("Leave out: %(name)s") % {"name": name}, needs_reason=True)


@require_http_methods(["GET", "POST"])
@ability("plan_week")
def plan_relevel(request: Asked, pk: int) -> HttpResponse:
    """What leave, free days and full days would move: first shown, then done."""
    if request.method == "POST":
        count = actions.relevel_plan(plan_id=pk, by=request.user, now=timezone.now())
        text = ngettext("%(n)d item moved.", "%(n)d items moved.", count) % {"n": count}
        return done(request, text, then=sheets.plan_sheet(request.access, pk, today=timezone.localdate()).back)
    row = sheets.own_plan_row(request.access.scope_for("plan_week"), pk)
    context = {
        "moves": proposed_moves(row, today=timezone.localdate()),
        "sheet": sheets.plan_sheet(request.access, pk, today=timezone.localdate()),
    }
    return render(request, "visits/plan_relevel.html", context)


@require_GET
@ability("plan_week", "view_team")
def plan_team(request: Asked) -> HttpResponse:
    """PLAN-4, PLAN-5: the managers' plans of a week or month, read only."""
    given = dict(given_of(request.GET, ("period", "on")))
    period = given.get("period", "week")
    if period not in ("week", "month"):
        raise unknown_value("period")
    on = read_day(given["on"], "on") if "on" in given else None
    page = team_plans(request.access, period=period, on=on, now=timezone.now())
    return render(request, "visits/plan_team.html", {"page": page})


@require_GET
@ability("plan_week", "view_team")
@listed("plan_items")
def plan_item_list(request: Asked) -> HttpResponse:
    """The rows behind every number about plans."""
    return render(request, "visits/plan_item_list.html", plan_item_context(request, timezone.now()))


def _back(request: Asked, row: Plan) -> str:
    return plan_url(row.period, row.starts_on, None if row.staff_id == request.access.staff_id else row.staff_id)


def _form(
    request: Asked, which: str, sheet: sheets.PlanSheet, form: object, title: str, **more: object
) -> HttpResponse:
    """One small form, in the sheet or as a page of its own."""
    bound = bool(getattr(form, "is_bound", False))
    context = {"which": which, "sheet": sheet, "form": form, "title": title, **more}
    template = "visits/plan_sheet.html" if request.htmx else "visits/plan_form.html"
    return render(request, template, context, status=409 if "conflicts" in more else 400 if bound else 200)
