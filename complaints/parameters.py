"""Parameters of the desk (PLT-10)."""

from django.utils.translation import gettext_lazy as _

from crm.core.parameters import define

define(
    "case_warning_share",
    int,
    default=25,
    group="desk",
    label=_("Share of a deadline at which the clock warns"),
    help=_("A clock warns when so much of its time is left."),
    unit=_("per cent"),
    minimum=5,
    maximum=90,
)
define(
    "case_reopen_days",
    int,
    default=30,
    group="desk",
    label=_("Days in which a closed case may be reopened"),
    unit=_("days"),
    minimum=1,
    maximum=365,
)
define(
    "case_follow_up_days",
    int,
    default=7,
    group="desk",
    label=_("Days until the follow-up of a complaint"),
    help=_("Step 6 keeps in touch with the customer."),
    unit=_("days"),
    minimum=1,
    maximum=60,
)
define(
    "merge_undo_days",
    int,
    default=7,
    group="desk",
    label=_("Days in which a merge may be undone"),
    unit=_("days"),
    minimum=1,
    maximum=60,
)
define(
    "instruction_days",
    int,
    default=1,
    group="desk",
    label=_("Working days until an instruction is fed back to the customer"),
    unit=_("working days"),
    minimum=1,
    maximum=10,
)
define(
    "duplicate_days",
    int,
    default=30,
    group="desk",
    label=_("The same matter is looked for in the last"),
    unit=_("days"),
    minimum=1,
    maximum=365,
)
