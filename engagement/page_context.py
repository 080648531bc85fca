"""What the pages of policies are given."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.choices import CustomerKind
from accounts.filters import CustomerQuery
from accounts.filters import read_query as read_customers
from accounts.models import Customer
from accounts.queries import names
from crm.core.abilities import Access
from crm.core.addresses import with_values, without
from crm.core.asked import Asked
from engagement.actions.enrolments import MAY
from engagement.choices import PolicyKind
from engagement.filters import STATES, EnrolmentQuery, read_query
from engagement.queries.catalogue import catalogue, policies
from engagement.queries.coverage import coverage, uncovered
from engagement.queries.enrolments import count_expiring, enrolments
from engagement.queries.policies import offers_for

SEES = "view_customers"


def policy_tabs(current: str) -> list[dict[str, object]]:
    """The pages about policies, as tabs over each of them."""
    pages = [
        ("policy_list", _("Catalogue")),
        ("without_list", _("VIPs without a policy")),
        ("enrolment_list", _("Who enjoys what")),
    ]
    return [
        {"label": label, "url": reverse(f"engagement:{name}"), "is_current": name == current} for name, label in pages
    ]


def catalogue_context(access: Access, *, today: date) -> dict[str, Any]:
    """ENG-6: the catalogue by kind, and how far the VIPs in sight are covered (F21)."""
    lines = catalogue(access.scope, today)
    groups = [(str(kind.label), [line for line in lines if line.kind == kind.value]) for kind in PolicyKind]
    return {
        "tabs": policy_tabs("policy_list"),
        "groups": [(label, found) for label, found in groups if found],
        "coverage": coverage(access.scope, today),
        "expiring": count_expiring(access.scope, today),
        "can_manage": access.can("manage_policies"),
    }


def without_context(request: Asked, *, today: date, form: Any = None) -> dict[str, Any]:
    """ENG-5: VIPs in sight without a service policy, the most valuable first."""
    access = request.access
    query = read_customers(request.GET, today)
    rows, following = uncovered(access.scope, today, filters=query.filters, search=query.search, cursor=query.cursor)
    return {
        "tabs": policy_tabs("without_list"),
        "rows": rows,
        "query": query,
        "quick": _tiers(request, query),
        "more_url": with_values(request.GET, cursor=following) if following else "",
        "can_enrol": access.can(MAY),
        "policies": policies_given(today),
        "form": form,
        "today": today,
    }


def _tiers(request: Asked, query: CustomerQuery) -> list[dict[str, Any]]:
    return [
        {
            "label": view.label(),
            "is_on": query.given.get("tier") == view.code,
            "url": without(request.GET, "tier")
            if query.given.get("tier") == view.code
            else with_values(request.GET, tier=view.code),
        }
        for view in names.tiers(CustomerKind.VIP)
    ]


def enrolments_context(request: Asked, *, today: date) -> dict[str, Any]:
    """ENG-7: who enjoys what; what ends within thirty days, what nobody has used."""
    known = {line.id: line.label for line in policies(today)}
    query = read_query(request.GET, known)
    rows, following = enrolments(
        request.access.scope, today, filters=query.filters, state=query.state, search=query.search, cursor=query.cursor
    )
    own = request.access.scope_for(MAY)
    return {
        "tabs": policy_tabs("enrolment_list"),
        "lines": [(row, own.allows(unit_id=row.unit_id, manager_id=row.manager_id)) for row in rows],
        "query": query,
        "states": _states(request, query),
        "policies": known.items(),
        "more_url": with_values(request.GET, cursor=following) if following else "",
        "today": today,
        "here": request.get_full_path(),
    }


def _states(request: Asked, query: EnrolmentQuery) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "is_on": query.state == name,
            "url": without(request.GET, "state") if query.state == name else with_values(request.GET, state=name),
        }
        for name, label in STATES.items()
    ]


def policies_given(today: date) -> list[tuple[int, str]]:
    """The service policies that are given today, for a choice."""
    return [(line.id, line.label) for line in policies(today, kind=PolicyKind.SERVICE) if line.is_given]


def enrol_choices(customer: Customer, today: date) -> list[tuple[int, str]]:
    """The service policies a customer may be enrolled in by hand; what costs money is offered in a save case."""
    return [
        (offer.policy_id, f"{offer.label} · {offer.benefits}" if offer.benefits else offer.label)
        for offer in offers_for(customer, today)
        if offer.kind == PolicyKind.SERVICE
    ]
