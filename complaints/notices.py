"""The words of the notices complaints writes; loaded when the app is ready."""

from django.utils.translation import gettext_lazy as _

from crm.core.notices import notice_kind

CASE_NO_TARGET = notice_kind(
    "case_no_target",
    _("Nobody has set a target in time for %(number)s (%(customer)s): no clock runs. Please see to it yourself."),
    icon="clock-off",
)
notice_kind(
    "case_warns_first_reply", _("%(number)s (%(customer)s) waits for its first reply: until %(due)s."), icon="clock"
)
notice_kind(
    "case_warns_update",
    _("%(number)s (%(customer)s): the customer expects to hear from us until %(due)s."),
    icon="clock",
)
notice_kind("case_warns_solution", _("%(number)s (%(customer)s) is to be solved until %(due)s."), icon="clock")
notice_kind("case_warns_many", _("%(n)s deadlines of your cases are near: please look at the board."), icon="clock")
notice_kind(
    "case_late_first_reply",
    _("%(number)s (%(customer)s) has had no first reply: it was due by %(due)s."),
    icon="alert-triangle",
)
notice_kind(
    "case_late_update",
    _("%(number)s (%(customer)s): the customer has not heard from us by %(due)s."),
    icon="alert-triangle",
)
notice_kind(
    "case_late_solution", _("%(number)s (%(customer)s) is not solved: it was due by %(due)s."), icon="alert-triangle"
)
notice_kind(
    "case_late_many", _("%(n)s deadlines of cases are missed: please look at the board."), icon="alert-triangle"
)
notice_kind(
    "appointment_over",
    _("The time agreed for %(number)s (%(customer)s) has come: its clocks run again."),
    icon="calendar-event",
)  # ti-clock ti-clock-off ti-alert-triangle ti-calendar-event
notice_kind("case_received", _("%(number)s: %(customer)s has brought a matter; please accept it."), icon="inbox")
notice_kind("case_assigned", _("%(number)s (%(customer)s) was given to you by %(by)s."), icon="user-check")
notice_kind("case_reopened", _("%(number)s (%(customer)s) was opened again."), icon="rotate")
notice_kind("case_to_judge", _("%(number)s (%(customer)s): %(by)s proposes a judgement; please decide."), icon="scale")
notice_kind("case_judged", _("%(number)s (%(customer)s) was judged."), icon="scale")
# ti-inbox ti-user-check ti-rotate ti-scale
