"""What of sales is heard of in the change feed."""

from __future__ import annotations

from collections.abc import Sequence

from crm.core.feed import Also, FeedType, Reader, Record, by_id, records_by
from sales.queries import billing_records as billing
from sales.queries.agreement_records import agreement_records
from sales.queries.records import order_records, quota_records
from sales.queries.relation_records import guarantee_records, need_records

SEES, SEES_QUOTAS = "view_sales", "view_quotas"


def _products(reader: Reader, ids: Sequence[int]) -> dict[int, Record]:
    return {pk: row for pk, row in by_id(billing.product_records()).items() if pk in ids}


def _orders(reader: Reader, ids: Sequence[int]) -> dict[int, Record]:
    scope = reader.access.scope_for(SEES_QUOTAS)
    customers = reader.access.scope if reader.is_masked else scope
    return by_id(order_records(scope, customers, filters={"ids": list(ids)}, limit=len(ids))[0])


FEED_TYPES = (
    FeedType("product", "accounts_product", "billing:read", SEES, _products),
    FeedType(
        "subscription", "sales_subscription", "billing:read", SEES,
        records_by(billing.subscription_records, SEES, after=billing.masked), parent="customer_id",
        external=("x.source", "x.external_id"),
    ),
    FeedType(
        "usage", "sales_usagemonth", "billing:read", SEES,
        records_by(billing.usage_records, SEES, after=billing.masked), parent="customer_id",
    ),
    FeedType(
        "bill", "sales_bill", "billing:read", SEES,
        records_by(billing.bill_records, SEES, after=billing.masked), parent="customer_id",
    ),
    FeedType(
        "payment", "sales_payment", "billing:read", SEES,
        records_by(billing.payment_records, SEES, after=billing.masked), parent="customer_id",
        external=("x.source", "x.external_id"),
    ),
    FeedType(
        "agreement", "sales_agreement", "agreements:read", SEES, records_by(agreement_records, SEES),
        parent="customer_id", also=(Also("sales_agreement", "previous_id", "renewed_by"),),
    ),
    FeedType("need", "sales_need", "agreements:read", SEES, records_by(need_records, SEES), parent="customer_id"),
    FeedType(
        "guarantee", "sales_guarantee", "billing:read", SEES, records_by(guarantee_records, SEES), parent="customer_id"
    ),
    FeedType(
        "sales_order", "sales_salesorder", "sales:read", SEES_QUOTAS, _orders,
        unit="x.unit_id", manager="x.staff_id", manager_column="staff_id", external=("x.source", "x.external_id"),
    ),
    FeedType(
        "sales_quota", "sales_quota", "sales:read", SEES_QUOTAS, records_by(quota_records, SEES_QUOTAS),
        unit="x.unit_id", manager="x.staff_id", manager_column="staff_id",
    ),
)  # fmt: skip
