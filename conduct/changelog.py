"""Which tables of conduct are in the change log (SEC-23)."""

from crm.core.changelog import TrackSpec

CHANGE_LOG = {
    "conduct_calldetailprint": TrackSpec(),
    "conduct_outing": TrackSpec(),
    "conduct_outingcustomer": TrackSpec(),
}

CHANGE_LOG_EXEMPT: dict[str, str] = {}
