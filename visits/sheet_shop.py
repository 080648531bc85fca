"""The checklist of a channel visit on the log sheet: stock, prices, display, law (CON-19…22, CON-25, CON-39)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.queries.products import ProductLine, products_on
from crm.core.errors import FieldProblem
from visits.actions.shop import CHECKS, take_back, write_checks
from visits.choices import Feature, GuidanceKind
from visits.parts import PartContext, PartData, SheetPart
from visits.queries.switches import is_on
from visits.rules.shop import unanswered

if TYPE_CHECKING:
    from crm.core.models import User
    from visits.models import Visit

CODE = "shop"
YES_NO = (("yes", _("Yes")), ("no", _("No")))
TABLE = {"stock": Feature.STOCK, "order": Feature.STOCK, "price": Feature.PRICE}


def features_of(context: PartContext) -> frozenset[str]:
    """What is switched on for any customer of the sheet."""
    return frozenset(
        str(feature)
        for feature in (Feature.CHECKLIST, Feature.STOCK, Feature.PRICE, Feature.DISPLAY)
        for customer in context.customers
        if is_on(feature, line=customer.kind, unit_id=customer.unit_id, on=context.today)
    )


class YesNoField(forms.TypedChoiceField):
    """Yes, no, or not answered (None)."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label, choices=YES_NO, required=False, coerce=lambda value: value == "yes", empty_value=None,
            widget=forms.RadioSelect,
        )  # fmt: skip


class ShopForm(forms.Form):
    """Asked only where the line has it."""

    sales_note = forms.CharField(label=_("Sales observed"), max_length=500, required=False)
    reminded_of_law = YesNoField(_("Reminded to sell by the law"))
    irregular_nearby = YesNoField(_("Business without a licence nearby"))
    irregular_report = forms.CharField(label=_("Where, who, what"), max_length=500, required=False)
    display_improved = YesNoField(_("Display improved"))
    tags_replaced = forms.IntegerField(
        label=_("Damaged price tags replaced"), min_value=0, max_value=9999, required=False
    )
    guidance_kind = forms.ChoiceField(label=_("Advised on"), required=False)
    guidance = forms.CharField(label=_("Sales guidance"), max_length=500, required=False)
    badge_worn = forms.BooleanField(label=_("Badge worn"), required=False)

    def __init__(self, *args: Any, features: frozenset[str], products: Sequence[ProductLine], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["guidance_kind"].choices = [("", "–"), *GuidanceKind.choices]  # type: ignore[attr-defined]
        if Feature.DISPLAY not in features:
            del self.fields["display_improved"], self.fields["tags_replaced"]
        self.products = products if features & {Feature.STOCK, Feature.PRICE} else ()
        for line in self.products:
            for name, feature in TABLE.items():
                if feature in features:
                    self.fields[f"{name}_{line.id}"] = self._number(name, line)

    def _number(self, name: str, line: ProductLine) -> forms.Field:
        if name == "price":
            return forms.DecimalField(
                label=line.name, min_value=Decimal("0.01"), max_digits=8, decimal_places=2, required=False
            )
        return forms.IntegerField(label=line.name, min_value=0, max_value=999_999, required=False)

    @property
    def plain(self) -> list[forms.BoundField]:
        """The questions beside the table."""
        return [self[name] for name in self.fields if "_" not in name or not name.rsplit("_", 1)[1].isdigit()]

    @property
    def table(self) -> Iterator[tuple[ProductLine, list[forms.BoundField]]]:
        """Each product with its inputs."""
        for line in self.products:
            yield line, [self[f"{name}_{line.id}"] for name in TABLE if f"{name}_{line.id}" in self.fields]

    @property
    def heads(self) -> list[Any]:
        """The heads of the table's columns."""
        labels = {"stock": _("Stock"), "order": _("Suggested order"), "price": _("Retail price (CNY)")}
        first = next(iter(self.products), None)
        return [labels[name] for name in TABLE if first and f"{name}_{first.id}" in self.fields]

    def clean(self) -> dict[str, Any]:
        """CON-39: a business without a licence nearby is reported in the same sheet."""
        values = super().clean() or self.cleaned_data
        if values.get("irregular_nearby") and not values.get("irregular_report"):
            self.add_error("irregular_report", _("“Yes” needs a report: where, who, what."))
        return values


def numbers_of(data: PartData, name: str) -> dict[int, Any]:
    """Product → what was typed in one column of the table."""
    found = (key.partition("_") for key in data if key.startswith(f"{name}_"))
    return {
        int(rest): data[f"{name}_{rest}"]
        for _name, _mark, rest in found
        if rest.isdigit() and data[f"{name}_{rest}"] is not None
    }


def make_form(context: PartContext, data: Any, _files: Any, prefix: str) -> forms.Form:
    """The part's form."""
    features = features_of(context)
    products = products_on(context.today) if features & {Feature.STOCK, Feature.PRICE} else []
    return ShopForm(data, prefix=prefix, features=features, products=products)


def applies(context: PartContext) -> bool:
    """Whether the checklist is on for a customer of the sheet."""
    return Feature.CHECKLIST in features_of(context)


MISSING: dict[str, tuple[str, Any]] = {
    "sales_note": (Feature.CHECKLIST, _("Write down the sales you observed.")),
    "reminded_of_law": (Feature.CHECKLIST, _("Say whether you reminded of the law.")),
    "irregular_nearby": (Feature.CHECKLIST, _("Say whether there is a business without a licence nearby.")),
    "display_improved": (Feature.DISPLAY, _("Say whether the display was improved.")),
}


def missing(data: PartData, context: PartContext) -> list[FieldProblem]:
    """CON-25: every mandatory item of the customer's kind, by name."""
    features = features_of(context)
    asked = [name for name, (feature, _text) in MISSING.items() if feature in features]
    problems = [FieldProblem(name, "required", MISSING[name][1]) for name in unanswered(asked, data)]
    on_sale = products_on(context.today) if features & {Feature.STOCK, Feature.PRICE} else []
    for name, feature, text in (
        ("stock", Feature.STOCK, _("Check the stock of at least one product.")),
        ("price", Feature.PRICE, _("Check the price of at least one product.")),
    ):
        if feature in features and on_sale and not numbers_of(data, name):
            problems.append(FieldProblem(f"{name}_{on_sale[0].id}", "required", text))
    return problems


def attach(visits: Sequence[Visit], data: PartData, by: User, now: datetime) -> None:
    """Checklist, stock and prices of each visit."""
    stock, suggested = numbers_of(data, "stock"), numbers_of(data, "order")
    rows = {key: (stock.get(key), suggested.get(key)) for key in sorted(stock.keys() | suggested.keys())}
    checks = {name: data[name] for name in CHECKS if name in data}
    write_checks(visits, checks=checks, stock=rows, prices=numbers_of(data, "price"), by=by, now=now)


def detach(visit_ids: Sequence[int], by: User, now: datetime) -> None:
    """The visit was undone."""
    take_back(visit_ids)


SHOP = SheetPart(
    CODE, _("Visit checklist"), make_form, attach, applies=applies, missing=missing, detach=detach,
    template="visits/part_shop.html", on_site=True,
)  # fmt: skip
