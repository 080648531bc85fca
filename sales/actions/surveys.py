"""What a manager finds and suggests about usage: tracking surveys (CUS-18), suggestion reports (CUS-17)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import the_customer
from accounts.models import Product
from crm.core import attachments
from crm.core.db import write
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_text
from sales.models import Subscription, SurveyNote, UsageAdvice

if TYPE_CHECKING:
    from crm.core.models import User

MAY = "edit_sales"


def note_survey(
    *, subscription_id: int, text: str, satisfaction: int | None, on: date, by: User, now: datetime
) -> SurveyNote:
    """跟踪调查: what the customer says about a product he has."""
    text = clean_text(text, field="text", max_length=1000, blank=False, multiline=True)
    if on > timezone.localdate(now):
        raise Invalid(_("This day has not come yet."), code="in_future", field="on")
    if satisfaction is not None and not 1 <= satisfaction <= 5:
        raise Invalid(_("From 1 to 5."), code="out_of_range", field="satisfaction")
    with write(by=by):
        rows = Subscription.visible_to(by.access.scope_for("view_sales"))
        subscription = rows.filter(pk=subscription_id).first()
        if subscription is None:
            raise NotFound(_("There is no such record."))
        the_customer(by, subscription.customer_id, MAY)
        return SurveyNote.unscoped.create(
            subscription=subscription, text=text, satisfaction=satisfaction, on=on, by=by, at=now
        )


def write_advice(
    *,
    customer_id: int,
    product_code: str,
    month: date,
    text: str,
    by: User,
    now: datetime,
    file: File[Any] | None = None,
) -> UsageAdvice:
    """建议报告: what to do about a change of usage; it stands beside the month it is about, with its file if it has
    one."""
    text = clean_text(text, field="text", max_length=4000, blank=False, multiline=True)
    with write(by=by):
        customer = the_customer(by, customer_id, MAY)
        product = Product.objects.filter(code=product_code).first() if product_code else None
        if product_code and product is None:
            raise NotFound(_("There is no such product."), field="product")
        kept = attachments.store(file, by=by, now=now) if file is not None else None
        return UsageAdvice.unscoped.create(
            customer=customer, product=product, month=month, text=text, file=kept, by=by, at=now
        )
