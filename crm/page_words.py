"""What pages and records are called where only their route or table is known, as in the access log."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PAGES: dict[str, str | Promise] = {
    "accounts:customer_export": _("Export customers"),
    "accounts:file": _("Files"),
    "accounts:reveal": _("Private data"),
    "accounts:segment": _("Segments"),
    "accounts:archive_quality": _("Quality of the archive"),
    "accounts:signal": _("Wants to leave"),
    "accounts:structure": _("Customer structure"),
    "api:": _("API"),
    "conduct:call_detail": _("Printed call details"),
    "core:export": _("Exports"),
    "core:job": _("Background jobs"),
    "core:notice": _("Notices"),
    "kpi:correction": _("Corrections of frozen figures"),
    "kpi:row": _("Rows behind the figure"),
    "kpi:wall": _("Wall mode"),
    "visits:close_day": _("Work logs"),
    "visits:day_log": _("Work logs"),
    "visits:form": _("Forms to print"),
    "visits:journal": _("Work logs"),
    "visits:print": _("Forms to print"),
    "visits:special": _("Special visits"),
    "workbench:call_detail": _("Printed call details"),
    "workbench:compliance": _("Contact compliance"),
    "workbench:dial": _("Call"),
    "workbench:duty": _("Duties"),
    "workbench:log": _("Log a visit"),
    "workbench:message": _("Message"),
    "workbench:movements": _("Customer movements"),
    "workbench:palette": _("Search"),
}
"""Beginnings of routes that belong to no place of the navigation, or say more than it; the longest that fits counts."""

SUBJECTS: dict[str, tuple[str | Promise, str]] = {
    "accounts_contactperson": (_("Contact person"), ""),
    "accounts_customer": (_("Customer"), "workbench:customer"),
    "accounts_groupmember": (_("Subscriber line"), ""),
    "conduct_calldetailprint": (_("Printed call details"), "conduct:call_detail"),
    "core_exportorder": (_("Export"), "core:export_detail"),
    "core_job": (_("Background job"), "core:job_detail"),
    "sales_usagemonth": (_("Products and usage"), "sales:customer_usage"),
    "visits_callback": (_("Callback"), "visits:callback_detail"),
    "visits_missedcall": (_("Missed call"), "visits:missed_call_detail"),
    "visits_visit": (_("Visit"), "visits:visit_detail"),
}
"""Table → what a row of it is called, and the page that shows one."""
