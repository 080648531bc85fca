"""What a row behind a figure is called, where it stands, and what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.choices import Direction


@dataclass(frozen=True, slots=True)
class Kind:
    """A table of rows: what one is called, and the route of its page ("": the customer's page says it)."""

    label: str | Promise
    route: str = ""


KINDS: dict[str, Kind] = {
    "visits_duty": Kind(gettext_lazy("Duty")),
    "visits_visit": Kind(gettext_lazy("Visit"), "visits:visit_detail"),
    "visits_callback": Kind(gettext_lazy("Callback"), "visits:callback_detail"),
    "visits_calltest": Kind(gettext_lazy("Test call")),
    "visits_plan": Kind(gettext_lazy("Plan")),
    "visits_planitem": Kind(gettext_lazy("Planned visit")),
    "visits_daylog": Kind(gettext_lazy("Work log")),
    "visits_review": Kind(gettext_lazy("Plan or work log")),
    "visits_specialvisit": Kind(gettext_lazy("Special visit"), "visits:special_detail"),
    "visits_workreport": Kind(gettext_lazy("Report"), "visits:report_detail"),
    "visits_customervoice": Kind(gettext_lazy("Customer voice")),
    "complaints_caseclock": Kind(gettext_lazy("Case"), "complaints:case_of_clock"),
    "complaints_case": Kind(gettext_lazy("Case"), "complaints:case_detail"),
    "accounts_task": Kind(gettext_lazy("Assigned task"), "accounts:task_detail"),
    "accounts_customer": Kind(gettext_lazy("Customer")),
    "retention_churnrecord": Kind(gettext_lazy("Loss")),
    "retention_churnbase": Kind(gettext_lazy("Customer of 1 January")),
    "retention_churnreport": Kind(gettext_lazy("Churn report")),
    "retention_alert": Kind(gettext_lazy("Alert"), "retention:alert_detail"),
    "retention_savecase": Kind(gettext_lazy("Save case"), "retention:save_case"),
    "retention_churnanalysis": Kind(gettext_lazy("Churn analysis"), "retention:analysis_detail"),
    "sales_salesorder": Kind(gettext_lazy("Order")),
    "sales_bill": Kind(gettext_lazy("Bill")),
    "sales_usagemonth": Kind(gettext_lazy("Usage of a product")),
    "conduct_outing": Kind(gettext_lazy("Outing")),
}


def kind_label(table: str) -> str:
    """What a row of the table is called."""
    return str(KINDS[table].label) if table in KINDS else _("Record")


def page_of(table: str, ref: int) -> str:
    """The page of the row itself; empty when it has none."""
    kind = KINDS.get(table)
    return reverse(kind.route, args=[ref]) if kind is not None and kind.route and ref > 0 else ""


def state_words(direction: str, *, counts: bool, is_excused: bool, is_mendable: bool) -> tuple[str, str, str]:
    """(words, look, icon) of a row: met, missing, excused, still to be mended."""
    if is_excused:
        return _("Excused"), "quiet", "hand-stop"
    if direction == Direction.DOWN:
        return (_("Counts against"), "late", "alert-circle") if counts else (_("Without fault"), "met", "circle-check")
    if direction == Direction.NONE:
        return (_("Counted in"), "info", "circle-check") if counts else (_("The rest"), "quiet", "circle-dashed")
    if counts:
        return _("Counted in"), "met", "circle-check"
    return (_("Can still be mended"), "soon", "clock") if is_mendable else (_("Missing"), "late", "alert-circle")


# ti-hand-stop ti-alert-circle ti-circle-check ti-circle-dashed ti-clock

ONLY: tuple[tuple[str, str | Promise], ...] = (
    ("", gettext_lazy("All rows")),
    ("missing", gettext_lazy("Missing")),
    ("mendable", gettext_lazy("Can still be mended")),
    ("met", gettext_lazy("Counted in")),
    ("excused", gettext_lazy("Excused")),
)
ONLY_DOWN: tuple[tuple[str, str | Promise], ...] = (
    ("", gettext_lazy("All rows")),
    ("met", gettext_lazy("Counts against")),
    ("missing", gettext_lazy("Without fault")),
    ("excused", gettext_lazy("Excused")),
)
"""Which rows: what is in the numerator, what is not; lower being better, the numerator is the fault."""


def choices_for(direction: str) -> tuple[tuple[str, str | Promise], ...]:
    """The filters of the list, in the words of the indicator's direction."""
    return ONLY_DOWN if direction == Direction.DOWN else ONLY
