"""Every read of keeping in touch: a scope (or something already visible) comes first."""

from .catalogue import Catalogue, catalogue
from .counting import counting_matrix, counting_preview, planned_changes
from .customer import DutyRow, Timeline, duties_of, timeline
from .detail import Neighbours, VisitDetail, neighbours, visit_detail
from .excuses import Evidence, ExcuseRow, excuse_count, excuse_evidence, excuse_inbox
from .figures import Figures, StaffFigures, proactive_share, visit_figures
from .occasions import suggested_occasions
from .ring import Ring, ring
from .rows import VisitRow
from .team import TeamRow, team_rows
from .today import Miss, PendingDial, Reason, TodayRow, pending_dials, recent_misses, today_rows
from .visit_list import VisitFilters, VisitPage, visit_count, visit_list
from .voices import VoicePage, VoiceRow, voice_list

__all__ = [
    "Catalogue",
    "DutyRow",
    "Evidence",
    "ExcuseRow",
    "Figures",
    "Miss",
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
    "counting_preview",
    "duties_of",
    "excuse_count",
    "excuse_evidence",
    "excuse_inbox",
    "neighbours",
    "pending_dials",
    "planned_changes",
    "proactive_share",
    "recent_misses",
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
