"""Products, subscriptions, usage, uses and bills: lists, and rows by hundreds, each answered (sync-api)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.api.customers import is_masked
from accounts.api.rows import WRITTEN, told
from crm.core.api import filters as read
from crm.core.api.pagination import PAGE, page_answer, page_of_table, parameter_problem
from crm.core.api.request import ApiRequest
from crm.core.api.schema import IDEMPOTENCY_KEY, list_parameters, page_of, problems
from crm.core.api.views import Route
from crm.core.errors import Invalid
from crm.core.scope import Scope
from sales.actions.billing import Bills, MemberUses, Usages
from sales.actions.payments import Payments
from sales.actions.subscriptions import Subscriptions
from sales.api import billing_schemas as schemas
from sales.queries import billing_records as queries
from sales.rules import month

READ, WRITE = "billing:read", "billing:write"
SEES, BRINGS = "view_sales", "import_sales"
MONTHS = ("month", "month_from", "month_to")
_MONTHS: dict[str, read.Reader] = dict.fromkeys(MONTHS, read.text)
USAGE_FILTERS: dict[str, read.Reader] = {
    "customer": read.text,
    "product": read.text,
    **_MONTHS,
    "updated_since": read.moment,
}
USE_FILTERS: dict[str, read.Reader] = {"member": read.text, **USAGE_FILTERS}
BILL_FILTERS: dict[str, read.Reader] = {
    "customer": read.text,
    **_MONTHS,
    "unpaid": read.flag,
    "due_to": read.day,
    "updated_since": read.moment,
}
PAYMENT_FILTERS: dict[str, read.Reader] = {
    "customer": read.text,
    "bill": read.number,
    **_MONTHS,
    "paid_from": read.day,
    "paid_to": read.day,
    "source": read.text,
    "external_id": read.text,
    "updated_since": read.moment,
}
SUBSCRIPTION_FILTERS: dict[str, read.Reader] = {
    "customer": read.text,
    "product": read.text,
    "active_on": read.day,
    "source": read.text,
    "external_id": read.text,
    "updated_since": read.moment,
}


class ProductList(Route):
    """The catalogue."""

    feed = "product"
    abilities = {"GET": SEES}
    token_scopes = {"GET": READ}

    @extend_schema(
        operation_id="products_list",
        parameters=list_parameters({}),
        responses={200: page_of(schemas.ProductOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """Every product, also those no longer offered (SAL-1, SAL-2)."""
        read.read_parameters(request, {}, also=PAGE)
        return page_answer(request, schemas.ProductOut, page_of_table, queries.product_records())


class Rows(Route):
    """Rows of one kind: read in scope, told by the hundred."""

    abilities = {"GET": SEES, "POST": BRINGS}
    token_scopes = {"GET": READ, "POST": WRITE}
    bulk_methods = frozenset({"POST"})
    filters: ClassVar[Mapping[str, read.Reader]] = {}
    shape: ClassVar[type[schemas.Described]]
    records: ClassVar[queries.Lister]
    book: ClassVar[type[Any]]

    def listed(self, request: ApiRequest) -> Response:
        """A page of the list, by id."""
        given = _months(read.read_parameters(request, self.filters, also=PAGE))
        scope = request.user.access.scope_for(SEES)
        records = _masked(type(self).records) if is_masked(request) else type(self).records
        return page_answer(request, self.shape, records, scope, filters=given)

    def told(self, request: ApiRequest) -> Response:
        """Rows of a bulk call."""
        return told(request, self.book, BRINGS)


def _masked(records: queries.Lister) -> queries.Lister:
    def masked(scope: Scope, **asked: Any) -> tuple[list[queries.Record], str | None]:
        rows, following = records(scope, **asked)
        return [queries.masked(row) for row in rows], following

    return masked


def _months(given: dict[str, Any]) -> dict[str, Any]:
    """Months as their first day."""
    found = dict(given)
    for name in MONTHS:
        if name in found:
            found[name] = _month(name, found[name])
    return found


def _month(name: str, raw: str) -> date:
    try:
        return month(raw, name, timezone.localdate())
    except Invalid as refusal:
        raise parameter_problem(name, refusal.problems[0].code, str(refusal)) from refusal


class SubscriptionList(Rows):
    """What customers have (SAL-2, CUS-18)."""

    feed = "subscription"
    filters = SUBSCRIPTION_FILTERS
    shape = schemas.SubscriptionOut
    records = queries.subscription_records
    book = Subscriptions

    @extend_schema(
        operation_id="subscriptions_list",
        parameters=list_parameters(SUBSCRIPTION_FILTERS),
        responses={200: page_of(schemas.SubscriptionOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List subscriptions by id."""
        return self.listed(request)

    @extend_schema(
        operation_id="subscriptions_bulk",
        request=schemas.SubscriptionsIn,
        parameters=[IDEMPOTENCY_KEY],
        responses=WRITTEN,
    )
    def post(self, request: ApiRequest) -> Response:
        """Upsert subscriptions by `external_id`; what a product asks for is checked."""
        return self.told(request)


class UsageList(Rows):
    """Months of customers, read."""

    feed = "usage"
    abilities = {"GET": SEES}
    token_scopes = {"GET": READ}
    filters = USAGE_FILTERS
    shape = schemas.UsageOut
    records = queries.usage_records

    @extend_schema(
        operation_id="usage_list",
        parameters=list_parameters(USAGE_FILTERS),
        responses={200: page_of(schemas.UsageOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List usage by id."""
        return self.listed(request)


class UsageBulk(Rows):
    """Months of customers, told (SAL-35)."""

    abilities = {"POST": BRINGS}
    token_scopes = {"POST": WRITE}
    book = Usages

    @extend_schema(
        operation_id="usage_bulk", request=schemas.UsageRowsIn, parameters=[IDEMPOTENCY_KEY], responses=WRITTEN
    )
    def post(self, request: ApiRequest) -> Response:
        """Upsert usage by customer, product and month; the same again changes nothing."""
        return self.told(request)


class MemberUseList(Rows):
    """Uses of group members (SAL-6)."""

    filters = USE_FILTERS
    shape = schemas.MemberUseOut
    records = queries.use_records
    book = MemberUses

    @extend_schema(
        operation_id="member_uses_list",
        parameters=list_parameters(USE_FILTERS),
        responses={200: page_of(schemas.MemberUseOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List uses by id."""
        return self.listed(request)

    @extend_schema(
        operation_id="member_uses_bulk",
        request=schemas.MemberUsesIn,
        parameters=[IDEMPOTENCY_KEY],
        responses=WRITTEN,
    )
    def post(self, request: ApiRequest) -> Response:
        """Upsert uses by member, product and month."""
        return self.told(request)


class BillList(Rows):
    """Bills, read."""

    feed = "bill"
    abilities = {"GET": SEES}
    token_scopes = {"GET": READ}
    filters = BILL_FILTERS
    shape = schemas.BillOut
    records = queries.bill_records

    @extend_schema(
        operation_id="bills_list",
        parameters=list_parameters(BILL_FILTERS),
        responses={200: page_of(schemas.BillOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List bills by id."""
        return self.listed(request)


class BillBulk(Rows):
    """Bills, told (SAL-23)."""

    abilities = {"POST": BRINGS}
    token_scopes = {"POST": WRITE}
    book = Bills

    @extend_schema(operation_id="bills_bulk", request=schemas.BillsIn, parameters=[IDEMPOTENCY_KEY], responses=WRITTEN)
    def post(self, request: ApiRequest) -> Response:
        """Upsert bills by customer, line and month; what is paid or due is followed at once."""
        return self.told(request)


class PaymentList(Rows):
    """Payments, read."""

    feed = "payment"
    abilities = {"GET": SEES}
    token_scopes = {"GET": READ}
    filters = PAYMENT_FILTERS
    shape = schemas.PaymentOut
    records = queries.payment_records

    @extend_schema(
        operation_id="payments_list",
        parameters=list_parameters(PAYMENT_FILTERS),
        responses={200: page_of(schemas.PaymentOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List payments by id."""
        return self.listed(request)


class PaymentBulk(Rows):
    """Payments, told (SAL-23)."""

    abilities = {"POST": BRINGS}
    token_scopes = {"POST": WRITE}
    book = Payments

    @extend_schema(
        operation_id="payments_bulk", request=schemas.PaymentsIn, parameters=[IDEMPOTENCY_KEY], responses=WRITTEN
    )
    def post(self, request: ApiRequest) -> Response:
        """Upsert payments by `external_id`; what is paid of their bills, and owed, follows at once."""
        return self.told(request)
