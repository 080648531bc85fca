"""Which tables of retention are in the change log, and how (SEC-23, decisions 24)."""

from crm.core.changelog import TrackSpec

CHANGE_LOG = {
    "retention_competitor": TrackSpec(),
    "retention_churnrecord": TrackSpec(excluded=frozenset({"version"})),
    "retention_churnreport": TrackSpec(excluded=frozenset({"version", "figures"})),
    "retention_riskmodel": TrackSpec(),
    "retention_riskcolumn": TrackSpec(),
    "retention_columnvalue": TrackSpec(key_only_for_system=True),
    "retention_alert": TrackSpec(excluded=frozenset({"version"})),
    "retention_alertstep": TrackSpec(),
    "retention_offerlimit": TrackSpec(),
    "retention_savecase": TrackSpec(excluded=frozenset({"version"})),
    "retention_saveoffer": TrackSpec(excluded=frozenset({"version"})),
    "retention_churnanalysis": TrackSpec(excluded=frozenset({"version", "facts"})),
    "retention_competitorintel": TrackSpec(),
}

CHANGE_LOG_EXEMPT: dict[str, str] = {
    "retention_churnbase": "the picture of 1 January: written once by the night, never changed",
    "retention_riskscore": "derived: scored anew by the night from what other tables say",
    "retention_modelreview": "derived: reckoned from snapshots, alerts and losses",
    "retention_risksnapshot": "the picture of a month: written once for training, labelled when it is over",
    "retention_churncount": "derived: counted anew by the night from base and losses",
}
"""Tables."""
