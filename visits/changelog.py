"""Which tables of visits are in the change log, and how (SEC-23, decisions 15 and 24)."""

from crm.core.changelog import TrackSpec

CHANGE_LOG = {
    "visits_channel": TrackSpec(),
    "visits_outcome": TrackSpec(),
    "visits_occasion": TrackSpec(),
    "visits_countingrule": TrackSpec(),
    # A machine's table: the night's own writes leave the key only, a person's correction everything.
    "visits_duty": TrackSpec(key_only_for_system=True),
    "visits_excuse": TrackSpec(),
    "visits_monthfreeze": TrackSpec(),
    "visits_visit": TrackSpec(excluded=frozenset({"version"})),
    "visits_visitperson": TrackSpec(),
    "visits_visitcompanion": TrackSpec(),
    "visits_visitnote": TrackSpec(),
    "visits_visitphoto": TrackSpec(),
    "visits_remark": TrackSpec(),
    "visits_customervoice": TrackSpec(),
    "visits_bulletin": TrackSpec(),
    "visits_shopcheck": TrackSpec(),
    "visits_stockrow": TrackSpec(),
    "visits_pricerow": TrackSpec(),
    "visits_priceviolation": TrackSpec(),
    "visits_workreport": TrackSpec(excluded=frozenset({"version", "figures"})),
    "visits_bulletindelivery": TrackSpec(),
    "visits_dialtap": TrackSpec(),
    "visits_plan": TrackSpec(key_only_for_system=True, excluded=frozenset({"version"})),
    "visits_planitem": TrackSpec(key_only_for_system=True, excluded=frozenset({"position"})),
    "visits_planhelper": TrackSpec(),
    "visits_planfeed": TrackSpec(secret=frozenset({"token_digest"})),
    "visits_missedcall": TrackSpec(),
    "visits_calltest": TrackSpec(),
    "visits_callback": TrackSpec(excluded=frozenset({"version"})),
    "visits_reversal": TrackSpec(),
    "visits_weatherwarning": TrackSpec(),
    "visits_trip": TrackSpec(),
    "visits_interruption": TrackSpec(),
    "visits_lineswitch": TrackSpec(),
    "visits_checkin": TrackSpec(secret=frozenset({"latitude", "longitude"})),
    "visits_daylog": TrackSpec(key_only_for_system=True, excluded=frozenset({"version"})),
    "visits_review": TrackSpec(),
    "visits_specialvisit": TrackSpec(excluded=frozenset({"version"})),
}

CHANGE_LOG_EXEMPT: dict[str, str] = {
    "visits_texttwin": "derived: found again every night from the texts of visits, which are logged",
}
