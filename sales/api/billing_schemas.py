"""Shapes of products, subscriptions, usage, uses and bills."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.choices import ProductCategory

Described = serializers.Serializer[Any]
Text = serializers.CharField
Number = serializers.IntegerField
Money = serializers.DecimalField
Day = serializers.DateField
MONTH = "2026-11; the month has begun."
CUSTOMER = "Customer number, or id in the source."


def _money(**more: Any) -> Any:
    return Money(max_digits=14, decimal_places=2, **more)


def _figures(**more: Any) -> dict[str, Any]:
    """The figures of a month, alike in both directions."""
    return {
        "revenue": _money(help_text="CNY.", **more),
        "voice_minutes": Number(**more),
        "data_mb": Number(**more),
        "messages": Number(**more),
        "volume": Money(max_digits=16, decimal_places=2, help_text="In the product's own unit of use.", **more),
        "active_members": Number(**more),
        "active_lines": Number(**more),
        "balance": _money(**more),
    }


class ProductAttributeOut(Described):
    """What a subscription is asked for; `most`: the largest number, or how many phone numbers."""

    code = Text()
    label_zh = Text()
    label_en = Text()
    kind = serializers.ChoiceField(("text", "number", "flag", "day", "numbers"))
    required = serializers.BooleanField()  # type: ignore[assignment] # declared fields are taken off the class
    most = Number(allow_null=True)


class ProductOut(Described):
    """A product of the catalogue."""

    id = Number()
    code = Text()
    name = Text()
    name_en = Text(allow_blank=True)
    category = serializers.ChoiceField(ProductCategory.choices)
    min_uses_per_member = Number(allow_null=True, help_text="A member is active from so many uses in a month.")
    attributes = ProductAttributeOut(many=True)
    needs_consent = serializers.BooleanField()
    launched_on = Day(allow_null=True)
    is_active = serializers.BooleanField()


class SubscriptionOut(Described):
    """A customer has a product."""

    id = Number()
    source = Text()  # type: ignore[assignment]
    external_id = Text()
    customer = Text()
    product = Text()
    line = Text(allow_null=True)
    quantity = Number()
    attributes = serializers.JSONField()
    consent_note = Text(allow_blank=True)
    started_on = Day()
    ended_on = Day(allow_null=True)
    source_updated_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField()
    version = Number()


class SubscriptionIn(Described):
    """One subscription of a bulk call, known by its `external_id`. Missing fields stay, null clears."""

    external_id = Text(max_length=100)
    customer = Text(max_length=100, required=False, help_text=CUSTOMER)
    product = Text(max_length=30, required=False)
    line = Text(max_length=20, required=False, allow_null=True, help_text="A number of the customer.")
    quantity = Number(min_value=1, required=False)
    attributes = serializers.JSONField(required=False, help_text="By code, as the product asks; replaces all of them.")
    consent_note = Text(max_length=300, required=False, allow_null=True)
    started_on = Day(required=False)
    ended_on = Day(required=False, allow_null=True)
    source_updated_at = serializers.DateTimeField(required=False, allow_null=True)


class UsageOut(Described):
    """A month of a customer with a product, or (`product` null) as a whole; null: nobody told."""

    id = Number()
    customer = Text()
    product = Text(allow_null=True)
    month = Text(help_text="2026-11")
    source = Text()  # type: ignore[assignment]
    source_updated_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField()

    def get_fields(self) -> Any:
        """With the figures."""
        return super().get_fields() | _figures(allow_null=True)


class UsageIn(Described):
    """One month of a bulk call, known by customer, product and month. Missing figures stay, null clears."""

    customer = Text(max_length=100, help_text=CUSTOMER)
    product = Text(max_length=30, required=False, allow_null=True, help_text="Without it the customer as a whole.")
    month = Text(help_text=MONTH)
    source_updated_at = serializers.DateTimeField(required=False, allow_null=True)

    def get_fields(self) -> Any:
        """With the figures."""
        return super().get_fields() | _figures(allow_null=True, required=False)


class MemberUseOut(Described):
    """How often a member of a group used a product in a month."""

    id = Number()
    customer = Text()
    member = Text()
    product = Text()
    month = Text(help_text="2026-11")
    uses = Number()
    is_active = serializers.BooleanField(help_text="Reached what the product asks of a member.")
    updated_at = serializers.DateTimeField()


class MemberUseIn(Described):
    """One member's month, known by member, product and month."""

    member = Text(max_length=20, help_text="Number of a member of a group.")
    product = Text(max_length=30)
    month = Text(help_text=MONTH)
    uses = Number(min_value=0)
    source_updated_at = serializers.DateTimeField(required=False, allow_null=True)


class BillOut(Described):
    """The bill of a month: of a line, or (`line` null) of the customer as a whole."""

    id = Number()
    customer = Text()
    line = Text(allow_null=True)
    month = Text(help_text="2026-11")
    amount = _money()
    due_on = Day()
    paid_amount = _money()
    paid_on = Day(allow_null=True, help_text="When it was paid in full.")
    source = Text()  # type: ignore[assignment]
    source_updated_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField()


class BillIn(Described):
    """One bill of a bulk call, known by customer, line and month. Missing fields stay."""

    customer = Text(max_length=100, help_text=CUSTOMER)
    line = Text(max_length=20, required=False, allow_null=True)
    month = Text(help_text="2026-11")
    amount = _money(required=False, help_text="Needed for a new bill.")
    due_on = Day(required=False, help_text="Needed for a new bill.")
    paid_amount = _money(required=False, allow_null=True)
    paid_on = Day(
        required=False,
        allow_null=True,
        help_text="Without `paid_amount`: paid in full. A bill with payments of its own is paid by these alone.",
    )
    source_updated_at = serializers.DateTimeField(required=False, allow_null=True)


class PaymentOut(Described):
    """A payment of a bill, whole or in part; a bill that has any is paid by them alone."""

    id = Number()
    source = Text()  # type: ignore[assignment]
    external_id = Text()
    customer = Text()
    line = Text(allow_null=True)
    month = Text(help_text="Of the bill, 2026-11")
    bill = Number()
    amount = _money(help_text="0: it was taken back.")
    paid_on = Day()
    source_updated_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField()


class PaymentIn(Described):
    """One payment of a bulk call, known by its `external_id`. Missing fields stay."""

    external_id = Text(max_length=100)
    bill = Number(required=False, min_value=1, help_text="Our id of the bill, instead of customer, line and month.")
    customer = Text(max_length=100, required=False, help_text=CUSTOMER)
    line = Text(max_length=20, required=False, allow_null=True)
    month = Text(required=False, help_text="Of the bill, 2026-11")
    amount = _money(required=False, min_value=0, help_text="Needed for a new payment; 0 takes it back.")
    paid_on = Day(required=False, help_text="Needed for a new payment.")
    source_updated_at = serializers.DateTimeField(required=False, allow_null=True)


def _rows(name: str, item: type[Described]) -> type[Described]:
    """Rows in order, as every bulk call takes them."""
    fields = {
        "mode": serializers.ChoiceField(("partial", "atomic"), default="partial"),
        "dry_run": serializers.BooleanField(default=False),
        "items": item(many=True),
        "__doc__": "Rows in order.",
    }
    return type(name, (serializers.Serializer,), fields)


SubscriptionsIn = _rows("SubscriptionsIn", SubscriptionIn)
UsageRowsIn = _rows("UsageRowsIn", UsageIn)
MemberUsesIn = _rows("MemberUsesIn", MemberUseIn)
BillsIn = _rows("BillsIn", BillIn)
PaymentsIn = _rows("PaymentsIn", PaymentIn)
