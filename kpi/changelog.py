"""Which tables of assessment are in the change log, and how (SEC-23, decisions 24)."""

from crm.core.changelog import TrackSpec

CHANGE_LOG: dict[str, TrackSpec] = {
    "kpi_indicator": TrackSpec(),
    "kpi_indicatortarget": TrackSpec(),
    "kpi_correction": TrackSpec(),
    "kpi_scorecardversion": TrackSpec(excluded=frozenset({"version"})),
    "kpi_scorecardline": TrackSpec(),
    "kpi_enteredresult": TrackSpec(),
    "kpi_competencyreview": TrackSpec(excluded=frozenset({"version"})),
}

CHANGE_LOG_EXEMPT: dict[str, str] = {
    "kpi_fact": "derived: counted again from the rows at any time",
    "kpi_result": "derived while it runs, never changed once frozen; a correction is a row of its own, which is logged",
    "kpi_evidence": "written once by the freeze, never changed",
    "kpi_score": "derived while it runs, frozen with its month, never changed then",
    "kpi_frozenmonth": "written once by the freeze",
    "kpi_refreshmark": "how far the change log was read",
}
