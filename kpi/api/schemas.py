"""Shapes of results and indicators."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kpi.choices import Category, Direction, Display, Method, Period, ResultSource

Described = serializers.Serializer[Any]
Text = serializers.CharField
Number = serializers.IntegerField


class ResultOut(Described):
    """One figure: of a manager in a unit, of nobody in a unit (manager null), or of a unit with all below it."""

    id = Number()
    indicator = Text(help_text="Code of the indicator, as F14.")
    period = serializers.ChoiceField(Period.choices)
    period_on = serializers.DateField(help_text="First day of the month, quarter or year.")
    is_unit = serializers.BooleanField(help_text="The sum of a unit and everything below it.")
    unit = Text(help_text="Unit code.")
    manager = Text(allow_null=True, help_text="Staff number.")
    numerator = Text()
    denominator = Text()
    excused = Number(help_text="Rows left out of both by a supervisor's decision.")
    mendable = Number(help_text="Rows that are missing and can still be met.")
    value = Text(allow_null=True, help_text="As shown; null where nothing was to be counted, never 0 or 100.")
    value_before_excuses = Text(allow_null=True)
    target = Text(allow_null=True)
    is_strict = serializers.BooleanField(help_text="Reaching the target exactly is not enough.")
    is_met = serializers.BooleanField(allow_null=True)
    projected = Text(allow_null=True, help_text="At the end of the period, at the present pace.")
    source = serializers.ChoiceField(ResultSource.choices)  # type: ignore[assignment]
    evidence = Text()
    revision = Number(help_text="2 and more: corrected after the freeze.")
    computed_at = serializers.DateTimeField()
    frozen_at = serializers.DateTimeField(allow_null=True)


class IndicatorOut(Described):
    """An indicator with a source of data, and its target of today."""

    code = Text()
    category = serializers.ChoiceField(Category.choices)
    sub_item = Number()
    label_zh = Text()
    label_en = Text()
    method = serializers.ChoiceField(Method.choices)
    direction = serializers.ChoiceField(Direction.choices)
    period = serializers.ChoiceField(Period.choices)
    display = serializers.ChoiceField(Display.choices)
    target = Text(allow_null=True)
    is_strict = serializers.BooleanField()
    requirement = Text()
