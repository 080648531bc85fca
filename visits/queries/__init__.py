"""Every read of keeping in touch: a scope (or something already visible) comes first."""

from .catalogue import Catalogue, catalogue
from .counting import CountingPage, counting_matrix, counting_page, counting_preview, planned_changes
from .customer import DutyRow, Timeline, duties_of, timeline
from .detail import MendSheet, Neighbours, VisitDetail, mend_sheet, neighbours, visit_detail
from .excuses import (
    Evidence,
    ExcuseAsk,
    ExcuseRow,
    excuse_ask,
    excuse_count,
    excuse_evidence,
    excuse_inbox,
    excuse_row,
)
from .figures import Figures, StaffFigures, proactive_share, visit_figures
from .missed_calls import MissedCallFilters, MissedCallRow, missed_call, missed_calls
from .occasions import suggested_occasions
from .ring import Ring, ring
from .rows import VisitRow
from .team import TeamRow, team_rows
from .today import Miss, PendingDial, Reason, TodayRow, pending_dials, recent_misses, today_rows
from .visit_list import VisitFilters, VisitPage, last_reception_day, reception_log, visit_count, visit_list
from .voices import VoicePage, VoiceRow, voice_list

__all__ = [
    "Catalogue",
    "CountingPage",
    "DutyRow",
    "Evidence",
    "ExcuseAsk",
    "ExcuseRow",
    "Figures",
    "MendSheet",
    "Miss",
    "MissedCallFilters",
    "MissedCallRow",
    "Neighbours",
    "PendingDial",
    "Reason",
    "Ring",
    "StaffFigures",
    "TeamRow",
    "Timeline",
    "TodayRow",
    "VisitDetail",
    "VisitFilters",
    "VisitPage",
    "VisitRow",
    "VoicePage",
    "VoiceRow",
    "catalogue",
    "counting_matrix",
    "counting_page",
    "counting_preview",
    "duties_of",
    "excuse_ask",
    "excuse_count",
    "excuse_evidence",
    "excuse_inbox",
    "excuse_row",
    "last_reception_day",
    "mend_sheet",
    "missed_call",
    "missed_calls",
    "neighbours",
    "pending_dials",
    "planned_changes",
    "proactive_share",
    "recent_misses",
    "reception_log",
    "ring",
    "suggested_occasions",
    "team_rows",
    "timeline",
    "today_rows",
    "visit_count",
    "visit_detail",
    "visit_figures",
    "visit_list",
    "voice_list",
]
