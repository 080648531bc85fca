"""The places of the site and who sees them (screens: Navigation). A place is listed only to those who may use it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from crm.core.abilities import Access

BAR_PLACES = 4
"""Places of the phone's bottom bar, beside "More"."""


@dataclass(frozen=True)
class Place:
    """A place in the navigation: `abilities` any of which opens it, `views` the view names that belong to it."""

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


SETTINGS_ABILITIES = (
    "configure", "manage_staff", "manage_units", "manage_clients", "view_runs", "arrange_cover", "view_history",
)  # fmt: skip

NAV: tuple[Place, ...] = (
    Place("log", _("Log a visit"), "ti-plus", "workbench:log_visit", ("log_visits",), group="log", bar=30, kind="log"),
    Place("today", _("Today"), "ti-sun", "workbench:today", ("log_visits",), bar=10),
    Place("team", _("Team"), "ti-users-group", "workbench:team", ("view_team",), bar=5),
    Place(
        "customers", _("Customers"), "ti-building", "accounts:customer_list", ("view_customers",),
        views=("accounts:customer", "workbench:customer"), bar=20,
    ),
    Place("visits", _("Visits"), "ti-messages", "visits:visit_list", ("view_customers",), views=("visits:visit",), bar=50),
    Place(
        "approvals", _("Approvals"), "ti-checkbox", "workbench:approvals", ("decide_excuses", "decide_tiers"), bar=40,
        views=("visits:excuse", "accounts:tier_proposal"),
    ),
    Place(
        "handover", _("Handover"), "ti-transfer", "accounts:handover_new", ("assign_customers",),
        views=("accounts:handover",), group="manage",
    ),
    Place(
        "import", _("Import"), "ti-upload", "sync:import_new", ("import_customers",), views=("sync:import",),
        group="manage",
    ),
    Place(
        "settings", _("Settings"), "ti-settings", "core:settings_index", SETTINGS_ABILITIES, group="manage",
        views=("core:settings", "core:parameter", "core:work", "core:sweep", "core:run", "accounts:unit", "accounts:staff",
               "accounts:tier", "accounts:required", "accounts:cover", "visits:counting", "sync:client"),
    ),
)  # fmt: skip


def places_for(access: Access) -> list[Place]:
    """The places of one person, in order."""
    return [place for place in NAV if place.is_open_to(access)]


def bar_for(places: Iterable[Place]) -> tuple[list[Place], list[Place]]:
    """The phone's bottom bar, "log a visit" in its middle, and the rest for "More"."""
    places = list(places)
    candidates = sorted((place for place in places if place.bar), key=lambda place: place.bar)
    is_leading = any(place.key == "team" for place in candidates)
    if is_leading:
        candidates = [place for place in candidates if place.key != "today"] + [
            place for place in candidates if place.key == "today"
        ]
    chosen = candidates[:BAR_PLACES]
    return chosen, [place for place in places if place not in chosen]


def current_place(view_name: str) -> str:
    """The place a page belongs to; empty when to none."""
    owners = [place for place in NAV if place.owns(view_name)]
    return (
        max(owners, key=lambda place: max((len(view) for view in place.views), default=0)).key
        if owners
        else ""
    )


def role_names(roles: Iterable[str]) -> str:
    """The roles of a person in words."""
    held = set(roles)
    return " · ".join(str(role.label) for role in Role if role.value in held)
