"""The words of the notices about feedback forms, instructions and irregularities."""

from django.utils.translation import gettext_lazy as _

from crm.core.notices import notice_kind

QUALITY_SUBMITTED = notice_kind(
    "quality_submitted",
    _("The quality feedback of %(customer)s (%(number)s) is submitted: please review."),
    icon="message-report",
)
QUALITY_DECIDED = notice_kind(
    "quality_decided", _("%(by)s decided about the quality feedback of %(customer)s. %(remark)s"), icon="message-report"
)
QUALITY_CONFIRMED = notice_kind(
    "quality_confirmed",
    _("%(customer)s confirmed the exchange (%(number)s): please close the form."),
    icon="message-report",
)  # ti-message-report
INSTRUCTION_GIVEN = notice_kind(
    "instruction_given", _("%(by)s instructs about %(customer)s: tell the customer by %(due)s. %(text)s"), icon="flag"
)
INSTRUCTION_FED_BACK = notice_kind(
    "instruction_fed_back", _("%(by)s told %(customer)s what you instructed."), icon="flag"
)  # ti-flag
IRREGULARITY_REPORTED = notice_kind(
    "irregularity_reported", _("%(by)s reports irregular business: %(subject)s, %(place)s"), icon="alert-hexagon"
)
IRREGULARITY_FORWARDED = notice_kind(
    "irregularity_forwarded", _("%(by)s passes on irregular business: %(subject)s, %(place)s"), icon="alert-hexagon"
)
IRREGULARITY_RESULT = notice_kind(
    "irregularity_result", _("The irregularity %(subject)s has a result: %(result)s"), icon="alert-hexagon"
)  # ti-alert-hexagon
