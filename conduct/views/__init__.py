"""Pages of conduct."""

from .call_details import call_detail, call_detail_decide, call_detail_file, call_detail_list, call_detail_new
from .outings import outing_back, outing_cancel, outing_leave, outing_list, outing_new, reconciliation

__all__ = [
    "call_detail",
    "call_detail_decide",
    "call_detail_file",
    "call_detail_list",
    "call_detail_new",
    "outing_back",
    "outing_cancel",
    "outing_leave",
    "outing_list",
    "outing_new",
    "reconciliation",
]
