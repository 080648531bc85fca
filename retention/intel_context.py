"""What the pages of competitor intelligence are given (RET-10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from accounts.queries import names
from accounts.queries.names import units_in
from complaints.queries.board_choices import customer_name
from crm.core.abilities import Access
from crm.core.addresses import Chip, given_of, unknown_value, with_values, without
from crm.core.errors import NotFound
from crm.core.pages import decode_cursor, encode_cursor
from crm.core.ui import mark
from retention.choices import IntelligenceKind, Reliability
from retention.filters import is_english, read_unit
from retention.loss_context import competitor_choices, competitor_labels
from retention.queries import intelligence as queries
from retention.queries.losses import competitors
from retention.saving_forms import IntelForm
from retention.tabs import churn_tabs
from visits.filters import read_id

LOOKS = {"sure": ("met", "eye-check"), "likely": ("info", "message"), "rumour": ("quiet", "ear")}
# ti-eye-check ti-message ti-ear
ICONS = {"price": "tag", "offer": "gift", "visit": "walk", "network": "antenna", "tender": "gavel"}
# ti-tag ti-gift ti-walk ti-antenna ti-gavel


def intel_list_context(request: HttpRequest, *, now: datetime) -> dict[str, Any]:
    """What is known of competitors, the latest first, by area; above it what customers said on visits."""
    access: Access = request.access  # type: ignore[attr-defined]
    given = dict(given_of(request.GET, ("competitor", "kind", "reliability", "unit", "customer", "cursor")))
    filters, chips = _filters(request, access, given)
    after = decode_cursor(given["cursor"], 2, (date, int)) if "cursor" in given else None
    rows = queries.intelligence(access, filters, after=after)
    shown = rows[: queries.LIMIT]
    labels = competitor_labels()
    scope = access.scope_for(queries.WRITES)
    return {
        "tabs": churn_tabs(access, "intel_list"),
        "lines": [
            {"row": row, "competitor": labels.get(row.competitor_id, ""), "icon": ICONS[row.kind],
             "sure": mark(row.reliability_label, *LOOKS[row.reliability])}
            for row in shown
        ],
        "more_url": with_values(request.GET, cursor=encode_cursor([shown[-1].seen_on, shown[-1].id]))
        if len(rows) > queries.LIMIT
        else "",
        "given": given,
        "chips": chips,
        "said": [] if chips else queries.said_on_visits(scope, now - timedelta(days=queries.VOICE_DAYS)),
        "competitors": [(one.code, one.label(english=is_english())) for one in competitors()],
        "kinds": IntelligenceKind.choices,
        "sure": Reliability.choices,
        "units": units_in(scope),
    }  # fmt: skip


def _filters(request: HttpRequest, access: Access, given: Mapping[str, str]) -> tuple[dict[str, Any], list[Chip]]:
    found: dict[str, Any] = {}
    chips = []
    for name, choices in (("kind", IntelligenceKind), ("reliability", Reliability)):
        if name in given:
            if given[name] not in choices.values:
                raise unknown_value(name)
            found[name] = given[name]
            chips.append(Chip(str(choices(given[name]).label), without(request.GET, name)))
    if "competitor" in given:
        rival = next((one for one in competitors() if one.code == given["competitor"]), None)
        if rival is None:
            raise unknown_value("competitor")
        found["competitor_id"] = rival.id
        chips.append(Chip(rival.label(english=is_english()), without(request.GET, "competitor")))
    if "unit" in given:
        unit_id = read_unit(given["unit"])
        found["unit_ids"] = list(names.subtree(unit_id))
        chips.append(Chip(names.unit_name(unit_id), without(request.GET, "unit")))
    if "customer" in given:
        found["customer_id"] = read_id(given["customer"], "customer")
        chips.append(Chip(customer_name(access.scope, found["customer_id"]) or "–", without(request.GET, "customer")))
    return found, chips


def intel_form(
    request: HttpRequest, data: QueryDict | None = None, files: MultiValueDict[str, Any] | None = None, *, now: datetime
) -> tuple[IntelForm, dict[str, Any]]:
    """The form and whom it is about: a customer, what one said on a visit, or the area."""
    access: Access = request.access  # type: ignore[attr-defined]
    given = request.GET if data is None else data
    said, name = None, ""
    initial: dict[str, Any] = {"seen_on": timezone.localdate(now), "reliability": Reliability.LIKELY.value}
    if given.get("voice"):
        said = queries.said_by_id(access.scope, read_id(str(given["voice"]), "voice"))
        initial |= {"voice": said.id, "customer": said.customer_id, "text": said.text,
                    "seen_on": timezone.localdate(said.said_at)}  # fmt: skip
        name = said.customer
    elif given.get("customer"):
        initial["customer"] = read_id(str(given["customer"]), "customer")
        name = customer_name(access.scope, initial["customer"])
        if not name:
            raise NotFound
    form = IntelForm(data, files, initial=initial, competitors=competitor_choices(None))
    return form, {"form": form, "name": name, "said": said}
