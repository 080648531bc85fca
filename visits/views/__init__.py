"""Pages of keeping in touch."""

from .excuses import excuse_decide, excuse_new, excuse_withdraw
from .figures import visit_figures
from .lists import reception_log, visit_list
from .photos import photo, photo_add
from .record import visit_detail, visit_mend, visit_note, visit_remark, visit_undo
from .settings import what_counts

__all__ = [
    "excuse_decide",
    "excuse_new",
    "excuse_withdraw",
    "photo",
    "photo_add",
    "reception_log",
    "visit_detail",
    "visit_figures",
    "visit_list",
    "visit_mend",
    "visit_note",
    "visit_remark",
    "visit_undo",
    "what_counts",
]
