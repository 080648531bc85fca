"""Parameters of keeping in touch (PLT-10); those without a source document are our own defaults and say so."""

from django.utils.translation import gettext_lazy as _

from crm.core.parameters import define

LOGGING = "logging"
LEDGER = "ledger"
JOURNAL = "journal"

define(
    "back_dating_days",
    int,
    default=3,
    group=LOGGING,
    label=_("Back-dating limit"),
    help=_("A visit may be logged at most this many calendar days after it took place."),
    unit=_("days"),
    minimum=0,
    maximum=31,
)
define(
    "future_minutes",
    int,
    default=5,
    group=LOGGING,
    label=_("Tolerance for clocks that run ahead"),
    help=_("A visit further in the future than this is refused."),
    unit=_("minutes"),
    minimum=0,
    maximum=60,
)
define(
    "call_minutes",
    int,
    default=10,
    group=LOGGING,
    label=_("Longest call without a hint"),
    help=_("A longer call is saved with a friendly hint; it is never refused."),
    unit=_("minutes"),
    minimum=1,
    maximum=240,
    source="CON-28",
)
define(
    "due_soon_days",
    int,
    default=7,
    group=LEDGER,
    label=_("At risk from"),
    help=_("An open duty counts as at risk when its due day is this near."),
    unit=_("days"),
    minimum=1,
    maximum=60,
)
define(
    "day_slots",
    int,
    default=8,
    group=LEDGER,
    label=_("Slots of a working day"),
    help=_("How many contacts a manager can make in a day; an on-site visit takes two."),
    unit=_("slots"),
    minimum=1,
    maximum=40,
)
define(
    "unreachable_attempts",
    int,
    default=3,
    group=LEDGER,
    label=_("Attempts before “unreachable”"),
    help=_("Failed attempts within the window of the duty, before an excuse may be asked for."),
    minimum=1,
    maximum=20,
)
define(
    "unreachable_days",
    int,
    default=3,
    group=LEDGER,
    label=_("Days of these attempts"),
    help=_("The attempts must lie on at least this many different days."),
    unit=_("days"),
    minimum=1,
    maximum=20,
)
define(
    "unreachable_channels",
    int,
    default=2,
    group=LEDGER,
    label=_("Channels of these attempts"),
    help=_("The attempts must use at least this many different channels."),
    minimum=1,
    maximum=9,
)
define(
    "call_back_minutes",
    int,
    default=30,
    group=LOGGING,
    label=_("Minutes to call back a missed call"),
    help=_("Then the backup is told, after as many minutes again the supervisor."),
    unit=_("minutes"),
    minimum=5,
    maximum=240,
    source="CON-13",
)
CARE = "care"
define(
    "care_holiday_rank",
    int,
    default=1,
    group=CARE,
    label=_("Tiers that get a holiday greeting, from the best down"),
    help=_("1: diamond and the first group level; important customers always."),
    minimum=0,
    maximum=9,
)
define(
    "care_weather_rank",
    int,
    default=2,
    group=CARE,
    label=_("Tiers that get a word about the weather, from the best down"),
    minimum=0,
    maximum=9,
)
TRUTH = "truth"
define(
    "callbacks_per_month",
    int,
    default=10,
    group=TRUTH,
    label=_("Contacts of a manager asked about per month"),
    help=_("Drawn at random, spread over the month; the customer is called back."),
    minimum=0,
    maximum=100,
    source="KPI-7",
)
define(
    "callback_attempts",
    int,
    default=3,
    group=TRUTH,
    label=_("Attempts to reach a customer for a callback"),
    minimum=1,
    maximum=10,
)
define(
    "twin_per_cent",
    int,
    default=80,
    group=TRUTH,
    label=_("Two texts are nearly the same from"),
    help=_("Texts over 30 characters of the same author; they are drawn more often, nothing else follows."),
    unit=_("per cent"),
    minimum=50,
    maximum=100,
)
define(
    "twin_weight",
    int,
    default=4,
    group=TRUTH,
    label=_("So many times more often is a repeated text drawn"),
    minimum=1,
    maximum=50,
)
define(
    "objection_days",
    int,
    default=7,
    group=TRUTH,
    label=_("Days to object to “never happened”"),
    unit=_("days"),
    minimum=1,
    maximum=60,
)
define(
    "report_day",
    int,
    default=5,
    group=LEDGER,
    label=_("Monthly report due by the"),
    help=_("Moved to the next working day. The month's duties become final at 05:00 on the working day after it."),
    unit=_("of the next month"),
    minimum=1,
    maximum=20,
    source="PLAN-11",
)
define(
    "day_log_lock_days",
    int,
    default=3,
    group=JOURNAL,
    label=_("Work log can be changed for"),
    help=_("So many days after its day the sentence of a work log stays as it is."),
    unit=_("days"),
    minimum=0,
    maximum=31,
)
define(
    "review_sample_percent",
    int,
    default=20,
    group=JOURNAL,
    label=_("Sample of the review"),
    help=_("Of the plans and work logs without a remarkable point, so many are drawn to be read one by one."),
    unit=_("percent"),
    minimum=0,
    maximum=100,
)
define(
    "special_visit_hours",
    int,
    default=24,
    group=JOURNAL,
    label=_("Special visit within"),
    help=_("From the discovery of a special situation to the visit (F29)."),
    unit=_("hours"),
    minimum=1,
    maximum=240,
)
define(
    "same_text_days",
    int,
    default=90,
    group=TRUTH,
    label=_("The same text is looked for in the last"),
    unit=_("days"),
    minimum=7,
    maximum=730,
)
define(
    "birthday_days",
    int,
    default=7,
    group=LOGGING,
    label=_("A birthday is an occasion from"),
    unit=_("days ahead"),
    minimum=0,
    maximum=60,
)
define(
    "silence_days",
    int,
    default=60,
    group=LOGGING,
    label=_("Silence is an occasion after"),
    help=_("Who has not heard from us for so long is offered care as the occasion."),
    unit=_("days"),
    minimum=7,
    maximum=365,
)
define(
    "silent_manager_days",
    int,
    default=3,
    group=LOGGING,
    label=_("A manager who logs nothing stands out after"),
    unit=_("days"),
    minimum=1,
    maximum=60,
)
