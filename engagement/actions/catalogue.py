"""Headquarters keeps the catalogue of policies (ENG-6): words, cost, for whom, from when to when."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import must
from accounts.models import Tier
from crm.core.db import write
from crm.core.errors import FieldProblem, Invalid, NotFound
from crm.core.text import clean_text
from engagement.choices import PolicyKind
from engagement.models import ServicePolicy

if TYPE_CHECKING:
    from crm.core.models import User

MAY = "manage_policies"
TEXTS = {"label_zh": 60, "label_en": 80, "benefits": 1000, "benefits_en": 1500}
NEEDED = ("label_zh", "label_en")
HIGHEST_COST = Decimal(1_000_000)
_CODE = re.compile(r"[a-z][a-z0-9_]{1,29}")


def keep_policy(
    *,
    policy_id: int | None = None,
    code: str = "",
    texts: Mapping[str, str],
    kind: str,
    cost: Decimal,
    tier_ids: Sequence[int],
    starts_on: date | None,
    ends_on: date | None,
    is_active: bool,
    by: User,
    now: datetime,
) -> ServicePolicy:
    """Add a policy or change one; the code stays what it was. One that somebody has is switched off, never deleted."""
    values: dict[str, Any] = {
        name: clean_text(
            texts.get(name, ""), field=name, max_length=most, blank=name not in NEEDED,
            multiline=name.startswith("benefits"),
        )
        for name, most in TEXTS.items()
    }  # fmt: skip
    _check(kind, cost, starts_on, ends_on)
    values |= {"kind": kind, "cost": cost, "starts_on": starts_on, "ends_on": ends_on, "is_active": is_active}
    with write(by=by):
        must(by, MAY)
        tiers = list(Tier.objects.filter(pk__in=tier_ids))
        if len(tiers) != len(set(tier_ids)):
            raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="tiers")
        row = (
            _new(code) if policy_id is None else ServicePolicy.objects.select_for_update().filter(pk=policy_id).first()
        )
        if row is None:
            raise NotFound(_("There is no such policy."))
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        row.tiers.set(tiers)
    return row


def _check(kind: str, cost: Decimal, starts_on: date | None, ends_on: date | None) -> None:
    problems = []
    if kind not in PolicyKind.values:
        problems.append(FieldProblem("kind", "invalid_choice", _("This is not one of the choices.")))
    if not 0 <= cost <= HIGHEST_COST:
        problems.append(FieldProblem("cost", "out_of_range", _("The cost lies between 0 and 1,000,000 CNY.")))
    if starts_on and ends_on and ends_on < starts_on:
        problems.append(FieldProblem("ends_on", "out_of_range", _("The end lies before the beginning.")))
    if problems:
        raise Invalid(errors=problems)


def _new(code: str) -> ServicePolicy:
    code = code.strip().lower()
    if not _CODE.fullmatch(code):
        raise Invalid(
            _("A code has 2 to 30 small letters, digits and underscores, a letter first."), code="invalid", field="code"
        )
    if ServicePolicy.objects.filter(code=code).exists():
        raise Invalid(_("There is a policy with this code already."), code="not_unique", field="code")
    return ServicePolicy(code=code, position=ServicePolicy.objects.count())
