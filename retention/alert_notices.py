"""The words of the notices on alerts (RET-3, RET-4)."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import SignalKind
from crm.core.notices import NoticeKind, notice_kind

TABLE = "retention_alert"

HARD: dict[str, NoticeKind] = {
    SignalKind.ASKED_TO_LEAVE: notice_kind(
        "alert_asked_to_leave", _("%(customer)s asked to leave: please act by %(due)s."), icon="alarm"
    ),
    SignalKind.PORT_OUT_QUERY: notice_kind(
        "alert_port_out_query", _("%(customer)s asked about porting out: please act by %(due)s."), icon="alarm"
    ),
    SignalKind.AUTHORISATION_CODE: notice_kind(
        "alert_authorisation_code",
        _("%(customer)s got an authorisation code to port out: please act by %(due)s."),
        icon="alarm",
    ),
    SignalKind.TERMINATION: notice_kind(
        "alert_termination", _("%(customer)s asked for termination: please act by %(due)s."), icon="alarm"
    ),
    SignalKind.LINES_STOPPED: notice_kind(
        "alert_lines_stopped", _("Lines of %(customer)s were stopped: please act by %(due)s."), icon="alarm"
    ),
    SignalKind.MEMBERS_LEAVING: notice_kind(
        "alert_members_leaving", _("Members of %(customer)s are leaving: please act by %(due)s."), icon="alarm"
    ),
}
"""One for each hard signal: to the manager, who covers him, and his backup."""
UNSEEN = notice_kind(
    "alert_unseen",
    _("Nobody has looked at the alert of %(customer)s since %(since)s: please see to it."),
    icon="alert-triangle",
)
OPENED = notice_kind(
    "alerts_opened", _("%(count)s of your customers may leave: look at the new alerts."), icon="heart-broken"
)
OPENED_BY_HAND = notice_kind(
    "alert_by_hand", _("%(by)s noticed that %(customer)s may leave: please act by %(due)s."), icon="alarm"
)  # ti-alarm ti-alert-triangle ti-heart-broken
