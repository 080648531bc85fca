"""Parameters of early warning (PLT-10): levels, capacity, limits and windows."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.core.parameters import define

PERCENT, DAYS, POINTS, TIMES = _("per cent"), _("days"), _("points"), _("times the average")


def _whole(
    key: str, default: int, label: Promise, limits: tuple[int, int], unit: Promise | str = "", **more: Any
) -> None:
    define(
        key, int, default=default, group="churn", label=label, unit=unit, minimum=limits[0], maximum=limits[1], **more
    )


_whole("risk_yellow", 4, _("From these odds of leaving on a customer is yellow"), (1, 1000), TIMES)
_whole("risk_orange", 8, _("From these odds of leaving on a customer is orange"), (1, 1000), TIMES)
_whole("risk_red", 16, _("From these odds of leaving on a customer is red"), (1, 1000), TIMES)
_whole("alert_capacity", 10, _("Open alerts a manager can work on (hard signals come on top)"), (1, 500))
_whole("alert_enter", 10, _("An alert opens for the most at risk of a manager's customers"), (1, 100), PERCENT)
_whole("alert_leave", 15, _("An alert may rest again below these of a manager's customers"), (1, 100), PERCENT)
_whole("alert_rise", 20, _("A rise by so many points in 7 days opens an alert"), (5, 200), POINTS)
_whole("alert_quiet_days", 30, _("Days of rest after an alert was closed"), (0, 365), DAYS)
_whole("alert_action_days", 2, _("Working days in which an alert is acted on"), (1, 20), _("working days"))
_whole("alert_hard_hours", 4, _("Hours in which a hard signal is acted on"), (1, 72), _("hours"))
_whole(
    "alert_unseen_minutes", 30, _("Minutes after which the supervisor is told of an unseen hard signal"), (1, 1440),
    _("minutes"),
)  # fmt: skip
_whole("alert_snooze_days", 30, _("Days an alert may be put off at most"), (1, 180), DAYS)
_whole(
    "churn_base_rate",
    20,
    _("Customers lost in 90 days, of a thousand (before events are known)"),
    (1, 500),
    _("per mille"),
)
_whole("churn_window_days", 90, _("Days after a snapshot in which a loss counts for it"), (30, 365), DAYS)
_whole("churn_gap_days", 7, _("Days after a snapshot that are left out"), (0, 30), DAYS)
_whole("feed_silent_days", 45, _("Days after which a feed of usage or bills counts as silent"), (32, 120), DAYS)
_whole(
    "control_percent", 0, _("Flagged customers from whom the extra offer is withheld, to measure its effect"), (0, 10),
    PERCENT, help=_("0: none. Never the two highest tiers; the alert itself is never withheld."),
)  # fmt: skip
