"""Parts of the log sheet that other apps add (visits.parts): shown where they apply, written once, taken back."""

import pytest
from django import forms
from django.test import override_settings

from crm.core.errors import FieldProblem
from tests.workbench.test_log_sheet import toast
from tests.workbench.world import HTMX, sheet_values
from visits.models import Visit, VisitNote
from visits.parts import SheetPart, known_parts

pytestmark = pytest.mark.django_db


class ShelfForm(forms.Form):
    """A part as an app would add it."""

    note = forms.CharField(label="Shelf note", required=False, max_length=20)


def attach(visits, data, by, now):
    VisitNote.unscoped.bulk_create(VisitNote(visit=visit, text=data["note"], by=by, at=now) for visit in visits)


def detach(visit_ids, by, now):
    VisitNote.unscoped.filter(visit_id__in=visit_ids).delete()


def missing(data, context):
    return [] if data.get("note") else [FieldProblem("note", "required", "Note the shelf.")]


def make_form(context, data, files, prefix):
    return ShelfForm(data, files, prefix=prefix)


def is_group(context):
    return any(customer.kind == "group" for customer in context.customers)


MORE = SheetPart("shelf", "Shelf", make_form, attach, detach=detach)
ON_SITE = SheetPart("shelf", "Shelf", make_form, attach, applies=is_group, missing=missing, on_site=True)
HERE = "tests.workbench.test_sheet_parts"


@pytest.fixture
def parts(request):
    known_parts.cache_clear()
    with override_settings(SHEET_PARTS=[f"{HERE}.{request.param}"]):
        yield
    known_parts.cache_clear()


@pytest.mark.parametrize("parts", ["MORE"], indirect=True)
def test_a_part_is_written_with_the_visit_and_taken_back_with_it(parts, cast, as_user):
    client = as_user(cast.manager)
    assert "shelf-note" in client.get(f"/log/?customer={cast.customers['gold'].pk}").content.decode()
    values = sheet_values(cast.customers["gold"], **{"shelf-note": "tidy"})
    answer = client.post("/log/", values, headers=HTMX)
    assert VisitNote.unscoped.get().text == "tidy"
    client.post("/log/", values, headers=HTMX)
    assert VisitNote.unscoped.count() == 1
    client.post(toast(answer)["undo"])
    assert not VisitNote.unscoped.exists()


@pytest.mark.parametrize("parts", ["MORE"], indirect=True)
def test_an_empty_part_writes_nothing_and_a_wrong_one_keeps_what_was_typed(parts, cast, as_user):
    client = as_user(cast.manager)
    assert (
        client.post("/log/", sheet_values(cast.customers["gold"], **{"shelf-note": ""}), headers=HTMX).status_code
        == 204
    )
    assert not VisitNote.unscoped.exists()
    long = "x" * 21
    answer = client.post("/log/", sheet_values(cast.customers["gold"], **{"shelf-note": long}), headers=HTMX)
    assert answer.status_code == 400 and long in answer.content.decode()
    assert Visit.unscoped.count() == 1


@pytest.mark.parametrize("parts", ["ON_SITE"], indirect=True)
def test_an_on_site_visit_names_what_is_missing(parts, cast, as_user):
    """CON-25: the missing item is a listed error beside its field; other kinds of customers are not asked."""
    client, group = as_user(cast.teammate), cast.customers["teammates"]
    on_site = {"channel": "on_site", "content": "Walked the shop with them"}
    answer = client.post("/log/", sheet_values(group, **on_site), headers=HTMX)
    assert answer.status_code == 400 and "Note the shelf." in answer.content.decode()
    assert not Visit.unscoped.exists()
    answer = client.post("/log/", sheet_values(group, **on_site, **{"shelf-note": "tidy"}), headers=HTMX)
    assert answer.status_code == 204 and VisitNote.unscoped.count() == 1
    assert client.post("/log/", sheet_values(group, channel="phone"), headers=HTMX).status_code == 204
