"""The small lists of choices that sales keeps: checklist lines, types of needs."""

from django.utils.translation import gettext_lazy as _

from crm.core.reference import ReferenceList, register
from sales.models import NeedType, QualificationRule

register(
    ReferenceList(
        "qualification", _("Checklist of qualification"), _("By which lines a joining group is examined."),
        QualificationRule,
    )
)  # fmt: skip
register(ReferenceList("need-types", _("Types of needs"), _("What a need is about."), NeedType))
