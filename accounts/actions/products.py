"""Keep products and their minimum price (CON-22); a price holds from a day on, never in the past."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import must
from accounts.choices import ProductCategory
from accounts.models import Product, ProductPrice
from accounts.queries.products import minimum_of
from crm.core.db import write
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User

MAY = "configure"
MOST = 40
"""So many fit on the sheet of one visit."""


def keep_product(
    *,
    product_id: int | None,
    code: str,
    name: str,
    is_active: bool,
    minimum: Decimal | None,
    effective_from: date | None,
    by: User,
    now: datetime,
    **business: Any,
) -> Product:
    """Words and price of the settings page in one: the price only when it differs from today's."""
    today = timezone.localdate(now)
    with write(by=by):
        row = save_product(product_id=product_id, code=code, name=name, is_active=is_active, by=by, now=now, **business)
        if minimum != minimum_of([row.pk], today).get(row.pk):
            day = effective_from or today
            set_minimum_price(product_id=row.pk, minimum=minimum, effective_from=day, by=by, now=now)
    return row


def save_product(
    *,
    product_id: int | None,
    code: str,
    name: str,
    is_active: bool,
    by: User,
    now: datetime,
    category: str = ProductCategory.GOODS,
    label_en: str = "",
    min_uses_per_member: int | None = None,
) -> Product:
    """Add a product or change its words; one that is on old sheets is switched off, never deleted.

    `min_uses_per_member`: from so many uses a month a member counts as active (SAL-6).
    """
    code = clean_text(code, field="code", max_length=30, blank=False)
    name = clean_text(name, field="name", max_length=60, blank=False)
    label_en = clean_text(label_en, field="label_en", max_length=80)
    if category not in ProductCategory.values:
        raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="category")
    with write(by=by):
        must(by, MAY)
        row = Product() if product_id is None else Product.objects.select_for_update().filter(pk=product_id).first()
        if row is None:
            raise NotFound(_("There is no such product."))
        others = Product.objects.exclude(pk=row.pk)
        if others.filter(code=code).exists():
            raise Invalid(_("There is a product with this code already."), code="not_unique", field="code")
        goods = others.filter(is_active=True, category=ProductCategory.GOODS)
        if is_active and category == ProductCategory.GOODS and goods.count() >= MOST:
            raise Invalid(_("At most %(max)d products are on sale."), code="too_many", field="is_active",
                          params={"max": MOST})  # fmt: skip
        row.code, row.name, row.is_active = code, name, is_active
        row.category, row.label_en, row.min_uses_per_member = category, label_en, min_uses_per_member
        row.position = row.position or others.count() + 1
        row.save()
    return row


def set_minimum_price(
    *, product_id: int, minimum: Decimal | None, effective_from: date, by: User, now: datetime
) -> ProductPrice:
    """From a day on, today at the earliest; None: no minimum holds any more."""
    if minimum is not None and not 0 < minimum < 1_000_000:
        raise Invalid(_("A price lies between 0.01 and 999,999.99."), code="out_of_range", field="minimum")
    if effective_from < timezone.localdate(now):
        raise Invalid(_("A price cannot change in the past."), code="out_of_range", field="effective_from")
    with write(by=by):
        must(by, MAY)
        if not Product.objects.filter(pk=product_id).exists():
            raise NotFound(_("There is no such product."))
        row, _made = ProductPrice.objects.update_or_create(
            product_id=product_id, effective_from=effective_from,
            defaults={"minimum": minimum, "set_by": by, "set_at": now},
        )  # fmt: skip
    return row
