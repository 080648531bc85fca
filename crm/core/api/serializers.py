"""Strict input: an unknown field is an error, a read-only field is an error, every text is cleaned the one way.

A number is no text: what would be stored is not what was sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from crm.core.api import lenient
from crm.core.errors import Invalid
from crm.core.text import clean_text, normal_phone


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses what it does not know (bad input 18); with `ignored_fields` set to a list it notes it instead."""

    def __init__(self, *args: Any, lenient: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lenient = lenient
        self.ignored_fields: list[str] = []

    def to_internal_value(self, data: Any) -> Any:
        """Check the names first, then the values; all problems are reported together."""
        if not isinstance(data, Mapping):
            raise serializers.ValidationError({"non_field_errors": [_("An object is expected.")]}, code="not_an_object")
        problems = self._name_problems(data)
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as fault:
            if isinstance(fault.detail, dict):
                raise serializers.ValidationError({**problems, **fault.detail}) from fault
            raise
        if problems:
            raise serializers.ValidationError(problems)
        return value

    def _name_problems(self, data: Mapping[str, Any]) -> dict[str, list[serializers.ErrorDetail]]:
        problems: dict[str, list[Any]] = {}
        for name in data:
            field = self.fields.get(name)
            if field is None:
                if self.lenient or lenient.is_on():
                    self.ignored_fields.append(name)
                    lenient.note(str(name))
                    continue
                problems[name] = [serializers.ErrorDetail(str(_("There is no such field.")), code="unknown_field")]
            elif field.read_only:
                problems[name] = [serializers.ErrorDetail(str(_("This field cannot be set.")), code="read_only_field")]
            elif isinstance(field, serializers.CharField) and isinstance(data[name], int | float):
                problems[name] = [serializers.ErrorDetail(str(field.error_messages["invalid"]), code="invalid")]
        return problems


class TextField(serializers.CharField):
    """Text as every door takes it (crm.core.text.clean_text)."""

    def __init__(self, *, multiline: bool = False, **kwargs: Any) -> None:
        self.multiline = multiline
        self.longest: int | None = kwargs.get("max_length")
        super().__init__(trim_whitespace=False, **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Clean, then let DRF look at what is left."""
        if isinstance(data, str):
            try:
                data = clean_text(data, max_length=self.longest, blank=self.allow_blank, multiline=self.multiline)
            except Invalid as fault:
                raise serializers.ValidationError(str(fault), code=fault.code) from fault
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> str:
        """Only text is text: a number is not turned into one."""
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class MomentField(serializers.DateTimeField):
    """A moment; one that lies outside what a clock can tell is out of range, not a fault (bad input 16)."""

    def enforce_timezone(self, value: datetime) -> datetime:
        """As the library does it, within its limits."""
        try:
            return super().enforce_timezone(value)
        except OverflowError as fault:
            raise serializers.ValidationError(_("This date is too far away."), code="out_of_range") from fault


class RowsField(serializers.ListField):
    """Rows of a bulk call: objects, whose values are looked at later, one by one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=serializers.DictField(), **kwargs)

    def run_child_validation(self, data: list[Any]) -> list[Any]:
        """The library's way copies each object value by value; as JSON brings them they are as they should be."""
        return data if all(row.__class__ is dict for row in data) else super().run_child_validation(data)


class PhoneField(TextField):
    """A phone number in its one form."""

    def to_internal_value(self, data: Any) -> str:
        """Normalised, or `invalid_phone`."""
        text = super().to_internal_value(data)
        if not text:
            return ""
        try:
            return normal_phone(text)
        except Invalid as fault:
            raise serializers.ValidationError(str(fault), code=fault.code) from fault
