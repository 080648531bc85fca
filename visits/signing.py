"""What of the visits can be signed (PLT-8); loaded when the app is ready."""

from django.utils.translation import gettext_lazy as _

from crm.core.signatures import Signable, signable
from visits.actions.journal.check_ins import signed
from visits.queries.journal.check_ins import TABLE, shown_content, signed_content

VISIT = signable(
    Signable(table=TABLE, title=_("Visit record"), content=signed_content, shown=shown_content, signed=signed)
)
