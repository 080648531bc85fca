"""Shapes of orders and quotas."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from sales.choices import Metric, OrderState

Described = serializers.Serializer[Any]
Text = serializers.CharField
Number = serializers.IntegerField
METRIC = "`activation` (no product) or `product`; without it, what the product says."


class SalesOrderOut(Described):
    """An order; it counts once it is `effective`."""

    id = Number()
    source = Text()  # type: ignore[assignment] # declared fields are taken off the class
    external_id = Text()
    staff = Text(allow_null=True, help_text="Who sold it: staff number.")
    unit = Text(help_text="The seller's unit when it was first told.")
    customer = Text(allow_null=True, help_text="Customer number; null when there is none, or out of sight.")
    metric = serializers.ChoiceField(Metric.choices)
    product = Text(allow_null=True)
    quantity = Number()
    state = serializers.ChoiceField(OrderState.choices)
    ordered_on = serializers.DateField()
    effective_on = serializers.DateField(allow_null=True)
    source_updated_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField()
    version = Number()


class SalesQuotaOut(Described):
    """A quota of a unit with all below it (`staff` null), or of one manager."""

    id = Number()
    month = Text(help_text="2026-11")
    metric = serializers.ChoiceField(Metric.choices)
    product = Text(allow_null=True)
    unit = Text()
    staff = Text(allow_null=True)
    target = Number()
    set_at = serializers.DateTimeField()


class SalesOrderIn(Described):
    """One order of a bulk call, known by its `external_id`. Missing fields stay, null clears."""

    external_id = Text(max_length=100)
    source = Text(  # type: ignore[assignment]
        max_length=40, required=False, help_text="A person's calls only; a client writes under its own."
    )
    staff = Text(max_length=20, required=False, help_text="Who sold it: staff number. Needed for a new order.")
    customer = Text(max_length=100, required=False, allow_null=True, help_text="Customer number, or id in the source.")
    metric = serializers.ChoiceField(Metric.choices, required=False, help_text=METRIC)
    product = Text(max_length=30, required=False, allow_null=True)
    quantity = Number(min_value=1, required=False, help_text="1 without it.")
    state = serializers.ChoiceField(OrderState.choices, required=False, help_text="Needed for a new order.")
    ordered_on = serializers.DateField(required=False)
    effective_on = serializers.DateField(required=False, allow_null=True, help_text="Needed for `effective`.")
    source_updated_at = serializers.DateTimeField(required=False, allow_null=True)


class SalesQuotaIn(Described):
    """One quota of a bulk call, known by month, metric, product and the unit or manager it is for."""

    month = Text(help_text="2026-11")
    unit = Text(max_length=20, required=False, allow_null=True, help_text="Unit code; this or `staff`.")
    staff = Text(max_length=20, required=False, allow_null=True, help_text="Staff number; this or `unit`.")
    metric = serializers.ChoiceField(Metric.choices, required=False, help_text=METRIC)
    product = Text(max_length=30, required=False, allow_null=True)
    target = Number(min_value=0)
    source_updated_at = serializers.DateTimeField(required=False, allow_null=True)


class SalesOrdersIn(Described):
    """Orders in order."""

    mode = serializers.ChoiceField(("partial", "atomic"), default="partial")
    dry_run = serializers.BooleanField(default=False)
    items = SalesOrderIn(many=True)


class SalesQuotasIn(Described):
    """Quotas in order."""

    mode = serializers.ChoiceField(("partial", "atomic"), default="partial")
    dry_run = serializers.BooleanField(default=False)
    items = SalesQuotaIn(many=True)
