"""`needs` (list, and rows by hundreds), `credit-accounts` and `guarantees` (CUS-14, SAL-10, SAL-24, SAL-25)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.api.rows import WRITTEN, told
from crm.core.api import filters as read
from crm.core.api.pagination import PAGE, page_answer
from crm.core.api.request import ApiRequest
from crm.core.api.schema import IDEMPOTENCY_KEY, list_parameters, page_of, problems
from crm.core.api.views import Route
from sales.actions.need_rows import Needs
from sales.choices import NeedStage
from sales.money_choices import CreditState, GuaranteeState
from sales.queries import relation_records as records

SEES, BRINGS = "view_sales", "import_sales"
NEED_FILTERS: dict[str, read.Reader] = {
    "customer": read.text,
    "type": read.text,
    "stage": read.one_of(*NeedStage.values),
    "found_from": read.day,
    "found_to": read.day,
    "updated_since": read.moment,
}
CREDIT_FILTERS: dict[str, read.Reader] = {"customer": read.text, "state": read.one_of(*CreditState.values)}
GUARANTEE_FILTERS: dict[str, read.Reader] = {
    "customer": read.text,
    "state": read.one_of(*GuaranteeState.values),
    "papers_due_from": read.day,
    "papers_due_to": read.day,
}
Described = serializers.Serializer[Any]
Text = serializers.CharField
Day = serializers.DateField
Moment = serializers.DateTimeField
Number = serializers.IntegerField


def money(**more: Any) -> serializers.DecimalField:
    """An amount in CNY."""
    return serializers.DecimalField(max_digits=14, decimal_places=2, **more)


class NeedOut(Described):
    """What a customer needs; a later one of the same type shows how it changed."""

    id = Number()
    customer = Text(help_text="Customer number.")
    type = Text(help_text="Code of the type of need.")
    found_on = Day()
    text = Text()
    pain = Text(allow_blank=True)
    budget = money(allow_null=True)
    decision_maker = Text(allow_null=True, help_text="Name of the contact person.")
    wanted_on = Day(allow_null=True)
    competitor = Text(allow_blank=True)
    stage = serializers.ChoiceField(NeedStage.choices)
    stage_on = Day()
    routed_to = Text(allow_null=True, help_text="Unit code.")
    updated_at = Moment()
    version = Number()


class NeedIn(Described):
    """One need of a bulk call, known by `customer`, `type` and `found_on`. Missing fields stay, null clears."""

    customer = Text(max_length=100, help_text="Customer number, or id in the source.")
    type = Text(max_length=30)
    found_on = Day(required=False, help_text="Today without it.")
    text = Text(max_length=1000, required=False, help_text="Needed for a new one.")
    pain = Text(max_length=500, required=False, allow_null=True)
    budget = money(required=False, allow_null=True)
    decision_maker = Text(max_length=50, required=False, allow_null=True, help_text="Name of a contact person.")
    wanted_on = Day(required=False, allow_null=True)
    competitor = Text(max_length=100, required=False, allow_null=True)


class NeedsIn(Described):
    """Needs in order."""

    mode = serializers.ChoiceField(("partial", "atomic"), default="partial")
    dry_run = serializers.BooleanField(default=False)
    items = NeedIn(many=True)


class CreditAccountOut(Described):
    """How much a customer may owe, how much he owes, and how he has paid so far."""

    id = Number()
    customer = Text(help_text="Customer number.")
    limit = money(help_text="The limit that holds: his own, else that of his tier.")
    is_own_limit = serializers.BooleanField()
    extra = money(help_text="Approved above the limit, up to and including `extra_until`.")
    extra_until = Day(allow_null=True)
    used = money()
    paid_in_time = Number(allow_null=True, help_text="Per cent of the bills of twelve months; null: none yet.")
    state = serializers.ChoiceField(CreditState.choices)


class GuaranteeOut(Described):
    """A manager vouches for business whose papers come later."""

    id = Number()
    customer = Text(help_text="Customer number.")
    staff = Text(help_text="Who vouches: staff number.")
    business = Text()
    amount = money()
    reason = Text()
    papers = Text()
    papers_due_on = Day()
    papers_on = Day(allow_null=True)
    state = serializers.ChoiceField(GuaranteeState.choices)
    requested_at = Moment()
    decided_at = Moment(allow_null=True)
    active_on = Day(allow_null=True)
    released_on = Day(allow_null=True)
    version = Number()


class NeedList(Route):
    """Needs in sight, and those that another system tells."""

    feed = "need"
    abilities = {"GET": SEES, "POST": BRINGS}
    token_scopes = {"GET": "agreements:read", "POST": "agreements:write"}
    bulk_methods = frozenset({"POST"})

    @extend_schema(
        operation_id="needs_list",
        parameters=list_parameters(NEED_FILTERS),
        responses={200: page_of(NeedOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List needs by id."""
        given = read.read_parameters(request, NEED_FILTERS, also=PAGE)
        scope = request.user.access.scope_for(SEES)
        return page_answer(request, NeedOut, records.need_records, scope, filters=given)

    @extend_schema(operation_id="needs_bulk", request=NeedsIn, parameters=[IDEMPOTENCY_KEY], responses=WRITTEN)
    def post(self, request: ApiRequest) -> Response:
        """Upsert needs by customer, type and day; what one said before stays in its history."""
        return told(request, Needs, BRINGS)


class CreditAccountList(Route):
    """Credit accounts in sight."""

    abilities = {"GET": SEES}
    token_scopes = {"GET": "billing:read"}

    @extend_schema(
        operation_id="credit_accounts_list",
        parameters=list_parameters(CREDIT_FILTERS),
        responses={200: page_of(CreditAccountOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List credit accounts by id; who has none has the limit of his tier and owes nothing."""
        given = read.read_parameters(request, CREDIT_FILTERS, also=PAGE)
        return page_answer(
            request,
            CreditAccountOut,
            records.credit_records,
            request.user.access.scope_for(SEES),
            filters=given,
            day=timezone.localdate(),
        )


class GuaranteeList(Route):
    """Guarantees in sight."""

    feed = "guarantee"
    abilities = {"GET": SEES}
    token_scopes = {"GET": "billing:read"}

    @extend_schema(
        operation_id="guarantees_list",
        parameters=list_parameters(GUARANTEE_FILTERS),
        responses={200: page_of(GuaranteeOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List guarantees by id."""
        given = read.read_parameters(request, GUARANTEE_FILTERS, also=PAGE)
        scope = request.user.access.scope_for(SEES)
        return page_answer(request, GuaranteeOut, records.guarantee_records, scope, filters=given)
