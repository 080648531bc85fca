"""Settings → Lists: the small lists of choices, each with its rows."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.errors import NotFound
from crm.core.pages import domain_errors
from crm.core.reference import KEEPS, ReferenceList, keep_reference_row, list_of, reference_lists, row_of


class ReferenceForm(forms.Form):
    """A choice: its words, its place, whether it is in use."""

    label_zh = forms.CharField(label=gettext_lazy("Name in Chinese"))
    label_en = forms.CharField(label=gettext_lazy("Name in English"))
    position = forms.IntegerField(
        label=gettext_lazy("Place in the list"), min_value=0, max_value=1000, initial=0,
        help_text=gettext_lazy("Small numbers stand first."),
    )  # fmt: skip
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    @classmethod
    def for_list(cls, request: Asked, found: ReferenceList, row: object | None) -> ReferenceForm:
        """The form of a new row, or of one that is there."""
        initial = {name: getattr(row, name) for name in cls.base_fields} if row is not None else None
        form = cls(request.POST or None, initial=initial)
        for name in ("label_zh", "label_en"):
            form.fields[name].widget.attrs["maxlength"] = found.longest(name)
        return form


@require_GET
@ability(KEEPS)
def reference_list(request: Asked) -> HttpResponse:
    """All lists on one page."""
    return render(request, "core/reference_list.html", {"lists": reference_lists()})


@require_http_methods(["GET", "POST"])
@ability(KEEPS)
def reference_edit(request: Asked, key: str) -> HttpResponse:
    """A new row of a list, or (`?row=`) one that is there."""
    found, asked = list_of(key), request.GET.get("row", "")
    if asked and not (asked.isascii() and asked.isdecimal() and len(asked) < 10):
        raise NotFound
    row = row_of(found, int(asked)) if asked else None
    form = ReferenceForm.for_list(request, found, row)
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            keep_reference_row(key=key, row_id=row.pk if row else None, **form.cleaned_data, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(f"{reverse('core:reference_list')}#{key}")
    context = {"list": found, "row": row, "form": form}
    return render(request, "core/reference_edit.html", context, status=400 if form.errors else 200)
