"""Typed parameters of accounts (PLT-10); loaded when the app is ready."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from crm.core.parameters import define

INTRODUCTION_DAYS = define(
    "introduction_days",
    int,
    default=5,
    group="portfolio",
    label=_("Working days for the introduction to a diamond customer"),
    help=_("Other customers are introduced within the contact period of their tier."),
    minimum=1,
    maximum=60,
    source="CON-37",
)
HANDOVER_UNDO_DAYS = define(
    "handover_undo_days",
    int,
    default=7,
    group="portfolio",
    label=_("Days in which a handover can be undone"),
    minimum=0,
    maximum=60,
)
MERGE_UNDO_DAYS = define(
    "merge_undo_days",
    int,
    default=7,
    group="portfolio",
    label=_("Days in which a merge of customers can be undone"),
    minimum=0,
    maximum=60,
)
REVEAL_LIMIT = define(
    "reveal_limit",
    int,
    default=30,
    group="safety",
    label=_("Looks at full numbers and private data per person and day"),
    minimum=0,
    maximum=1000,
)
NOT_UPDATED_MONTHS = define(
    "not_updated_months",
    int,
    default=6,
    group="archive",
    label=_("Months after which a profile counts as not updated"),
    minimum=1,
    maximum=60,
)
SYNC_DAYS = define(
    "sync_days",
    int,
    default=3,
    group="archive",
    label=_("Working days in which a source takes over what was learned here"),
    minimum=1,
    maximum=60,
    source="CUS-10",
)
PROBATION_MONTHS = define(
    "probation_months",
    int,
    default=3,
    group="staff",
    label=_("Months of probation"),
    minimum=0,
    maximum=24,
    source="ORG-20",
)
PROBATION_REMINDER_DAYS = define(
    "probation_reminder_days",
    int,
    default=14,
    group="staff",
    label=_("Days before the end of probation the reminder comes"),
    minimum=1,
    maximum=90,
)
LONGEST_COVER_DAYS = define(
    "longest_cover_days",
    int,
    default=90,
    group="staff",
    label=_("Longest cover in days"),
    help=_("For a longer absence hand the customers over."),
    minimum=1,
    maximum=366,
)
DISPATCH_REPLY_DAYS = define(
    "dispatch_reply_days",
    int,
    default=3,
    group="dispatch",
    label=_("Working days in which another unit replies to a dispatch"),
    minimum=1,
    maximum=60,
)
ESCALATION_DAYS = define(
    "escalation_days",
    int,
    default=1,
    group="dispatch",
    label=_("Working days in which each level answers what was reported up"),
    help=_("Unanswered, it goes to the next level by itself."),
    minimum=1,
    maximum=30,
    source="RET-13",
)

define(
    "value_months",
    int,
    default=3,
    group="portfolio",
    label=_("Months after which a customer's value is judged anew"),
    minimum=1,
    maximum=24,
)
for _key, _default, _label in (
    ("value_weight_volume", 40, _("Value: weight of the current volume")),
    ("value_weight_growth", 30, _("Value: weight of the growth to come")),
    ("value_weight_potential", 30, _("Value: weight of the overall revenue it may bring")),
):
    define(_key, int, default=_default, group="portfolio", label=_label, minimum=0, maximum=100)
for _key, _score, _label in (
    ("value_class_a", Decimal(4), _("Value: score from which a customer is in class A")),
    ("value_class_b", Decimal(3), _("Value: score from which a customer is in class B")),
    ("value_class_c", Decimal(2), _("Value: score from which a customer is in class C")),
):
    define(_key, Decimal, default=_score, group="portfolio", label=_label, minimum=Decimal(1), maximum=Decimal(5))
LEAVING_DAYS = define(
    "leaving_days",
    int,
    default=30,
    group="churn",
    label=_("Days over which a group's leaving members and lines are counted"),
    unit=_("days"),
    minimum=7,
    maximum=180,
)
LEAVING_SHARE = define(
    "leaving_share",
    int,
    default=20,
    group="churn",
    label=_("Share of a group's members or lines whose leaving is a signal"),
    unit="%",
    minimum=1,
    maximum=100,
)
LEAVING_LEAST = define(
    "leaving_least",
    int,
    default=3,
    group="churn",
    label=_("So many members or lines must have left at least"),
    minimum=1,
    maximum=1000,
)
USAGE_CHANGE_SHARE = define(
    "usage_change_share",
    int,
    default=30,
    group="churn",
    label=_("Change of a customer's use from month to month that is news to the manager"),
    unit="%",
    minimum=1,
    maximum=500,
)
REFUSED_TIER_DAYS = define(
    "refused_tier_days",
    int,
    default=180,
    group="portfolio",
    label=_("A refused tier is not proposed again for"),
    unit=_("days"),
    minimum=0,
    maximum=730,
)
