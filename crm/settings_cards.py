"""The pages of the settings as cards; each is shown to those who may use it (screens 11)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.core.abilities import Access


@dataclass(frozen=True)
class Card:
    """One page of the settings, with a sentence that says what it is for."""

    label: str | Promise
    text: str | Promise
    icon: str
    url_name: str
    abilities: tuple[str, ...]

    def is_open_to(self, access: Access) -> bool:
        """Whether this person may use the page."""
        return access.can_any(*self.abilities)


SETTINGS: tuple[tuple[str | Promise, tuple[Card, ...]], ...] = (
    (
        _("What is owed"),
        (
            Card(
                _("Tiers and cadence"),
                _("How often each tier is contacted, from when on; with a preview of the effect."),
                "ti-diamond",
                "accounts:tier_list",
                ("configure",),
            ),
            Card(
                _("Products"),
                _("What customers subscribe to, what channel customers sell, and its minimum retail price."),
                "ti-package",
                "accounts:product_list",
                ("configure",),
            ),
            Card(
                _("What counts"),
                _("Which visits settle a duty: channel, direction, who, outcome."),
                "ti-circle-check",
                "visits:what_counts",
                ("configure",),
            ),
            Card(
                _("Line switches"),
                _("Which line has check-in book, monthly report, checklist, stock, prices and display."),
                "ti-toggle-left",
                "visits:line_switches",
                ("configure",),
            ),
            Card(
                _("Targets in time"),
                _("Until when a case is answered and solved; with a preview of the effect."),
                "ti-clock-check",
                "complaints:sla_list",
                ("configure",),
            ),
            Card(
                _("Limits of offers"),
                _("What may be offered a customer who wants to leave without asking, by tier."),
                "ti-gift",
                "retention:offer_limits",
                ("configure",),
            ),
            Card(
                _("Lists of choices"),
                _("Checklist of qualification, types of needs, competitors: words and order."),
                "ti-list-details",
                "core:reference_list",
                ("configure",),
            ),
            Card(
                _("Office hours"),
                _("When clocks counted in office hours run, from a day on."),
                "ti-clock-hour-9",
                "complaints:office_hours",
                ("configure",),
            ),
            Card(
                _("Service phrases to avoid"),
                _("What nobody says to a customer who complains, with a kinder wording."),
                "ti-message-exclamation",
                "complaints:phrase_list",
                ("configure",),
            ),
            Card(
                _("Targets of indicators"),
                _("What each indicator has to reach, from when on; with a preview of whose light changes."),
                "ti-target",
                "kpi:target_list",
                ("set_standards",),
            ),
            Card(
                _("Scorecards"),
                _("What units and account managers are assessed by: weights, scoring, versions of the year."),
                "ti-clipboard-list",
                "kpi:scorecard_list",
                ("set_standards", "set_unit_rules"),
            ),
            Card(
                _("Working days"),
                _("Public holidays and make-up working days."),
                "ti-calendar",
                "core:working_day_list",
                ("configure",),
            ),
            Card(
                _("Parameters"),
                _("Every other number of the system, its origin and its history."),
                "ti-adjustments",
                "core:parameter_list",
                ("configure",),
            ),
        ),
    ),
    (
        _("People and units"),
        (
            Card(
                _("Units"),
                _("The tree of departments and branches, their heads and go-live dates."),
                "ti-sitemap",
                "accounts:unit_list",
                ("manage_units", "view_team"),
            ),
            Card(
                _("Staff"),
                _("People, posts, supervisors, backups, leave and covers."),
                "ti-id-badge-2",
                "accounts:staff_list",
                ("manage_staff", "view_team"),
            ),
            Card(
                _("Roles"),
                _("What each role may do; to read only."),
                "ti-shield-check",
                "accounts:role_list",
                ("manage_staff", "configure"),
            ),
            Card(
                _("Required fields"),
                _("Which fields a complete customer profile has."),
                "ti-list-check",
                "accounts:required_field_list",
                ("configure",),
            ),
        ),
    ),
    (
        _("Machines"),
        (
            Card(
                _("API clients"),
                _("Systems that read and write by the REST API, their tokens and rights."),
                "ti-plug-connected",
                "sync:client_list",
                ("manage_clients",),
            ),
            Card(
                _("Webhooks"),
                _("Addresses of other systems that are told when something changes; each delivery with its answer."),
                "ti-webhook",
                "sync:webhook_list",
                ("manage_webhooks",),
            ),
            Card(
                _("Expected feeds"),
                _("Which system has to have sent what by when; pages that rest on late data say so."),
                "ti-plug-connected-x",
                "sync:feed_list",
                ("manage_clients",),
            ),
            Card(
                _("Who owns a field"),
                _("Which system has the last word about a field of customers, and what waits for it."),
                "ti-certificate",
                "accounts:field_owner_list",
                ("configure",),
            ),
            Card(
                _("Weather by district"),
                _("A sentence about the weather for the best customers of a district."),
                "ti-cloud-storm",
                "visits:weather_list",
                ("tell_weather",),
            ),
            Card(
                _("Outbox"),
                _("Messages to colleagues: sent, waiting, failed."),
                "ti-send",
                "core:outbox_list",
                ("view_runs",),
            ),
            Card(
                _("Nightly runs"),
                _("Every step of every night: rows, seconds, errors."),
                "ti-moon",
                "core:sweep_run_list",
                ("view_runs",),
            ),
            Card(
                _("Exports"),
                _("Files that left the house: who took them, why, how many rows, fetched how often."),
                "ti-file-download",
                "core:export_list",
                ("view_runs", "view_team", "view_history"),
            ),
            Card(
                _("Access log"),
                _("Sign-ins, refusals, looks at private data, dials, downloads."),
                "ti-eye",
                "core:access_log_list",
                ("view_runs",),
            ),
        ),
    ),
)
