"""`churn-records`: the losses, one of them (RET-1, RET-14)."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.choices import CustomerKind
from accounts.queries import names
from crm.core.api import filters as read
from crm.core.api.pagination import PAGE, page_answer, parameter_problem
from crm.core.api.request import ApiRequest
from crm.core.api.schema import list_parameters, page_of, problems
from crm.core.api.views import Route
from crm.core.scope import Scope
from retention.choices import LossKind
from retention.queries.losses import SEES
from retention.queries.records import churn_records

READ = "churn:read"
FILTERS: dict[str, read.Reader] = {
    "customer": read.number,
    "kind": read.one_of(*LossKind.values),
    "customer_kind": read.one_of(*CustomerKind.values),
    "competitor": read.text,
    "manager": read.text,
    "unit": read.text,
    "lost_from": read.day,
    "lost_to": read.day,
    "is_void": read.flag,
}


class ChurnRecordOut(serializers.Serializer[Any]):
    """A loss, with whom the customer had and where he belonged on that day."""

    id = serializers.IntegerField()
    customer = serializers.IntegerField(allow_null=True, help_text="Null: the caller may not see the customer today.")
    customer_kind = serializers.ChoiceField(CustomerKind.choices)
    kind = serializers.ChoiceField(LossKind.choices)
    lost_on = serializers.DateField()
    tier = serializers.CharField(allow_null=True)
    competitor = serializers.CharField(allow_null=True)
    cause = serializers.CharField()
    returned_on = serializers.DateField(allow_null=True)
    is_void = serializers.BooleanField(help_text="Came back in time: never counted.")
    is_counted = serializers.BooleanField(help_text="In the churn rate of all VIPs: there on 1 January, first loss.")
    recorded_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    manager = serializers.CharField(allow_null=True, help_text="Who had the customer then: staff number.")
    unit = serializers.CharField()


def _customers(request: ApiRequest) -> Scope:
    """Whose customers the caller sees: a client those of its units."""
    access = request.user.access
    return access.scope_for(SEES) if request.auth is not None else access.scope


class ChurnRecordList(Route):
    """The losses in sight."""

    feed = "churn_record"
    abilities = {"GET": SEES}
    token_scopes = {"GET": READ}

    @extend_schema(
        operation_id="churn_records_list",
        parameters=list_parameters(FILTERS),
        responses={200: page_of(ChurnRecordOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List losses by id."""
        scope = request.user.access.scope_for(SEES)
        given = references(read.read_parameters(request, FILTERS, also=PAGE), scope)
        return page_answer(request, ChurnRecordOut, churn_records, scope, _customers(request), filters=given)


class ChurnRecordDetail(Route):
    """One loss."""

    abilities = {"GET": SEES}
    token_scopes = {"GET": READ}

    @extend_schema(operation_id="churn_records_get", responses={200: ChurnRecordOut, **problems(400, 401, 403, 404)})
    def get(self, request: ApiRequest, pk: int) -> Response:
        """Get one loss."""
        read.read_parameters(request, {})
        scope = request.user.access.scope_for(SEES)
        items, _next = churn_records(scope, _customers(request), filters={"id": pk}, limit=1)
        if not items:
            raise Http404
        return Response(items[0])


def references(given: dict[str, Any], scope: Scope) -> dict[str, Any]:
    """Staff number and unit code as ids; what is out of sight is not there."""
    found = {name: value for name, value in given.items() if name not in ("manager", "unit")}
    if "manager" in given:
        card = names.staff_card(names.staff_id_by_number(given["manager"]))
        if card is None or not scope.allows(unit_id=card.unit_id, manager_id=card.id):
            raise parameter_problem("manager", "not_found", "There is no such staff number.")
        found["manager_id"] = card.id
    if "unit" in given:
        unit_id = names.unit_id_by_code(given["unit"])
        if unit_id is None or not scope.allows(unit_id=unit_id):
            raise parameter_problem("unit", "not_found", "There is no such unit code.")
        found["unit_ids"] = list(names.subtree(unit_id))
    return found
