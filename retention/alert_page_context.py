"""What the page of an alert is given: why, the data, what was done, the save case with its offers, what can be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.forms import Form
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import CustomerState, SignalKind
from accounts.models import Customer
from crm.core.abilities import Access
from crm.core.errors import NotFound
from crm.core.marks import due_words
from crm.core.ui import mark
from engagement.queries.policies import offers_for
from retention.alert_context import level_mark
from retention.choices import AlertState, CauseCategory, OfferState
from retention.loss_context import competitor_choices, competitor_labels
from retention.queries.alert_list import AlertRow, alert_row
from retention.queries.alert_page import Face, face_of, steps_of
from retention.queries.data_pack import DataPack, data_pack, similar
from retention.queries.reasons import missing_labels, silent_feeds, told
from retention.queries.saving import SEES, WORKS, CaseRow, case_of, limit_of
from retention.rules.saving import REACHED, STANDS, needs_approval
from retention.saving_forms import ActForm, CloseForm, EndCaseForm, OfferForm, ProposeForm, SnoozeForm, WishForm
from retention.trend import Bars, Line, bars_of, line_of

SIMILAR_DAYS = 730
CAUSES = {
    "complaint": CauseCategory.SERVICE.value, "low": CauseCategory.SERVICE.value,
    "arrears": CauseCategory.BILLING.value,
    "competitor": CauseCategory.COMPETITOR.value, "agreement": CauseCategory.PRICE.value,
}  # fmt: skip
"""What a reason suggests as the cause; the manager says what it is."""
STAGES = ((AlertState.OPEN, "bell"), (AlertState.IN_CARE, "heart-handshake"), (AlertState.SAVING, "lifebuoy"))
# ti-bell ti-heart-handshake ti-lifebuoy ti-flag
OFFER_LOOKS = {
    OfferState.WAITING: ("soon", "hourglass"), OfferState.REFUSED: ("late", "x"), OfferState.OFFERED: ("info", "gift"),
    OfferState.ACCEPTED: ("met", "check"), OfferState.DECLINED: ("quiet", "thumb-down"),
}  # fmt: skip
# ti-hourglass ti-x ti-gift ti-check ti-thumb-down


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the way at the top of the page."""

    label: str
    icon: str
    look: str
    is_current: bool


def alert_page(
    request: HttpRequest, pk: int, *, now: datetime, bound: Mapping[str, Form] | None = None
) -> dict[str, Any]:
    """The page; a form that was wrong as it was sent."""
    access: Access = request.access  # type: ignore[attr-defined]
    scope, today = access.scope_for(SEES), timezone.localdate(now)
    row = alert_row(scope, pk)
    if row is None:
        raise NotFound
    face, case, pack = face_of(row.id), case_of(row.id), data_pack(row.customer_id, row.id)
    where = {"unit_id": row.unit_id, "manager_id": row.manager_id}
    works = row.is_open and access.scope_for(WORKS).allows(**where)
    reasons = told(row.reasons, timezone.localdate(row.opened_at) if row.closed_at else today)
    if row.is_only_a_sign:  # what speaks for him says nothing beside what he showed himself
        reasons = [line for line in reasons if line.points > 0]
    context: dict[str, Any] = {
        "row": row, "face": face, "case": case, "pack": pack, "works": works, "today": today,
        "level": level_mark(row.level), "due": _due(row, now), "stages": _stages(row, case),
        "reasons": reasons, "most": max((abs(line.points) for line in reasons), default=1) or 1,
        "missing": missing_labels(face.missing), "silent": silent_feeds(face.missing),
        "probability": round(100 * row.probability),
        "points_line": _points_line(face), "usage": _usage(pack), "steps": steps_of(row.id),
        "with_cases": access.scope_for("view_cases").allows(**where),
        "agreement_ends": _end_of(pack, now), "competitor": competitor_labels().get(case.competitor_id) if case else "",
        "similar": similar(scope, row.id, signal_kind=row.signal_kind, reason=reasons[0].code if reasons else "",
                           since=now - timedelta(days=SIMILAR_DAYS)),
        "is_gone": face.customer_state in (CustomerState.CHURNED, CustomerState.EXITED),
        "log_url": f"{reverse('workbench:log_visit')}?customer={row.customer_id}",
        "may_log": access.scope_for("log_visits").allows(**where),
        "may_serve": access.scope_for("serve_customers").allows(**where),
    }  # fmt: skip
    context |= _offers(row, case, face, works, now)
    context["wants_case"] = row.signal_kind == SignalKind.ASKED_TO_LEAVE or "save" in (bound or {})
    return context | {"forms": _forms(row, case, context["allowed"], bound or {}) if works else {}}


def _due(row: AlertRow, now: datetime) -> Any:
    if not row.is_open or row.is_acted_on:
        return ""
    words, look = due_words(timezone.localdate(row.due_at), timezone.localdate(now))
    return mark(words, "late" if row.due_at < now else look or "soon", "clock")


def _stages(row: AlertRow, case: CaseRow | None) -> list[Stage]:
    """The way so far, the present step and the end."""
    order = [AlertState.OPEN, AlertState.ACKNOWLEDGED, AlertState.IN_CARE, AlertState.SAVING]
    reached = order.index(AlertState(row.state)) if row.state in order else 4 if case else 3
    found = []
    for state, icon in STAGES:
        if state == AlertState.SAVING and case is None and not row.is_open:
            continue
        place = order.index(state)
        is_current = row.is_open and (place == reached or (state == AlertState.OPEN and reached == 1))
        label = row.state_label if state == AlertState.OPEN and reached == 1 else str(state.label)
        found.append(Stage(label, icon, "met" if place < reached and not is_current else "", is_current))
    looks = {AlertState.RETAINED: "met", AlertState.CLEARED: "met", AlertState.CHURNED: "late"}
    end = _("Outcome") if row.is_open else row.state_label
    return [*found, Stage(end, "flag", looks.get(AlertState(row.state), ""), not row.is_open)]


def _end_of(pack: DataPack, now: datetime) -> Any:
    """When the agreement ends, and how near that is."""
    today = timezone.localdate(now)
    day = pack.agreement_ends(today)
    return (day, *due_words(day, today)) if day else None


def _points_line(face: Face) -> Line | None:
    """The score of the last weeks as a line; it needs two points."""
    return line_of([(day, Decimal(points)) for day, points in face.history]) if len(face.history) > 1 else None


def _usage(pack: DataPack) -> Bars | None:
    """Twelve months of revenue as bars."""
    return bars_of([(one.month, one.revenue) for one in pack.months]) if pack.months else None


def _offers(row: AlertRow, case: CaseRow | None, face: Face, works: bool, now: datetime) -> dict[str, Any]:
    """What he may be given, the limit, what of it stands, and the offers so far."""
    today = timezone.localdate(now)
    limit = limit_of(row.tier_id, today)
    made = case.offers if case else []
    stands = sum((one.cost for one in made if one.state in STANDS), Decimal(0))
    allowed = offers_for(Customer(pk=row.customer_id, tier_id=row.tier_id), today) if row.is_open else []
    withheld = face.is_control and case is None and row.signal_kind is None
    return {
        "limit": limit, "stands": stands, "room": limit - stands, "is_withheld": withheld,
        "allowed": [] if withheld else [
            {"offer": one, "is_over": needs_approval(stands, one.cost, limit)} for one in allowed
        ],
        "offers": [
            {"row": one, "mark": mark(one.state_label, *OFFER_LOOKS[OfferState(one.state)]),
             "can_answer": works and case is not None and case.is_open and one.state in REACHED}
            for one in made
        ],
    }  # fmt: skip


FORMS: dict[str, type[Form]] = {
    "act": ActForm, "propose": ProposeForm, "snooze": SnoozeForm, "close": CloseForm, "save": WishForm,
    "wish": WishForm, "offer": OfferForm, "end": EndCaseForm,
}  # fmt: skip
"""Deed → what it is asked with; `acknowledge` needs nothing."""


def form_for(
    deed: str, row: AlertRow, case: CaseRow | None, allowed: Sequence[Mapping[str, Any]], data: QueryDict | None = None
) -> Form:
    """The form of a deed, begun with what is known."""
    if deed not in FORMS:
        return Form(data)
    more: dict[str, Any] = {}
    initial: dict[str, Any] = {}
    if deed in ("save", "wish"):
        more["competitors"] = competitor_choices(case.competitor_id if case else None)
        initial = {"cause": _cause_of(row)}
        if case is not None:
            initial = {"cause": case.cause, "words": case.words, "competitor": case.competitor_id}
        elif row.signal_text:
            initial["words"] = row.signal_text
    if deed == "offer":
        more["policies"] = [(one["offer"].policy_id, one["offer"].label) for one in allowed]
    if deed in ("wish", "end") and case is not None:
        initial["version"] = case.version
    if deed == "end" and case is not None and not case.can_be_lost:
        initial["result"] = "retained"
    return FORMS[deed](data, initial=initial, prefix=None, **more)


def _cause_of(row: AlertRow) -> str:
    """What the cause may be, from why the alert was raised."""
    first = row.reasons[0][0] if row.reasons else ""
    return CAUSES.get(str(first).split("_")[0], "")


def _forms(
    row: AlertRow, case: CaseRow | None, allowed: Sequence[Mapping[str, Any]], bound: Mapping[str, Form]
) -> dict[str, Form]:
    """Every form that makes sense now; a wrong one as it was sent."""
    deeds = ["act"]
    if case is None:
        deeds += ["propose", "snooze", "close", "save"]
    elif case.is_open:
        deeds += ["wish", "offer", "end"]
    return {deed: bound.get(deed) or form_for(deed, row, case, allowed) for deed in deeds}
