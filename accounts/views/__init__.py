"""Pages of accounts."""

from .customers import customer_decide, customer_edit, customer_new, judge_strength
from .dispatches import (
    dispatch_detail,
    dispatch_list,
    dispatch_urge,
    dispatch_withdraw,
    escalation_accept,
    escalation_detail,
)
from .exports import customer_export
from .external_ids import external_id_save
from .handovers import handover_detail, handover_new, handover_undo
from .lines import customer_lines, signal_new
from .lists import customer_list
from .merges import customer_merge, duplicate_dismiss, duplicate_list, duplicate_search, merge_choose, merge_undo
from .organisation import (
    leave_new,
    post_end,
    post_new,
    private_grant,
    qualification_new,
    staff_deactivate,
    staff_detail,
    staff_list,
    staff_new,
    staff_reactivate,
    unit_edit,
    unit_list,
    unit_new,
)
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
from .policy import required_field_list, role_list, tier_edit, tier_list, tier_rule_edit
from .products import product_edit, product_list, product_new
from .segments import segment_delete, segment_edit, segment_list, segment_new
from .shares import file_share
from .structure import archive_quality, structure
from .tasks import task_detail, task_figures, task_list, task_new, task_return, task_withdraw
from .value import customer_value, customer_value_list

__all__ = [
    "archive_quality",
    "contact_person_edit",
    "contact_person_new",
    "customer_decide",
    "customer_edit",
    "customer_export",
    "customer_lines",
    "customer_list",
    "customer_merge",
    "customer_new",
    "customer_value",
    "customer_value_list",
    "dispatch_detail",
    "dispatch_list",
    "dispatch_urge",
    "dispatch_withdraw",
    "duplicate_dismiss",
    "duplicate_list",
    "duplicate_search",
    "escalation_accept",
    "escalation_detail",
    "external_id_save",
    "family_new",
    "file_download",
    "file_share",
    "file_upload",
    "handover_detail",
    "handover_new",
    "handover_undo",
    "job_change_new",
    "judge_strength",
    "leave_new",
    "member_new",
    "merge_choose",
    "merge_undo",
    "post_end",
    "post_new",
    "private_grant",
    "product_edit",
    "product_list",
    "product_new",
    "qualification_new",
    "required_field_list",
    "reveal_private",
    "role_list",
    "segment_delete",
    "segment_edit",
    "segment_list",
    "segment_new",
    "signal_new",
    "staff_deactivate",
    "staff_detail",
    "staff_list",
    "staff_new",
    "staff_reactivate",
    "structure",
    "task_detail",
    "task_figures",
    "task_list",
    "task_new",
    "task_return",
    "task_withdraw",
    "tier_edit",
    "tier_list",
    "tier_rule_edit",
    "unit_edit",
    "unit_list",
    "unit_new",
]
