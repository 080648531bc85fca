"""KPI-11: the 25 sub-items of the six categories, in the words of the assessment rules."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SUB_ITEMS: dict[tuple[int, int], str | Promise] = {
    (1, 1): _("Churn of VIP, diamond and gold customers"),
    (1, 2): _("Churn reports in time and accurate"),
    (1, 3): _("Warning, retention and churn analysis"),
    (2, 1): _("Overall satisfaction with the company"),
    (2, 2): _("Satisfaction with the account manager"),
    (3, 1): _("24-hour service"),
    (3, 2): _("Business ability of the account manager"),
    (3, 3): _("Frequency of contact"),
    (3, 4): _("Knows the customers"),
    (3, 5): _("Known by the customers"),
    (3, 6): _("Customer data complete and accurate"),
    (3, 7): _("Service policy enjoyed by customers"),
    (3, 8): _("Rewards and activities enjoyed by customers"),
    (3, 9): _("Complaints and how they are solved"),
    (3, 10): _("Service plans and work logs"),
    (4, 1): _("New and effective activities"),
    (4, 2): _("Coverage of customers"),
    (4, 3): _("Participation of customers"),
    (4, 4): _("Activities organised by the rules"),
    (4, 5): _("Feedback in time and results of audits"),
    (5, 1): _("Building of the club"),
    (5, 2): _("Daily running of the club"),
    (6, 1): _("Work of province and city carried out"),
    (6, 2): _("Reports and feedback in time and accurate"),
    (6, 3): _("The unit's own assessment of its managers"),
}
