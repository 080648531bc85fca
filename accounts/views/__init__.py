"""Pages of accounts."""

from .customers import customer_decide, customer_edit, customer_new, judge_strength
from .handovers import handover_detail, handover_new, handover_undo
from .lists import customer_list
from .parts import (
    contact_person_edit,
    contact_person_new,
    family_new,
    file_download,
    file_upload,
    job_change_new,
    member_new,
    reveal_private,
)

__all__ = [
    "contact_person_edit",
    "contact_person_new",
    "customer_decide",
    "customer_edit",
    "customer_list",
    "customer_new",
    "family_new",
    "file_download",
    "file_upload",
    "handover_detail",
    "handover_new",
    "handover_undo",
    "job_change_new",
    "judge_strength",
    "member_new",
    "reveal_private",
]
