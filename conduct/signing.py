"""What of the registers is signed (PLT-8, SEC-6); loaded when the app is ready."""

from django.utils.translation import gettext_lazy as _

from conduct.actions.call_details import signed_authorisation
from conduct.queries import call_details
from crm.core.signatures import Signable, signable

CALL_DETAILS = signable(
    Signable(
        table=call_details.TABLE,
        title=_("Authorisation to print call details"),
        content=call_details.signed_content,
        shown=call_details.shown_content,
        signed=signed_authorisation,
    )
)
