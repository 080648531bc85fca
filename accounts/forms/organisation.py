"""Forms of units, staff, posts, leave, qualifications and policy; the actions hold the rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.choices import EmploymentForm, Grade, LeaveKind, Line, Period, QualificationKind, Role, UnitType
from accounts.models import Staff, Unit
from accounts.queries.staff import staff_rows, unit_rows
from crm.core.fields import DayInput, offer
from crm.core.scope import Scope

EMPTY = [("", "—")]


def unit_choices(scope: Scope) -> list[tuple[Any, str]]:
    """Units in reading order, indented by depth."""
    return [
        (unit.pk, "\u3000" * max(unit.path.count("/") - 2, 0) + unit.name)
        for unit in unit_rows(scope)
        if unit.is_active
    ]


def staff_choices(scope: Scope) -> list[tuple[Any, str]]:
    """Active colleagues with their unit."""
    return [(row.pk, f"{row.name} · {row.unit.name}") for row in staff_rows(scope) if row.is_active]


class IdChoice(forms.TypedChoiceField):
    """An id chosen from what is visible; empty means none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, empty_value=None, **kwargs)


class VersionedForm(forms.Form):
    """A form that knows the version its reader saw: two who save the same record see both values (bad input 33)."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def accept(self, current: Mapping[str, Any]) -> list[dict[str, Any]]:
        """After a conflict: what differs, yours and saved; the next save is meant for the version shown now."""
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        typed["version"] = str(current["version"])
        self.data = typed
        pairs = ((name, self.cleaned_data.get(name), current[name]) for name in self.fields if name in current)
        return [
            {"label": self.fields[name].label, "mine": self._words(name, mine), "theirs": self._words(name, theirs)}
            for name, mine, theirs in pairs
            if name != "version" and str(mine or "") != str(theirs or "")
        ]

    def _words(self, name: str, value: Any) -> Any:
        """A choice as the page shows it."""
        choices: Any = getattr(self.fields[name], "choices", ())
        return dict(choices).get(value, "" if value is None else value)


class StaffForm(VersionedForm):
    """A colleague (ORG-4…7, 17, 20, 21, 23, 31); nothing about height, looks, sex or age (ORG-25)."""

    number = forms.CharField(label=_("Staff number"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=50)
    unit_id = IdChoice(label=_("Unit"))
    line = forms.ChoiceField(label=_("Line"), choices=[*EMPTY, *Line.choices], required=False)
    grade = forms.ChoiceField(label=_("Grade"), choices=[*EMPTY, *Grade.choices], required=False)
    post_level = forms.IntegerField(label=_("Post level"), min_value=1, max_value=20, initial=3)
    employment_form = forms.ChoiceField(label=_("Employment form"), choices=EmploymentForm.choices)
    phone = forms.CharField(label=_("Phone"), required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    supervisor_id = IdChoice(label=_("Direct supervisor"), required=False)
    backup_id = IdChoice(label=_("Backup"), required=False)
    hired_on = forms.CharField(label=_("Hired on"), required=False, widget=DayInput())
    probation_ends_on = forms.CharField(
        label=_("Probation ends on"),
        required=False,
        widget=DayInput(),
        help_text=_("Left empty: three months after hiring."),
    )

    def __init__(self, *args: Any, scope: Scope, staff: Staff | None = None, **kwargs: Any) -> None:
        if staff is not None:
            names = [name for name in self.base_fields if hasattr(staff, name)]
            kwargs["initial"] = {name: getattr(staff, name) for name in names}
        super().__init__(*args, **kwargs)
        people = [choice for choice in staff_choices(scope) if staff is None or choice[0] != staff.pk]
        offer(self, "unit_id", [*EMPTY, *unit_choices(scope)])
        offer(self, "supervisor_id", [*EMPTY, *people])
        offer(self, "backup_id", [*EMPTY, *people])
        if staff is None:
            self.fields["password"] = forms.CharField(
                label=_("First password"),
                min_length=10,
                max_length=128,
                widget=forms.PasswordInput,
                help_text=_("At least 10 characters."),
            )

    def values(self) -> dict[str, Any]:
        """What the action writes."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "password")}


class PostForm(forms.Form):
    """A role in a unit with its subtree."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    unit_id = IdChoice(label=_("Unit"))
    starts_on = forms.DateField(label=_("First day"), required=False, widget=DayInput())
    ends_on = forms.DateField(label=_("Last day"), required=False, widget=DayInput())

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit_id", unit_choices(scope))


class QualificationForm(forms.Form):
    """A qualification (ORG-27)."""

    kind = forms.ChoiceField(label=_("Kind"), choices=QualificationKind.choices)
    level = forms.CharField(label=_("Level"), max_length=50)
    issued_on = forms.CharField(label=_("Issued on"), required=False, widget=DayInput())
    expires_on = forms.CharField(label=_("Expires on"), required=False, widget=DayInput())


class LeaveForm(forms.Form):
    """Days away; both ends count."""

    kind = forms.ChoiceField(label=_("Kind"), choices=LeaveKind.choices)
    starts_on = forms.DateField(label=_("First day"), widget=DayInput())
    ends_on = forms.DateField(label=_("Last day"), widget=DayInput())
    note = forms.CharField(label=_("Note"), required=False, max_length=200)


class UnitForm(VersionedForm):
    """A unit of the tree (ORG-11, ORG-18)."""

    code = forms.CharField(label=_("Code"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=50)
    type = forms.ChoiceField(label=_("Type"), choices=UnitType.choices)
    parent_id = IdChoice(label=_("Belongs to"), required=False)
    area = forms.CharField(label=_("Area"), max_length=50, required=False)
    head_id = IdChoice(label=_("Head"), required=False)
    complaint_handler_id = IdChoice(
        label=_("VIP complaint handler"),
        required=False,
        help_text=_("Without one complaints go to the head of the unit."),
    )
    live_from = forms.CharField(
        label=_("Ledger starts on"),
        required=False,
        widget=DayInput(),
        help_text=_("Before this day nothing is owed here. Empty: not live yet."),
    )
    is_active = forms.BooleanField(label=_("Active"), required=False, initial=True)

    def __init__(self, *args: Any, scope: Scope, unit: Unit | None = None, **kwargs: Any) -> None:
        if unit is not None:
            kwargs["initial"] = {name: getattr(unit, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        above = [choice for choice in unit_choices(scope) if unit is None or choice[0] != unit.pk]
        offer(self, "parent_id", [*EMPTY, *above])
        offer(self, "head_id", [*EMPTY, *staff_choices(scope)])
        offer(self, "complaint_handler_id", [*EMPTY, *staff_choices(scope)])

    def values(self) -> dict[str, Any]:
        """What the action writes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class TierRuleForm(forms.Form):
    """What is owed to a tier from a day on (CUS-3, CON-4)."""

    period = forms.ChoiceField(
        label=_("Contact at least once"), choices=[("", _("Nothing is owed")), *Period.choices], required=False
    )
    effective_from = forms.DateField(label=_("Holds from"), widget=DayInput())


class TierForm(forms.Form):
    """Words and criteria of a tier (CUS-1, CUS-4)."""

    label_zh = forms.CharField(label=_("Name in Chinese"), max_length=30)
    label_en = forms.CharField(label=_("Name in English"), max_length=30)
    minimum_spend = forms.CharField(
        label=_("Monthly spend from (CNY)"), required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    minimum_tenure_months = forms.IntegerField(
        label=_("Customer for at least (months)"), required=False, min_value=0, max_value=600
    )
