"""`sales/orders` and `sales/quotas`: lists, and rows by hundreds, each answered (sync-api "upsert many")."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.api.rows import WRITTEN, told, written
from accounts.queries import names
from crm.core.api import filters as read
from crm.core.api.pagination import PAGE, page_answer, parameter_problem
from crm.core.api.request import ApiRequest
from crm.core.api.schema import IDEMPOTENCY_KEY, list_parameters, page_of, problems
from crm.core.api.views import Route, idempotent
from crm.core.errors import Invalid
from crm.core.scope import Scope
from sales import actions
from sales.api import schemas
from sales.choices import Metric, OrderState
from sales.queries.records import order_records, quota_records
from sales.queries.things import product_names
from sales.rules import month

READ, WRITE = "sales:read", "sales:write"
SEES, BRINGS = "view_quotas", "import_sales"
ORDER_FILTERS: dict[str, read.Reader] = {
    "staff": read.text,
    "unit": read.text,
    "metric": read.one_of(*Metric.values),
    "product": read.text,
    "state": read.one_of(*OrderState.values),
    "source": read.text,
    "external_id": read.text,
    "ordered_from": read.day,
    "ordered_to": read.day,
    "effective_from": read.day,
    "effective_to": read.day,
    "updated_since": read.moment,
}
QUOTA_FILTERS: dict[str, read.Reader] = {
    "month": read.text,
    "staff": read.text,
    "unit": read.text,
    "metric": read.one_of(*Metric.values),
    "product": read.text,
}


class OrderList(Route):
    """Orders in sight, and those that a system tells."""

    feed = "sales_order"
    abilities = {"GET": SEES, "POST": BRINGS}
    token_scopes = {"GET": READ, "POST": WRITE}

    @extend_schema(
        operation_id="sales_orders_list",
        parameters=list_parameters(ORDER_FILTERS),
        responses={200: page_of(schemas.SalesOrderOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List orders by id."""
        scope = request.user.access.scope_for(SEES)
        given = _references(read.read_parameters(request, ORDER_FILTERS, also=PAGE), scope)
        if "unit_id" in given:
            given["unit_ids"] = list(names.subtree(given.pop("unit_id")))
        customers = scope if request.auth is not None else request.user.access.scope
        return page_answer(request, schemas.SalesOrderOut, order_records, scope, customers, filters=given)

    @extend_schema(
        operation_id="sales_orders_bulk",
        request=schemas.SalesOrdersIn,
        parameters=[IDEMPOTENCY_KEY],
        responses=WRITTEN,
    )
    def post(self, request: ApiRequest) -> Response:
        """Upsert orders by `external_id` in order; only those in effect count."""
        return told(request, actions.Orders, BRINGS)


class QuotaList(Route):
    """Quotas in sight, and those that a system sets."""

    feed = "sales_quota"
    abilities = {"GET": SEES, "POST": BRINGS}
    token_scopes = {"GET": READ, "POST": WRITE}

    @extend_schema(
        operation_id="sales_quotas_list",
        parameters=list_parameters(QUOTA_FILTERS),
        responses={200: page_of(schemas.SalesQuotaOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List quotas by id."""
        scope = request.user.access.scope_for(SEES)
        given = _references(read.read_parameters(request, QUOTA_FILTERS, also=PAGE), scope)
        if "month" in given:
            given["month"] = _month(given["month"])
        return page_answer(request, schemas.SalesQuotaOut, quota_records, scope, filters=given)

    @extend_schema(
        operation_id="sales_quotas_bulk",
        request=schemas.SalesQuotasIn,
        parameters=[IDEMPOTENCY_KEY],
        responses=WRITTEN,
    )
    def post(self, request: ApiRequest) -> Response:
        """Set quotas of units and managers by month."""
        read.read_parameters(request, {})
        return idempotent(request, lambda: self._work(request))

    def _work(self, request: ApiRequest) -> Response:
        scope = request.user.access.scope_for(BRINGS)
        return written(request, actions.Quotas(scope=scope, by=request.user, now=timezone.now()))


def _references(given: dict[str, Any], scope: Scope) -> dict[str, Any]:
    """Staff number, unit code and product code as ids; what is out of sight is not there."""
    found = {name: value for name, value in given.items() if name not in ("staff", "unit", "product")}
    if "staff" in given:
        card = names.staff_card(names.staff_id_by_number(given["staff"]))
        if card is None or not scope.allows(unit_id=card.unit_id, manager_id=card.id):
            raise parameter_problem("staff", "not_found", "There is no such staff number.")
        found["staff_id"] = card.id
    if "unit" in given:
        unit_id = names.unit_id_by_code(given["unit"])
        if unit_id is None or not scope.allows(unit_id=unit_id):
            raise parameter_problem("unit", "not_found", "There is no such unit code.")
        found["unit_id"] = unit_id
    if "product" in given:
        by_code = {code: pk for pk, (code, _name) in product_names().items()}
        if given["product"] not in by_code:
            raise parameter_problem("product", "not_found", "There is no such product.")
        found["product_id"] = by_code[given["product"]]
    return found


def _month(raw: str) -> date:
    try:
        return month(raw, "month", timezone.localdate())
    except Invalid as refusal:
        raise parameter_problem("month", refusal.problems[0].code, str(refusal)) from refusal
