"""What of the desk can be signed (PLT-8, CMP-29, CMP-31); loaded when the app is ready."""

from django.utils.translation import gettext_lazy as _

from complaints.actions.quality import signed_first, signed_second
from complaints.queries import quality
from crm.core.signatures import Signable, signable

FINDING = signable(
    Signable(
        table=quality.TABLE,
        title=_("Feedback on goods and service quality"),
        content=quality.signed_content,
        shown=quality.shown_content,
        signed=signed_first,
    )
)
EXCHANGE = signable(
    Signable(
        table=quality.EXCHANGE_TABLE,
        title=_("Confirmation by the customer"),
        content=quality.exchange_content,
        shown=quality.shown_exchange,
        signed=signed_second,
    )
)
