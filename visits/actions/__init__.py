"""Every human write of keeping in touch: a verb of the business, keyword-only, `by=`, `now=`, atomic."""

from .call_tests import record_call_test
from .callbacks import answer_callback, dial_callback, miss_callback, object_to_callback, rule_on_objection
from .care import note_trip, tell_weather
from .counting import set_counting
from .dialling import Dialled, dial, dismiss_dial
from .excuses import decide_excuse, request_excuse, withdraw_excuse
from .handed_over import send_to_new_manager
from .ledger import (
    correct_duty,
    follow_absence,
    follow_assignment,
    follow_handover_undo,
    follow_state_change,
    follow_tier_change,
    follow_unit_change,
    postpone,
)
from .logging import client_key, log_visit
from .mending import mend_visit, undo_visit, undo_visits
from .missed_calls import call_back, dial_missed, drop_missed_call, holder_name, record_missed_call
from .remarks import add_note, add_remark
from .sheet import Logged, SettledDuty, VisitSheet

__all__ = [
    "Dialled",
    "Logged",
    "SettledDuty",
    "VisitSheet",
    "add_note",
    "add_remark",
    "answer_callback",
    "call_back",
    "client_key",
    "correct_duty",
    "decide_excuse",
    "dial",
    "dial_callback",
    "dial_missed",
    "dismiss_dial",
    "drop_missed_call",
    "follow_absence",
    "follow_assignment",
    "follow_handover_undo",
    "follow_state_change",
    "follow_tier_change",
    "follow_unit_change",
    "holder_name",
    "log_visit",
    "mend_visit",
    "miss_callback",
    "note_trip",
    "object_to_callback",
    "postpone",
    "record_call_test",
    "record_missed_call",
    "request_excuse",
    "rule_on_objection",
    "send_to_new_manager",
    "set_counting",
    "tell_weather",
    "undo_visit",
    "undo_visits",
    "withdraw_excuse",
]
