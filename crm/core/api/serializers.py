"""Serializers describe and check the shape of input; unknown fields are errors, not silence (safety §5: 18)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses unknown and read-only fields by name."""

    def to_internal_value(self, data: Any) -> Any:
        """Check names first, then values."""
        if isinstance(data, Mapping):
            problems = {}
            for name in data:
                field = self.fields.get(name)
                if field is None:
                    problems[str(name)] = [serializers.ErrorDetail("There is no such field.", code="unknown_field")]
                elif field.read_only:
                    problems[str(name)] = [
                        serializers.ErrorDetail("This field cannot be written.", code="read_only_field")
                    ]
            if problems:
                raise serializers.ValidationError(problems)
        return super().to_internal_value(data)
