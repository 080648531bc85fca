"""Files that leave the house (SEC-1): one door for all of them.

A list is ordered (`order_export`), made by a job and fetched from its page for a day; a small table that a page has
reckoned itself is registered and handed over at once (`take_along`). Either way there is a row in the register, the
number of that row stands on every line and sheet, and everybody has a budget of rows a day.
"""

from crm.core.exports.orders import ExportOver, decide_export, fetch_export, order_export
from crm.core.exports.register import export_label, order_for, orders_of, sheet_kind, waiting_orders
from crm.core.exports.sheets import take_along

__all__ = [
    "ExportOver",
    "decide_export",
    "export_label",
    "fetch_export",
    "order_export",
    "order_for",
    "orders_of",
    "sheet_kind",
    "take_along",
    "waiting_orders",
]
