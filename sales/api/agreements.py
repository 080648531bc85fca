"""`agreements`: list, and rows by hundreds, each answered; what a row becomes is its rules' affair (SAL-14, SAL-15)."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.api.rows import WRITTEN, told
from crm.core.api import filters as read
from crm.core.api.pagination import PAGE, page_answer
from crm.core.api.request import ApiRequest
from crm.core.api.schema import IDEMPOTENCY_KEY, list_parameters, page_of, problems
from crm.core.api.views import Route
from sales.actions.agreement_rows import Agreements
from sales.choices import AgreementKind, AgreementState, ApplicationState
from sales.queries.agreement_records import agreement_records

READ, WRITE = "agreements:read", "agreements:write"
SEES, BRINGS = "view_sales", "import_sales"
FILTERS: dict[str, read.Reader] = {
    "number": read.text,
    "customer": read.text,
    "kind": read.one_of(*AgreementKind.values),
    "state": read.one_of(*AgreementState.values),
    "in_force_on": read.day,
    "ends_from": read.day,
    "ends_to": read.day,
    "updated_since": read.moment,
}
Described = serializers.Serializer[Any]
Text = serializers.CharField
Day = serializers.DateField
Moment = serializers.DateTimeField


class AgreementOut(Described):
    """An agreement; in force on the days from `starts_on` to `ends_on`, both included."""

    id = serializers.IntegerField()
    number = Text()
    customer = Text(help_text="Customer number.")
    kind = serializers.ChoiceField(AgreementKind.choices)
    state = serializers.ChoiceField(AgreementState.choices)
    signed_on = Day()
    starts_on = Day()
    ends_on = Day(allow_null=True)
    terminated_on = Day(allow_null=True, help_text="The day we learnt that it ends early.")
    previous = Text(allow_null=True, help_text="Number of the agreement it renews.")
    renewed_by = Text(allow_null=True, help_text="Number of the agreement that renews it.")
    our_signer = Text(allow_null=True, help_text="Staff number.")
    their_signer = Text(allow_null=True, help_text="Name of the contact person.")
    check_result = serializers.ChoiceField(ApplicationState.choices, allow_null=True)
    checked_on = Day(allow_null=True)
    checked_by = Text(allow_null=True)
    has_scan = serializers.BooleanField()
    note = Text(allow_blank=True)
    source = Text(allow_blank=True)  # type: ignore[assignment] # declared fields are taken off the class
    source_updated_at = Moment(allow_null=True)
    updated_at = Moment()
    version = serializers.IntegerField()


class AgreementIn(Described):
    """One agreement of a bulk call, known by its `number`. Missing fields stay, null clears.

    A new agreement of a group needs a passed qualification check: one that is known here, or `checked_on` and
    `checked_by`, or the agreement it renews with one.
    """

    number = Text(max_length=40)
    source = Text(  # type: ignore[assignment]
        max_length=40, required=False, help_text="A person's calls only; a client writes under its own."
    )
    customer = Text(max_length=100, required=False, help_text="Customer number, or id in the source.")
    kind = serializers.ChoiceField(AgreementKind.choices, required=False, help_text="`service` without it.")
    previous = Text(max_length=40, required=False, allow_null=True)
    signed_on = Day(required=False, help_text="Needed for a new agreement.")
    starts_on = Day(required=False, allow_null=True, help_text="The day it was signed without it.")
    ends_on = Day(required=False, allow_null=True, help_text="Null: without an end.")
    terminated_on = Day(required=False, allow_null=True)
    our_signer = Text(max_length=20, required=False, allow_null=True, help_text="Staff number.")
    their_signer = Text(max_length=50, required=False, allow_null=True, help_text="Name of a contact person.")
    note = Text(max_length=500, required=False, allow_null=True)
    checked_on = Day(required=False, allow_null=True, help_text="When the qualification check was passed.")
    checked_by = Text(max_length=60, required=False, allow_null=True, help_text="Who checked it.")
    source_updated_at = Moment(required=False, allow_null=True)


class AgreementsIn(Described):
    """Agreements in order."""

    mode = serializers.ChoiceField(("partial", "atomic"), default="partial")
    dry_run = serializers.BooleanField(default=False)
    items = AgreementIn(many=True)


class AgreementList(Route):
    """Agreements in sight, and those that the contract system tells."""

    feed = "agreement"
    abilities = {"GET": SEES, "POST": BRINGS}
    token_scopes = {"GET": READ, "POST": WRITE}
    bulk_methods = frozenset({"POST"})

    @extend_schema(
        operation_id="agreements_list",
        parameters=list_parameters(FILTERS),
        responses={200: page_of(AgreementOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List agreements by id."""
        given = read.read_parameters(request, FILTERS, also=PAGE)
        scope = request.user.access.scope_for(SEES)
        return page_answer(request, AgreementOut, agreement_records, scope, filters=given)

    @extend_schema(
        operation_id="agreements_bulk", request=AgreementsIn, parameters=[IDEMPOTENCY_KEY], responses=WRITTEN
    )
    def post(self, request: ApiRequest) -> Response:
        """Upsert agreements by `number`; a group's rests on a passed check."""
        return told(request, Agreements, BRINGS)
