"""Pages of accounts."""

from .handovers import handover_detail, handover_new, handover_undo
from .lists import customer_list

__all__ = ["customer_list", "handover_detail", "handover_new", "handover_undo"]
