"""Forms of scorecards, targets, competency reviews and the payroll file; the actions hold the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.forms.organisation import IdChoice, unit_choices
from crm.core.abilities import Access
from crm.core.fields import DayInput, offer
from crm.core.text import narrow
from kpi.actions.scorecards import YEARS_AHEAD, Entry
from kpi.actions.targets import NewTarget
from kpi.choices import ASSESSED, Audience, Category, Scoring
from kpi.models import Indicator, ScorecardLine
from kpi.queries.competence import ITEMS
from kpi.queries.versions import SETS_ALL, SETS_OWN
from kpi.rules.card_text import Needs, Unreadable, plain, read_needs, write_needs
from kpi.sub_items import SUB_ITEMS

SAID: dict[str, str | Promise] = {
    "linear": _("Write where no points are left, for example 60; or nothing."),
    "step": _("Write the steps, for example 90=100; 80=75."),
    "deduct": _("Write for how much beside the target how much is taken away, for example 0.5=20."),
    "pass": _("All or nothing needs no number."),
}
LEVELS = [(level, str(level)) for level in range(1, 6)]


class VersionForm(forms.Form):
    """A new draft: whose managers or units, which year, and its name."""

    unit_id = IdChoice(label=_("For"), required=False)
    audience = forms.ChoiceField(label=_("Assesses"), choices=Audience.choices)
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    title = forms.CharField(label=_("Title"), max_length=80)
    base_id = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, access: Access, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = access.can(SETS_ALL)
        units = unit_choices(access.scope_for(SETS_ALL if everything else SETS_OWN))
        offer(self, "unit_id", [("", _("Headquarters (all units)")), *units] if everything else units)
        offer(self, "year", [(each, str(each)) for each in range(year, year + YEARS_AHEAD + 1)])
        if not everything:
            offer(self, "audience", [(Audience.MANAGER.value, Audience.MANAGER.label)])


@dataclass(frozen=True, slots=True)
class LineFields:
    """The inputs of one indicator of a scorecard."""

    indicator: Indicator
    sub_item: str | Promise
    usual: str
    weight: BoundField
    scoring: BoundField
    target: BoundField
    needs: BoundField

    @property
    def errors(self) -> list[str]:
        """Everything that is wrong with the line."""
        return [str(error) for each in (self.weight, self.scoring, self.target, self.needs) for error in each.errors]


@dataclass(slots=True)
class Group:
    """One of the six categories with its inputs and the sum of its weights."""

    number: int
    label: str | Promise
    lines: list[LineFields] = field(default_factory=list)
    weight: Decimal = Decimal(0)


class LinesForm(forms.Form):
    """A draft: title, remark, and for each indicator weight, scoring, target and what the scoring needs."""

    title = forms.CharField(label=_("Title"), max_length=80)
    note = forms.CharField(label=_("Explanation"), max_length=300, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(
        self, *args: Any, indicators: Sequence[Indicator], lines: Iterable[ScorecardLine],
        usual: Mapping[int, str], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.indicators, self.usual = indicators, usual
        there = {line.indicator_id: line for line in lines}
        for row in indicators:
            self._add(row, there.get(row.pk))

    def _add(self, row: Indicator, line: ScorecardLine | None) -> None:
        """The four inputs of an indicator, named by it for who cannot see the table."""
        said = {"aria-label": f"{row.code} {_('Weight')}", "inputmode": "decimal", "data-weight": row.category}
        self.fields[f"w{row.pk}"] = forms.DecimalField(
            label=_("Weight"), required=False, min_value=0, max_value=100, max_digits=5, decimal_places=2,
            initial=plain(line.weight) if line else "", widget=forms.TextInput(attrs=said),
        )  # fmt: skip
        self.fields[f"s{row.pk}"] = forms.ChoiceField(
            label=_("Scoring"), choices=Scoring.choices, initial=line.scoring if line else Scoring.LINEAR,
            widget=forms.Select(attrs={"aria-label": f"{row.code} {_('Scoring')}"}),
        )  # fmt: skip
        self.fields[f"t{row.pk}"] = forms.DecimalField(
            label=_("Target"), required=False, max_digits=9, decimal_places=3,
            initial=plain(line.target) if line and line.target is not None else "",
            widget=forms.TextInput(
                attrs={"aria-label": f"{row.code} {_('Target')}", "inputmode": "decimal",
                       "placeholder": self.usual.get(row.pk, "")}
            ),
        )  # fmt: skip
        self.fields[f"r{row.pk}"] = forms.CharField(
            label=_("Rule of scoring"), required=False, max_length=120,
            initial=write_needs(line.scoring, needs_of(line)) if line else "",
            widget=forms.TextInput(attrs={"aria-label": f"{row.code} {_('Rule of scoring')}"}),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """What each scoring needs, read from its one field."""
        values = super().clean() or self.cleaned_data
        for row in self.indicators:
            scoring = values.get(f"s{row.pk}", "")
            try:
                values[f"n{row.pk}"] = read_needs(scoring, narrow(values.get(f"r{row.pk}", "")))
            except Unreadable as wrong:
                if values.get(f"w{row.pk}"):
                    self.add_error(f"r{row.pk}", str(SAID[str(wrong)]))
        return values

    def entries(self) -> list[Entry]:
        """What was entered, for the action; an indicator without weight is none."""
        found, nothing = self.cleaned_data, Decimal(0)
        return [
            Entry(row.pk, found.get(f"w{row.pk}") or nothing, found[f"s{row.pk}"], found.get(f"t{row.pk}"),
                  needs.floor, needs.steps, needs.each, needs.takes)
            for row in self.indicators
            for needs in (found.get(f"n{row.pk}") or Needs(),)
        ]  # fmt: skip

    def groups(self) -> list[Group]:
        """The inputs by category."""
        found = {number: Group(number, Category(number).label) for number in ASSESSED}
        for row in self.indicators:
            inputs = LineFields(
                row, SUB_ITEMS.get((row.category, row.sub_no), ""), self.usual.get(row.pk, ""),
                self[f"w{row.pk}"], self[f"s{row.pk}"], self[f"t{row.pk}"], self[f"r{row.pk}"],
            )  # fmt: skip
            found[row.category].lines.append(inputs)
            found[row.category].weight += self._weight(inputs.weight)
        return list(found.values())

    def whole(self) -> Decimal:
        """The sum of all weights as they stand in the inputs."""
        return sum((group.weight for group in self.groups()), Decimal(0))

    def _weight(self, bound: BoundField) -> Decimal:
        try:
            number = Decimal(str(bound.value() or 0))
        except ArithmeticError:
            return Decimal(0)
        return number if number.is_finite() else Decimal(0)


def needs_of(line: ScorecardLine) -> Needs:
    """What a kept line says beside weight and target."""
    steps = tuple((Decimal(limit), Decimal(share)) for limit, share in line.steps)
    return Needs(line.floor, steps, line.each, line.takes)


class TargetForm(forms.Form):
    """A target from a day on."""

    indicator_id = IdChoice(label=_("Indicator"))
    target = forms.DecimalField(
        label=_("Target"), required=False, max_digits=8, decimal_places=3,
        help_text=_("Empty: no target from then on, the indicator is for information."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    is_strict = forms.BooleanField(label=_("Reaching it exactly is not enough"), required=False)
    effective_from = forms.DateField(label=_("Holds from"), widget=DayInput())

    def __init__(self, *args: Any, indicators: Sequence[Indicator], choices: Sequence[tuple[Any, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.indicators = {row.pk: row for row in indicators}
        offer(self, "indicator_id", choices)

    def entered(self) -> NewTarget:
        """What was entered, for the action."""
        values = self.cleaned_data
        return NewTarget(
            self.indicators[values["indicator_id"]], values["target"], values["is_strict"], values["effective_from"]
        )


class CompetenceForm(forms.Form):
    """ORG-26: seven items from 1 to 5, and a remark."""

    remark = forms.CharField(
        label=_("Comment on the review"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The manager reads the review on his own scorecard."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = {
            name: forms.TypedChoiceField(label=str(words), coerce=int, choices=LEVELS, widget=forms.RadioSelect)
            for name, words in ITEMS.items()
        }
        self.fields = {**items, **self.fields}

    def levels(self) -> dict[str, int]:
        """The seven levels."""
        return {name: self.cleaned_data[name] for name in ITEMS}


class PayrollForm(forms.Form):
    """Which month, and why it leaves the house (SEC-1)."""

    month = forms.DateField(label=_("Month"), widget=forms.Select)
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("For example: pay run of the month."))

    def __init__(self, *args: Any, months: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].widget = forms.Select(choices=list(months))
