"""Products, checklists of channel visits, prices under the minimum: routes and rows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Product, ProductPrice
from tests.guards.route_rows import BOSSES, READERS, SEES_A, SETTERS, get, page, post
from visits.models import PriceRow, PriceViolation, ShopCheck, StockRow

DECIDES = f"{BOSSES} market_manager"
ROUTES = [
    page("accounts:product_list", "", get(SETTERS)),
    page("accounts:product_new", "", get(SETTERS), post(SETTERS)),
    page("accounts:product_edit", "product", get(SETTERS), post(SETTERS)),
    page("visits:violation_list", "", get(READERS)),
    # Only who found it reports it.
    page("visits:violation_detail", "violation", get(READERS, SEES_A),
         post(READERS, SEES_A, 403, but={"manager": 302})),
    page("visits:violation_decide", "reported_violation", post(DECIDES, "supervisor market_manager")),
    page("visits:shop_print", "visit", get(READERS, SEES_A)),
]  # fmt: skip
BODIES = {
    "accounts:product_new": lambda w: {"code": "P9", "name": "新品", "minimum": "25", "is_active": "on"},
    "accounts:product_edit": lambda w: {"code": "P1", "name": "改名", "minimum": "21", "is_active": "on"},
    "visits:violation_detail": lambda w: {"note": "低价"},
    "visits:violation_decide": lambda w: {"grant": "yes", "remark": "属实"},
}
PROBES = {"visits:violation_list": ("state=draft", "state=reported")}
LISTS = {"accounts:product_list", "visits:violation_list"}
EMPTY = {"visits:violation_list": ("manager", "")}
# The catalogue comes with the products of the trade (SAL-1, SAL-2).
NEVER_EMPTY = {"accounts:product_list"}
NOTHING_FOUND = {"visits:violation_list": ("manager", "?state=approved")}


def furnish(cast: Any, rows: dict[str, Any], who: str) -> None:
    """A product with its price; a visit with checklist, stock and a price under the minimum, drafted and reported."""
    word, now = rows["word"], timezone.now()
    product, _made = Product.objects.get_or_create(code="P1", defaults={"name": "样品"})
    ProductPrice.objects.get_or_create(
        product=product, effective_from="2020-01-01", defaults={"minimum": 20, "set_by": cast.director, "set_at": now}
    )
    rows["product"] = product
    visit = rows["visit"]
    ShopCheck.unscoped.create(
        visit=visit, sales_note=word, irregular_nearby=True, irregular_report=word, guidance=word, guidance_kind="order"
    )
    StockRow.unscoped.create(visit=visit, product=product, quantity=3, suggested=5)
    PriceRow.unscoped.create(visit=visit, product=product, price=Decimal("15"), minimum=Decimal("20"))
    common = {"customer": rows["customer"], "note": word, "reported_by": rows["manager_user"], "drafted_at": now}
    rows["violation"] = PriceViolation.unscoped.create(visit=visit, **common)
    rows["reported_violation"] = PriceViolation.unscoped.create(
        visit=rows["older_visit"], state="reported", reported_at=now, **common
    )


def gather(world: Any, rows: dict[str, Any], number: int) -> None:
    """So many more products, with stock and prices on the one visit."""
    products = Product.objects.bulk_create(Product(code=f"Q{index}", name=f"品{index}") for index in range(number))
    StockRow.unscoped.bulk_create(StockRow(visit=rows["visit"], product=product, quantity=1) for product in products)
    PriceRow.unscoped.bulk_create(PriceRow(visit=rows["visit"], product=product, price=9) for product in products)
