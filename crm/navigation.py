"""The places of the site and who sees them (screens: Navigation); each is listed only to those who may use it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from crm.core.abilities import Access
from crm.core.views.settings import SETTINGS_ABILITIES
from crm.page_words import PAGES, SUBJECTS
from crm.settings_cards import SETTINGS

__all__ = ["NAV", "PAGES", "SETTINGS", "SUBJECTS"]

BAR_PLACES = 4
"""Places of the phone's bottom bar, beside "More"."""


@dataclass(frozen=True)
class Place:
    """A place of the site. Any of `abilities` opens it; `views` are beginnings of view names that belong to it."""

    key: str
    label: str | Promise
    icon: str
    url_name: str
    abilities: tuple[str, ...]
    views: tuple[str, ...] = ()
    group: str = "work"
    bar: int = 0
    """Its rank among the candidates of the phone's bottom bar; 0 = only under "More"."""
    kind: str = ""
    """`log` is the one deed among the places and stands out."""

    def is_open_to(self, access: Access) -> bool:
        """Whether this person may use the place."""
        return access.can_any(*self.abilities)

    def owns(self, view_name: str) -> bool:
        """Whether the page of this view belongs to the place."""
        return view_name == self.url_name or view_name.startswith(self.views)


NAV: tuple[Place, ...] = (
    Place(
        key="log",
        label=_("Log a visit"),
        icon="ti-plus",
        url_name="workbench:log_visit",
        abilities=("log_visits",),
        group="log",
        bar=30,
        kind="log",
    ),
    Place(
        key="today",
        label=_("Today"),
        icon="ti-sun",
        url_name="workbench:today",
        abilities=("serve_customers",),
        bar=10,
    ),
    Place(
        key="team",
        label=_("Team"),
        icon="ti-users-group",
        url_name="workbench:team",
        abilities=("view_team",),
        views=("workbench:team",),
        bar=5,
    ),
    Place(
        key="customers",
        label=_("Customers"),
        icon="ti-building",
        url_name="accounts:customer_list",
        abilities=("view_customers",),
        views=("accounts:customer", "workbench:customer", "workbench:movements", "accounts:signal"),
        bar=20,
    ),
    Place(
        key="cases",
        label=_("Board"),
        icon="ti-layout-kanban",
        url_name="complaints:case_list",
        abilities=("view_cases",),
        views=("complaints:case",),
        bar=48,
    ),
    Place(
        key="plan",
        label=_("Plan"),
        icon="ti-calendar-week",
        url_name="visits:plan",
        abilities=("plan_week", "view_team"),
        views=("visits:plan",),
        bar=45,
    ),
    Place(
        key="visits",
        label=_("Visits"),
        icon="ti-messages",
        url_name="visits:visit_list",
        abilities=("view_customers",),
        views=("visits:visit", "visits:reception", "visits:voice", "visits:violation", "visits:shop"),
        bar=50,
    ),
    Place(
        key="missed_calls",
        label=_("Missed calls"),
        icon="ti-phone-incoming",
        url_name="visits:missed_call_list",
        abilities=("take_missed_calls",),
        views=("visits:missed_call",),
    ),
    Place(
        key="callbacks",
        label=_("Callbacks"),
        icon="ti-phone-check",
        url_name="visits:callback_list",
        abilities=("call_back_customers", "view_team"),
        views=("visits:callback", "visits:call_test"),
    ),
    Place(
        key="sales",
        label=_("Sales"),
        icon="ti-target-arrow",
        url_name="sales:home",
        abilities=("view_quotas", "view_sales"),
        views=("sales:",),
    ),
    Place(
        key="policies",
        label=_("Service policies"),
        icon="ti-gift",
        url_name="engagement:policy_list",
        abilities=("enrol_policies", "manage_policies"),
        views=("engagement:",),
    ),
    Place(
        key="registers",
        label=_("Registers"),
        icon="ti-clipboard-list",
        url_name="conduct:outing_list",
        abilities=("register_outing", "view_team"),
        views=("conduct:", "workbench:call_detail"),
    ),
    Place(
        key="call_details",
        label=_("Printed call details"),
        icon="ti-printer",
        url_name="conduct:call_detail_list",
        abilities=("confirm_call_details",),
    ),
    Place(
        key="guide",
        label=_("Guide"),
        icon="ti-book-2",
        url_name="core:guide_list",
        abilities=("view_customers", "look_up_customers", "maintain_guide"),
        views=("core:guide",),
    ),
    Place(
        key="approvals",
        label=_("Approvals"),
        icon="ti-checkbox",
        url_name="workbench:approvals",
        abilities=("decide_excuses", "decide_tiers", "decide_offers", "approve_exports", "confirm_call_details"),
        views=("workbench:approval", "workbench:decide"),
        bar=40,
    ),
    Place(
        key="kpi",
        label=_("KPI"),
        icon="ti-gauge",
        url_name="kpi:dashboard",
        abilities=("view_kpi",),
        views=("kpi:",),
        bar=47,
    ),
    Place(
        key="reports",
        label=_("Reports"),
        icon="ti-report",
        url_name="visits:report_list",
        abilities=("write_reports", "read_reports"),
        views=("visits:report",),
    ),
    Place(
        key="bulletins",
        label=_("Bulletins"),
        icon="ti-speakerphone",
        url_name="visits:bulletin_list",
        abilities=("view_customers", "publish_bulletins"),
        views=("visits:bulletin",),
    ),
    Place(
        key="tasks",
        label=_("Assigned tasks"),
        icon="ti-briefcase",
        url_name="accounts:task_list",
        abilities=("serve_customers", "view_team", "assign_tasks"),
        views=("accounts:task",),
    ),
    Place(
        key="churn",
        label=_("Churn"),
        icon="ti-user-minus",
        url_name="retention:alert_list",
        abilities=("view_alerts", "view_churn"),
        views=("retention:",),
    ),
    Place(
        key="feedback",
        label=_("Feedback"),
        icon="ti-message-forward",
        url_name="complaints:opinion_list",
        abilities=("handle_cases", "judge_cases", "instruct_cases", "review_quality"),
        views=("complaints:opinion", "complaints:instruct", "complaints:quality"),
    ),
    Place(
        key="irregularities",
        label=_("Irregular business"),
        icon="ti-alert-hexagon",
        url_name="complaints:irregularity_list",
        abilities=("report_irregularities", "forward_irregularities"),
        views=("complaints:irregularity",),
    ),
    Place(
        key="dispatches",
        label=_("Dispatches"),
        icon="ti-send",
        url_name="accounts:dispatch_list",
        abilities=("view_customers", "answer_dispatches"),
        views=("accounts:dispatch", "accounts:escalation"),
    ),
    Place(
        key="review",
        label=_("Review"),
        icon="ti-checks",
        url_name="visits:review_list",
        abilities=("review_work",),
        views=("visits:review",),
    ),
    Place(
        key="handover",
        label=_("Handover"),
        icon="ti-transfer",
        url_name="accounts:handover_new",
        abilities=("assign_customers",),
        views=("accounts:handover",),
        group="manage",
    ),
    Place(
        key="duplicates",
        label=_("Duplicates"),
        icon="ti-arrows-join",
        url_name="accounts:duplicate_list",
        abilities=("merge_customers",),
        views=("accounts:duplicate", "accounts:customer_merge", "accounts:merge"),
        group="manage",
    ),
    Place(
        key="import",
        label=_("Import"),
        icon="ti-upload",
        url_name="sync:import_new",
        abilities=("import_customers", "import_sales"),
        views=("sync:import",),
        group="manage",
    ),
    Place(
        key="settings",
        label=_("Settings"),
        icon="ti-settings",
        url_name="core:settings_index",
        abilities=SETTINGS_ABILITIES,
        group="manage",
    ),
)


def places_for(access: Access) -> list[Place]:
    """The places of one person, in order."""
    return [place for place in NAV if place.is_open_to(access)]


def bar_for(places: Iterable[Place]) -> tuple[list[Place], list[Place]]:
    """The phone's bottom bar, "log a visit" in its middle, and the rest for "More".

    Who leads a team finds his own Today under "More", when the bar is full.
    """
    places = list(places)
    keys = {place.key for place in places}
    at_the_desk = "cases" in keys and keys.isdisjoint({"today", "team"})  # a handler's home is the board
    candidates = sorted(
        (place for place in places if place.bar),
        key=lambda place: (place.key == "today" and "team" in keys, place.key != "cases" and at_the_desk, place.bar),
    )
    chosen = candidates[:BAR_PLACES]
    return chosen, [place for place in places if place not in chosen]


def current_place(view_name: str) -> str:
    """The place a page belongs to; a settings page belongs to Settings, other pages to none."""
    for place in NAV:
        if place.owns(view_name):
            return place.key
    stems = tuple(card.url_name.rpartition("_")[0] for __, cards in SETTINGS for card in cards)
    return "settings" if view_name.startswith(stems) else ""


def role_names(roles: Iterable[str]) -> str:
    """The roles of a person in words."""
    held = set(roles)
    return " · ".join(str(role.label) for role in Role if role.value in held)


def role_choices() -> list[tuple[str, str | Promise]]:
    """Every role with its words, for settings that name roles."""
    return [(str(code), label) for code, label in Role.choices]
