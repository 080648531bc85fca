"""The buttons of a request and of a guarantee: which action each of them is, and what is said afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.forms import BaseForm
from django.utils.translation import gettext as _

from sales.actions import credit, guarantees, payments
from visits.filters import read_id

if TYPE_CHECKING:
    from crm.core.models import User

REQUEST_DEEDS = ("approve", "refuse", "withdraw")
GUARANTEE_DEEDS = (*REQUEST_DEEDS, "start", "papers", "release")


def do_payment(bill_id: int, given: Mapping[str, str], form: BaseForm, *, by: User, now: datetime) -> str:
    """Note a payment of a bill, or take back one that was noted by hand."""
    if given.get("take_back"):
        payments.take_back_payment(bill_id=bill_id, payment_id=read_id(given["take_back"], "take_back"), by=by, now=now)
        return _("Taken back.")
    payments.note_payment(bill_id=bill_id, **form.cleaned_data, by=by, now=now)
    return _("Saved.")


def do_request(change_id: int, *, deed: str, remark: str, by: User, now: datetime) -> str:
    """Decide a credit request, or take it back."""
    if deed == "withdraw":
        credit.withdraw_credit(change_id=change_id, by=by, now=now)
        return _("Taken back.")
    credit.decide_credit(change_id=change_id, approve=deed == "approve", remark=remark, by=by, now=now)
    return _("Approved: the new limit holds.") if deed == "approve" else _("Refused.")


def do_guarantee(guarantee_id: int, *, deed: str, remark: str, by: User, now: datetime) -> str:
    """Take a guarantee one step on."""
    if deed in ("approve", "refuse"):
        guarantees.decide_guarantee(
            guarantee_id=guarantee_id, approve=deed == "approve", remark=remark, by=by, now=now
        )  # fmt: skip
        return _("Approved.") if deed == "approve" else _("Refused.")
    if deed == "release":
        guarantees.release_guarantee(guarantee_id=guarantee_id, remark=remark, by=by, now=now)
        return _("No longer vouched for.")
    if deed == "start":
        guarantees.start_guarantee(guarantee_id=guarantee_id, by=by, now=now)
        return _("The guarantee is in effect.")
    if deed == "papers":
        guarantees.hand_in_papers(guarantee_id=guarantee_id, by=by, now=now)
        return _("The papers are here.")
    guarantees.withdraw_guarantee(guarantee_id=guarantee_id, by=by, now=now)
    return _("Taken back.")
