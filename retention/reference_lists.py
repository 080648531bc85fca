"""The small list of choices that retention keeps: who may win a customer."""

from django.utils.translation import gettext_lazy as _

from crm.core.reference import ReferenceList, register
from retention.models import Competitor

register(ReferenceList("competitors", _("Competitors"), _("Who may win a customer, also at a port-out."), Competitor))
