"""``{% load ui %}``: the pieces of `crm.core.ui` and form fields with their error beside them."""

from typing import Any

from django import forms, template
from django.forms import BoundField
from django.template.loader import get_template
from django.utils.safestring import SafeString

from crm.core import ui

register = template.Library()
register.simple_tag(ui.icon, name="icon")
register.simple_tag(ui.tier_badge, name="tier_badge")
register.simple_tag(ui.duty_badge, name="duty_badge")
register.simple_tag(ui.mark, name="mark")
register.simple_tag(ui.avatar, name="avatar")
register.simple_tag(ui.ring, name="ring")
register.filter("lines", ui.lines)
register.filter("money", ui.money)

CHECKS = (forms.CheckboxInput,)
CHOICES = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def widget_class(field: BoundField) -> str:
    """The Bootstrap class of a field's widget."""
    widget = field.field.widget
    if isinstance(widget, CHECKS):
        return "form-check-input"
    if isinstance(widget, CHOICES):
        return ""
    if isinstance(widget, forms.Select):
        return "form-select"
    return "form-control"


@register.simple_tag
def widget(field: BoundField, **attrs: Any) -> SafeString:
    """The input of a field with its class; further attributes as ``placeholder="…"`` (``_`` becomes ``-``)."""
    given = {name.replace("_", "-"): value for name, value in attrs.items()}
    classes = [widget_class(field), given.pop("class", ""), field.field.widget.attrs.get("class", "")]
    if field.errors:
        classes.append("is-invalid")
    given["class"] = " ".join(part for part in classes if part)
    return field.as_widget(attrs=given)


@register.simple_tag(takes_context=True)
def field(context: template.Context, field: BoundField, *, wide: bool = False, label: str = "", **attrs: Any) -> str:
    """A whole field: label, input, help, and the error beside it (`components/field.html`)."""
    return get_template("components/field.html").render(
        {
            "field": field,
            "label": label or field.label,
            "wide": wide,
            "is_check": isinstance(field.field.widget, CHECKS),
            "is_choices": isinstance(field.field.widget, CHOICES),
            "input": widget(field, **attrs),
        }
    )
