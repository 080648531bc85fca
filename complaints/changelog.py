"""Which tables of complaints are in the change log, and how (SEC-23, decisions 24)."""

from crm.core.changelog import TrackSpec

CHANGE_LOG = {
    "complaints_category": TrackSpec(),
    "complaints_ordertype": TrackSpec(),
    "complaints_slarule": TrackSpec(),
    "complaints_servicephrase": TrackSpec(excluded=frozenset({"version", "updated_at"})),
    "complaints_case": TrackSpec(excluded=frozenset({"version", "next_due_at", "is_breached"})),
    "complaints_casestep": TrackSpec(),
    "complaints_orderstep": TrackSpec(),
    "complaints_caseentry": TrackSpec(),
    "complaints_casefile": TrackSpec(),
    "complaints_casemerge": TrackSpec(),
    # A machine's table: the sweep's own writes leave the key only.
    "complaints_caseclock": TrackSpec(key_only_for_system=True),
    "complaints_casepause": TrackSpec(),
    "complaints_qualityfeedback": TrackSpec(excluded=frozenset({"version"})),
    "complaints_irregularity": TrackSpec(excluded=frozenset({"version"})),
    "complaints_irregularityfile": TrackSpec(),
    "complaints_instruction": TrackSpec(),
    "complaints_voicefeedback": TrackSpec(),
}

CHANGE_LOG_EXEMPT: dict[str, str] = {
    "complaints_phrasehit": "a log itself: one row per phrase in a saved text, never changed",
}
