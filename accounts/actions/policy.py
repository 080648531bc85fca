"""What headquarters sets: required fields, tiers and their promises (CUS-1, 3, 4, 27; CON-4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import must
from accounts.actions.standing import write_standings
from accounts.choices import CustomerKind, CustomerState, Period, Purpose
from accounts.followers import follow, gather
from accounts.models import Customer, RequiredField, Tier, TierRule
from accounts.queries import names
from accounts.queries.completeness import FILLED_SQL, completeness_select
from accounts.rules import fields as f
from accounts.rules import group_of
from crm.core.db import write
from crm.core.errors import Invalid, NotFound

if TYPE_CHECKING:
    from crm.core.models import User

AT_ONCE = 50_000
"""Up to so many customers completeness is counted anew in the same step; beyond that the night does it."""
DUTIES_AT_ONCE = 5_000
"""Up to so many customers duties follow a new promise at once."""

TIER_CHECKS: dict[str, f.Check] = {
    "label_zh": f.text(30, blank=False),
    "label_en": f.text(30, blank=False),
    "minimum_spend": f.money,
    "minimum_tenure_months": f.whole(0, 600),
    "is_active": f.flag,
}
NEW_TIER_CHECKS: dict[str, f.Check] = {
    **TIER_CHECKS,
    "kind": f.choice(CustomerKind, blank=False),
    "code": f.text(20, blank=False),
    "rank": f.whole(1, 98),
}


@dataclass(frozen=True)
class RulePreview:
    """What a new promise would change (screens 11): customers concerned, and the counts of higher apps."""

    customers: int
    counts: dict[str, int] = field(default_factory=dict)


def set_required_fields(*, kind: str, fields: Iterable[str], by: User | None, now: datetime) -> bool:
    """Which fields a profile of this kind must hold from today on; answers whether completeness is already new."""
    today = timezone.localdate(now)
    wanted = list(dict.fromkeys(fields))
    for name in wanted:
        if group_of(kind, name) is None or name not in FILLED_SQL:
            raise Invalid(_("There is no field of this name."), code="unknown_field", field="fields")
    with write(by=by):
        must(by, "configure")
        open_rows = RequiredField.objects.select_for_update().filter(kind=kind, effective_to=None)
        before = set(open_rows.values_list("field", flat=True))
        gone = before - set(wanted)
        RequiredField.objects.filter(kind=kind, effective_to=None, field__in=gone, effective_from__gte=today).delete()
        RequiredField.objects.filter(kind=kind, effective_to=None, field__in=gone).update(effective_to=today)
        RequiredField.objects.bulk_create(
            RequiredField(kind=kind, group=group_of(kind, name) or "", field=name, effective_from=today)
            for name in wanted
            if name not in before
        )
        if before == set(wanted):
            return True
        if Customer.unscoped.filter(kind=kind)[: AT_ONCE + 1].count() > AT_ONCE:
            return False
        write_standings(
            f"SELECT * FROM ({completeness_select(today)} WHERE c.kind = %s) AS one_kind",
            [kind],
            columns=["completeness"],
        )
        return True


def save_tier(*, values: Mapping[str, Any], by: User | None, now: datetime, tier_id: int | None = None) -> Tier:
    """Words and criteria of a tier, or a new tier with its rank (D11); its promise is a rule of its own."""
    today = timezone.localdate(now)
    with write(by=by):
        must(by, "configure")
        tier = Tier() if tier_id is None else Tier.objects.select_for_update().filter(pk=tier_id).first()
        if tier is None:
            raise NotFound(_("There is no such tier."))
        checks = NEW_TIER_CHECKS if tier_id is None else TIER_CHECKS
        required = ("kind", "code", "rank", "label_zh", "label_en") if tier_id is None else ()
        clean = f.check_values(values, checks, today=today, required=required).or_refuse()
        if tier_id is None:
            _refuse_taken(clean)
        elif clean.get("is_active") is False and Customer.unscoped.filter(tier_id=tier_id).exists():
            raise Invalid(_("There are customers of this tier: move them first."), code="in_use", field="is_active")
        for name, value in clean.items():
            setattr(tier, name, value)
        tier.save()
        names.forget()
        return tier


def _refuse_taken(clean: Mapping[str, Any]) -> None:
    if clean["kind"] == CustomerKind.ORDINARY:
        raise Invalid(_("Ordinary customers have no tier."), code="ordinary_customer", field="kind")
    same_kind = Tier.objects.filter(kind=clean["kind"])
    for name in ("code", "rank"):
        if same_kind.filter(**{name: clean[name]}).exists():
            raise Invalid(_("There is a tier like this already."), code="taken", field=name)


def preview_tier_rule(
    *, tier_id: int | None, purpose: str, period: str, effective_from: date, by: User, now: datetime
) -> RulePreview:
    """What a promise would change, before it is saved ("adds 214 duties, 31 already overdue")."""
    today = timezone.localdate(now)
    must(by, "configure")
    _check_rule(tier_id, purpose, period, effective_from, today)
    counts = gather(
        "RULE_PREVIEWS",
        tier_id=tier_id,
        purpose=purpose,
        period=period,
        effective_from=effective_from,
        today=today,
    )
    return RulePreview(_concerned(tier_id).count(), counts)


def save_tier_rule(
    *, tier_id: int | None, purpose: str, period: str, effective_from: date, by: User | None, now: datetime
) -> TierRule:
    """What is owed to a tier from a day on; the past keeps its promise (CUS-3). An empty period: nothing is owed."""
    today = timezone.localdate(now)
    with write(by=by):
        must(by, "configure")
        _check_rule(tier_id, purpose, period, effective_from, today)
        rules = TierRule.objects.select_for_update().filter(purpose=purpose, effective_from=effective_from)
        rule = (rules.filter(tier__isnull=True) if tier_id is None else rules.filter(tier_id=tier_id)).first()
        if rule is not None and rule.period == period:
            return rule
        rule = rule or TierRule(tier_id=tier_id, purpose=purpose, effective_from=effective_from)
        rule.period, rule.source = period, "set"
        rule.save()
        if effective_from <= today:
            _follow_rule(tier_id, today, now)
        return rule


def _follow_rule(tier_id: int | None, today: date, now: datetime) -> None:
    """CUS-3: due days follow a promise that begins today at once; of many customers the night takes care."""
    ids = list(_concerned(tier_id).values_list("pk", flat=True)[: DUTIES_AT_ONCE + 1])
    if 0 < len(ids) <= DUTIES_AT_ONCE:
        follow("TIER_FOLLOWERS", customer_ids=ids, today=today, now=now)


def _concerned(tier_id: int | None) -> QuerySet[Customer]:
    """Whom a promise concerns: the active customers of the tier, or the important ones (CON-4)."""
    customers = Customer.unscoped.filter(state=CustomerState.ACTIVE)
    return customers.filter(is_important=True) if tier_id is None else customers.filter(tier_id=tier_id)


def drop_tier_rule(*, rule_id: int, by: User, now: datetime) -> None:
    """Take back a promise that has not begun yet."""
    today = timezone.localdate(now)
    with write(by=by):
        must(by, "configure")
        rule = TierRule.objects.select_for_update().filter(pk=rule_id).first()
        if rule is None:
            raise NotFound
        if rule.effective_from <= today:
            raise Invalid(_("This promise is in force: set another one from a later day."), code="in_force")
        rule.delete()


def _check_rule(tier_id: int | None, purpose: str, period: str, effective_from: date, today: date) -> None:
    if purpose not in Purpose.values or (period and period not in Period.values):
        raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="period")
    if (tier_id is None) != (purpose == Purpose.FACE_TO_FACE):
        raise Invalid(
            _("Face-to-face contact is promised to important VIPs, contact to a tier."),
            code="invalid_choice",
            field="purpose",
        )
    if tier_id is not None and names.tier(tier_id) is None:
        raise Invalid(_("There is no such tier."), code="not_found", field="tier")
    if not today <= effective_from <= today + timedelta(days=3 * 366):
        raise Invalid(
            _("A promise holds from today or a later day on: the past keeps what was owed then."),
            code="out_of_range",
            field="effective_from",
        )
