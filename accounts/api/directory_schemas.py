"""Shapes of units and staff as the directory of the company tells them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.person_schemas import OLDER
from accounts.api.rows import SetRowErrorOut
from accounts.api.schemas import ROW_STATUS, WRITE_STATUS, StaffOut, UnitOut
from accounts.choices import EmploymentForm, Grade, Line, UnitType
from crm.core.api.serializers import MomentField, StrictSerializer, TextField

Described = serializers.Serializer[Any]
NUMBER = "Staff number."


def _text(longest: int, **more: Any) -> Any:
    return TextField(max_length=longest, required=False, **more)


class UnitIn(StrictSerializer):
    """A unit; missing fields stay (PUT clears the area)."""

    name = _text(50)
    type = serializers.ChoiceField(UnitType.choices, required=False)
    parent = _text(20, allow_null=True, help_text="Code of the unit above.")
    area = _text(50, allow_blank=True, allow_null=True)
    head = _text(20, allow_null=True, help_text=NUMBER)
    complaint_handler = _text(20, allow_null=True, help_text=NUMBER)
    live_from = serializers.DateField(required=False, allow_null=True)
    is_active = serializers.BooleanField(required=False, help_text="False is refused while somebody is left in it.")
    source_updated_at = MomentField(required=False, help_text=OLDER)


class StaffIn(StrictSerializer):
    """A colleague; missing fields stay (PUT clears phone, line, supervisor and day of hiring)."""

    name = _text(50)
    unit = _text(20, help_text="Unit code.")
    line = serializers.ChoiceField(Line.choices, required=False, allow_blank=True, allow_null=True)
    grade = serializers.ChoiceField(Grade.choices, required=False, allow_blank=True, allow_null=True)
    employment_form = serializers.ChoiceField(EmploymentForm.choices, required=False)
    phone = _text(30, allow_blank=True, allow_null=True)
    supervisor = _text(20, allow_null=True, help_text=NUMBER)
    backup = _text(20, allow_null=True, help_text=NUMBER)
    hired_on = serializers.DateField(required=False, allow_null=True)
    is_active = serializers.BooleanField(required=False, help_text="False is refused while he holds customers.")
    can_sign_in = serializers.BooleanField(required=False, help_text="A new colleague may not, unless it is asked for.")
    source_updated_at = MomentField(required=False, help_text=OLDER)


class UnitRowIn(UnitIn):
    """One row of a bulk call."""

    code = TextField(max_length=20)


class StaffRowIn(StaffIn):
    """One row of a bulk call."""

    number = TextField(max_length=20)


class _RowsIn(Described):
    mode = serializers.ChoiceField(["partial", "atomic"], default="partial")
    dry_run = serializers.BooleanField(default=False)


class UnitRowsIn(_RowsIn):
    """Units, in any order: a row may hang under one that comes later."""

    items = UnitRowIn(many=True)


class StaffRowsIn(_RowsIn):
    """Colleagues, in any order."""

    items = StaffRowIn(many=True)


class UnitWriteOut(Described):
    """What happened, and the unit as it is now."""

    status = serializers.ChoiceField(WRITE_STATUS)
    record = UnitOut()


class StaffWriteOut(Described):
    """What happened, and the colleague as he is now."""

    status = serializers.ChoiceField(WRITE_STATUS)
    record = StaffOut()


class DirectoryRowOut(Described):
    """What came of one row."""

    index = serializers.IntegerField()
    key = serializers.CharField(allow_null=True, help_text="Unit code or staff number.")
    status = serializers.ChoiceField(ROW_STATUS)
    id = serializers.IntegerField(allow_null=True)
    ignored_fields = serializers.ListField(child=serializers.CharField(), required=False)
    errors = SetRowErrorOut(many=True)  # type: ignore[assignment] # declared fields are taken off the class


class DirectoryRowsOut(Described):
    """What came of the rows, in order."""

    items = DirectoryRowOut(many=True)
