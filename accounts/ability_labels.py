"""What each ability means, in words, for the read-only page of roles (decisions 12)."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ABILITY_LABELS: dict[str, str | Promise] = {
    "view_customers": _("See customers"),
    "look_up_customers": _("Look up name and phone"),
    "edit_customers": _("Edit customers"),
    "serve_customers": _("Serve own customers: Today, dial, ask for excuses"),
    "plan_week": _("Plan own weeks"),
    "log_visits": _("Log visits"),
    "call_back_customers": _("Call customers back about contacts"),
    "maintain_guide": _("Maintain the guide"),
    "tell_weather": _("Tell of the weather"),
    "register_outing": _("Register outings"),
    "take_missed_calls": _("Write down missed calls"),
    "reveal_phone": _("Show full numbers"),
    "view_private_profile": _("See private data"),
    "view_history": _("See the history of fields"),
    "view_team": _("See the team"),
    "urge": _("Urge"),
    "remark": _("Remark on visits"),
    "sign_visits": _("Sign visits in the check-in book"),
    "review_work": _("Review plans and day logs"),
    "arrange_cover": _("Arrange cover"),
    "assign_customers": _("Assign and hand over"),
    "flag_important": _("Mark as important"),
    "decide_tiers": _("Decide tiers"),
    "decide_excuses": _("Decide excuses"),
    "write_reports": _("Write reports"),
    "read_reports": _("Read reports"),
    "publish_bulletins": _("Publish bulletins"),
    "answer_dispatches": _("Answer dispatches of other units"),
    "import_customers": _("Import customers"),
    "configure": _("Change settings"),
    "manage_units": _("Manage units"),
    "manage_staff": _("Manage staff"),
    "manage_clients": _("Manage API clients"),
    "view_runs": _("See nightly runs"),
}
