"""What the pages of needs are given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.choices import IndustrySection, industry_words
from accounts.queries import names
from accounts.queries.customers import contact_persons
from accounts.queries.dispatches import units_to_ask
from crm.core.abilities import Access
from crm.core.addresses import Chip, given_of, unknown_value, with_values, without
from crm.core.marks import due_words
from sales.agreement_forms import NeedForm, NeedStepForm
from sales.choices import NEED_STEPS, NeedStage
from sales.customer_filters import KNOWN, Conditions, chips_of, of_customers
from sales.models import Need
from sales.queries import needs as queries
from sales.tabs import sales_tabs
from visits.filters import read_day

SEES, EDITS = queries.SEES, queries.EDITS
OPEN, NONE = "open", "none"
Labels = Mapping[int, tuple[str, str]]
"""Types of need by id: code and words."""
FILTERS = ("stage", "type", "industry", "from", "to")
PERIODS = (90, 365)
LOOKS = {
    NeedStage.FOUND: ("plain", "ti-bulb"),
    NeedStage.ROUTED: ("info", "ti-send"),
    NeedStage.PROPOSED: ("soon", "ti-file-text"),
    NeedStage.MET: ("met", "ti-circle-check"),
    NeedStage.LOST: ("quiet", "ti-circle-x"),
}


def stage_mark(stage: str) -> tuple[str, str, str]:
    """A stage: its word, its look, its icon."""
    look, icon = LOOKS[NeedStage(stage)]
    return str(NeedStage(stage).label), look, icon


def read_needs(access: Access, given: Mapping[str, str], labels: Labels) -> Conditions:
    """The conditions of an address, for list, pipeline, analysis and file alike."""
    parts, params = of_customers(access, given, SEES)
    stage = given.get("stage", "")
    if stage and stage != OPEN and stage not in NeedStage.values:
        raise unknown_value("stage")
    if stage:
        parts.append(queries.OPEN if stage == OPEN else "n.stage = %s")
        params += [] if stage == OPEN else [stage]
    if given.get("type"):
        by_code = {code: pk for pk, (code, _label) in labels.items()}
        if given["type"] not in by_code:
            raise unknown_value("type")
        parts.append("n.type_id = %s")
        params.append(by_code[given["type"]])
    if given.get("industry"):
        letter = "" if given["industry"] == NONE else given["industry"]
        if letter and letter not in IndustrySection.values:
            raise unknown_value("industry")
        parts.append("left(c.industry, 1) = %s")
        params.append(letter)
    for name, sign in (("from", ">="), ("to", "<=")):
        if given.get(name):
            parts.append(f"n.found_on {sign} %s")
            params.append(read_day(given[name], name))
    return parts, params


def _chips(params: QueryDict, given: Mapping[str, str], labels: Labels) -> list[Chip]:
    chips = chips_of(params, given)
    if given.get("type"):
        label = next(words for code, words in labels.values() if code == given["type"])
        chips.append(Chip(label, without(params, "type")))
    if given.get("industry"):
        chips.append(Chip(industry_label(given["industry"].replace(NONE, "")), without(params, "industry")))
    if given.get("from") or given.get("to"):
        words = _("Found %(first)s – %(last)s") % {"first": given.get("from", "…"), "last": given.get("to", "…")}
        chips.append(Chip(words, without(params, "from", "to")))
    return chips


def industry_label(letter: str) -> str:
    """A section of industries in words."""
    return industry_words(letter).removeprefix(f"{letter} ") if letter else _("No industry")


def need_lines(rows: Iterable[queries.NeedRow], today: date, labels: Labels) -> list[dict[str, Any]]:
    """Rows as lists show them; what was needed before stands with what is needed now."""
    return [
        {
            "row": row,
            "type": labels.get(row.type_id, ("", ""))[1],
            "stage": stage_mark(row.stage),
            "wanted": due_words(row.wanted_on, today) if row.stage not in ("met", "lost") else ("", ""),
        }
        for row in rows
    ]


def need_list_context(request: HttpRequest, *, today: date) -> dict[str, Any]:
    """The pipeline by stage, and the needs behind it (SAL-10)."""
    access: Access = request.access  # type: ignore[attr-defined]
    given = dict(given_of(request.GET, (*FILTERS, *KNOWN)))
    labels = queries.type_labels()
    conditions = read_needs(access, given, labels)
    # The pipeline counts every stage of what is asked for.
    every = read_needs(access, {name: value for name, value in given.items() if name != "stage"}, labels)
    rows, following = queries.needs(conditions, given.get("cursor", ""))
    stages = queries.pipeline(every)
    most = max((stage.count for stage in stages), default=0) or 1
    days, proposals = queries.days_to_proposal(every)
    return {
        "tabs": sales_tabs(access, "need_list"),
        "lines": need_lines(rows, today, labels),
        "more_url": with_values(request.GET, cursor=following) if following else "",
        "stages": [
            {
                "one": stage,
                "mark": stage_mark(stage.stage),
                "share": round(100 * stage.count / most),
                "url": with_values(request.GET, stage=stage.stage),
                "is_on": given.get("stage") == stage.stage,
            }
            for stage in stages
        ],
        "open_url": with_values(request.GET, stage=OPEN),
        "is_open": given.get("stage") == OPEN,
        "all_url": without(request.GET, "stage"),
        "days": days,
        "proposals": proposals,
        "types": [
            (label, with_values(request.GET, type=code), given.get("type") == code) for code, label in labels.values()
        ],
        "chips": _chips(request.GET, given, labels),
        "given": given,
    }


def need_context(access: Access, row: Need, *, step: NeedStepForm | None = None) -> dict[str, Any]:
    """One need: what lies behind it, its history, what he needed of this type before, and the next stage."""
    customer = row.customer
    may_edit = access.scope_for(EDITS).allows(unit_id=customer.unit_id, manager_id=customer.manager_id)
    changes = queries.same_type(row)
    later = [one for one in changes if (one.found_on, one.pk) > (row.found_on, row.pk)]
    pairs = zip(changes, [*changes[1:], None], strict=True)
    return {
        "row": row,
        "customer": customer,
        "type": queries.type_labels().get(row.type_id, ("", ""))[1],
        "stage": stage_mark(row.stage),
        "industry": industry_label(customer.industry[:1]),
        "manager": names.staff_name(customer.manager_id),
        "routed_to": names.unit_name(row.routed_to_id),
        "steps": [(one, stage_mark(one.to_stage)) for one in queries.steps_of(row.pk)],
        "changes": list(pairs) if len(changes) > 1 else [],
        "is_superseded": bool(later),
        "can_edit": may_edit,
        "step": (step or step_form(row)) if may_edit and NEED_STEPS[row.stage] else None,
    }


def step_form(row: Need, data: Any = None) -> NeedStepForm:
    """Where the need may go from here."""
    stages = [(stage.value, stage.label) for stage in NEED_STEPS[row.stage]]
    initial = {"version": row.version, "routed_to": row.routed_to_id}
    return NeedStepForm(data, stages=stages, units=units_to_ask(), initial=initial)


def need_form(access: Access, customer_id: int, *, today: date, row: Need | None = None, data: Any = None) -> NeedForm:
    """A new need, or one to be said better."""
    people = [one.name for one in contact_persons(access.scope, customer_id) if one.is_active]
    labels = queries.type_labels(only_active=row is None)
    initial: dict[str, Any] = {"found_on": today}
    if row is not None:
        initial = {name: getattr(row, name) for name in
                   ("found_on", "text", "pain", "budget", "wanted_on", "competitor", "version")}  # fmt: skip
        initial |= {
            "type": labels[row.type_id][0],
            "decision_maker": row.decision_maker.name if row.decision_maker else "",
        }
        people += [row.decision_maker.name] if row.decision_maker else []
    choices = [(name, name) for name in dict.fromkeys(people)]
    return NeedForm(data, types=labels.values(), people=choices, initial=initial)


# --- The analysis (PLAN-21)


def analysis_context(request: HttpRequest, *, today: date) -> dict[str, Any]:
    """Needs by type and industry, every number with its rows behind it."""
    access: Access = request.access  # type: ignore[attr-defined]
    given = dict(given_of(request.GET, ("from", "to", "unit", "manager")))
    labels = queries.type_labels()
    lines = analysis_lines(access, given, labels)
    base = reverse("sales:need_list")
    codes = {pk: code for pk, (code, _label) in labels.items()}

    def urls(line: queries.AnalysisLine) -> dict[str, str]:
        about = dict(given)
        if line.type_id is not None:
            about["type"] = codes[line.type_id]
        if line.industry is not None:
            about["industry"] = line.industry or NONE
        return {
            "all": f"{base}?{urlencode(about)}",
            **{stage: f"{base}?{urlencode(about | {'stage': stage})}" for stage in (OPEN, "met", "lost")},
        }

    most = max((line.count for line, _type, _industry in lines if line.type_id is not None), default=0) or 1
    return {
        "tabs": sales_tabs(access, "need_list"),
        "lines": [
            {"line": line, "type": kind, "industry": industry, "urls": urls(line),
             "share": round(100 * line.count / most)}
            for line, kind, industry in lines
        ],
        "periods": _periods(request.GET, given, today),
        "chips": chips_of(request.GET, given),
        "export_url": f"{reverse('sales:need_export')}?{urlencode(given)}",
        "given": given,
    }  # fmt: skip


def analysis_lines(
    access: Access, given: Mapping[str, str], labels: Labels
) -> list[tuple[queries.AnalysisLine, str, str]]:
    """(line, type, industry) as the screen shows them; the file has the same ones."""
    found = []
    for line in queries.analysis(read_needs(access, given, labels)):
        kind = labels.get(line.type_id, ("", ""))[1] if line.type_id is not None else _("All together")
        industry = "" if line.industry is None else industry_label(line.industry)
        found.append((line, kind, industry))
    return found


def _periods(params: QueryDict, given: Mapping[str, str], today: date) -> list[tuple[str, str, bool]]:
    first_of_year = today.replace(month=1, day=1)
    offered = [(_("This year"), first_of_year)]
    offered += [(_("Last %(n)d days") % {"n": days}, today - timedelta(days=days)) for days in PERIODS]
    chosen = [(label, with_values(params, **{"from": first.isoformat()}), given.get("from") == first.isoformat())
              for label, first in offered]  # fmt: skip
    return [(_("All time"), without(params, "from", "to"), not given.get("from")), *chosen]
