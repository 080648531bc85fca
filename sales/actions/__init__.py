"""What people and machines do in sales."""

from sales.actions.orders import Orders
from sales.actions.quotas import Quotas, give_on
from sales.actions.rows import CREATED, FAILED, STALE, UNCHANGED, UPDATED, Done, upsert

__all__ = [
    "CREATED",
    "FAILED",
    "STALE",
    "UNCHANGED",
    "UPDATED",
    "Done",
    "Orders",
    "Quotas",
    "give_on",
    "upsert",
]
