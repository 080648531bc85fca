"""Tables of sales."""

from sales.models.orders import SalesOrder
from sales.models.quotas import Quota

__all__ = ["Quota", "SalesOrder"]
